/// A column of numbers in two words, high + low; `low` is nil where it is zero everywhere.
struct WideVector: Sendable {
  var high: [Double]
  var low: [Double]?

  init(_ high: [Double], _ low: [Double]? = nil) { (self.high, self.low) = (high, low) }

  init(_ value: Double, count: Int) { self.init([Double](repeating: value, count: count)) }

  var count: Int { high.count }

  /// self ∘ other, element by element, with a relative error below 2⁻¹⁰⁰.
  func combined(_ operation: WideColumnKernels.Arithmetic, _ other: WideVector) -> WideVector {
    let count = self.count
    precondition(other.count == count, "columns of \(count) and \(other.count) elements")
    // The kernels want whole vectors.
    let padding = [Double](repeating: 0, count: (8 - count % 8) % 8)
    let zeros = [Double](repeating: 0, count: count + padding.count)
    var (a, aLow) = (high + padding, low.map { $0 + padding } ?? zeros)
    let (b, bLow) = (other.high + padding, other.low.map { $0 + padding } ?? zeros)
    var span = a.mutableSpan
    var lowSpan = aLow.mutableSpan
    WideColumnKernels.apply(operation, &span, low: &lowSpan, b.span, low: bLow.span)
    keepAlive(b, bLow)
    a.removeLast(padding.count)
    aLow.removeLast(padding.count)
    return WideVector(a, aLow.contains { $0 != 0 } ? aLow : nil)
  }

  /// A function of the values, rounded to Double before and after.
  func map(_ function: (Double) -> Double) -> WideVector {
    guard let low else { return WideVector(high.map(function)) }
    return WideVector(high.indices.map { function(high[$0] + low[$0]) })
  }

  func squareRoots() -> WideVector {
    let roots = high.indices.map { DoubleDouble(high[$0], low?[$0] ?? 0).squareRoot() }
    return WideVector(roots.map(\.high), roots.map(\.low))
  }

  func negated() -> WideVector { WideVector(high.map { -$0 }, low.map { $0.map { -$0 } }) }

  /// The power of a whole number, by repeated multiplication in two words.
  func power(_ exponent: Int) -> WideVector {
    var (result, base, left) = (WideVector(1, count: count), self, exponent.magnitude)
    while left > 0 {
      if left & 1 == 1 { result = result.combined(.multiply, base) }
      left >>= 1
      if left > 0 { base = base.combined(.multiply, base) }
    }
    return exponent < 0 ? WideVector(1, count: count).combined(.divide, result) : result
  }

  /// Zero where `keeps` is false.
  func masked(_ keeps: [Bool]) -> WideVector {
    WideVector(
      high.indices.map { keeps[$0] ? high[$0] : 0 }, low.map { low in low.indices.map { keeps[$0] ? low[$0] : 0 } })
  }
}
