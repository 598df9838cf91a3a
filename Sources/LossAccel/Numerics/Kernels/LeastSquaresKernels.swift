internal import CKernelInterface

/// The passes of least squares over the rows of a matrix, each over a range of rows on the calling thread.
package enum LeastSquaresKernels {
  /// Copies rows of a row-major matrix, `columns` wide, into `output` from `offset` on, with `outputStride` between rows, as
  /// (element − shift[j])·scale[j]·rowScale[row]; and raises largest[j] to the bits of the largest |element| of column j.
  package static func pack(
    _ matrix: _ScalarArray, columns: Int, rows: Range<Int>, shift: Span<Double>, scale: Span<Double>,
    rowScale: [Double]?, into output: inout MutableSpan<Double>, offset: Int, outputStride: Int,
    largest: inout MutableSpan<Int64>
  ) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound * columns <= matrix.count, "rows \(rows) of \(matrix.count) elements")
    precondition(
      shift.count == columns && scale.count == columns && largest.count == columns, "one constant per column")
    precondition(rowScale.map { $0.count >= rows.upperBound } ?? true, "one factor per row")
    guard !rows.isEmpty, columns > 0 else { return }
    precondition(
      outputStride >= columns && offset >= 0 && output.count >= offset + (rows.count - 1) * outputStride + columns,
      "\(rows.count) rows do not fit into \(output.count) elements")
    unsafe output.withUnsafeMutableBufferPointer { output in
      unsafe largest.withUnsafeMutableBufferPointer { largest in
        unsafe shift.withUnsafeBufferPointer { shift in
          unsafe scale.withUnsafeBufferPointer { scale in
            unsafe withOptionalPointer(rowScale) { rowScale in
              let target = unsafe output.baseAddress.unsafelyUnwrapped + offset
              let factors = unsafe rowScale.map { unsafe $0 + rows.lowerBound }
              let shift = shift.baseAddress
              let scale = scale.baseAddress
              switch matrix {
              case .single(let elements):
                unsafe elements.withUnsafeBufferPointer { a in
                  unsafe la_pack_rows_f32(
                    a.baseAddress.unsafelyUnwrapped + rows.lowerBound * columns, columns, rows.count, columns, shift,
                    scale, factors, target, outputStride, largest.baseAddress)
                }
              case .double(let elements):
                unsafe elements.withUnsafeBufferPointer { a in
                  unsafe la_pack_rows_f64(
                    a.baseAddress.unsafelyUnwrapped + rows.lowerBound * columns, columns, rows.count, columns, shift,
                    scale, factors, target, outputStride, largest.baseAddress)
                }
              }
            }
          }
        }
      }
    }
  }

  /// gram += PᵀP on and above the diagonal, for the row-major `rows` × `order` matrix P; `order` is a multiple of 8.
  package static func gram(
    _ packed: Span<Double>, rows: Int, order: Int, into gram: inout MutableSpan<Double>
  ) {
    precondition(order % 8 == 0 && packed.count >= rows * order && gram.count == order * order, "order \(order)")
    guard rows > 0, order > 0 else { return }
    unsafe packed.withUnsafeBufferPointer { packed in
      unsafe gram.withUnsafeMutableBufferPointer { gram in
        unsafe la_gram_f64(packed.baseAddress, order, rows, gram.baseAddress)
      }
    }
  }

  /// What one pass of refinement yields beside the residuals: sums over the rows.
  package struct Sums: Sendable {
    /// Σ w·r·a·scale for every column.
    package var gradient: [LongSum]
    /// Σ w·r.
    package var residuals: LongSum
    /// Σ w·r².
    package var squares: LongSum

    package static func += (total: inout Sums, part: Sums) {
      for index in total.gradient.indices { total.gradient[index] += part.gradient[index] }
      total.residuals += part.residuals
      total.squares += part.squares
    }
  }

  /// The residuals r = targetScale·b − (constant + A·diag(scale)·x) of a range of rows and what they add to the gradient.
  ///
  /// `target` selects the column of the row-major `targets`. `residual`, where it is not empty, gets one element per row of the range.
  /// The sums are as if computed in twice the working precision, with `deep` the gradient in three times.
  package static func refinementPass(
    _ matrix: _ScalarArray, columns: Int, rows: Range<Int>, scale: [Double], x: [DoubleDouble], constant: DoubleDouble,
    targets: _ScalarArray, target: Int, targetCount: Int, targetScale: Double, weights: [Double]?,
    deep: Bool = false, residual: inout MutableSpan<Double>
  ) -> Sums {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound * columns <= matrix.count, "rows \(rows) of \(matrix.count) elements")
    precondition(scale.count == columns && x.count == columns, "one scale and one coefficient per column")
    precondition(rows.upperBound * targetCount <= targets.count && target < targetCount, "one target per row")
    precondition(weights.map { $0.count >= rows.upperBound } ?? true, "one weight per row")
    precondition(residual.count == 0 || residual.count == rows.count, "one residual per row")
    var pairs = [Double](repeating: 0, count: 2 * columns + 2)
    for (index, value) in x.enumerated() { (pairs[2 * index], pairs[2 * index + 1]) = (value.high, value.low) }
    (pairs[2 * columns], pairs[2 * columns + 1]) = (constant.high, constant.low)
    var sums = [Double](repeating: 0, count: 24 * (columns + 2))
    var tile = [Double](repeating: 0, count: 32 * max(columns, 1))
    unsafe scale.withUnsafeBufferPointer { scale in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe tile.withUnsafeMutableBufferPointer { tile in
          unsafe residual.withUnsafeMutableBufferPointer { residual in
            unsafe withOptionalPointer(weights) { weights in
              let weights = unsafe weights.map { unsafe $0 + rows.lowerBound }
              let residual = residual.isEmpty ? nil : residual.baseAddress
              let (first, firstTarget) = (rows.lowerBound * columns, rows.lowerBound * targetCount + target)
              switch (matrix, targets) {
              case (.single(let a), .single(let b)):
                unsafe a.withUnsafeBufferPointer { a in
                  unsafe b.withUnsafeBufferPointer { b in
                    unsafe la_refinement_pass_f32(
                      a.baseAddress.unsafelyUnwrapped + first, columns, rows.count, columns, scale.baseAddress, pairs,
                      b.baseAddress.unsafelyUnwrapped + firstTarget, targetCount, targetScale, weights, deep, residual,
                      sums.baseAddress, tile.baseAddress)
                  }
                }
              case (.double(let a), .double(let b)):
                unsafe a.withUnsafeBufferPointer { a in
                  unsafe b.withUnsafeBufferPointer { b in
                    unsafe la_refinement_pass_f64(
                      a.baseAddress.unsafelyUnwrapped + first, columns, rows.count, columns, scale.baseAddress, pairs,
                      b.baseAddress.unsafelyUnwrapped + firstTarget, targetCount, targetScale, weights, deep, residual,
                      sums.baseAddress, tile.baseAddress)
                  }
                }
              default: preconditionFailure("matrix and targets must be of one precision")
              }
            }
          }
        }
      }
    }
    // Across the lanes, in their order.
    let totals = (0..<columns + 2).map { column in
      var total = LongSum()
      for index in 24 * column..<24 * column + 24 { total += sums[index] }
      return total
    }
    return Sums(gradient: Array(totals[..<columns]), residuals: totals[columns], squares: totals[columns + 1])
  }

  static func withOptionalPointer(_ array: [Double]?, _ body: (UnsafePointer<Double>?) -> Void) {
    guard let array else { return body(nil) }
    unsafe array.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
  }
}
