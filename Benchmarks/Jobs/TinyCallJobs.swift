import LossAccel

/// A call on eight elements: all overhead.
func tinyCallJobs() -> [Job] {
  [tinyCallJob(.squaredError), tinyCallJob(.binaryCrossEntropyFromLogits)]
}

private func tinyCallJob(_ loss: PointwiseLoss) -> Job {
  let count = 8
  return Job(
    name: "\(loss.name) f32 \(count)", group: "A call on eight elements: mean and gradient", isQuick: true,
    goals: [.nanoseconds(atMost: 300), .noHeapAllocation]
  ) {
    let batch = PointwiseBatch<Float>(for: loss, count: count)
    let naive: NaiveLoss<Float> = naiveLoss(named: loss.name)!
    return Race(
      work: Work(items: count),
      contestants: [
        Contestant(.naive, "Swift loop", repeated: { batch.repeatNaive(naive, $0) }),
        Contestant(.single, "LossAccel", repeated: { try batch.repeatMean(loss, $0) }),
      ],
      check: {
        try batch.run(loss)
        try batch.check(loss.name) { naive($0.predictions, $0.targets, &$0.gradient) }
      },
      heapGrowth: { Yardsticks.heapGrowth { try? batch.repeatMean(loss, 100) } })
  }
}

extension PointwiseBatch {
  // Local arrays, as a caller has them: a class's properties would add exclusivity checks to every call.
  fileprivate func repeatMean(_ loss: PointwiseLoss, _ repetitions: Int) throws {
    let (predictions, targets) = (predictions, targets)
    var (sum, gradient) = (0.0, [T]())
    swap(&gradient, &self.gradient)
    for _ in 0..<repetitions {
      sum += try loss.mean(predictions: predictions.span, targets: targets.span, gradient: gradient.mutableSpan)
    }
    swap(&gradient, &self.gradient)
    value = sum
  }

  fileprivate func repeatNaive(_ loss: NaiveLoss<T>, _ repetitions: Int) {
    let (predictions, targets) = (predictions, targets)
    var (sum, gradient) = (0.0, [T]())
    swap(&gradient, &self.gradient)
    for _ in 0..<repetitions { sum += loss(predictions, targets, &gradient) }
    swap(&gradient, &self.gradient)
    value = sum
  }
}
