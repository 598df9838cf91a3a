import Foundation

/// Numbers as people read them: three digits and a unit.
package enum Quantity {
  /// Seconds, such as `1.23 ms`.
  package static func time(_ seconds: Double) -> String {
    let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]
    let (size, unit) = units.first { seconds >= $0.0 } ?? units.last!
    return "\(threeDigits(seconds / size)) \(unit)"
  }

  /// A positive number with three digits, or all of its whole part.
  package static func threeDigits(_ number: Double) -> String {
    let places = number < 9.995 ? 2 : number < 99.95 ? 1 : 0
    return String(format: "%.\(places)f", number)
  }

  /// How many times, such as `12.3×`.
  package static func factor(_ number: Double) -> String { threeDigits(number) + "×" }

  /// A mark on a scale of factors, such as `½×` or `20×`.
  package static func mark(_ number: Double) -> String { number == 0.5 ? "½×" : "\(Int(number))×" }

  /// A share, such as `87 %`.
  package static func share(_ number: Double) -> String { String(format: "%.0f %%", number * 100) }
}
