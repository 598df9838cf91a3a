internal import CKernelInterface

/// Many small least-squares problems of one shape, eight at a time.
package struct LeastSquaresBatchKernel: Sendable {
  package let rows: Int
  package let columns: Int
  /// The relative change that no coefficient may still make.
  package let tolerance: Double

  package static let mostColumns = 64

  package init(rows: Int, columns: Int, tolerance: Double) {
    precondition(rows >= 1 && 1...Self.mostColumns ~= columns, "a batch of problems of \(rows) × \(columns)")
    (self.rows, self.columns, self.tolerance) = (rows, columns, tolerance)
  }

  /// What is known of all problems: one number for each, and a row of coefficients.
  package struct Results: Sendable {
    package var coefficients: [Double]
    package var residualSquares: [Double]
    /// Bounds on the relative errors of the coefficients; infinite for problems that need more care and have no result here.
    package var relativeErrorBounds: [Double]

    /// No problem has a result.
    package static func none(problems: Int, columns: Int) -> Results {
      Results(
        coefficients: Array(repeating: .nan, count: problems * columns),
        residualSquares: Array(repeating: .nan, count: problems),
        relativeErrorBounds: Array(repeating: .infinity, count: problems))
    }
  }

  /// Solves `problems` problems, which lie one behind the other in `matrix` and `targets`.
  package func solve(_ problems: Int, _ matrix: _ScalarArray, _ targets: _ScalarArray) -> Results {
    var coefficients = [Double](repeating: 0, count: problems * columns)
    var residualSquares = [Double](repeating: 0, count: problems)
    var relativeErrorBounds = residualSquares
    var x = coefficients.mutableSpan
    var squares = residualSquares.mutableSpan
    var bounds = relativeErrorBounds.mutableSpan
    // About half a megabyte to a chunk, in whole vectors of problems.
    let chunk = max(1, 8192 / (rows * columns)) * 8
    Parallelism.mapRows(problems, rowsPerChunk: chunk, &x, width: columns, &squares, width: 1, &bounds, width: 1) {
      _, range, x, squares, bounds in
      solve(range, matrix, targets, &x, &squares, &bounds)
    }
    return Results(
      coefficients: coefficients, residualSquares: residualSquares, relativeErrorBounds: relativeErrorBounds)
  }

  private func solve(
    _ range: Range<Int>, _ matrix: _ScalarArray, _ targets: _ScalarArray, _ coefficients: inout MutableSpan<Double>,
    _ squares: inout MutableSpan<Double>, _ bounds: inout MutableSpan<Double>
  ) {
    precondition(
      range.upperBound * rows * columns <= matrix.count && range.upperBound * rows <= targets.count,
      "problems \(range) of \(rows) × \(columns)")
    precondition(
      coefficients.count == range.count * columns && squares.count == range.count && bounds.count == range.count,
      "one result for every problem")
    let vectors = (columns + 1) * min(rows, 4096 / columns) + columns * columns + 11 * columns
    var workspace = [Double](repeating: 0, count: 8 * vectors + 8)
    unsafe coefficients.withUnsafeMutableBufferPointer { coefficients in
      unsafe squares.withUnsafeMutableBufferPointer { squares in
        unsafe bounds.withUnsafeMutableBufferPointer { bounds in
          for first in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            let (count, place) = (min(8, range.upperBound - first), first - range.lowerBound)
            let x = unsafe coefficients.baseAddress.unsafelyUnwrapped + place * columns
            let square = unsafe squares.baseAddress.unsafelyUnwrapped + place
            let bound = unsafe bounds.baseAddress.unsafelyUnwrapped + place
            switch (matrix, targets) {
            case (.single(let a), .single(let b)):
              unsafe a.withUnsafeBufferPointer { a in
                unsafe b.withUnsafeBufferPointer { b in
                  unsafe la_solve_batch_f32(
                    a.baseAddress.unsafelyUnwrapped + first * rows * columns,
                    b.baseAddress.unsafelyUnwrapped + first * rows, rows, columns, count, tolerance, x, square, bound,
                    &workspace)
                }
              }
            case (.double(let a), .double(let b)):
              unsafe a.withUnsafeBufferPointer { a in
                unsafe b.withUnsafeBufferPointer { b in
                  unsafe la_solve_batch_f64(
                    a.baseAddress.unsafelyUnwrapped + first * rows * columns,
                    b.baseAddress.unsafelyUnwrapped + first * rows, rows, columns, count, tolerance, x, square, bound,
                    &workspace)
                }
              }
            default: preconditionFailure("matrix and targets must be of one precision")
            }
          }
        }
      }
    }
  }
}
