import LossAccel
import TestSupport
import Testing

@Suite("Row losses against 60 digits")
struct RowLossReferenceTests {
  /// In units of the last place: of the sum of the magnitudes of a value's terms, and of the largest element of a gradient or product (or
  /// of the curvature's diagonal). Products add terms of both signs, which may all but cancel.
  struct Bound {
    var value = 4.0, gradient = 4.0, product = 32.0
  }

  /// Where rounding is magnified more is allowed: by cumulative sums, which are small where shares and targets of order 1 nearly agree (not
  /// with labels, where nothing is subtracted); by the powers 1/(α − 1); and by divergences next to 0, which are squares of such differences.
  static let bounds: [String: Bound] = [
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
    #expect(references.contains { $0.diagonal == nil }, "row_losses.py has no references for \(name)")
    #expect(references.contains { $0.diagonal != nil }, "row_losses_edges.py has no references for \(name)")
    for reference in references {
      let errors = try reference.bits == 32 ? errors(reference, Float.self) : errors(reference, Double.self)
      let bound = Self.bounds[name] ?? Bound()
      let place = "\(name) f\(reference.bits) \(reference.parameters) \(reference.scores.prefix(10))"
      #expect(errors.value <= bound.value, "value, \(place) label \(reference.label ?? -1)")
      #expect(errors.gradient <= bound.gradient, "gradient, \(place) label \(reference.label ?? -1)")
      #expect(errors.product <= bound.product, "product, \(place) label \(reference.label ?? -1)")
      #expect(errors.diagonal <= bound.product, "diagonal, \(place) label \(reference.label ?? -1)")
    }
  }

  /// Impossible classes change nothing, but with them a row has as many as are computed one row at a time.
  @Test("The same among impossible classes", arguments: RowLossCatalogue.all.map(\.name))
  func wideReferences(name: String) throws {
    for reference in RowLossReference.all[name] ?? [] {
      let loss = try RowLossCatalogue.loss(named: reference.name, parameters: reference.parameters)
      let isCapped = reference.parameters["cap"].map { $0 > 0 } ?? false
      // A capped logit is finite, and cumulative sums go on to classes behind.
      guard loss.scores != .probabilities, !isCapped, name != "ranked-probability" || reference.label != nil else {
        continue
      }
      let errors =
        try reference.bits == 32
        ? errors(reference, Float.self, padding: 45) : errors(reference, Double.self, padding: 45)
      var bound = Self.bounds[name] ?? Bound()
      if name == "ranked-probability" { bound.value = 4 }
      let place = "\(name) f\(reference.bits) \(reference.parameters) \(reference.scores.prefix(10))"
      #expect(
        errors.value <= bound.value && errors.gradient <= bound.gradient && errors.product <= bound.product
          && errors.diagonal <= bound.product, "\(place) label \(reference.label ?? -1): \(errors)")
    }
  }

  private func errors<T: Scalar>(
    _ reference: RowLossReference, _ type: T.Type, padding: Int = 0
  ) throws -> (value: Double, gradient: Double, product: Double, diagonal: Double) {
    let loss = try RowLossCatalogue.loss(named: reference.name, parameters: reference.parameters)
    func row(_ elements: [Double], _ filling: T) -> Matrix<T> {
      let missing = max(0, padding - elements.count)
      return Matrix(row: elements.map { T($0) } + Array(repeating: filling, count: missing))
    }
    let scores = row(reference.scores, -.infinity), direction = row(reference.direction, 0)
    var gradient = Matrix<T>.zeros(rows: 1, columns: scores.columns)
    let (product, diagonal): (Matrix<T>, Matrix<T>)
    let value: T
    if let label = reference.label {
      _ = try loss.sum(scores: scores, labels: [label], gradient: &gradient)
      value = try loss.values(scores: scores, labels: [label])[0]
      let curvature = try loss.curvature(of: .sum, scores: scores, labels: [label])
      (product, diagonal) = (curvature.product(with: direction), curvature.diagonal())
    } else {
      let targets = row(reference.targets, 0)
      _ = try loss.sum(scores: scores, targets: targets, gradient: &gradient)
      value = try loss.values(scores: scores, targets: targets)[0]
      let curvature = try loss.curvature(of: .sum, scores: scores, targets: targets)
      (product, diagonal) = (curvature.product(with: direction), curvature.diagonal())
    }
    let share = reference.label == nil ? reference.targets.max()! : Self.relative.contains(reference.name) ? 0 : 1
    return (
      error([value], [reference.value], at: reference.size),
      error(gradient.elements, reference.gradient, at: max(share, largest(reference.gradient))),
      error(product.elements, reference.product, at: max(share / 8, largest(reference.product))),
      reference.diagonal.map { error(diagonal.elements, $0, at: max(share / 8, largest($0))) } ?? 0
    )
  }

  private func largest(_ numbers: [Double]) -> Double { numbers.reduce(0) { max($0, abs($1)) } }

  private func error<T: Scalar>(_ actual: [T], _ expected: [Double], at size: Double) -> Double {
    let unit = Double(min(T(size), .greatestFiniteMagnitude).ulp)
    return zip(actual, expected).reduce(0) { worst, pair in
      let (x, y) = (Double(pair.0), pair.1)
      if x == y || Double(T(y)) == x { return worst }
      return x.isFinite && y.isFinite ? max(worst, abs(x - y) / unit) : .infinity
    }
  }
}
