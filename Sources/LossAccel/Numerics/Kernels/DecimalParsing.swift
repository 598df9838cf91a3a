import CKernelInterface

/// Reads the longest prefix of `bytes[start...]` that is a decimal number: `[+-] digits [. digits] [e [+-] digits]`, with at
/// least one digit before or after the point.
///
/// The value is the nearest double, ties to even, for every input; too large gives an infinity, too small a zero. Words such as
/// `inf` and `nan` are not numbers here.
///
/// - Parameters:
///   - bytes: The text, in ASCII or UTF-8.
///   - start: Where to begin, `0...bytes.count`.
///   - value: Receives the number; left alone when there is none.
/// - Returns: The index behind the number, or `start` when no number begins there.
package func parseDecimal(_ bytes: Span<UInt8>, from start: Int, into value: inout Double) -> Int {
  precondition(start >= 0 && start <= bytes.count, "start \(start) lies outside 0...\(bytes.count)")
  return unsafe bytes.withUnsafeBufferPointer { text in
    guard let base = text.baseAddress else { return start }
    return unsafe start + la_parse_decimal(base + start, text.count - start, &value)
  }
}

/// Reads a whole text as a decimal number; nil unless all of it is one. See ``parseDecimal(_:from:into:)``.
package func parseDecimal(_ text: some StringProtocol) -> Double? {
  let bytes = Array(text.utf8)
  var value = 0.0
  return !bytes.isEmpty && parseDecimal(bytes.span, from: 0, into: &value) == bytes.count ? value : nil
}

/// Reads a number as ``parseDecimal(_:from:into:)`` does, and what the nearest double lacks of the decimal: `value + remainder` is
/// accurate to about 2⁻¹⁰⁴ for up to 19 digits with a power of ten within ±22; other remainders are zero.
package func parseWideDecimal(
  _ bytes: Span<UInt8>, from start: Int, into value: inout Double, remainder: inout Double
) -> Int {
  precondition(start >= 0 && start <= bytes.count, "start \(start) lies outside 0...\(bytes.count)")
  return unsafe bytes.withUnsafeBufferPointer { text in
    guard let base = text.baseAddress else { return start }
    return unsafe start + la_parse_wide_decimal(base + start, text.count - start, &value, &remainder)
  }
}

/// Reads a whole text as a decimal number in two words; nil unless all of it is one.
package func parseWideDecimal(_ text: String) -> DoubleDouble? {
  let bytes = Array(text.utf8)
  var (value, remainder) = (0.0, 0.0)
  guard !bytes.isEmpty, parseWideDecimal(bytes.span, from: 0, into: &value, remainder: &remainder) == bytes.count else {
    return nil
  }
  return DoubleDouble(value, remainder)
}
