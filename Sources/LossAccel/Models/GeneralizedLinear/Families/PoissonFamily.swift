/// Counts: V = μ.
struct PoissonFamily: FamilyDefinition {
  let name = "poisson"
  let summary = "Counts whose variance is their mean."
  let links: [Link] = [.log, .identity, .squareRoot]
  let canonical: (link: Link, factor: Double)? = (.log, 1)
  let targets = 0...Double.greatestFiniteMagnitude
  let hasDispersion = false

  func loss(_ link: Link) -> PointwiseLoss { composed(PointwiseLoss.poissonDeviance.scaled(by: 0.5), link) }

  func variance<Number: ModelNumber>(_ mean: LinkedMean<Number>) -> Number { mean.mean }

  func deviance<Number: ModelNumber>(_ target: Number, _ mean: LinkedMean<Number>) -> Number {
    Number(2) * (FamilyFunctions.relativeEntropy(target, mean.mean) - (target - mean.mean))
  }

  func startingMean(_ target: Double, weight: Double) -> Double { target + 0.1 }

  func logLikelihood(_ target: Double, mean: Double, weight: Double, dispersion: Double) -> Double? {
    let logs = target == 0 ? 0 : target * ElementaryFunctions.log(mean)
    return weight * (logs - mean - FamilyFunctions.logGamma(target + 1))
  }
}
