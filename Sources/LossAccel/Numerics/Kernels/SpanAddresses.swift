// The address that a kernel's batch takes of a span. Whoever takes it keeps the span's memory until the kernel has returned.

func address<T>(_ span: Span<T>) -> UnsafeRawPointer? {
  unsafe span.withUnsafeBufferPointer { unsafe UnsafeRawPointer($0.baseAddress) }
}

func address<T>(_ span: Span<T>?) -> UnsafeRawPointer? {
  guard let span else { return nil }
  return unsafe address(span)
}

func address<T>(_ span: inout MutableSpan<T>?) -> UnsafeMutableRawPointer? {
  unsafe span?.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) } ?? nil
}

func address<T>(_ span: inout MutableSpan<T>) -> UnsafeMutableRawPointer? {
  unsafe span.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
}

/// The same, of the elements' type.
func elementAddress<T>(_ span: Span<T>) -> UnsafePointer<T>? {
  unsafe span.withUnsafeBufferPointer { $0.baseAddress }
}

func elementAddress<T>(_ span: Span<T>?) -> UnsafePointer<T>? {
  guard let span else { return nil }
  return unsafe elementAddress(span)
}
