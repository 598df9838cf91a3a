/// A row for each of some tokens, hidden states or a direction of them: where they are, or copied if they do not lie side by side as what
/// is computed in.
package struct TokenStates<A: Scalar>: Sendable {
  private let rows: StoredRows<A>
  private var range: Range<Int>?
  private var copy: [A] = []
  private(set) var count = 0

  init(_ rows: StoredRows<A>) { self.rows = rows }

  /// Makes them the rows of these tokens.
  mutating func take(_ tokens: CountingTokens) {
    count = tokens.count
    range = rows.isNative ? tokens.range : nil
    guard range == nil else { return }
    // The first chunk is the largest.
    if copy.isEmpty { copy = [A](repeating: 0, count: tokens.samples.count * rows.columns) }
    let (rows, count) = (rows, count)
    var output = copy.mutableSpan
    rows.gather(tokens.samples.span.extracting(0..<count), into: &output)
  }

  /// All elements, row after row; valid as long as this value is alive and unchanged.
  @unsafe var elements: UnsafeBufferPointer<A> {
    if let range { return unsafe rows.native(range) }
    return unsafe UnsafeBufferPointer(
      start: address(copy.span)?.assumingMemoryBound(to: A.self), count: count * rows.columns)
  }
}

extension MutableSpan where Element: Scalar {
  /// Puts rows of `width` elements at these places.
  mutating func scatter(_ rows: Span<Element>, width: Int, to samples: Span<Int64>) {
    precondition(rows.count >= samples.count * width, "\(samples.count) rows for \(rows.count) elements")
    guard width > 0 else { return }
    let places = count / width
    unsafe withUnsafeMutableBufferPointer { output in
      unsafe rows.withUnsafeBufferPointer { rows in
        guard let target = output.baseAddress, let source = rows.baseAddress else { return }
        for row in samples.indices {
          let place = Int(samples[row])
          precondition(place >= 0 && place < places, "row \(place) of \(places)")
          unsafe (target + place * width).update(from: source + row * width, count: width)
        }
      }
    }
  }
}

extension MutableSpan where Element: Scalar {
  /// Takes over as many numbers, each rounded to nearest.
  mutating func round(_ values: Span<Double>) {
    precondition(values.count == count, "\(values.count) numbers for \(count) elements")
    for index in values.indices { self[index] = Element(values[index]) }
  }
}

extension Array where Element: Scalar {
  /// So many elements that may hold anything: memory that is written before it is read.
  init(uninitialized count: Int) {
    unsafe self.init(unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
  }
}
