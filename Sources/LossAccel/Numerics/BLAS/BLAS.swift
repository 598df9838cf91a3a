/// The BLAS calls for the other rooms: spans in, spans out, row-major, every size checked, no dimension too large.
///
/// A matrix argument is a span, its shape, and the distance between the starts of two rows (`stride`, which the number
/// of columns stands in for where it is not given). Large products run on ``Parallelism`` threads; the result is the
/// same bits for any number of them. Where a dimension does not fit the 32-bit integers of BLAS the work is cut into
/// several calls; a stride that does not fit throws
/// ``LinearAlgebraError/dimensionTooLarge(operation:dimension:value:limit:)``.
package enum BLAS {
  /// Which half of a symmetric or triangular matrix is meant.
  package enum Triangle: Sendable {
    case upper, lower
  }

  /// On which side of the unknown a triangular matrix stands: `.left` for op(A)·X = B, `.right` for X·op(A) = B.
  package enum Side: Sendable {
    case left, right
  }

  /// The longest dimension handed to one BLAS call. OpenBLAS adds two dimensions in a 32-bit `int` (gemv, to size its
  /// buffer), so the sum of two of them has to fit, too.
  package static let dimensionLimit = 1 << 29

  /// `stride` as a BLAS integer, after checking that a matrix of this shape fits into `count` elements.
  static func leadingDimension(
    _ operation: StaticString, _ name: StaticString, rows: Int, columns: Int, stride: Int?, count: Int
  ) throws(LinearAlgebraError) -> Int32 {
    precondition(rows >= 0 && columns >= 0, "\(operation): \(name) is \(rows) × \(columns)")
    let stride = stride ?? columns
    precondition(
      stride >= columns, "\(operation): the stride of \(name) is \(stride), its rows have \(columns) elements")
    if rows > 0 && columns > 0 {
      let (start, overflow) = (rows - 1).multipliedReportingOverflow(by: stride)
      precondition(
        !overflow && count - columns >= start,
        "\(operation): \(name) is \(rows) × \(columns) with stride \(stride), but its span has \(count) elements")
    }
    guard let leading = Int32(exactly: max(stride, 1)) else {
      throw .dimensionTooLarge(
        operation: "\(operation)", dimension: "the row stride of \(name)", value: stride, limit: Int(Int32.max))
    }
    return leading
  }

  /// `value` as a BLAS integer, for a dimension that cannot be cut.
  static func dimension(
    _ operation: StaticString, _ name: StaticString, _ value: Int, limit: Int
  ) throws(LinearAlgebraError) -> Int32 {
    precondition(value >= 0, "\(operation): \(name) is \(value)")
    guard value <= limit, let dimension = Int32(exactly: value) else {
      throw .dimensionTooLarge(operation: "\(operation)", dimension: "\(name)", value: value, limit: limit)
    }
    return dimension
  }

  /// Calls `body` with consecutive ranges that cover `0..<count`, none longer than `limit`.
  @inline(__always)
  static func forEachBlock(of count: Int, limit: Int, _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < count {
      let end = count - start > limit ? start + limit : count
      body(start..<end)
      start = end
    }
  }
}
