/// What a model's coefficients cost: ½ Σ ridgeⱼ·βⱼ² + Σ lassoⱼ·|βⱼ| + Σ over groups of strength·‖β of the group‖₂
/// + ½ Σ over constraints of strength·(Σ factor·β − value)². The intercept is free.
///
/// The penalty is on the coefficients of the columns as they were given. It is a part of an objective, never of a loss.
///
/// ```swift
/// Penalty(ridge: 1)                          // ½‖β‖²
/// Penalty(ridge: 0.5, lasso: 0.5)            // an elastic net
/// Penalty(ridge: .perColumn([0, 1, 1]))      // the first column is free
/// Penalty(groups: [.init(columns: [2, 3, 4], strength: 0.1)])
/// Penalty(constraints: .differences(of: 0..<24, order: 2, strength: 10))   // a smooth curve of 24 coefficients
/// ```
public struct Penalty: Sendable, Hashable, Codable {
  /// A strength for all columns, or one for each.
  public enum Strength: Sendable, Hashable, Codable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// The same for every column.
    case uniform(Double)
    /// One for each column.
    case perColumn([Double])

    /// The same for every column.
    public init(floatLiteral value: Double) { self = .uniform(value) }
    /// The same for every column.
    public init(integerLiteral value: Int) { self = .uniform(Double(value)) }

    /// The strength on one column.
    public subscript(column: Int) -> Double {
      switch self {
      case .uniform(let value): value
      case .perColumn(let values): values[column]
      }
    }
  }

  /// Columns whose coefficients vanish together.
  public struct Group: Sendable, Hashable, Codable {
    /// The columns.
    public var columns: [Int]
    /// What the length of their coefficients is multiplied by.
    public var strength: Double

    /// A group of columns.
    public init(columns: [Int], strength: Double) {
      self.columns = columns
      self.strength = strength
    }
  }

  /// What coefficients together ought to be, smoothly: ½·strength·(Σ factorⱼ·βⱼ − value)².
  public struct Constraint: Sendable, Hashable, Codable {
    /// The columns that take part.
    public var columns: [Int]
    /// What their coefficients are multiplied by, in the same order.
    public var factors: [Double]
    /// What the sum ought to be.
    public var value: Double
    /// How much half the square of the difference counts.
    public var strength: Double

    /// A constraint: Σ factor·β ought to be the value.
    ///
    /// - Precondition: as many factors as columns.
    public init(columns: [Int], factors: [Double], value: Double = 0, strength: Double) {
      precondition(columns.count == factors.count, "\(factors.count) factors for \(columns.count) columns")
      (self.columns, self.factors, self.value, self.strength) = (columns, factors, value, strength)
    }
  }

  /// The strength of ½β².
  public var ridge: Strength
  /// The strength of |β|.
  public var lasso: Strength
  /// The groups.
  public var groups: [Group]
  /// The smooth constraints.
  public var constraints: [Constraint]

  /// A penalty; what is left out is 0.
  public init(
    ridge: Strength = 0, lasso: Strength = 0, groups: [Group] = [], constraints: [Constraint] = []
  ) {
    self.ridge = ridge
    self.lasso = lasso
    self.groups = groups
    self.constraints = constraints
  }

  /// No penalty.
  public static var none: Penalty { Penalty() }

  /// strength·(mixing·|β| + ½(1 − mixing)·β²), as glmnet has it.
  ///
  /// - Precondition: mixing lies in 0...1.
  public static func elasticNet(strength: Double, mixing: Double) -> Penalty {
    precondition((0...1).contains(mixing), "the mixing of an elastic net is \(mixing), it must lie in 0...1")
    return Penalty(ridge: .uniform(strength * (1 - mixing)), lasso: .uniform(strength * mixing))
  }

  /// Whether there are no lassos and groups, so that it is smooth.
  func isSmooth(columns: Int) -> Bool { groups.isEmpty && !(0..<columns).contains { lasso[$0] > 0 } }

  /// Whether there is nothing but a ridge, or nothing at all.
  func isRidge(columns: Int) -> Bool { isSmooth(columns: columns) && constraints.isEmpty }

  /// Checks the strengths against a number of columns.
  func check(columns: Int) throws(ObjectiveError) {
    for strength in [ridge, lasso] {
      if case .perColumn(let values) = strength {
        precondition(values.count == columns, "\(values.count) penalties for \(columns) columns")
      }
      for column in 0..<columns where !(strength[column] >= 0 && strength[column].isFinite) {
        throw .invalidPenalty(column: column, value: strength[column])
      }
    }
    for group in groups {
      precondition(
        group.columns.allSatisfy { $0 >= 0 && $0 < columns }, "a group of columns \(group.columns) of \(columns)")
      guard group.strength >= 0, group.strength.isFinite else {
        throw .invalidPenalty(column: group.columns.first ?? 0, value: group.strength)
      }
    }
    for constraint in constraints {
      precondition(
        constraint.columns.allSatisfy { $0 >= 0 && $0 < columns },
        "a constraint on columns \(constraint.columns) of \(columns)")
      guard constraint.strength >= 0, constraint.strength.isFinite else {
        throw .invalidPenalty(column: constraint.columns.first ?? 0, value: constraint.strength)
      }
      if let odd = ([constraint.value] + constraint.factors).first(where: { !$0.isFinite }) {
        throw .invalidPenalty(column: constraint.columns.first ?? 0, value: odd)
      }
    }
    let grouped = groups.flatMap(\.columns)
    precondition(Set(grouped).count == grouped.count, "groups of a penalty overlap: \(groups.map(\.columns))")
  }
}

extension [Penalty.Constraint] {
  /// The differences of an order of the coefficients of columns in a row ought to be 0: coefficients of order 1 that are all alike cost nothing,
  /// nor do those of order 2 that lie on a line. What makes a curve of coefficients smooth (P. Eilers, B. Marx, Statistical
  /// Science 11, 1996).
  ///
  /// - Precondition: the order is positive and less than the number of columns.
  public static func differences(of columns: Range<Int>, order: Int = 1, strength: Double) -> [Penalty.Constraint] {
    precondition(order >= 1 && order < columns.count, "differences of order \(order) of \(columns.count) coefficients")
    // Pascal's triangle with alternating signs.
    var factors = [1.0]
    for _ in 0..<order { factors = zip(factors + [0], [0] + factors).map { $1 - $0 } }
    return (columns.lowerBound..<columns.upperBound - order).map {
      Penalty.Constraint(columns: [Int]($0...$0 + order), factors: factors, strength: strength)
    }
  }

  /// The coefficients of the columns ought to add up to a value.
  public static func sum(of columns: [Int], value: Double = 0, strength: Double) -> [Penalty.Constraint] {
    [
      Penalty.Constraint(
        columns: columns, factors: [Double](repeating: 1, count: columns.count), value: value, strength: strength)
    ]
  }
}
