/// Amounts that are often exactly 0: V = μ^ρ, 1 < ρ < 2.
struct TweedieFamily: FamilyDefinition {
  let power: Double
  let name = "tweedie"
  let summary = "Amounts, many of them exactly 0, with a variance in proportion to a power of their mean."
  var parameter: (name: String, value: Double)? { ("power", power) }
  let links: [Link] = [.log, .identity, .squareRoot]
  let canonical: (link: Link, factor: Double)? = nil
  let targets = 0...Double.greatestFiniteMagnitude

  func loss(_ link: Link) -> PointwiseLoss { composed(.tweedie(power: power), link) }

  func variance<Number: ModelNumber>(_ mean: LinkedMean<Number>) -> Number {
    (Number(power) * mean.mean.logarithm()).exponential()
  }

  func deviance<Number: ModelNumber>(_ target: Number, _ mean: LinkedMean<Number>) -> Number {
    // Both differences are exact.
    let (ofMean, ofTarget) = (Number(2 - power), Number(1 - power))
    let logMean = mean.mean.logarithm()
    let left = (ofMean * logMean).exponential() / ofMean
    let own = (ofMean * target.logarithm()).exponential() / (ofMean * ofTarget)
    let deviance = Number(2) * (own - target * (ofTarget * logMean).exponential() / ofTarget + left)
    return deviance.wherePositive(target, else: Number(2) * left)
  }

  func startingMean(_ target: Double, weight: Double) -> Double { target == 0 ? 0.1 : target }

  func logLikelihood(_ target: Double, mean: Double, weight: Double, dispersion: Double) -> Double? { nil }
}
