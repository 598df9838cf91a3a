/// Conversions between the precisions, element by element, rounded to nearest.
enum Precision {
  /// Appends all elements of `source` to `output`.
  @specialized(where From == Float, To == Double)
  @specialized(where From == Double, To == Float)
  static func append<From: Scalar, To: Scalar>(_ source: Span<From>, to output: inout OutputSpan<To>) {
    for index in source.indices { output.append(To(source[index])) }
  }

  /// Copies a block of `rows` × `columns` elements, whose rows are `stride` apart, to a place where they are
  /// `outputStride` apart.
  @specialized(where From == Float, To == Double)
  static func copy<From: Scalar, To: Scalar>(
    _ source: UnsafePointer<From>, rows: Int, columns: Int, stride: Int,
    to output: UnsafeMutablePointer<To>, _ outputStride: Int
  ) {
    if stride == columns && outputStride == columns {
      for index in 0..<rows * columns { unsafe output[index] = To(source[index]) }
      return
    }
    for row in 0..<rows {
      let (from, to) = unsafe (source + row * stride, output + row * outputStride)
      for column in 0..<columns { unsafe to[column] = To(from[column]) }
    }
  }
}
