/// What a generalised linear model needs to know of a distribution of its targets. A family is one type that conforms, and one line
/// in ``Family/all(parameter:)``.
///
/// The distribution is one of an exponential family: its variance is φ·V(μ)/w, with a dispersion φ that is 1 or estimated.
protocol FamilyDefinition: Sendable {
  var name: String { get }
  /// In one sentence.
  var summary: String { get }
  /// The parameter that V depends on, if there is one.
  var parameter: (name: String, value: Double)? { get }
  /// The links that it can be fitted with, the usual one first.
  var links: [Link] { get }
  /// The link whose slope is the variance, and slope/variance, which then is a number: 1 or so.
  var canonical: (link: Link, factor: Double)? { get }
  /// The valid targets.
  var targets: ClosedRange<Double> { get }
  /// Whether targets are shares of trials.
  var isShare: Bool { get }
  /// Whether φ is estimated.
  var hasDispersion: Bool { get }

  /// Half of the unit deviance of the predictor, up to what does not depend on it: from the catalogue, composed with the link.
  func loss(_ link: Link) -> PointwiseLoss

  /// V(μ).
  func variance<Number: ModelNumber>(_ mean: LinkedMean<Number>) -> Number

  /// The unit deviance 2∫ (y − t)/V(t) dt from μ to y.
  func deviance<Number: ModelNumber>(_ target: Number, _ mean: LinkedMean<Number>) -> Number

  /// A mean near the target that the link is defined for: where the first step starts. R's `mustart`.
  func startingMean(_ target: Double, weight: Double) -> Double

  /// The logarithm of the density, times the weight where that is a count of samples; `nil` if it has no closed form.
  func logLikelihood(_ target: Double, mean: Double, weight: Double, dispersion: Double) -> Double?

  /// The φ of the logarithm of the likelihood, from the deviance.
  func likelihoodDispersion(deviance: Double, count: Int, totalWeight: Double) -> Double

  /// What rows add to a pass; the same for all families, made for each.
  func row<Number: ModelNumber>(_ target: Number, _ mean: LinkedMean<Number>, _ link: Link) -> RowDerivatives<Number>

  /// Scores and informations of all rows; the same for all families, made for each.
  func derivatives(of problem: LikelihoodProblem, at predictors: WideVector) -> LikelihoodRows

  /// Sums over all rows, likewise; in the accuracy of Double unless `precisely`.
  func sums(of problem: LikelihoodProblem, at predictors: WideVector, precisely: Bool) -> LikelihoodSums

  /// Residuals of all rows, likewise.
  func residuals(_ kind: GeneralizedLinearModel.Residual, of problem: LikelihoodProblem, at predictors: WideVector)
    -> [Double]

  /// Where Fisher scoring starts, likewise.
  func startingRows(of problem: LikelihoodProblem) -> StartingRows
}

/// Of rows without their weights: the derivative of −½·deviance, (y − μ)·μ′/V, and the Fisher information μ′²/V.
struct RowDerivatives<Number: ModelNumber> {
  let score: Number
  let information: Number
}

extension FamilyDefinition {
  var parameter: (name: String, value: Double)? { nil }
  var isShare: Bool { false }
  var hasDispersion: Bool { true }
  func startingMean(_ target: Double, weight: Double) -> Double { target }

  func likelihoodDispersion(deviance: Double, count: Int, totalWeight: Double) -> Double {
    hasDispersion ? deviance / totalWeight : 1
  }

  func row<Number: ModelNumber>(
    _ target: Number, _ mean: LinkedMean<Number>, _ link: Link
  ) -> RowDerivatives<Number> {
    let excess = mean.excess(of: target, isShare: isShare)
    // Slope and variance may both underflow where their ratio is a number.
    if let canonical, canonical.link == link {
      let factor = Number(canonical.factor)
      return RowDerivatives(score: excess * factor, information: mean.slope * factor)
    }
    let ratio = mean.slope / variance(mean)
    return RowDerivatives(score: excess * ratio, information: mean.slope * ratio)
  }

  /// The loss of the log-mean as one of the predictor.
  func composed(_ loss: PointwiseLoss, _ link: Link) -> PointwiseLoss {
    if link == .log { return loss }
    return loss.composed("\(loss.name) with the \(link) link") { log(link.mean($0)) }
  }
}

/// ln Γ(x), and y·log(y/μ) where y may be 0.
enum FamilyFunctions {
  /// ln (n − 1)! for n = 1, 2, …: counts are what the function is mostly asked for.
  private static let logFactorials = (1...512).map { DoubleDouble.logGamma(DoubleDouble(Double($0))).value }

  static func logGamma(_ x: Double) -> Double {
    if x >= 1, x <= 512, x == x.rounded() { return logFactorials[Int(x) - 1] }
    return DoubleDouble.logGamma(DoubleDouble(x)).value
  }

  /// y·log(y/μ), 0 for y = 0.
  static func relativeEntropy<Number: ModelNumber>(_ target: Number, _ mean: Number) -> Number {
    (-(target * (mean / target).logarithm())).wherePositive(target, else: Number(0))
  }
}
