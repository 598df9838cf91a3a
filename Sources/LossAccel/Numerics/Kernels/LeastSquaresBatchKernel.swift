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

  /// What is known of one problem beside its coefficients.
  package struct Outcome: Sendable {
    package var residualSquares = 0.0
    /// An upper bound on the condition of the columns scaled to unit length.
    package var condition = 0.0
    /// A bound on the relative errors of the coefficients; infinite where the problem needs more care and has no result here.
    package var relativeErrorBound = Double.infinity
    package var steps = 0.0

    package init() {}
  }

  /// Solves problems `range`, which lie one behind the other in `matrix` and `targets`; `coefficients` and `outcomes` are theirs alone.
  package func solve(
    _ range: Range<Int>, _ matrix: _ScalarArray, _ targets: _ScalarArray, coefficients: inout MutableSpan<Double>,
    outcomes: inout MutableSpan<Outcome>
  ) {
    precondition(
      range.lowerBound >= 0 && range.upperBound * rows * columns <= matrix.count
        && range.upperBound * rows <= targets.count, "problems \(range) of \(rows) × \(columns)")
    precondition(
      coefficients.count == range.count * columns && outcomes.count == range.count, "one result for every problem")
    var workspace = [Double](repeating: 0, count: 8 * (2 * 4096 + columns * columns + 12 * columns) + 8)
    var facts = [Double](repeating: 0, count: 32)
    unsafe coefficients.withUnsafeMutableBufferPointer { coefficients in
      for first in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
        let count = min(8, range.upperBound - first)
        let place = first - range.lowerBound
        unsafe facts.withUnsafeMutableBufferPointer { facts in
          let facts = unsafe facts.baseAddress.unsafelyUnwrapped
          let x = unsafe coefficients.baseAddress.unsafelyUnwrapped + place * columns
          switch (matrix, targets) {
          case (.single(let a), .single(let b)):
            unsafe a.withUnsafeBufferPointer { a in
              unsafe b.withUnsafeBufferPointer { b in
                unsafe la_solve_batch_f32(
                  a.baseAddress.unsafelyUnwrapped + first * rows * columns,
                  b.baseAddress.unsafelyUnwrapped + first * rows, rows, columns, count, tolerance, x, facts, facts + 8,
                  facts + 16, facts + 24, &workspace)
              }
            }
          case (.double(let a), .double(let b)):
            unsafe a.withUnsafeBufferPointer { a in
              unsafe b.withUnsafeBufferPointer { b in
                unsafe la_solve_batch_f64(
                  a.baseAddress.unsafelyUnwrapped + first * rows * columns,
                  b.baseAddress.unsafelyUnwrapped + first * rows, rows, columns, count, tolerance, x, facts, facts + 8,
                  facts + 16, facts + 24, &workspace)
              }
            }
          default: preconditionFailure("matrix and targets must be of one precision")
          }
        }
        for lane in 0..<count {
          outcomes[place + lane].residualSquares = facts[lane]
          outcomes[place + lane].condition = facts[8 + lane]
          outcomes[place + lane].relativeErrorBound = facts[16 + lane]
          outcomes[place + lane].steps = facts[24 + lane]
        }
      }
    }
  }
}
