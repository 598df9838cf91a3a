import LossAccel

/// What the curvature adds to mean and gradient.
func curvatureJobs() -> [Job] {
  LossCatalogue.all.map { curvatureJob($0, .middle) }
    + [PointwiseLoss.squaredError, .binaryCrossEntropyFromLogits].map { curvatureJob($0, .huge) }
}

private func curvatureJob(_ loss: PointwiseLoss, _ size: BatchSize) -> Job {
  Job(
    name: "\(loss.name) curvature f32 \(size.name)", group: "Pointwise losses: curvature besides mean and gradient",
    goals: [.timeOverWithout(atMost: 1.5)]
  ) {
    let batch = PointwiseBatch<Float>(for: loss, count: size.count)
    batch.curvature = Array(repeating: 0, count: size.count)
    return Race(
      work: Work(items: size.count, bytes: Double(4 * MemoryLayout<Float>.stride * size.count)),
      contestants: [
        Contestant(.single, "LossAccel") { try batch.runWithCurvature(loss) },
        Contestant(.fused, "LossAccel without curvature") { try batch.run(loss) },
        Contestant(.limit, "triad") { batch.triad() },
      ],
      check: {
        try batch.runWithCurvature(loss)
        try batch.check(loss.name) { other in
          try other.run(loss)
          return other.value
        }
      })
  }
}

extension PointwiseBatch {
  fileprivate func runWithCurvature(_ loss: PointwiseLoss) throws {
    value = try loss.mean(predictions: predictions, targets: targets, gradient: &gradient, curvature: &curvature)
  }
}
