import LossAccel
import TestSupport
import Testing

/// The kernels of linear predictors against the loops that they replace.
struct DenseRowsTests {
  /// The same numbers in every storage: they have eight significant bits.
  private static func storages(rows: Int, columns: Int) -> [(name: String, features: DenseRows, elements: [Double])] {
    var random = SeededGenerator(seed: UInt64(rows * 1000 + columns))
    let elements = (0..<rows * columns).map { _ in Double(Int.random(in: -127...127, using: &random)) / 32 }
    return [
      ("f64", DenseRows(.double(elements), rows: rows, columns: columns), elements),
      ("f32", DenseRows(.single(elements.map(Float.init)), rows: rows, columns: columns), elements),
      ("bf16", DenseRows(.brain(elements.map { BrainFloat16(Float($0)) }), rows: rows, columns: columns), elements),
      ("f16", DenseRows(.half(elements.map { Float16($0) }), rows: rows, columns: columns), elements),
    ]
  }

  private static let shapes = [
    (1, 1), (5, 3), (9, 7), (8, 8), (13, 9), (16, 15), (7, 17), (40, 31), (33, 50), (11, 64), (10, 65), (9, 130),
    // Every number of vectors that short rows have, and rows of a page and more.
    (9, 24), (17, 36), (8, 42), (8, 56), (10, 516), (9, 1030), (9, 2060),
  ]

  @Test(arguments: shapes) func predictionsEqualTheirSums(rows: Int, columns: Int) {
    var random = SeededGenerator(seed: 3)
    // Multiples of 1/32 and sums far below 2⁵³ of them: every operation is exact, in any order.
    func numbers(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double(Int.random(in: -64...64, using: &random)) / 32 }
    }
    let (coefficients, shift, offsets) = (numbers(columns), numbers(columns), numbers(rows))
    for (name, features, elements) in Self.storages(rows: rows, columns: columns) {
      for shift in [shift, nil] {
        let range = rows / 3..<rows
        var output = [Double](repeating: .nan, count: range.count)
        var span = output.mutableSpan
        features.predict(
          range, coefficients: coefficients.span, shift: shift?.span, constant: 0.25,
          offsets: offsets.span.extracting(range), into: &span)
        let expected = range.map { row in
          (0..<columns).reduce(0.25 + offsets[row]) {
            $0 + (elements[row * columns + $1] - (shift?[$1] ?? 0)) * coefficients[$1]
          }
        }
        #expect(output == expected, "\(name), shifted: \(shift != nil)")
      }
    }
  }

  @Test(arguments: shapes) func transposedProductsEqualTheirSums(rows: Int, columns: Int) {
    var random = SeededGenerator(seed: 4)
    func numbers(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double(Int.random(in: -64...64, using: &random)) / 32 }
    }
    let (shift, factors) = (numbers(columns), numbers(rows))
    let weights = (0..<rows).map { $0 % 4 == 1 ? 0 : Double($0 % 3) }
    for (name, features, elements) in Self.storages(rows: rows, columns: columns) {
      for weighted in [false, true] {
        var sums = [Double](repeating: 1, count: columns + 1)
        var span = sums.mutableSpan
        features.addTransposed(
          0..<rows, factors: factors.span, weights: weighted ? weights.span : nil, shift: shift.span, ahead: nil,
          to: &span)
        let products = zip(factors, weights).map { weighted ? $0 * $1 : $0 }
        let expected = (0..<columns).map { column in
          (0..<rows).reduce(1) { $0 + (elements[$1 * columns + column] - shift[column]) * products[$1] }
        }
        #expect(sums == expected + [products.reduce(1, +)], "\(name), weighted: \(weighted)")
      }
    }
  }

  @Test func rowsThatDoNotCountMayHoldAnything() {
    let columns = 11
    var elements = [Double](repeating: 1, count: 3 * columns)
    for column in 0..<columns { elements[columns + column] = .nan }
    let features = DenseRows(.double(elements), rows: 3, columns: columns)
    func sums(factors: [Double], weights: [Double]?) -> [Double] {
      var sums = [Double](repeating: 0, count: columns + 1)
      var span = sums.mutableSpan
      features.addTransposed(0..<3, factors: factors.span, weights: weights?.span, shift: nil, ahead: nil, to: &span)
      return sums
    }
    #expect(sums(factors: [1, 0, 2], weights: nil) == [Double](repeating: 3, count: columns + 1))
    // Even if their factor is not a number: it is the weight that says so.
    #expect(sums(factors: [1, .nan, 2], weights: [1, 0, 1]) == [Double](repeating: 3, count: columns + 1))
    let (shift, scale) = ([Double](repeating: 0, count: columns), [Double](repeating: 2, count: columns))
    var rows = [Double](repeating: .nan, count: 3 * 16)
    var output = rows.mutableSpan
    let othersLeft = features.weightedRows(
      0..<3, shift: shift.span, scale: scale.span, weights: [4, 0, -1].span, sign: 1.0, into: &output, stride: 16)
    #expect(othersLeft)
    #expect(Array(rows[0..<16]) == [Double](repeating: 4, count: columns) + [2, 0, 0, 0, 0])
    #expect(Array(rows[16...]) == [Double](repeating: 0, count: 32))
  }

  @Test func brainFloatsRoundToNearestEven() {
    for bits in stride(from: UInt32(0), through: 0xFFFF_0000, by: 0x1_0000) {
      let value = Float(bitPattern: bits)
      let stored = BrainFloat16(value)
      #expect(value.isNaN ? Float(stored).isNaN : Float(stored) == value)
    }
    // 1 + 2⁻⁸ lies in the middle of 1 and 1 + 2⁻⁷; 1 + 3·2⁻⁸ in that of 1 + 2⁻⁷ and 1 + 2⁻⁶.
    #expect(Float(BrainFloat16(1 + 0x1p-8)) == 1)
    #expect(Float(BrainFloat16(1 + 3 * 0x1p-8)) == 1 + 0x1p-6)
    #expect(Float(BrainFloat16(Float(1 + 0x1p-8).nextUp)) == 1 + 0x1p-7)
    #expect(Float(BrainFloat16(.greatestFiniteMagnitude)) == .infinity)
  }
}
