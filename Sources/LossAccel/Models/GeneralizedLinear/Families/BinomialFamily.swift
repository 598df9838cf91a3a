/// Shares of successes in trials, whose number is the weight: V = μ(1 − μ).
struct BinomialFamily: FamilyDefinition {
  let name = "binomial"
  let summary = "Shares of successes, with the number of trials as weights; 0 and 1 for single trials."
  let links: [Link] = [.logit, .probit, .complementaryLogLog, .log, .identity]
  let canonical: (link: Link, factor: Double)? = (.logit, 1)
  let targets = 0.0...1.0
  let isShare = true
  let hasDispersion = false

  func loss(_ link: Link) -> PointwiseLoss {
    switch link {
    case .logit: .binaryCrossEntropyFromLogits
    case .probit: .probit
    case .complementaryLogLog: .complementaryLogLog
    default:
      PointwiseLoss.binaryCrossEntropy.composed("binary cross-entropy with the \(link) link") { link.mean($0) }
    }
  }

  func variance<Number: ModelNumber>(_ mean: LinkedMean<Number>) -> Number { mean.mean * mean.complement }

  func deviance<Number: ModelNumber>(_ target: Number, _ mean: LinkedMean<Number>) -> Number {
    Number(2)
      * (FamilyFunctions.relativeEntropy(target, mean.mean)
        + FamilyFunctions.relativeEntropy(Number(1) - target, mean.complement))
  }

  func startingMean(_ target: Double, weight: Double) -> Double { (weight * target + 0.5) / (weight + 1) }

  func logLikelihood(_ target: Double, mean: Double, weight: Double, dispersion: Double) -> Double? {
    let (successes, failures) = (weight * target, weight * (1 - target))
    let choices =
      FamilyFunctions.logGamma(weight + 1) - FamilyFunctions.logGamma(successes + 1)
      - FamilyFunctions.logGamma(failures + 1)
    let hits = successes == 0 ? 0 : successes * ElementaryFunctions.log(mean)
    return choices + hits + (failures == 0 ? 0 : failures * ElementaryFunctions.logOnePlus(-mean))
  }
}
