import LossAccel

/// The same formulas from the catalogue and as a user writes them.
func customLossJobs() -> [Job] {
  let pairs: [(PointwiseLoss, PointwiseLoss)] = [
    (.squaredError, PointwiseLoss("own squared error") { prediction, target in square(prediction - target) }),
    (
      .binaryCrossEntropyFromLogits,
      PointwiseLoss("own cross-entropy", targetDomain: 0...1) { logit, target in softplus(logit) - target * logit }
    ),
    (.logCosh, PointwiseLoss("own log-cosh") { prediction, target in logCosh(prediction - target) }),
  ]
  return pairs.flatMap { pair in [BatchSize.middle, .huge].map { customLossJob(pair.0, pair.1, $0) } }
}

private func customLossJob(_ loss: PointwiseLoss, _ own: PointwiseLoss, _ size: BatchSize) -> Job {
  Job(
    name: "own \(loss.name) f32 \(size.name)", group: "Pointwise losses: a user's own beside the catalogue's",
    goals: [.timeOverFused(atMost: 1.05)]
  ) {
    let batch = PointwiseBatch<Float>(for: loss, count: size.count)
    return Race(
      work: Work(items: size.count, bytes: Double(3 * MemoryLayout<Float>.stride * size.count)),
      contestants: [
        Contestant(.single, "own formula") { try batch.run(own) },
        Contestant(.fused, "catalogue") { try batch.run(loss) },
        Contestant(.limit, "triad") { batch.triad() },
      ],
      check: {
        try batch.run(own)
        try batch.check(loss.name) { other in
          try other.run(loss)
          return other.value
        }
      })
  }
}
