/// The loss of one column.
enum ColumnLoss: Sendable {
  /// Of one prediction and one number.
  case pointwise(PointwiseLoss)
  /// Of one prediction, a time and whether its event was seen.
  case censored
  /// Of as many logits as there are levels.
  case categorical(levels: Int)
  /// Of one score, between those cuts.
  case ordinal(cuts: [Double])

  /// How many predictions a row takes.
  var predictionCount: Int { if case .categorical(let levels) = self { levels } else { 1 } }

  /// Of kinds that have neither levels nor events.
  static func pointwise(_ kind: ColumnKind) -> ColumnLoss {
    switch kind {
    case .positive: .pointwise(.gammaDeviance)
    case .count: .pointwise(.poissonDeviance)
    case .boolean: .pointwise(.binaryCrossEntropyFromLogits)
    case .periodic(let period): .pointwise(PointwiseLoss.periodic(period: period))
    default: .pointwise(.squaredError)
    }
  }
}

extension JointLoss {
  /// The deviance of exponential times, some of them censored, by the log-mean η: with t = log time − η it is 2(e^t − 1 − t) for an event,
  /// as of any positive amount, and 2e^t where none was seen.
  static let censoredDeviance = JointLoss(
    "censored-deviance", predictions: ["log mean"],
    targets: [Variable("time", domain: PointwiseLoss.gammaDeviance.targetDomain), Variable("event", domain: 0...1)],
    traits: LossTraits(convexity: .convex, elicits: .mean, link: .log),
    gradient: { _, target in
      let event = PointwiseLoss.gammaDeviance
      return [select(target[1] .== 0, -event.curvature, event.gradient)]
    },
    hessian: { _, _ in [PointwiseLoss.gammaDeviance.curvature] }
  ) { _, target in
    // The loss of an event reads the same prediction and the same target, the time; its curvature is 2e^t.
    select(target[1] .== 0, PointwiseLoss.gammaDeviance.curvature, PointwiseLoss.gammaDeviance.formula)
  }
}
