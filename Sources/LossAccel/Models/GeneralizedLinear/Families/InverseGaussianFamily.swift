/// Positive amounts with a variance in proportion to the cube of their mean: V = μ³.
struct InverseGaussianFamily: FamilyDefinition {
  let name = "inverse-gaussian"
  let summary = "Positive amounts with a variance in proportion to the cube of their mean."
  let links: [Link] = [.inverseSquare, .reciprocal, .log, .identity]
  let canonical: (link: Link, factor: Double)? = (.inverseSquare, -0.5)
  let targets = Double.leastNonzeroMagnitude ... .greatestFiniteMagnitude

  func loss(_ link: Link) -> PointwiseLoss { composed(.inverseGaussian, link) }

  func variance<Number: ModelNumber>(_ mean: LinkedMean<Number>) -> Number { mean.mean * mean.mean * mean.mean }

  func deviance<Number: ModelNumber>(_ target: Number, _ mean: LinkedMean<Number>) -> Number {
    let error = (target - mean.mean) / mean.mean
    return error * error / target
  }

  func logLikelihood(_ target: Double, mean: Double, weight: Double, dispersion: Double) -> Double? {
    let error = (target - mean) / mean
    return -0.5 * weight
      * (ElementaryFunctions.log(2 * Double.pi * dispersion) + 3 * ElementaryFunctions.log(target)
        + error * error / (target * dispersion))
  }
}
