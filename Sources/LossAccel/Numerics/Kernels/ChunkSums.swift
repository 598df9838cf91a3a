/// The sums of up to three results over one chunk, each as a double and its remainder.
package struct ChunkSums: Sendable {
  /// High and low part of the first sum, then of the second, then of the third: as the kernels write them.
  var parts: [6 of Double] = [6 of Double](repeating: 0)

  package init() {}

  /// Adds another chunk's sums. What a high part loses to rounding goes to its low part, exactly.
  package mutating func add(_ other: ChunkSums) {
    for k in 0..<3 {
      let (high, error) = Self.twoSum(parts[2 * k], other.parts[2 * k])
      parts[2 * k] = high
      parts[2 * k + 1] += error + other.parts[2 * k + 1]
    }
  }

  /// The sum, rounded once.
  package func total(_ k: Int) -> Double {
    // An infinite or undefined sum has no remainder.
    parts[2 * k].isFinite ? parts[2 * k] + parts[2 * k + 1] : parts[2 * k]
  }

  /// Knuth's two-sum: the rounded sum and the exact rest.
  private static func twoSum(_ x: Double, _ y: Double) -> (Double, Double) {
    let sum = x + y
    let part = sum - x
    return (sum, (x - (sum - part)) + (y - part))
  }
}
