import LossAccel
import TestSupport
import Testing

@Suite("Multivariate normal likelihood against 500 bits")
struct MultivariateGaussianReferenceTests {
  /// The published bound, in units of the last place of the magnitudes that are added: for the value and the gradient of the factor
  /// in double precision, for the others in the precision of the batch.
  static let bound = 4.0

  /// A batch and its results, from References/Rows.
  struct Reference: Decodable, Sendable, CustomTestStringConvertible {
    struct Results: Decodable, Sendable {
      let numbers, magnitudes: [Double]
    }

    let name: String
    let size: Int
    let predictions, targets, weights, direction, factor: [Double]
    let value, gradient, factorGradient, product, factorProduct, transposedProduct: Results

    var testDescription: String { name }
  }

  static let references: [Reference] = decodedReference(
    "Rows/gaussian.json", from: #filePath.replacing("/Rows/", with: "/"))

  @Test("Value, gradients and curvature products", arguments: references)
  func definition(_ reference: Reference) throws {
    try check(reference, Double.self)
    try check(reference, Float.self)
  }

  private func check<T: Scalar>(_ reference: Reference, _ type: T.Type) throws {
    let loss = MultivariateGaussian(), size = reference.size
    let factor = Matrix(rows: size, columns: size, elements: reference.factor)
    let predictions = reference.predictions.map { T($0) }, targets = reference.targets.map { T($0) }
    let weights = reference.weights.map { T($0) }, direction = reference.direction.map { T($0) }
    var gradient = predictions, factorGradient = reference.factor
    let value = try loss.sum(
      predictions: predictions.span, targets: targets.span, precisionFactor: factor, weights: weights.span,
      gradient: gradient.mutableSpan, factorGradient: factorGradient.mutableSpan)
    expect([value], reference.value, "value of \(reference.name)")
    expect(gradient, reference.gradient, "gradient of \(reference.name)")
    expect(factorGradient, reference.factorGradient, "factor's gradient of \(reference.name)")
    var product = direction
    loss.curvatureProduct(
      precisionFactor: factor, weights: weights.span, vector: direction.span, into: product.mutableSpan)
    expect(product, reference.product, "product of \(reference.name)")
    loss.factorProduct(
      precisionFactor: factor, weights: weights.span, vector: direction.span, into: product.mutableSpan)
    expect(product, reference.factorProduct, "factor's product of \(reference.name)")
    loss.transposedFactorProduct(
      precisionFactor: factor, weights: weights.span, vector: direction.span, into: product.mutableSpan)
    expect(product, reference.transposedProduct, "transposed factor's product of \(reference.name)")
  }

  private func expect<T: Scalar>(
    _ actual: [T], _ expected: Reference.Results, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(actual.count == expected.numbers.count, sourceLocation: sourceLocation)
    for (index, result) in actual.enumerated() {
      let (number, unit) = (expected.numbers[index], Double(T(expected.magnitudes[index]).ulp))
      #expect(
        abs(Double(result) - number) <= Self.bound * unit,
        "\(what), element \(index): \(result), not \(number), \(abs(Double(result) - number) / unit) ulp",
        sourceLocation: sourceLocation)
    }
  }
}
