/// `value` in decimal, rounded to `significantDigits`, without trailing zeros: "0.333333", "-1.5e-10", "1e+06", "nan".
///
/// The rounding is of the shortest decimal text that identifies the value (half away from zero), so nothing is shown
/// that a reader of the full text would not expect.
package func decimalText<T: BinaryFloatingPoint & LosslessStringConvertible>(
  _ value: T, significantDigits: Int
) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
  let (digits, exponent) = rounded(value.magnitude.description, to: significantDigits)
  let sign = value < 0 ? "-" : ""

  // The layout of C's %g: plain while it needs no more zeros than it saves.
  if exponent < -4 || exponent >= significantDigits {
    let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
    let magnitude = abs(exponent)
    return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(magnitude < 10 ? "0" : "")\(magnitude)"
  }
  if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
  if digits.count <= exponent + 1 { return sign + digits + String(repeating: "0", count: exponent + 1 - digits.count) }
  return sign + digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
}

/// The significant digits of a positive decimal text such as "12.5" or "1.5e-07", rounded, without zeros at either end,
/// and the power of ten of the first one.
private func rounded(_ text: String, to significantDigits: Int) -> (digits: String, exponent: Int) {
  let parts = text.split(separator: "e")
  let number = parts[0].split(separator: ".", omittingEmptySubsequences: false)
  let all = number.joined().utf8.map { Int($0) - 48 }
  let leadingZeros = all.prefix { $0 == 0 }.count
  var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + number[0].count - 1 - leadingZeros
  var digits = Array(all.dropFirst(leadingZeros))
  if digits.count > significantDigits {
    let roundsUp = digits[significantDigits] >= 5
    digits.removeSubrange(significantDigits...)
    if roundsUp {
      while digits.last == 9 { digits.removeLast() }
      if digits.isEmpty {
        digits = [1]
        exponent += 1
      } else {
        digits[digits.count - 1] += 1
      }
    }
  }
  while digits.count > 1 && digits.last == 0 { digits.removeLast() }
  return (digits.map(String.init).joined(), exponent)
}

/// The texts of one column, padded to one width with their decimal points (or ends of their whole parts) below each
/// other.
package func alignedByDecimalPoint(_ cells: [String]) -> [String] {
  func wholePart(_ cell: String) -> Int { cell.prefix { $0 != "." && $0 != "e" }.count }
  let left = cells.map(wholePart).max() ?? 0
  let right = cells.map { $0.count - wholePart($0) }.max() ?? 0
  return cells.map { cell in
    let whole = wholePart(cell)
    return String(repeating: " ", count: left - whole) + cell
      + String(repeating: " ", count: right - (cell.count - whole))
  }
}
