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
    Number.exponential(Number(power) * Number.logarithm(mean.mean))
  }

  func deviance<Number: ModelNumber>(_ target: Double, _ mean: LinkedMean<Number>) -> Number {
    // Both differences are exact.
    let (ofMean, ofTarget) = (Number(2 - power), Number(1 - power))
    let logMean = Number.logarithm(mean.mean)
    let left = Number.exponential(ofMean * logMean) / ofMean
    guard target > 0 else { return Number(2) * left }
    let own = Number.exponential(ofMean * Number.logarithm(Number(target))) / (ofMean * ofTarget)
    return Number(2) * (own - Number(target) * Number.exponential(ofTarget * logMean) / ofTarget + left)
  }

  func startingMean(_ target: Double, weight: Double) -> Double { target == 0 ? 0.1 : target }

  func logLikelihood(_ target: Double, mean: Double, weight: Double, dispersion: Double) -> Double? { nil }
}
