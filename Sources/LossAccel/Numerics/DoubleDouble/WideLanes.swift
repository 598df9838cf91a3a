internal import CKernelInterface

/// Thirty-two numbers of two words, which the vector kernels compute with together; see ``DoubleDouble`` for one.
///
/// Sums, differences and products have relative errors below 2⁻¹⁰⁰, functions near 2⁻⁹⁸ (the logarithm of the larger of 1 and itself). Edges
/// are those of Double. The whole range of exponents is that of Double, so numbers should stay above 2⁻⁹⁶⁰.
package struct WideLanes: Sendable {
  package static let count = 32

  package var high: SIMD32<Double>
  package var low: SIMD32<Double>

  /// The same number in all lanes.
  package init(_ value: Double) {
    high = SIMD32(repeating: value)
    low = SIMD32()
  }

  /// Numbers of a range of rows, at most 32; the lanes that are left are 0.
  package init(_ high: [Double], _ low: [Double]?, rows: Range<Int>) {
    precondition(rows.count <= Self.count, "\(rows.count) rows for \(Self.count) lanes")
    (self.high, self.low) = (SIMD32(), SIMD32())
    for (lane, row) in rows.enumerated() {
      self.high[lane] = high[row]
      if let low { self.low[lane] = low[row] }
    }
  }

  package subscript(lane: Int) -> DoubleDouble {
    get { DoubleDouble(high[lane], low[lane]) }
    set { (high[lane], low[lane]) = (newValue.high, newValue.low) }
  }

  /// The sum of all lanes.
  package var total: DoubleDouble { (1..<Self.count).reduce(self[0]) { $0 + self[$1] } }

  package static func + (a: WideLanes, b: WideLanes) -> WideLanes { arithmetic(LA_WIDE_ADD, a, b) }
  package static func - (a: WideLanes, b: WideLanes) -> WideLanes { arithmetic(LA_WIDE_SUBTRACT, a, b) }
  package static func * (a: WideLanes, b: WideLanes) -> WideLanes { arithmetic(LA_WIDE_MULTIPLY, a, b) }
  package static func / (a: WideLanes, b: WideLanes) -> WideLanes { arithmetic(LA_WIDE_DIVIDE, a, b) }

  package static prefix func - (a: WideLanes) -> WideLanes {
    var negated = a
    (negated.high, negated.low) = (-a.high, -a.low)
    return negated
  }

  package func exponential() -> WideLanes { Self.function(LA_WIDE_EXPONENTIAL, self) }
  package func exponentialMinusOne() -> WideLanes { Self.function(LA_WIDE_EXPONENTIAL_MINUS_ONE, self) }
  package func logarithm() -> WideLanes { Self.function(LA_WIDE_LOGARITHM, self) }
  package func squareRoot() -> WideLanes { Self.function(LA_WIDE_ROOT, self) }

  /// `self` in the lanes where `x` is positive, `other` in the rest.
  package func wherePositive(_ x: WideLanes, else other: WideLanes) -> WideLanes {
    unsafe Self.words(of: x) { x in
      unsafe Self.words(of: self) { a in
        unsafe Self.words(of: other) { b in
          unsafe Self.filled { result in
            unsafe la_wide_where_positive(
              x, a, a + Self.count, b, b + Self.count, Self.count, result, result + Self.count)
          }
        }
      }
    }
  }

  private static func arithmetic(_ operation: Int, _ a: WideLanes, _ b: WideLanes) -> WideLanes {
    unsafe words(of: a) { a in
      unsafe words(of: b) { b in
        unsafe filled { result in
          unsafe la_wide_arithmetic(Int32(operation), a, a + count, b, b + count, count, result, result + count)
        }
      }
    }
  }

  private static func function(_ function: Int, _ x: WideLanes) -> WideLanes {
    unsafe words(of: x) { x in
      unsafe filled { result in unsafe la_wide_function(Int32(function), x, x + count, count, result, result + count) }
    }
  }

  /// The high words and behind them the low ones.
  private static func words(
    of lanes: WideLanes, _ body: (UnsafePointer<Double>) -> WideLanes
  ) -> WideLanes {
    unsafe withUnsafeBytes(of: lanes) {
      unsafe body($0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Double.self))
    }
  }

  private static func filled(_ body: (UnsafeMutablePointer<Double>) -> Void) -> WideLanes {
    var result = WideLanes(0)
    unsafe withUnsafeMutableBytes(of: &result) {
      unsafe body($0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Double.self))
    }
    return result
  }
}
