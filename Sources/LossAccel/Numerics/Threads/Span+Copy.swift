extension Span where Element: BitwiseCopyable {
  /// The elements as an array of their own.
  package func copied() -> [Element] { unsafe withUnsafeBufferPointer { unsafe Array($0) } }
}
