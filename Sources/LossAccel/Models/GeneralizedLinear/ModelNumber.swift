/// Numbers that means, variances and deviances are computed in, of as many rows as there are lanes: a `Double` of one, or ``WideLanes``
/// where the last digits count.
protocol ModelNumber: Sendable {
  /// How many rows a value holds.
  static var lanes: Int { get }
  /// The same number for all rows.
  init(_ value: Double)
  /// The numbers high + low of some rows, at most as many as there are lanes; what is left of these is 0.
  init(_ high: [Double], _ low: [Double]?, rows: Range<Int>)
  /// The number of one of the rows.
  subscript(lane: Int) -> DoubleDouble { get }
  /// The sum over the rows.
  var total: DoubleDouble { get }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self
  func exponential() -> Self
  func exponentialMinusOne() -> Self
  /// For x > 0; NaN for x < 0, −∞ for 0.
  func logarithm() -> Self
  /// For x ≥ 0; NaN for x < 0.
  func squareRoot() -> Self
  /// P(Z ≤ x) of the standard normal distribution, with the accuracy of Double.
  func normalCumulative() -> Self
  /// `self` for the rows where `x` is positive, `other` for the rest.
  func wherePositive(_ x: Self, else other: Self) -> Self
}

extension Double: ModelNumber {
  static let lanes = 1
  init(_ high: [Double], _ low: [Double]?, rows: Range<Int>) { self = high[rows.lowerBound] }
  subscript(lane: Int) -> DoubleDouble { DoubleDouble(self) }
  var total: DoubleDouble { DoubleDouble(self) }
  func exponential() -> Double { ElementaryFunctions.exp(self) }
  func exponentialMinusOne() -> Double { ElementaryFunctions.expMinusOne(self) }
  func logarithm() -> Double { ElementaryFunctions.log(self) }
  func normalCumulative() -> Double { StandardNormal.survival(-self) }
  func wherePositive(_ x: Double, else other: Double) -> Double { x > 0 ? self : other }
}

extension WideLanes: ModelNumber {
  static var lanes: Int { count }

  func normalCumulative() -> WideLanes {
    var result = self
    for lane in 0..<Self.count {
      let (x, low) = (high[lane], low[lane])
      let density = ElementaryFunctions.exp(-0.5 * x * x) * 0.398_942_280_401_432_7
      result[lane] = DoubleDouble.sum(StandardNormal.survival(-x), density * low)
    }
    return result
  }
}

/// What a link makes of a predictor η: the mean μ, 1 − μ without cancellation where the link keeps μ below 1, and dμ/dη.
struct LinkedMean<Number: ModelNumber> {
  let mean: Number
  /// 1 − μ.
  let complement: Number
  let slope: Number

  /// y − μ; by way of the complement, which does not cancel where μ is near a target of 1.
  func excess(of target: Number, isShare: Bool) -> Number {
    guard isShare else { return target - mean }
    return target * complement - (Number(1) - target) * mean
  }
}

extension Link {
  /// The mean at a predictor; NaN where the link has none. For targets that are no shares the complement is NaN.
  func linked<Number: ModelNumber>(_ predictor: Number, isShare: Bool = true) -> LinkedMean<Number> {
    let (eta, one) = (predictor, Number(1))
    func made(_ mean: Number, _ complement: @autoclosure () -> Number, _ slope: Number) -> LinkedMean<Number> {
      LinkedMean(mean: mean, complement: isShare ? complement() : Number(.nan), slope: slope)
    }
    switch self {
    case .identity: return made(eta, one - eta, one)
    case .log:
      let mean = eta.exponential()
      return made(mean, -eta.exponentialMinusOne(), mean)
    case .logit:
      // The smaller of the two first: e^(−|η|) neither overflows nor cancels.
      let small = (-eta).wherePositive(eta, else: eta).exponential()
      let more = one / (one + small)
      let less = small * more
      return made(more.wherePositive(eta, else: less), less.wherePositive(eta, else: more), less * more)
    case .probit:
      let density = (-(eta * eta) / Number(2)).exponential() * Number(0.398_942_280_401_432_7)
      return made(eta.normalCumulative(), (-eta).normalCumulative(), density)
    case .complementaryLogLog:
      let hazard = eta.exponential()
      let complement = (-hazard).exponential()
      return made(-(-hazard).exponentialMinusOne(), complement, hazard * complement)
    case .reciprocal:
      let mean = one / eta
      return made(mean, one - mean, -(mean * mean))
    case .squareRoot: return made(eta * eta, one - eta * eta, eta + eta)
    case .inverseSquare:
      let mean = one / eta.squareRoot()
      return made(mean, one - mean, -(mean / (eta + eta)))
    }
  }

  /// The predictor of a mean: the link itself, in double precision.
  package func predictor(_ mean: Double) -> Double {
    switch self {
    case .identity: mean
    case .log: ElementaryFunctions.log(mean)
    case .logit: ElementaryFunctions.log(mean) - ElementaryFunctions.logOnePlus(-mean)
    case .probit: StandardNormal.quantile(mean)
    case .complementaryLogLog: ElementaryFunctions.log(-ElementaryFunctions.logOnePlus(-mean))
    case .reciprocal: 1 / mean
    case .squareRoot: mean.squareRoot()
    case .inverseSquare: 1 / (mean * mean)
    }
  }

  /// The mean of a predictor, in double precision.
  package func mean(_ predictor: Double) -> Double { linked(predictor).mean }
}
