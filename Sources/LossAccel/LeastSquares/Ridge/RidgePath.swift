/// Ridge regressions for any number of penalties λ, from one factorisation: minimisers of Σ wᵢ(yᵢ − β₀ − Σⱼ xᵢⱼβⱼ)² + λ·Σ fⱼβⱼ².
///
/// ```swift
/// let path = try RidgePath.fit(features: x, targets: y)
/// let penalty = path.penalty(minimizing: .leaveOneOut)
/// let model = try LinearRegression.fit(features: x, targets: y, ridge: penalty)
/// ```
///
/// The matrix may have more columns than rows, and columns that depend on one another. The intercept, and columns with the factor 0, are not
/// penalised. λ is in the units of the squared targets, and a column's share depends on the column's unit: to penalise
/// standardised columns pass their variances as factors.
///
/// The path's coefficients have errors of about condition · 2⁻⁵² of their size; ``LinearRegression`` refines those of one penalty to the
/// last bit.
public struct RidgePath: Sendable {
  /// The penalties λ, in the order in which they were given.
  public let penalties: [Double]

  /// A row for every penalty, a column for every coefficient, the intercept's first where there is one.
  public let coefficients: Matrix<Double>

  /// For every penalty the trace of the matrix that takes targets to fitted values: the number of coefficients without a penalty, counting the
  /// intercept, and less with one.
  public let effectiveDegreesOfFreedom: [Double]

  /// Σ w·(y − ŷ)² for every penalty.
  public let residualSumsOfSquares: [Double]

  /// Σ w·(y − ŷ₍ᵢ₎)²/Σ w for every penalty, where ŷ₍ᵢ₎ is the prediction of the fit without the row: exact, not an approximation. ∞ where a row
  /// alone determines its fitted value.
  public let leaveOneOutErrors: [Double]

  /// n·RSS/(n − d)² with the effective degrees of freedom d: leave-one-out with every leverage at its mean (G. H. Golub, M. Heath, G. Wahba,
  /// Technometrics 21, 1979). The intercept counts in d.
  public let generalizedCrossValidation: [Double]

  /// What to choose a penalty by.
  public enum Criterion: String, Sendable, CaseIterable {
    /// ``RidgePath/leaveOneOutErrors``.
    case leaveOneOut
    /// ``RidgePath/generalizedCrossValidation``.
    case generalizedCrossValidation
  }

  /// The place of the penalty with the smallest value of the criterion; the larger penalty of equals.
  public func index(minimizing criterion: Criterion) -> Int {
    let values = criterion == .leaveOneOut ? leaveOneOutErrors : generalizedCrossValidation
    return values.indices.reduce(0) { best, index in
      if values[index] == values[best] { return penalties[index] > penalties[best] ? index : best }
      return values[index] < values[best] || values[best].isNaN ? index : best
    }
  }

  /// The penalty with the smallest value of the criterion.
  public func penalty(minimizing criterion: Criterion) -> Double { penalties[index(minimizing: criterion)] }

  /// Fits the path.
  ///
  /// - Parameters:
  ///   - features: one row for every sample, one column for every feature.
  ///   - targets: one element for every row.
  ///   - offsets: known parts of the targets, one for every row, to be subtracted.
  ///   - penalties: λ ≥ 0, any number of them in any order; if nil, a hundred from a thousandth of the smallest squared singular value of the
  ///     columns (with their factors) to a thousand times the largest one, spread evenly on a logarithmic scale.
  ///   - intercept: whether to fit a constant, too.
  ///   - weights: not negative, as for ``LinearRegression``.
  ///   - penaltyFactors: f, not negative, one for every column; all ones if nil.
  /// - Throws: ``LeastSquaresError``, where unpenalised columns depend on one another, or any with a penalty of 0.
  /// - Precondition: as many targets, offsets and weights as rows, and as many factors as columns; at least one penalty.
  /// - Complexity: O(rows · columns · (columns + penalties) + columns³)
  public static func fit<Element: Scalar>(
    features: Matrix<Element>, targets: [Element], offsets: [Element]? = nil, penalties: [Double]? = nil,
    intercept: Bool = true, weights: [Element]? = nil, penaltyFactors: [Element]? = nil
  ) throws(LeastSquaresError) -> RidgePath {
    precondition(targets.count == features.rows, "\(targets.count) targets for \(features.rows) rows")
    precondition(penalties.map { !$0.isEmpty } ?? true, "a path needs at least one penalty")
    if let bad = penalties?.first(where: { !($0 >= 0 && $0.isFinite) }) { throw .invalidRidge(bad) }
    let system = try LeastSquaresSystem(
      features, weights: weights, penaltyFactors: penaltyFactors, hasIntercept: intercept)
    let triangle = try RidgeTriangle(system, system.targets(targets, offsets: offsets, count: 1))
    let spectrum = try RidgeSpectrum(triangle)
    let chosen = penalties ?? spectrum.automaticPenalties
    if chosen.contains(0) { try triangle.requireFullRank() }
    return try RidgePath(spectrum, chosen)
  }

  private init(_ spectrum: RidgeSpectrum, _ penalties: [Double]) throws(LeastSquaresError) {
    let system = spectrum.packed.system
    let errors = try spectrum.errors(penalties)
    let total = system.weights.map { $0.reduce(0, +) } ?? Double(system.rows)
    self.penalties = penalties
    coefficients = Matrix(
      rows: penalties.count, columns: system.unknowns, elements: penalties.flatMap { spectrum.coefficients($0) })
    effectiveDegreesOfFreedom = penalties.map { spectrum.degreesOfFreedom($0) }
    residualSumsOfSquares = errors.fitted
    leaveOneOutErrors = errors.deleted.map { $0 / total }
    let count = Double(system.rows)
    generalizedCrossValidation = zip(effectiveDegreesOfFreedom, errors.fitted).map { freedom, squares in
      let left = count - freedom
      return left > count * Heteroscedasticity.smallest ? count * squares / (left * left) : .infinity
    }
  }
}
