import TestSupport
import Testing

/// A batch with value, gradient and curvature product to double precision, from References/PairsAndLists.
struct ReferenceCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let options: [String: Double]
  let inputs: [String: [Double]]
  let value: Double
  let gradient: [Double]
  let product: [Double]

  var testDescription: String { name }

  func input<T: BinaryFloatingPoint>(_ name: String) -> [T] { (inputs[name] ?? []).map { T($0) } }
  func flags(_ name: String) -> [Bool] { (inputs[name] ?? []).map { $0 != 0 } }
  func integers(_ name: String) -> [Int] { (inputs[name] ?? []).map { Int($0) } }

  static func all(_ file: String) -> [ReferenceCase] { decodedReference("PairsAndLists/\(file).json") }

  /// Expects the value to be within `ulps` double-precision ulp of the expected one, or of `scale` where that is larger: the magnitude of
  /// what was added and cancelled.
  func expect(value: Double, ulps: Double, scale: Double = 0, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(
      abs(value - self.value) <= ulps * 0x1p-52 * max(abs(self.value), scale) || value == self.value,
      "\(name): value \(value), expected \(self.value)", sourceLocation: sourceLocation)
  }

  /// Expects the elements to be within `ulps` of those expected, in units of the last place of `scale` where that is larger than the
  /// element itself.
  func expect<T: BinaryFloatingPoint>(
    _ actual: [T], _ path: KeyPath<ReferenceCase, [Double]> & Sendable, ulps: Double, scale: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let expected = self[keyPath: path]
    #expect(actual.count == expected.count, sourceLocation: sourceLocation)
    for (index, pair) in zip(actual, expected).enumerated() {
      let error = abs(Double(pair.0) - pair.1)
      #expect(
        error <= ulps * Double(T.ulpOfOne) * max(abs(pair.1), scale),
        "\(name): element \(index) is \(pair.0), expected \(pair.1)", sourceLocation: sourceLocation)
    }
  }
}

/// What the references of losses of groups are held to, in units of the last place of the magnitudes that are added.
struct GroupBound {
  let value, gradient, product: Double

  static let embedding = GroupBound(value: 16, gradient: 8, product: 32)
  static let ranking = GroupBound(value: 8, gradient: 4, product: 4)
  static let segmentation = GroupBound(value: 16, gradient: 16, product: 32)
  static let survival = GroupBound(value: 16, gradient: 4, product: 4)
}
