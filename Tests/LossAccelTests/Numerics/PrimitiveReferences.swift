import LossAccel
import TestSupport

/// An exact value of a vector primitive.
struct PrimitiveReference<T: Scalar & Sendable>: Sendable {
  /// The arguments; y is x where there is one only.
  let x: T, y: T
  /// The correctly rounded result, and the exact one minus it in units of its last place.
  let value: T
  let rest: Double

  /// The distance of `actual` from the exact result in units of the last place; infinite for a wrong sign of zero.
  func error(of actual: T) -> Double {
    if value.isNaN || actual.isNaN { return value.isNaN && actual.isNaN ? 0 : .infinity }
    if value.isInfinite || actual.isInfinite { return value == actual ? 0 : .infinity }
    if value == 0 && rest == 0 && actual == 0 { return value.sign == actual.sign ? 0 : .infinity }
    return abs(Double(actual - value) / Double(value.ulp) - rest)
  }
}

/// `References/vector_primitives.txt`, read once. The script beside it says what the lines mean.
enum PrimitiveReferences {
  static let single: [VectorPrimitive: [PrimitiveReference<Float>]] = sections("f32") { text in
    text == "nan" ? .nan : UInt32(text, radix: 16).map { Float(bitPattern: $0) }
  }
  static let double: [VectorPrimitive: [PrimitiveReference<Double>]] = sections("f64") { text in
    text == "nan" ? .nan : UInt64(text, radix: 16).map { Double(bitPattern: $0) }
  }

  private static func sections<T: Scalar>(
    _ format: String, number: (Substring) -> T?
  ) -> [VectorPrimitive: [PrimitiveReference<T>]] {
    var result: [VectorPrimitive: [PrimitiveReference<T>]] = [:]
    var function: VectorPrimitive?
    guard let text = try? reference("vector_primitives.txt") else { return [:] }
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      if let title = VectorPrimitive.allCases.first(where: { "\($0)" == parts[0] }) {
        function = parts[1] == format ? title : nil
      } else if let function {
        let numbers = parts.dropLast().compactMap(number)
        guard numbers.count == parts.count - 1, let rest = Double(parts[parts.count - 1]) else { continue }
        result[function, default: []].append(
          PrimitiveReference(x: numbers[0], y: numbers[numbers.count - 2], value: numbers.last!, rest: rest / 100))
      }
    }
    return result
  }
}
