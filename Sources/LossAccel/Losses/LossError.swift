/// Data that a loss cannot be computed on. Every case says what is wrong, where, and what to do about it.
///
/// Mistakes in the calling code (arrays of different lengths) are preconditions instead. When a call throws, the buffers that
/// it was given for gradient and curvature hold NaN in every element: never a part of a result.
public enum LossError: Error, Equatable, Sendable {
  /// The batch has no samples, so neither a sum nor a mean over it says anything.
  case emptyBatch

  /// The weights are all zero, or every sample is masked, or its target missing or ignored: there is nothing to average.
  case nothingToAverage

  /// A weight is negative, infinite or NaN.
  case invalidWeight(index: Int, value: Double)

  /// A target lies outside the loss's domain, `lowest...highest`.
  case targetOutsideDomain(index: Int, value: Double, lowest: Double, highest: Double)

  /// A prediction lies outside the loss's domain, `lowest...highest`.
  case predictionOutsideDomain(index: Int, value: Double, lowest: Double, highest: Double)

  /// A class label is not one of `0..<classes`.
  case labelOutOfRange(row: Int, label: Int, classes: Int)

  /// An element of a distribution is negative or NaN, or its row cannot be used as a distribution.
  case invalidProbability(row: Int, column: Int, value: Double)

  /// A cut between levels is not finite, or not above the one before it.
  case invalidCut(index: Int, value: Double)

  /// A diagonal element of a precision factor is not positive and finite.
  case invalidPrecision(index: Int, value: Double)

  /// An element of a matrix that has to be finite is not: of hidden states, classifier, bias (one row), a direction of these, or of the
  /// logits that finite ones come to.
  case inputNotFinite(_ matrix: String, row: Int, column: Int, value: Double)

  /// The loss has no curvature of that kind.
  case curvatureNotAvailable(loss: String, kind: CurvatureKind, available: [CurvatureKind])

  /// A matrix product that the loss needs could not be computed.
  case linearAlgebra(LinearAlgebraError)

  /// The loss has no closed form of its proximal operator, or of its convex conjugate, as `what` says.
  case closedFormNotAvailable(loss: String, what: String)

  /// A sample's curvature is not positive, so it has no working response.
  case curvatureNotPositive(index: Int, loss: String, kind: CurvatureKind)

  /// A step of a proximal operator is negative, infinite or NaN.
  case invalidStep(index: Int, value: Double)
}

extension LossError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it, in one or two sentences.
  public var description: String {
    switch self {
    case .emptyBatch:
      "The batch is empty. Pass at least one sample, or skip the call."
    case .nothingToAverage:
      "No sample of the batch counts: all weights are zero, or every sample is masked, or its target missing or ignored. Skip the batch."
    case .invalidWeight(let index, let value):
      "The weight at index \(index) is \(value). Weights must be finite and not negative; use 0 to leave a sample out."
    case .targetOutsideDomain(let index, let value, let lowest, let highest):
      "The target at index \(index) is \(value), outside \(lowest)...\(highest). Correct it, or give it the weight 0."
    case .predictionOutsideDomain(let index, let value, let lowest, let highest):
      "The prediction at index \(index) is \(value), outside \(lowest)...\(highest). Where a model yields any number, use a loss on its raw output (for probabilities: the loss on logits)."
    case .labelOutOfRange(let row, let label, let classes):
      """
      The label in row \(row) is \(label), but with \(classes) classes labels run from 0 to \(classes - 1). \
      Correct it, pass it as the ignored label, or give the row the weight 0.
      """
    case .invalidProbability(let row, let column, let value):
      """
      The probability in row \(row), column \(column) is \(value). Probabilities must lie in 0...1; \
      to start from logits use the loss on logits, which is also more accurate.
      """
    case .invalidCut(let index, let value):
      "The cut at index \(index) is \(value). Cuts must be finite, and each above the one before it."
    case .invalidPrecision(let index, let value):
      "Element \(index) of the precision factor's diagonal is \(value). A Cholesky factor has positive ones."
    case .inputNotFinite(let matrix, let row, let column, let value):
      """
      Element [\(row), \(column)] of the \(matrix) is \(value). It must be finite: correct it, or scale the inputs down if it \
      overflowed.
      """
    case .curvatureNotAvailable(let loss, let kind, let available):
      """
      The loss \(loss) has no \(kind) curvature. It has: \(available.map(\.rawValue).joined(separator: ", ")). \
      Ask for one of these, or state the other when you make the loss.
      """
    case .linearAlgebra(let error):
      error.description
    case .closedFormNotAvailable(let loss, let what):
      "No closed form of the \(what) of the loss \(loss) is known. State one when you make the loss."
    case .curvatureNotPositive(let index, let loss, let kind):
      """
      The \(kind) curvature of the loss \(loss) at index \(index) is not positive, so the sample has no working response. Ask for \
      another kind, or name one that stands in there.
      """
    case .invalidStep(let index, let value):
      "The step at index \(index) is \(value). Steps must be finite and not negative."
    }
  }
}
