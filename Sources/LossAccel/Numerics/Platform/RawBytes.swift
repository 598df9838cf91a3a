/// Appends the elements whose bytes, in this machine's order, stand in `bytes`.
///
/// Every bit pattern must be a valid `Element`: numbers are fine, `Bool` is not.
///
/// - Parameters:
///   - bytes: A whole number of elements.
///   - elements: Where they go.
package func appendElements<Element: BitwiseCopyable & Numeric>(
  fromBytes bytes: Span<UInt8>, to elements: inout [Element]
) {
  let size = MemoryLayout<Element>.stride
  precondition(bytes.count % size == 0, "\(bytes.count) bytes are not a whole number of \(size)-byte elements")
  unsafe bytes.withUnsafeBytes { source in
    let isAligned = Int(bitPattern: source.baseAddress) % MemoryLayout<Element>.alignment == 0
    if isAligned {
      unsafe elements.append(contentsOf: source.bindMemory(to: Element.self))
    } else {
      for offset in stride(from: 0, to: source.count, by: size) {
        unsafe elements.append(source.loadUnaligned(fromByteOffset: offset, as: Element.self))
      }
    }
  }
}

/// The bytes of elements, in this machine's order.
package func bytes<Element: BitwiseCopyable & Numeric>(of elements: Span<Element>) -> [UInt8] {
  unsafe elements.withUnsafeBytes { source in unsafe Array(source) }
}
