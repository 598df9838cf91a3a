import LossAccel
import TestSupport
import Testing

@Suite("Row losses against 60 digits")
struct RowLossReferenceTests {
  /// In units of the last place: of the sum of the magnitudes of a value's terms, and of the largest element of a gradient or product.
  /// Products add terms of both signs, which may all but cancel.
  struct Bound {
    var value = 4.0, gradient = 4.0, product = 32.0
  }

  /// Where rounding is magnified more is allowed: by the cap, whose logits (up to 30 in size) have errors of their own, which are those of
  /// the shares' logarithms; by cumulative sums, which are small where shares and targets of order 1 nearly agree; by the powers 1/(α − 1);
  /// and by divergences next to 0, which are squares of such differences.
  static let bounds: [String: Bound] = [
    "capped-cross-entropy": Bound(value: 24, gradient: 256, product: 320),
    "softmax-jensen-shannon": Bound(value: 6), "ranked-probability": Bound(value: 16), "entmax": Bound(value: 12),
  ]

  /// With a label these keep the digits of derivatives however small. Others add up what is as large as a share, and so do all with
  /// distributions: there derivatives are measured at the largest target, which is at most 1.
  static let relative: Set<String> = [
    "softmax-cross-entropy", "capped-cross-entropy", "focal-cross-entropy", "softmax-poly-1",
    "softmax-generalized-cross-entropy",
    "symmetric-cross-entropy", "softmax-kl", "softmax-brier", "crammer-singer", "weston-watkins", "one-versus-all",
  ]

  @Test("Values, gradients and curvature products", arguments: RowLossCatalogue.all.map(\.name))
  func references(name: String) throws {
    let references = RowLossReference.all[name] ?? []
    #expect(!references.isEmpty, "row_losses.py has no references for \(name)")
    for reference in references {
      let errors = try reference.bits == 32 ? errors(reference, Float.self) : errors(reference, Double.self)
      let bound = Self.bounds[name] ?? Bound()
      let place = "\(name) f\(reference.bits) \(reference.parameters) \(reference.scores.prefix(10))"
      #expect(errors.value <= bound.value, "value, \(place) label \(reference.label ?? -1)")
      #expect(errors.gradient <= bound.gradient, "gradient, \(place) label \(reference.label ?? -1)")
      #expect(errors.product <= bound.product, "product, \(place) label \(reference.label ?? -1)")
    }
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
    let share = reference.label == nil ? reference.targets.max()! : Self.relative.contains(reference.name) ? 0 : 1
    return (
      error([value], [reference.value], at: reference.size),
      error(gradient.elements, reference.gradient, at: max(share, largest(reference.gradient))),
      error(product.elements, reference.product, at: max(share / 8, largest(reference.product)))
    )
  }

  private func largest(_ numbers: [Double]) -> Double { numbers.reduce(0) { max($0, abs($1)) } }

  private func error<T: Scalar>(_ actual: [T], _ expected: [Double], at size: Double) -> Double {
    let unit = Double(T(size).ulp)
    return zip(actual, expected).reduce(0) { worst, pair in
      let (x, y) = (Double(pair.0), pair.1)
      if x == y || Double(T(y)) == x { return worst }
      return x.isFinite && y.isFinite ? max(worst, abs(x - y) / unit) : .infinity
    }
  }
}
