/// What a model's coefficients cost: ½ Σ ridgeⱼ·βⱼ² + Σ lassoⱼ·|βⱼ| + Σ over groups of strength·‖β of the group‖₂. The intercept is free.
///
/// The penalty is on the coefficients of the columns as they were given. It is a part of an objective, never of a loss.
///
/// ```swift
/// Penalty(ridge: 1)                          // ½‖β‖²
/// Penalty(ridge: 0.5, lasso: 0.5)            // an elastic net
/// Penalty(ridge: .perColumn([0, 1, 1]))      // the first column is free
/// Penalty(groups: [.init(columns: [2, 3, 4], strength: 0.1)])
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

  /// The strength of ½β².
  public var ridge: Strength
  /// The strength of |β|.
  public var lasso: Strength
  /// The groups.
  public var groups: [Group]

  /// A penalty; what is left out is 0.
  public init(ridge: Strength = 0, lasso: Strength = 0, groups: [Group] = []) {
    self.ridge = ridge
    self.lasso = lasso
    self.groups = groups
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
    let grouped = groups.flatMap(\.columns)
    precondition(Set(grouped).count == grouped.count, "groups of a penalty overlap: \(groups.map(\.columns))")
  }
}
