/// What takes the mean of a target (or another functional of it) to the prediction of a model that is free to take any value, and
/// its inverse, which takes the prediction back.
public enum Link: String, Sendable, Hashable, Codable, CaseIterable {
  /// η = μ.
  case identity
  /// η = log μ, μ = e^η.
  case log
  /// η = log(μ/(1 − μ)), μ = σ(η).
  case logit
  /// η = Φ⁻¹(μ), μ = Φ(η).
  case probit
  /// η = log(−log(1 − μ)), μ = 1 − exp(−e^η).
  case complementaryLogLog
  /// η = 1/μ = 1/η.
  case reciprocal
  /// η = √μ, μ = η².
  case squareRoot
  /// η = 1/μ², μ = 1/√η.
  case inverseSquare

  /// μ, the mean, as a formula of the prediction η.
  public func mean(_ prediction: Formula) -> Formula {
    switch self {
    case .identity: prediction
    case .log: exp(prediction)
    case .logit: sigmoid(prediction)
    case .probit: normalCumulative(prediction)
    case .complementaryLogLog: -expMinusOne(-exp(prediction))
    case .reciprocal: 1 / prediction
    case .squareRoot: square(prediction)
    case .inverseSquare: 1 / LossAccel.squareRoot(prediction)
    }
  }
}

extension Link: CustomStringConvertible {
  /// Its name in words, such as “complementary log-log”.
  public var description: String {
    switch self {
    case .identity: "identity"
    case .log: "log"
    case .logit: "logit"
    case .probit: "probit"
    case .complementaryLogLog: "complementary log-log"
    case .reciprocal: "reciprocal"
    case .squareRoot: "square root"
    case .inverseSquare: "inverse square"
    }
  }
}
