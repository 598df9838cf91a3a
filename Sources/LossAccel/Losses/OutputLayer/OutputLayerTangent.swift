/// A number for each element of an output layer's hidden states, classifier and bias: its gradient, a direction, or what the curvature makes of
/// one.
public struct OutputLayerTangent<Element: Scalar>: Sendable, Equatable {
  /// Like the hidden states, tokens × width.
  public var hidden: Matrix<Element>
  /// Like the classifier, classes × width.
  public var classifier: Matrix<Element>
  /// One per class.
  public var bias: [Element]

  /// The tangent of these parts.
  ///
  /// - Precondition: hidden states and classifier have rows of the same length, and there is a bias for each row of the classifier.
  public init(hidden: Matrix<Element>, classifier: Matrix<Element>, bias: [Element]) {
    precondition(
      hidden.columns == classifier.columns,
      "hidden states of \(hidden.columns) elements, and a classifier of \(classifier.columns)")
    precondition(bias.count == classifier.rows, "\(bias.count) elements of the bias, but \(classifier.rows) classes")
    self.hidden = hidden
    self.classifier = classifier
    self.bias = bias
  }

  /// Zeros for so many tokens, classes and elements of a hidden state.
  public static func zeros(tokens: Int, classes: Int, width: Int) -> OutputLayerTangent {
    OutputLayerTangent(
      hidden: .zeros(rows: tokens, columns: width), classifier: .zeros(rows: classes, columns: width),
      bias: [Element](repeating: 0, count: classes))
  }

  func requireShapes(_ hidden: Matrix<Element>, _ classifier: Matrix<Element>) {
    requireShape(of: self.hidden, as: hidden)
    requireShape(of: self.classifier, as: classifier)
    requireCount(bias.count, classifier.rows, "elements of the bias", "classes")
  }
}
