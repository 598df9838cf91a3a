/// Models for falling strengths of a penalty, with errors by cross-validation to choose by.
///
/// The penalty is strength·(mixing·|β| + ½(1 − mixing)·β²) on the coefficients of standardised columns, as glmnet has it: every model's own
/// ``Penalty`` is what that means for the columns as they are.
public protocol PenaltyPath: Sendable {
  /// What is fitted.
  associatedtype Model

  /// The strengths, falling.
  var strengths: [Double] { get }
  /// The share of the lasso: 1 for a lasso, 0 for a ridge.
  var mixing: Double { get }
  /// The models, one for every strength, fitted to all rows.
  var models: [Model] { get }
  /// The mean over the folds of the weighted mean loss of the rows that a fit has not seen, for every strength.
  var errors: [Double] { get }
  /// The standard error of these means.
  var standardErrors: [Double] { get }
}

extension PenaltyPath {
  /// The place of the smallest error; the stronger penalty of equals.
  public var best: Int { errors.indices.reduce(0) { errors[$1] < errors[$0] ? $1 : $0 } }

  /// The place of the strongest penalty whose error is within one standard error of the smallest.
  public var simplest: Int {
    let limit = errors[best] + standardErrors[best]
    return errors.firstIndex { $0 <= limit } ?? best
  }
}

/// An elastic net on standardised columns.
struct PathPenalty: Sendable {
  let mixing: Double
  /// The standard deviations of the columns.
  let spreads: [Double]

  init(mixing: Double, spreads: [Double]) {
    precondition((0...1).contains(mixing), "the mixing of an elastic net is \(mixing), it must lie in 0...1")
    (self.mixing, self.spreads) = (mixing, spreads)
  }

  func penalty(_ strength: Double) -> Penalty {
    Penalty(
      ridge: .perColumn(spreads.map { strength * (1 - mixing) * $0 * $0 }),
      lasso: .perColumn(spreads.map { strength * mixing * $0 }))
  }

  /// The given strengths, checked; or 50 by equal ratios from the smallest that leaves no coefficient, at the given slopes of the losses by
  /// standardised columns, down to a thousandth of it.
  func strengths(_ given: [Double]?, slopes: () throws(ObjectiveError) -> [Double]) throws(ModelError) -> [Double] {
    guard let given else {
      let slopes = try withObjective(slopes)
      // A millionth more: the slopes are those at a constant that was searched for.
      let largest = max(1.000001 * (slopes.max() ?? 0) / max(mixing, 1e-3), .leastNormalMagnitude)
      return (0..<50).map { largest * ElementaryFunctions.exp(-Double($0) / 49 * ElementaryFunctions.log(1000)) }
    }
    precondition(
      !given.isEmpty && given.allSatisfy { $0 > 0 } && zip(given, given.dropFirst()).allSatisfy(>),
      "strengths of penalties are positive and fall: \(given)")
    return given
  }
}
