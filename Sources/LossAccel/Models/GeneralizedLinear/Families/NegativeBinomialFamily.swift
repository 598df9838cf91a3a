/// Counts that vary more than Poisson's, with a given θ: V = μ + μ²/θ.
struct NegativeBinomialFamily: FamilyDefinition {
  let theta: Double
  let name = "negative-binomial"
  let summary = "Counts with the variance μ + μ²/θ, for a given θ."
  var parameter: (name: String, value: Double)? { ("theta", theta) }
  let links: [Link] = [.log, .identity, .squareRoot]
  let canonical: (link: Link, factor: Double)? = nil
  let targets = 0...Double.greatestFiniteMagnitude
  let hasDispersion = false

  func loss(_ link: Link) -> PointwiseLoss { composed(.negativeBinomial(theta: theta), link) }

  func variance<Number: ModelNumber>(_ mean: LinkedMean<Number>) -> Number {
    mean.mean + mean.mean * mean.mean / Number(theta)
  }

  func deviance<Number: ModelNumber>(_ target: Number, _ mean: LinkedMean<Number>) -> Number {
    let size = Number(theta)
    let growth = ((mean.mean + size) / (target + size)).logarithm()
    return Number(2) * (FamilyFunctions.relativeEntropy(target, mean.mean) + (target + size) * growth)
  }

  func startingMean(_ target: Double, weight: Double) -> Double { target == 0 ? 1.0 / 6 : target }

  func logLikelihood(_ target: Double, mean: Double, weight: Double, dispersion: Double) -> Double? {
    let share = -(target + theta) * ElementaryFunctions.logOnePlus(mean / theta)
    let logs = target == 0 ? 0 : target * ElementaryFunctions.log(mean / theta)
    let choices =
      FamilyFunctions.logGamma(target + theta) - FamilyFunctions.logGamma(theta) - FamilyFunctions.logGamma(target + 1)
    return weight * (choices + logs + share)
  }
}
