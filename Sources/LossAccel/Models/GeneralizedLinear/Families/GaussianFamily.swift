/// Normal targets of one variance: V = 1. With the identity link it is linear regression.
struct GaussianFamily: FamilyDefinition {
  let name = "gaussian"
  let summary = "Amounts of any sign with one variance."
  let links: [Link] = [.identity, .log, .reciprocal]
  let canonical: (link: Link, factor: Double)? = (.identity, 1)
  let targets = -Double.greatestFiniteMagnitude ... .greatestFiniteMagnitude

  func loss(_ link: Link) -> PointwiseLoss {
    let half = PointwiseLoss.squaredError.scaled(by: 0.5)
    return link == .identity ? half : half.composed(with: link)
  }

  func variance<Number: ModelNumber>(_ mean: LinkedMean<Number>) -> Number { Number(1) }

  func deviance<Number: ModelNumber>(_ target: Number, _ mean: LinkedMean<Number>) -> Number {
    (target - mean.mean) * (target - mean.mean)
  }

  func logLikelihood(_ target: Double, mean: Double, weight: Double, dispersion: Double) -> Double? {
    let error = target - mean
    return 0.5 * (ElementaryFunctions.log(weight / (2 * Double.pi * dispersion)) - weight * error * error / dispersion)
  }

  func likelihoodDispersion(deviance: Double, count: Int, totalWeight: Double) -> Double { deviance / Double(count) }
}
