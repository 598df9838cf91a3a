/// Where the predictions of a column stand in a batch: every row's lie from `offset` on in a row of `stride` elements.
struct ColumnPlace: Sendable {
  let rows, offset, stride: Int

  /// The column's predictions, `width` of every row, row after row.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func gathered<T: Scalar>(_ predictions: Span<T>, _ width: Int) -> [T] {
    [T](capacity: rows * width) { output in
      for row in 0..<rows {
        for column in 0..<width { output.append(predictions[row * stride + offset + column]) }
      }
    }
  }

  /// Puts numbers of the column, times `scale`, where they belong.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func scatter<T: Scalar>(_ elements: [T], _ width: Int, scale: Double, into output: inout MutableSpan<T>) {
    for row in 0..<rows {
      for column in 0..<width {
        output[row * stride + offset + column] = T(scale * Double(elements[row * width + column]))
      }
    }
  }
}
