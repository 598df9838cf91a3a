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

  /// rows[i] = √max(sign·weights[i], 0)·[(x[i][j] − shift[j])·scale[j], 1, 0…], the one and the zeros filling up to `stride`.
  /// Returns whether sign·weights has negative elements.
  func weightedRows<A: Scalar>(
    _ range: Range<Int>, shift: Span<Double>, scale: Span<Double>, weights: Span<A>?, sign: Double,
    into rows: inout MutableSpan<Double>, stride: Int
  ) -> Bool
}

extension DenseRows: FeatureRows {}
