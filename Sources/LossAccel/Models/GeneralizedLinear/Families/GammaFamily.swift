/// Positive amounts whose standard deviation is in proportion to their mean: V = μ².
struct GammaFamily: FamilyDefinition {
  let name = "gamma"
  let summary = "Positive amounts whose standard deviation is in proportion to their mean."
  let links: [Link] = [.reciprocal, .log, .identity]
  let canonical: (link: Link, factor: Double)? = (.reciprocal, -1)
  let targets = Double.leastNonzeroMagnitude ... .greatestFiniteMagnitude

  func loss(_ link: Link) -> PointwiseLoss { composed(PointwiseLoss.gammaDeviance.scaled(by: 0.5), link) }

  func variance<Number: ModelNumber>(_ mean: LinkedMean<Number>) -> Number { mean.mean * mean.mean }

  func deviance<Number: ModelNumber>(_ target: Number, _ mean: LinkedMean<Number>) -> Number {
    let ratio = target / mean.mean
    return Number(2) * (ratio - Number(1) - ratio.logarithm())
  }

  func logLikelihood(_ target: Double, mean: Double, weight: Double, dispersion: Double) -> Double? {
    let shape = 1 / dispersion
    let rate = shape / mean
    let density =
      shape * ElementaryFunctions.log(rate) - FamilyFunctions.logGamma(shape)
      + (shape - 1) * ElementaryFunctions.log(target) - rate * target
    return weight * density
  }
}
