/// The targets of a row loss over all rows of an objective.
enum RowTargets: Sendable {
  /// One class for each row, checked.
  case labels([Int])
  /// One number for each output and row, row after row.
  case distributions([Double])

  /// Those of some rows.
  func picked(_ rows: [Int], outputs: Int) -> RowTargets {
    switch self {
    case .labels(let labels): .labels(rows.map { labels[$0] })
    case .distributions(let shares): .distributions(rows.flatMap { shares[$0 * outputs..<($0 + 1) * outputs] })
    }
  }
}

extension RowLoss {
  /// Σ wᵢℓᵢ over a range of rows, whose scores are given, and its gradient.
  func sum(
    _ scores: Span<Double>, outputs: Int, _ targets: RowTargets, rows: Range<Int>, weights: [Double]?,
    gradient: inout MutableSpan<Double>?
  ) throws(ObjectiveError) -> Double {
    defer { keepAlive(targets, weights) }
    var values: MutableSpan<Double>?
    do throws(LossError) {
      switch targets {
      case .labels(let labels):
        return try evaluate(
          scores, classes: outputs, targets: labels.span.extracting(rows), areLabels: true,
          weights: weights?.span.extracting(rows), reduction: .sum, scale: 1, &values, &gradient)
      case .distributions(let shares):
        return try evaluate(
          scores, classes: outputs,
          targets: shares.span.extracting(rows.lowerBound * outputs..<rows.upperBound * outputs), areLabels: false,
          weights: weights?.span.extracting(rows), reduction: .sum, scale: 1, &values, &gradient)
      }
    } catch {
      throw .loss(error.shifted(by: rows.lowerBound))
    }
  }

  /// The curvature of that sum times a vector for every row, or its diagonal, which needs no vector.
  func apply(
    _ operation: RowLossKernel.Operator, _ kind: CurvatureKind, to vector: Span<Double>?,
    at scores: Span<Double>, outputs: Int, _ targets: RowTargets, rows: Range<Int>, weights: [Double]?,
    into product: inout MutableSpan<Double>
  ) {
    defer { keepAlive(targets, weights) }
    let matrix: RowLossKernel.Matrix =
      switch kind {
      case .exact, .fisher: .exact
      case .gaussNewton: .gaussNewton
      case .majorizer: .majorizer
      }
    switch targets {
    case .labels(let labels):
      _ = kernel.multiply(
        operation, of: matrix, with: vector, scores: scores, targets: labels.span.extracting(rows),
        weights: weights?.span.extracting(rows),
        settings: settings(classes: outputs, areLabels: true, reduction: .sum, scale: 1), product: &product)
    case .distributions(let shares):
      _ = kernel.multiply(
        operation, of: matrix, with: vector, scores: scores,
        targets: shares.span.extracting(rows.lowerBound * outputs..<rows.upperBound * outputs),
        weights: weights?.span.extracting(rows),
        settings: settings(classes: outputs, areLabels: false, reduction: .sum, scale: 1), product: &product)
    }
  }

  /// Whether a constant that is added to all scores of a row changes nothing: then the gradient's elements add up to 0.
  func ignoresShifts(outputs: Int) -> Bool {
    let scores = (0..<outputs).map { 0.37 * Double($0 % 7) - 1 }
    var gradient = [Double](repeating: 0, count: outputs)
    defer { keepAlive(scores, gradient) }
    var span: MutableSpan<Double>? = gradient.mutableSpan
    let value = try? sum(
      scores.span, outputs: outputs, .labels([0]), rows: 0..<1, weights: nil, gradient: &span)
    guard value != nil else { return false }
    // Each element is known to a few ulp of the largest.
    let size = gradient.reduce(0) { $0 + abs($1) }
    return abs(gradient.reduce(0, +)) <= 8 * Double.ulpOfOne * size
  }
}
