import LossAccel

/// Mean and gradient of every loss in the catalogue, from the first-level cache to far beyond the last one.
func pointwiseJobs() -> [Job] {
  LossCatalogue.all.flatMap { loss in
    BatchSize.all.map { pointwiseJob(loss, $0, of: Float.self) }
      + BatchSize.all.map { pointwiseJob(loss, $0, of: Double.self) }
  }
}

/// A number of elements and what to call it.
struct BatchSize {
  let count: Int
  let name: String

  static let small = BatchSize(count: 1 << 12, name: "4Ki")
  static let middle = BatchSize(count: 1 << 16, name: "64Ki")
  static let large = BatchSize(count: 1 << 20, name: "1Mi")
  static let huge = BatchSize(count: 1 << 25, name: "32Mi")
  static let all = [small, middle, large, huge]
}

private func pointwiseJob<T: NaiveScalar>(_ loss: PointwiseLoss, _ size: BatchSize, of type: T.Type) -> Job {
  let isFloat = MemoryLayout<T>.size == 4
  let article = loss.name == "squared-error" || loss.name == "bce-logits"
  return Job(
    name: "\(loss.name) \(typeName(type)) \(size.name)",
    group: "Pointwise losses: mean and gradient in one pass",
    isQuick: article && (size.count == BatchSize.large.count || isFloat && size.count != BatchSize.small.count),
    goals: pointwiseGoals(loss, size, isFloat: isFloat)
  ) {
    let batch = PointwiseBatch<T>(for: loss, count: size.count)
    return Race(
      work: Work(items: size.count, bytes: Double(3 * MemoryLayout<T>.stride * size.count)),
      contestants: pointwiseContestants(loss, batch, fused: size.count == BatchSize.middle.count),
      check: {
        try batch.run(loss)
        if let naive: NaiveLoss<T> = naiveLoss(named: loss.name) {
          try batch.check("\(loss.name), naive loop") { naive($0.predictions, $0.targets, &$0.gradient) }
        }
        if size.count == BatchSize.middle.count, let fused = fusedLoop(loss.name, of: type) {
          try batch.run(loss)
          try batch.check("\(loss.name), fused loop") { fused($0) }
        }
      })
  }
}

private func pointwiseGoals(_ loss: PointwiseLoss, _ size: BatchSize, isFloat: Bool) -> [Goal] {
  switch (loss.name, size.name) {
  case ("squared-error", "32Mi"): [.shareOfLimit(.single, atLeast: 0.9), .shareOfLimit(.all, atLeast: 0.9)]
  case ("squared-error", "64Ki"): [.timeOverFused(atMost: 1.8)]
  case ("bce-logits", "32Mi"): [.shareOfLimit(.single, atLeast: 0.75), .shareOfLimit(.all, atLeast: 0.9)]
  case ("bce-logits", "64Ki"): [.timeOverFused(atMost: 1.2)]
  case ("bce-logits", "1Mi") where isFloat: [.speedup(atLeast: 10)]
  case (_, "32Mi") where isFloat: [.shareOfLimit(.single, atLeast: loss.needsSpecialFunctions ? 0.25 : 0.7)]
  default: []
  }
}

extension PointwiseLoss {
  /// Whether value or gradient contain functions that take several times as long as an exponential.
  fileprivate var needsSpecialFunctions: Bool {
    let special: Set = [
      "logGamma", "digamma", "trigamma", "errorFunction", "errorFunctionComplement", "normalCumulative",
      "logNormalCumulative", "inverseMillsRatio", "inverseMillsExcess",
    ]
    return !special.isDisjoint(with: formula.operationNames.union(gradient.operationNames))
  }
}

private func pointwiseContestants<T: NaiveScalar>(
  _ loss: PointwiseLoss, _ batch: PointwiseBatch<T>, fused wantsFused: Bool
) -> [Contestant] {
  var contestants: [Contestant] = []
  if let naive: NaiveLoss<T> = naiveLoss(named: loss.name) {
    contestants.append(
      Contestant(.naive, "Swift loop") {
        batch.value = naive(batch.predictions, batch.targets, &batch.gradient)
      })
  }
  contestants.append(Contestant(.single, "LossAccel") { try batch.run(loss) })
  contestants.append(Contestant(.all, "LossAccel") { try batch.run(loss) })
  if wantsFused, let fused = fusedLoop(loss.name, of: T.self) {
    contestants.append(Contestant(.fused, "C loop on the same primitives") { batch.value = fused(batch) })
  }
  contestants.append(Contestant(.limit, "triad") { batch.triad() })
  contestants.append(Contestant(.limitAll, "triad") { batch.triad() })
  return contestants
}

private func fusedLoop<T: NaiveScalar>(_ name: String, of type: T.Type) -> ((PointwiseBatch<T>) -> Double)? {
  switch name {
  case "squared-error":
    { Yardsticks.fusedSquaredError(predictions: $0.predictions, targets: $0.targets, gradient: &$0.gradient) }
  case "bce-logits":
    {
      Yardsticks.fusedBinaryCrossEntropyFromLogits(
        predictions: $0.predictions, targets: $0.targets, gradient: &$0.gradient)
    }
  default: nil
  }
}

extension PointwiseBatch {
  func run(_ loss: PointwiseLoss) throws {
    value = try loss.mean(predictions: predictions, targets: targets, gradient: &gradient)
  }

  func triad() {
    Yardsticks.triad(predictions, targets, into: &gradient)
  }
}
