import CKernelInterface

extension RowKernels {
  /// output[i] = elements[i], rounded to single precision: ±∞ beyond its range.
  package static func round(_ elements: Span<Double>, into output: inout MutableSpan<Float>) {
    precondition(output.count >= elements.count, "\(elements.count) elements for a place of \(output.count)")
    defer {
      extendLifetime(elements)
      extendLifetime(output)
    }
    guard let source = unsafe address(elements), let target = unsafe address(&output) else { return }
    let row = unsafe la_feature_rows(
      elements: source, stride: elements.count, rows: 1, columns: elements.count, type: UInt8(LA_TYPE_F64))
    unsafe la_gather_rows(row, nil, 0, 1, target, UInt8(LA_TYPE_F32))
  }
}
