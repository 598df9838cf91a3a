/// Least squares over rows that come in blocks and are not kept: add rows, remove rows, merge, save, and solve at any time.
///
/// ```swift
/// var fit = LeastSquaresAccumulator(columns: 3, intercept: true)
/// for day in days { try fit.add(day.features, day.targets) }
/// try fit.remove(days[0].features, days[0].targets)      // a sliding window
/// let solution = try fit.solve()
/// solution.certificate?.relativeErrorBound               // what the sums alone can promise
/// ```
///
/// What is kept is the Gram matrix of [1 | A | b], every sum in three words (about 150 bits) of products that are exact, columns scaled by
/// powers of two. Its size does not depend on the number of rows. Coefficients solved from it have an error of about κ²·2⁻⁹⁸, where κ is the
/// condition of the scaled columns: nothing beyond the rounding to `Double` up to κ ≈ 10⁶, as many digits as a QR factorisation up to 10¹³. A
/// triangular factor that is updated by blocks of rows, the usual choice, takes three times as long for five columns and two thirds of the
/// time for a hundred (against LAPACK's `tpqrt`), loses κ·2⁻⁵³, and cannot give rows back safely. One more pass over the rows (``refinement(ridge:whenRankDeficient:)``) makes the coefficients as accurate as those of
/// ``LeastSquaresMethod/automatic``.
///
/// Removing rows subtracts what they added. The error then is relative to all that was ever added: ``digitsLost`` tells, and
/// the certificate counts it.
///
/// Sums do not depend on the number of threads. Merging in another order, or other blocks, changes them by roundings of 2⁻⁹⁸.
public struct LeastSquaresAccumulator: Sendable {
  /// The number of columns of A.
  public let columns: Int

  /// Whether a column of ones stands before them; its coefficient is then the first.
  public let hasIntercept: Bool

  /// The number of rows held: added and not removed, those of weight zero not counted.
  public internal(set) var rows = 0

  /// Three words in eight lanes for every pair of columns of [1 | A | b], scaled.
  var sums: [Double]
  /// Powers of two; 0 for a column that was zero so far.
  var scale: [Double]
  /// Σ w·a² of the rows that were removed, scaled.
  var removedSquares: [Double]

  var offset: Int { hasIntercept ? 1 : 0 }
  var width: Int { offset + columns + 1 }

  /// An accumulator that holds no rows.
  ///
  /// - Parameters:
  ///   - columns: the number of columns of A.
  ///   - intercept: whether to fit a constant, too.
  /// - Precondition: there is something to fit.
  public init(columns: Int, intercept: Bool = false) {
    precondition(columns >= 0 && (columns > 0 || intercept), "\(columns) columns and no intercept")
    self.columns = columns
    hasIntercept = intercept
    let width = columns + (intercept ? 2 : 1)
    sums = [Double](repeating: 0, count: 24 * WideColumnKernels.pairCount(width))
    scale = [Double](repeating: 0, count: width)
    removedSquares = [Double](repeating: 0, count: width)
  }

  /// Adds rows.
  ///
  /// - Parameters:
  ///   - matrix: rows of A.
  ///   - targets: an element of b for each.
  ///   - weights: not negative; all ones if nil. Rows of weight zero are left out, even if they hold values that are not finite.
  /// - Throws: ``LeastSquaresError`` for values that are not finite and for weights; rows count from the first of `matrix`. Then nothing
  ///   was added.
  /// - Precondition: as many columns as the accumulator has, as many targets and weights as rows.
  /// - Complexity: O(rows · columns²)
  public mutating func add<Element: Scalar>(
    _ matrix: Matrix<Element>, _ targets: [Element], weights: [Element]? = nil
  ) throws(LeastSquaresError) {
    let stream = try StreamedRows(matrix, targets, weights, columns: columns, intercept: hasIntercept)
    let first = self
    let parts = Parallelism.mapChunks(count: stream.chunks) { chunk in
      var part = LeastSquaresAccumulator(columns: first.columns, intercept: first.hasIntercept)
      stream.forEachBlock(ofChunk: chunk) { part.add(&$0) }
      return part
    }
    for part in parts { add(part) }
  }

  /// Removes rows that were added before: subtracts them.
  ///
  /// The arguments and errors are those of ``add(_:_:weights:)``. Nothing checks that these rows were added.
  /// - Precondition: there are as many.
  public mutating func remove<Element: Scalar>(
    _ matrix: Matrix<Element>, _ targets: [Element], weights: [Element]? = nil
  ) throws(LeastSquaresError) {
    var others = LeastSquaresAccumulator(columns: columns, intercept: hasIntercept)
    try others.add(matrix, targets, weights: weights)
    remove(others)
  }

  /// Adds all rows that another accumulator holds.
  ///
  /// - Precondition: the same columns and intercept.
  public mutating func add(_ other: LeastSquaresAccumulator) { combine(other, sign: 1) }

  /// Removes all rows that another accumulator holds, which were added before.
  ///
  /// - Precondition: the same columns and intercept, and no more rows than are held.
  public mutating func remove(_ other: LeastSquaresAccumulator) {
    precondition(other.rows <= rows, "\(other.rows) rows to be removed from \(rows)")
    combine(other, sign: -1)
  }

  /// About how many decimal digits of the sums removing rows has cost, of about 29: the logarithm of all that was ever added to the sum of
  /// squares of a column over what is left of it, the largest of all columns; 0 where nothing was removed.
  public var digitsLost: Double {
    let ratios = zip(diagonal(), removedSquares).map { left, removed in
      removed == 0 ? 1 : left > 0 ? 1 + 2 * removed / left : .infinity
    }
    return ElementaryFunctions.log(ratios.reduce(1, max)) / ElementaryFunctions.log(10)
  }

  /// Adds a block of rows that are finite and have nonzero weights. The block is changed: its columns are scaled.
  package mutating func add(_ block: inout WideBlock) {
    precondition(block.width == width, "a block of \(block.width) columns for \(width)")
    for (column, largest) in block.largestMagnitudes().enumerated() where largest > 0 {
      if scale[column] == 0 {
        scale[column] = PowerOfTwo.reciprocal(of: largest)
      } else if largest * scale[column] > 0x1p200 {
        rescale(column, to: PowerOfTwo.reciprocal(of: largest))
      }
    }
    block.scale(scale.map { $0 == 0 ? 1 : $0 })
    var span = sums.mutableSpan
    block.addProducts(to: &span)
    rows += block.rows
  }

  private mutating func combine(_ other: LeastSquaresAccumulator, sign: Double) {
    precondition(
      other.columns == columns && other.hasIntercept == hasIntercept,
      "\(other.columns) columns\(other.hasIntercept ? " and an intercept" : "") cannot be combined with \(columns)")
    var other = other
    for column in 0..<width {
      // The coarser of the two units; a column that was zero so far has none.
      if scale[column] == 0 { scale[column] = other.scale[column] }
      let common = other.scale[column] == 0 ? scale[column] : min(scale[column], other.scale[column])
      rescale(column, to: common)
      other.rescale(column, to: common)
    }
    if sign < 0 {
      for (column, square) in other.diagonal().enumerated() { removedSquares[column] += square }
    }
    for column in 0..<width { removedSquares[column] += other.removedSquares[column] }
    for pair in 0..<sums.count / 24 {
      for index in 24 * pair..<24 * pair + 8 {
        var total = LongSum(sums[index], sums[index + 8], sums[index + 16])
        total += LongSum(sign * other.sums[index], sign * other.sums[index + 8], sign * other.sums[index + 16])
        (sums[index], sums[index + 8], sums[index + 16]) = total.words
      }
    }
    rows += sign < 0 ? -other.rows : other.rows
  }

  /// Changes the unit of a column, which is exact.
  private mutating func rescale(_ column: Int, to new: Double) {
    guard scale[column] != new, scale[column] != 0 else { return }
    let factor = new / scale[column]
    scale[column] = new
    removedSquares[column] *= factor * factor
    for other in 0..<width {
      let (low, high) = (min(column, other), max(column, other))
      let pair = high * (high + 1) / 2 + low
      for index in 24 * pair..<24 * pair + 24 {
        sums[index] *= factor
        if other == column { sums[index] *= factor }
      }
    }
  }

  /// The sum for a pair i ≤ j of columns, scaled.
  func sum(_ i: Int, _ j: Int) -> LongSum {
    WideBlock.total(sums, j * (j + 1) / 2 + i)
  }

  /// What a scaled column is measured in: column = unit·scaled column.
  func unit(_ column: Int) -> Double { scale[column] == 0 ? 1 : 1 / scale[column] }

  /// The sums of squares of all columns, scaled.
  func diagonal() -> [Double] { (0..<width).map { sum($0, $0).value } }
}
