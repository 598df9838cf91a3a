import LossAccel
import TestSupport
import Testing

@Suite("Row losses against 60 digits")
struct RowLossReferenceTests {
  /// In units of the last place: of the sum of the magnitudes of a value's terms, and of the largest element of a gradient or product.
  struct Bound {
    var value = 4.0, gradient = 4.0, product = 16.0
  }

  /// Where powers or a quotient of sums magnify rounding, more is allowed: what is measured, rounded up.
  static let bounds: [String: Bound] = [:]

  @Test("Values, gradients and curvature products", arguments: RowLossCatalogue.all.map(\.name))
  func references(name: String) throws {
    let references = RowLossReference.all[name] ?? []
    #expect(!references.isEmpty, "row_losses.py has no references for \(name)")
    var worst = (value: 0.0, gradient: 0.0, product: 0.0)
    for reference in references {
      let errors = try reference.bits == 32 ? errors(reference, Float.self) : errors(reference, Double.self)
      let bound = Self.bounds[name] ?? Bound()
      let place = "\(name) f\(reference.bits) \(reference.parameters) \(reference.scores.prefix(10))"
      #expect(errors.value <= bound.value, "value, \(place) label \(reference.label ?? -1)")
      #expect(errors.gradient <= bound.gradient, "gradient, \(place) label \(reference.label ?? -1)")
      #expect(errors.product <= bound.product, "product, \(place) label \(reference.label ?? -1)")
      worst = (
        max(worst.value, errors.value), max(worst.gradient, errors.gradient), max(worst.product, errors.product)
      )
    }
    print("row loss \(name): value \(worst.value), gradient \(worst.gradient), product \(worst.product)")
  }

  private func errors<T: Scalar>(
    _ reference: RowLossReference, _ type: T.Type
  ) throws -> (value: Double, gradient: Double, product: Double) {
    let loss = try RowLossCatalogue.loss(named: reference.name, parameters: reference.parameters)
    let scores = Matrix(row: reference.scores.map { T($0) }), direction = Matrix(row: reference.direction.map { T($0) })
    var gradient = Matrix<T>.zeros(rows: 1, columns: scores.columns)
    let product: Matrix<T>
    let value: T
    if let label = reference.label {
      _ = try loss.sum(scores: scores, labels: [label], gradient: &gradient)
      value = try loss.values(scores: scores, labels: [label])[0]
      product = try loss.curvature(of: .sum, scores: scores, labels: [label]).product(with: direction)
    } else {
      let targets = Matrix(row: reference.targets.map { T($0) })
      _ = try loss.sum(scores: scores, targets: targets, gradient: &gradient)
      value = try loss.values(scores: scores, targets: targets)[0]
      product = try loss.curvature(of: .sum, scores: scores, targets: targets).product(with: direction)
    }
    return (
      error([value], [reference.value], size: reference.size), error(gradient.elements, reference.gradient),
      error(product.elements, reference.product)
    )
  }

  private func error<T: Scalar>(_ actual: [T], _ expected: [Double], size: Double? = nil) -> Double {
    let unit = Double(T(size ?? expected.reduce(0) { max($0, abs($1)) }).ulp)
    return zip(actual, expected).reduce(0) { worst, pair in
      let (x, y) = (Double(pair.0), pair.1)
      if x == y || Double(T(y)) == x { return worst }
      return x.isFinite && y.isFinite ? max(worst, abs(x - y) / unit) : .infinity
    }
  }
}
