/// SplitMix64 (Steele, Lea and Flood 2014): small, fast, and the same numbers on every machine.
package struct SeededGenerator: RandomNumberGenerator {
  /// The seed of every job's inputs; printed with the results.
  package static let seed: UInt64 = 20_240_607

  private var state: UInt64

  package init(seed: UInt64 = Self.seed) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in 0..<1.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number that is nearly normal, with mean 0 and variance 1: the sum of four uniform ones. One step of the generator makes it,
  /// so that hundreds of megabytes of input take a second.
  package mutating func normal() -> Double {
    let bits = next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return (Double(sum) * 0x1p-16 - 2) * 1.732_050_807_568_877_2
  }

  /// `count` numbers from `make`.
  package mutating func array<T: BinaryFloatingPoint>(
    _ count: Int, of type: T.Type = T.self, _ make: (inout Self) -> Double
  ) -> [T] {
    var result = [T](repeating: 0, count: count)
    for index in result.indices { result[index] = T(make(&self)) }
    return result
  }
}
