internal import CKernelInterface

/// The passes that take rows as they lie in memory; see ``LeastSquaresKernels``.
extension LeastSquaresKernels {
  /// The sums of a pass over rows for one right-hand side: high and low parts in the kernel's order.
  package struct RowSums: Sendable {
    /// Per vector of eight columns 8 high and 8 low parts; then those of Σ w·r and of Σ w·r².
    fileprivate var values: [Double]

    fileprivate init(_ values: [Double]) { self.values = values }
  }

  /// Several right-hand sides' coefficients and anchors in the kernel's order, to be passed over many ranges of rows.
  package struct RowPass: Sendable {
    package let columns: Int
    package let targets: [Int]
    fileprivate let targetScales: [Double]
    fileprivate let coefficients: [Double]
    fileprivate let anchored: Bool
    fileprivate let anchors: [Double]
    /// What the sums begin with.
    fileprivate let start: [Double]

    private var vectors: Int { (columns + 7) / 8 }
    fileprivate var sumsPerTarget: Int { 16 * (vectors + 2) }

    /// Coefficients of the columns as they are, and constants, of the named columns of the right-hand sides. `anchors`, where there
    /// are any, are for the residuals and for every column of the gradient: see `la_row_pass_f64`.
    package init(
      coefficients: [[DoubleDouble]], constants: [DoubleDouble], targets: [Int], targetScales: [Double],
      anchors: [(residual: Double, gradient: [Double])]?
    ) {
      let columns = coefficients[0].count
      let vectors = (columns + 7) / 8
      (self.columns, self.targets, self.targetScales) = (columns, targets, targetScales)
      var x = [Double](repeating: 0, count: targets.count * 16 * (vectors + 1))
      var start = [Double](repeating: 0, count: targets.count * 16 * (vectors + 2))
      for target in targets.indices {
        let base = target * 16 * (vectors + 1)
        for (column, value) in coefficients[target].enumerated() {
          let place = base + column / 8 * 16 + column % 8
          (x[place], x[place + 8]) = (-value.high, -value.low)
        }
        for lane in 0..<8 {
          x[base + 16 * vectors + lane] = -constants[target].high
          x[base + 16 * vectors + lane + 8] = -constants[target].low
        }
        guard let anchors else { continue }
        for (column, anchor) in anchors[target].gradient.enumerated() {
          start[target * 16 * (vectors + 2) + column / 8 * 16 + column % 8] = anchor
        }
      }
      (self.coefficients, self.start) = (x, start)
      anchored = anchors != nil
      self.anchors = anchors?.map(\.residual) ?? [Double](repeating: 0, count: targets.count)
    }

    /// The sums of all chunks of rows, in their order, for every right-hand side.
    package func total(_ parts: [[RowSums]]) -> [Sums] {
      targets.indices.map { target in
        var totals = [LongSum](repeating: LongSum(), count: columns + 2)
        let base = target * sumsPerTarget
        for part in parts {
          let values = part[target].values
          for column in 0..<columns {
            let place = column / 8 * 16 + column % 8
            totals[column] += values[place] - start[base + place]
            totals[column] += values[place + 8]
          }
          for lane in 0..<16 {
            totals[columns] += values[16 * vectors + lane]
            totals[columns + 1] += values[16 * vectors + 16 + lane]
          }
        }
        return Sums(
          gradient: Array(totals[..<columns]), residuals: totals[columns], squares: totals[columns + 1])
      }
    }
  }

  /// How many products of a row at most are added up in one lane of a vector.
  package static func termsInLane(columns: Int) -> Int { columns <= Int(LA_MOST_NARROW) ? columns : columns / 8 + 1 }

  /// What a range of rows adds to the sums, for every right-hand side of `pass`. The matrix must be finite.
  package static func rowPass(
    _ pass: RowPass, _ matrix: _ScalarArray, rows: Range<Int>, targets: _ScalarArray, targetCount: Int,
    weights: [Double]?
  ) -> [RowSums] {
    let columns = pass.columns
    precondition(
      rows.lowerBound >= 0 && rows.upperBound * columns <= matrix.count, "rows \(rows) of \(matrix.count) elements")
    precondition(
      rows.upperBound * targetCount <= targets.count && pass.targets.allSatisfy { $0 < targetCount },
      "one target per row")
    precondition(weights.map { $0.count >= rows.upperBound } ?? true, "one weight per row")
    var sums = pass.start
    let first = rows.lowerBound * columns
    let blockCount = 64 * max((columns + 7) / 8, 1)
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      unsafe withOptionalPointer(weights) { weights in
        let weights = unsafe weights.map { unsafe $0 + rows.lowerBound }
        switch (matrix, targets) {
        case (.single(let a), .single(let b)):
          var block = [Float](repeating: 0, count: blockCount)
          unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
              unsafe la_row_pass_f32(
                a.baseAddress.unsafelyUnwrapped + first, columns, rows.count, columns, a.count - first,
                b.baseAddress.unsafelyUnwrapped + rows.lowerBound * targetCount, targetCount, pass.targets,
                pass.targets.count, pass.targetScales, weights, pass.coefficients, pass.anchored, pass.anchors,
                sums.baseAddress, &block)
            }
          }
        case (.double(let a), .double(let b)):
          var block = [Double](repeating: 0, count: blockCount)
          unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
              unsafe la_row_pass_f64(
                a.baseAddress.unsafelyUnwrapped + first, columns, rows.count, columns, a.count - first,
                b.baseAddress.unsafelyUnwrapped + rows.lowerBound * targetCount, targetCount, pass.targets,
                pass.targets.count, pass.targetScales, weights, pass.coefficients, pass.anchored, pass.anchors,
                sums.baseAddress, &block)
            }
          }
        default: preconditionFailure("matrix and targets must be of one precision")
        }
      }
    }
    let size = pass.sumsPerTarget
    return pass.targets.indices.map { RowSums(Array(sums[$0 * size..<($0 + 1) * size])) }
  }

  /// What a range of rows adds to [A | B]ᵀA, in place and unscaled.
  package struct GramSums: Sendable {
    /// The columns of A rounded up to a multiple of 8.
    package let width: Int
    /// AᵀA, row-major of order `width`, on and above the diagonal.
    package var gram: [Double]
    /// BᵀA, a row for every target.
    package var cross: [Double]
    /// Σ b² for every target.
    package var squares: [Double]
    /// The largest magnitudes, as bits: of A's columns, and of B's from `width` on. Right where the diagonals are finite.
    package var largest: [Int64]

    init(columns: Int, targets: Int) {
      width = (columns + 7) / 8 * 8
      gram = [Double](repeating: 0, count: width * width)
      cross = [Double](repeating: 0, count: width * targets)
      squares = [Double](repeating: 0, count: targets)
      largest = [Int64](repeating: 0, count: width + targets)
    }

    package static func += (total: inout GramSums, part: GramSums) {
      for index in total.gram.indices { total.gram[index] += part.gram[index] }
      for index in total.cross.indices { total.cross[index] += part.cross[index] }
      for index in total.squares.indices { total.squares[index] += part.squares[index] }
      for index in total.largest.indices { total.largest[index] = max(total.largest[index], part.largest[index]) }
    }
  }

  /// The products of a range of rows with themselves and with the right-hand sides, of which there may be none.
  package static func gramOfRows(
    _ matrix: [Double], columns: Int, rows: Range<Int>, targets: [Double], targetCount: Int
  ) -> GramSums {
    precondition(
      columns > 0 && rows.lowerBound >= 0 && rows.upperBound * columns <= matrix.count,
      "rows \(rows) of \(matrix.count) elements")
    precondition(rows.upperBound * targetCount <= targets.count, "one target per row")
    var sums = GramSums(columns: columns, targets: targetCount)
    var block = [Double](repeating: 0, count: 128 * sums.width)
    let first = rows.lowerBound * columns
    unsafe matrix.withUnsafeBufferPointer { a in
      unsafe targets.withUnsafeBufferPointer { b in
        unsafe la_gram_rows_f64(
          a.baseAddress.unsafelyUnwrapped + first, columns, rows.count, columns, a.count - first,
          b.baseAddress.map { unsafe $0 + rows.lowerBound * targetCount }, targetCount, &sums.gram, &sums.cross,
          &sums.squares, &sums.largest, &block)
      }
    }
    return sums
  }

  /// The sum and the number of the finite elements of every column in up to `count` evenly spread rows, and the largest distance
  /// of one from the column's center.
  package static func sampleColumns(
    _ matrix: _ScalarArray, columns: Int, rows: Int, count: Int, center: [Double]
  ) -> (sums: [Double], counts: [Int64], largest: [Double]) {
    precondition(rows * columns <= matrix.count && center.count == columns, "one center per column")
    var (sums, largest) = ([Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns))
    var counts = [Int64](repeating: 0, count: columns)
    guard columns > 0 else { return (sums, counts, largest) }
    let sampled = min(count, rows)
    switch matrix {
    case .single(let a):
      unsafe la_sample_columns_f32(a, columns, rows, columns, sampled, center, &sums, &counts, &largest)
    case .double(let a):
      unsafe la_sample_columns_f64(a, columns, rows, columns, sampled, center, &sums, &counts, &largest)
    }
    return (sums, counts, largest)
  }
}
