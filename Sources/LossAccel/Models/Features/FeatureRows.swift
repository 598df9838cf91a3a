/// What a linear model needs of its features: three operations on a block of rows, whatever the rows are stored as.
///
/// A storage is one type that conforms; objectives and optimisers know only this. Elements may be shifted (x − shift) and scaled on
/// the fly, so that no standardised copy is ever made.
protocol FeatureRows: Sendable {
  var rows: Int { get }
  var columns: Int { get }

  /// How many bytes of memory a row takes, for the size of blocks.
  var bytesPerRow: Int { get }

  /// One element. Not for loops over many.
  subscript(row: Int, column: Int) -> Double { get }

  /// predictions[i] = constant + offsets[i] + Σⱼ (x[i][j] − shift[j])·coefficients[j] for the rows of the range.
  func predict<A: Scalar>(
    _ range: Range<Int>, coefficients: Span<A>, shift: Span<A>?, constant: A, offsets: Span<A>?,
    into predictions: inout MutableSpan<A>)

  /// sums[j] += Σᵢ f[i]·(x[i][j] − shift[j]) and sums[columns] += Σ f[i] with f = factors, or factors·weights. Rows with factor 0, or
  /// else weight 0, are passed over, even if they are not finite. The rows `ahead` will be needed next.
  func addTransposed<A: Scalar>(
    _ range: Range<Int>, factors: Span<A>, weights: Span<A>?, shift: Span<A>?, ahead: Range<Int>?,
    to sums: inout MutableSpan<A>)

  /// Whether the storage has `step`.
  var hasSteps: Bool { get }

  /// Predictions, their losses, and the products of these' slopes with the rows, as `predict`, `program` and `addTransposed` give them, where
  /// the storage has a way to do it in one; else this does nothing and returns `nil`. The batch has places for targets, weights and results;
  /// of these the slopes, number 1, are stored.
  func step(
    _ range: Range<Int>, coefficients: Span<Double>, shift: Span<Double>?, constant: Double, offsets: Span<Double>?,
    _ program: KernelProgram, _ batch: KernelBatch<Double>, predictions: inout MutableSpan<Double>,
    sums: inout MutableSpan<Double>
  ) -> KernelProgram.Outcome?

  /// rows[i] = √max(sign·weights[i], 0)·[(x[i][j] − shift[j])·scale[j], 1, 0…], the one and the zeros filling up to `stride`.
  /// Returns whether sign·weights has negative elements.
  func weightedRows<A: Scalar>(
    _ range: Range<Int>, shift: Span<Double>, scale: Span<Double>, weights: Span<A>?, sign: Double,
    into rows: inout MutableSpan<Double>, stride: Int
  ) -> Bool

  /// gram[j·stride + k] += Σᵢ weights[i]·zᵢⱼ·zᵢₖ for j ≤ k, zᵢ = [x[i][j]·scale[j], 1], where the storage has a way that does not go through
  /// dense rows; else it does nothing and returns `false`. Elements are not shifted.
  func addProducts<A: Scalar>(
    _ range: Range<Int>, scale: Span<Double>, weights: Span<A>?, to gram: inout MutableSpan<Double>, stride: Int
  ) -> Bool

  /// The fewest rows that are worth sums of their own, as a block or a chunk.
  var fewestRowsPerBlock: Int { get }

  /// The first element that is infinite or NaN in a row that counts.
  func firstNonFinite(counts: (Int) -> Bool) -> (row: Int, column: Int, value: Double)?

  /// About the mean of every column over the rows that count (0 without an intercept) and its spread around that; 0 for a column without one.
  func centres(hasIntercept: Bool, of counted: CountedRows) -> (shift: [Double], spread: [Double])
}

extension DenseRows: FeatureRows {}

extension FeatureRows {
  var fewestRowsPerBlock: Int { 1 }
  var hasSteps: Bool { false }

  func step(
    _ range: Range<Int>, coefficients: Span<Double>, shift: Span<Double>?, constant: Double, offsets: Span<Double>?,
    _ program: KernelProgram, _ batch: KernelBatch<Double>, predictions: inout MutableSpan<Double>,
    sums: inout MutableSpan<Double>
  ) -> KernelProgram.Outcome? { nil }

  func addProducts<A: Scalar>(
    _ range: Range<Int>, scale: Span<Double>, weights: Span<A>?, to gram: inout MutableSpan<Double>, stride: Int
  ) -> Bool { false }

  func firstNonFinite(counts: (Int) -> Bool) -> (row: Int, column: Int, value: Double)? {
    for row in 0..<rows where counts(row) {
      for column in 0..<columns {
        let value = self[row, column]
        if !value.isFinite { return (row, column, value) }
      }
    }
    return nil
  }

  /// From up to 256 rows that count, evenly spread. A mean that is small beside the spread is no shift: it costs no digits, and where no column has
  /// one, nothing is subtracted from any element. Of a column that is the same in all of these rows the first other element tells the spread, as if one
  /// row in 256 had it: without a spread of its own the units of such a column would be those of the whole search.
  func centres(hasIntercept: Bool, of counted: CountedRows) -> (shift: [Double], spread: [Double]) {
    let sampled = counted.sample(256)
    var shift = [Double](repeating: 0, count: columns)
    var spread = [Double](repeating: 0, count: columns)
    for column in 0..<columns {
      let values = sampled.map { self[$0, column] }.filter(\.isFinite)
      if hasIntercept { shift[column] = values.reduce(0) { $0 + $1 / Double(values.count) } }
      // Scaled before they are squared: the squares of large numbers overflow.
      let largest = values.reduce(0) { max($0, abs($1 - shift[column])) }
      guard largest > 0, largest.isFinite else {
        if largest == 0, let usual = values.first { spread[column] = distance(from: usual, in: column, counted) / 16 }
        continue
      }
      let squares = values.reduce(0) { $0 + (($1 - shift[column]) / largest) * (($1 - shift[column]) / largest) }
      spread[column] = largest * (squares / Double(values.count)).squareRoot()
      if abs(shift[column]) <= 0.25 * spread[column] { shift[column] = 0 }
    }
    return (shift, spread)
  }

  /// How far the first element that differs from the usual one by more than rounding lies from it; 0 if there is none.
  private func distance(from usual: Double, in column: Int, _ counted: CountedRows) -> Double {
    for row in 0..<rows where counted.contains(row) {
      let distance = abs(self[row, column] - usual)
      if distance > 1e-10 * abs(usual) && distance.isFinite { return distance }
    }
    return 0
  }
}

// Mistakes in calling code, the same for every storage.
extension FeatureRows {
  /// Of a prediction for so many rows.
  func requireLengths(_ rows: Int, coefficients: Int, shift: Int?, offsets: Int?, predictions: Int) {
    precondition(coefficients == columns, "\(coefficients) coefficients for \(columns) columns")
    if let shift { precondition(shift == columns, "\(shift) shifts for \(columns) columns") }
    if let offsets { precondition(offsets == rows, "\(offsets) offsets for \(rows) rows") }
    precondition(predictions == rows, "\(predictions) predictions for \(rows) rows")
  }

  /// Of a transposed product with so many rows.
  func requireLengths(_ rows: Int, factors: Int, weights: Int?, shift: Int?, sums: Int) {
    precondition(factors == rows, "\(factors) factors for \(rows) rows")
    if let weights { precondition(weights == rows, "\(weights) weights for \(rows) rows") }
    if let shift { precondition(shift == columns, "\(shift) shifts for \(columns) columns") }
    precondition(sums == columns + 1, "\(sums) sums for \(columns) columns and the constant")
  }
}
