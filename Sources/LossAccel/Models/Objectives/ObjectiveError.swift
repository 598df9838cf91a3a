/// Why an objective has no value. Every case says what is wrong, where, and the cure.
public enum ObjectiveError: Error, Equatable, Sendable {
  /// The loss cannot be computed on a target, a weight or a prediction.
  case loss(LossError)

  /// A feature of a row that counts is infinite or NaN.
  case nonFiniteFeature(row: Int, column: Int, value: Double)

  /// An offset of a row that counts is infinite or NaN.
  case nonFiniteOffset(row: Int, value: Double)

  /// A penalty is negative, infinite or NaN.
  case invalidPenalty(column: Int, value: Double)

  /// One of several tasks is the cause.
  indirect case task(name: String, ObjectiveError)

  /// The weighting of several tasks has no value at their losses.
  case weighting(TaskWeightingError)

  /// The BLAS or LAPACK library, or a dimension for it, is the obstacle.
  case linearAlgebra(LinearAlgebraError)
}

extension ObjectiveError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .loss(let error):
      error.description
    case .nonFiniteFeature(let row, let column, let value):
      "The features hold \(value) in row \(row), column \(column). Correct it, leave the row out, or give it the weight 0."
    case .nonFiniteOffset(let row, let value):
      "The offset of row \(row) is \(value). Correct it, leave the row out, or give it the weight 0."
    case .invalidPenalty(let column, let value):
      "The penalty on column \(column) is \(value). It must be finite and not negative."
    case .task(let name, let error):
      "In the task \(name): \(error)"
    case .weighting(let error):
      error.description
    case .linearAlgebra(let error):
      error.description
    }
  }
}

extension LossError {
  /// The same problem in a batch that starts at `offset` of a longer one.
  func shifted(by offset: Int) -> LossError {
    switch self {
    case .invalidWeight(let index, let value):
      .invalidWeight(index: index + offset, value: value)
    case .targetOutsideDomain(let index, let value, let lowest, let highest):
      .targetOutsideDomain(index: index + offset, value: value, lowest: lowest, highest: highest)
    case .predictionOutsideDomain(let index, let value, let lowest, let highest):
      .predictionOutsideDomain(index: index + offset, value: value, lowest: lowest, highest: highest)
    case .labelOutOfRange(let row, let label, let classes):
      .labelOutOfRange(row: row + offset, label: label, classes: classes)
    case .invalidProbability(let row, let column, let value):
      .invalidProbability(row: row + offset, column: column, value: value)
    default: self
    }
  }
}
