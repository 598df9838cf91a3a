/// A number that means, variances and deviances are computed in: `Double`, or ``DoubleDouble`` where the last digits count.
protocol ModelNumber: Sendable {
  init(_ value: Double)
  /// Rounded to Double.
  var value: Double { get }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self
  static func exponential(_ x: Self) -> Self
  static func exponentialMinusOne(_ x: Self) -> Self
  /// For x > 0; NaN for x < 0, −∞ for 0.
  static func logarithm(_ x: Self) -> Self
  /// For x ≥ 0; NaN for x < 0.
  static func root(_ x: Self) -> Self
  /// P(Z ≤ x) of the standard normal distribution, with the accuracy of Double.
  static func normalCumulative(_ x: Self) -> Self
}

extension Double: ModelNumber {
  var value: Double { self }
  static func exponential(_ x: Double) -> Double { ElementaryFunctions.exp(x) }
  static func exponentialMinusOne(_ x: Double) -> Double { ElementaryFunctions.expMinusOne(x) }
  static func logarithm(_ x: Double) -> Double { ElementaryFunctions.log(x) }
  static func root(_ x: Double) -> Double { x.squareRoot() }
  static func normalCumulative(_ x: Double) -> Double { StandardNormal.survival(-x) }
}

extension DoubleDouble: ModelNumber {
  init(_ value: Double) { self.init(value, 0) }

  static func exponential(_ x: DoubleDouble) -> DoubleDouble { exp(x) }

  /// eˣ − 1, by its series where the subtraction would lose digits.
  static func exponentialMinusOne(_ x: DoubleDouble) -> DoubleDouble {
    guard abs(x.high) < 1e-3 else { return exp(x) - 1 }
    var sum = DoubleDouble(1)
    for k in stride(from: 10.0, through: 2, by: -1) { sum = DoubleDouble(1) + x * sum / DoubleDouble(k) }
    return x * sum
  }

  static func logarithm(_ x: DoubleDouble) -> DoubleDouble {
    guard x.high > 0, x.high.isFinite else { return DoubleDouble(ElementaryFunctions.log(x.high)) }
    return log(x)
  }

  static func root(_ x: DoubleDouble) -> DoubleDouble {
    x.high > 0 ? x.squareRoot() : DoubleDouble(x.high.squareRoot())
  }

  static func normalCumulative(_ x: DoubleDouble) -> DoubleDouble {
    let density = ElementaryFunctions.exp(-0.5 * x.high * x.high) * 0.398_942_280_401_432_7
    return DoubleDouble.sum(StandardNormal.survival(-x.high), density * x.low)
  }
}

/// What a link makes of a predictor η: the mean μ, 1 − μ without cancellation where the link keeps μ below 1, and dμ/dη.
struct LinkedMean<Number: ModelNumber> {
  let predictor: Number
  let mean: Number
  /// 1 − μ.
  let complement: Number
  let slope: Number

  /// y − μ; by way of the complement, which does not cancel where μ is near a target of 1.
  func excess(of target: Double, isShare: Bool) -> Number {
    guard isShare else { return Number(target) - mean }
    return Number(target) * complement - Number(1 - target) * mean
  }
}

extension Link {
  /// The mean at a predictor; NaN where the link has none.
  func linked<Number: ModelNumber>(_ predictor: Number) -> LinkedMean<Number> {
    let (eta, one) = (predictor, Number(1))
    func made(_ mean: Number, _ complement: Number, _ slope: Number) -> LinkedMean<Number> {
      LinkedMean(predictor: eta, mean: mean, complement: complement, slope: slope)
    }
    switch self {
    case .identity: return made(eta, one - eta, one)
    case .log:
      let mean = Number.exponential(eta)
      return made(mean, -Number.exponentialMinusOne(eta), mean)
    case .logit:
      // The smaller of the two first: e^(−|η|) neither overflows nor cancels.
      let small = Number.exponential(eta.value < 0 ? eta : -eta)
      let (less, more) = (small / (one + small), one / (one + small))
      return eta.value < 0 ? made(less, more, less * more) : made(more, less, less * more)
    case .probit:
      let density = Number.exponential(-(eta * eta) / Number(2)) * Number(0.398_942_280_401_432_7)
      return made(.normalCumulative(eta), .normalCumulative(-eta), density)
    case .complementaryLogLog:
      let hazard = Number.exponential(eta)
      let complement = Number.exponential(-hazard)
      return made(-Number.exponentialMinusOne(-hazard), complement, hazard * complement)
    case .reciprocal:
      let mean = one / eta
      return made(mean, one - mean, -(mean * mean))
    case .squareRoot: return made(eta * eta, one - eta * eta, eta + eta)
    case .inverseSquare:
      let mean = one / Number.root(eta)
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
