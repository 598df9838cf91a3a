/// The normal equations of [A | b] with sums in two words: Cholesky's factorisation in two words, decisions about the rank, solutions that
/// are refined against the sums, and bounds on their errors that hold for whatever the sums may be wrong by.
struct WideGram: Sendable {
  /// The columns that take part, of all; a dropped one depends on those before it.
  let kept: [Int]
  let dropped: [DependentColumn]
  let factor: TriangularFactor
  /// The condition of the columns; beside an intercept, of the columns around their means.
  let condition: Double
  /// The sums of the kept columns, row-major, symmetric, and their products with the target.
  private let gram: [DoubleDouble]
  let products: [DoubleDouble]
  let targetSquares: DoubleDouble
  /// What bounds the rounding errors of the sums: those for columns i and j are below 2⁻⁹⁸·gross[i]·gross[j].
  private let gross: [Double]
  private let targetGross: Double
  private let sensitivities: [Double]

  /// Within a block 16 products are added in two words: at most 16²/2 roundings of 2⁻¹⁰⁶, and those of the products themselves.
  static let rounding = 0x1p-98

  var order: Int { kept.count }

  /// - Parameter penalties: what is added to the diagonal, in the accumulator's scale.
  init(
    _ accumulator: LeastSquaresAccumulator, penalties: [Double], whenRankDeficient: RankDeficiency
  ) throws(LeastSquaresError) {
    let (unknowns, offset) = (accumulator.width - 1, accumulator.offset)
    var sums = [DoubleDouble](repeating: DoubleDouble(0), count: unknowns * unknowns)
    for j in 0..<unknowns {
      for i in 0...j {
        var sum = accumulator.sum(i, j)
        if i == j { sum += penalties[j] }
        (sums[i * unknowns + j], sums[j * unknowns + i]) = (sum.wide, sum.wide)
      }
    }
    var all: [Double] = (0..<unknowns).map { j in
      (max(sums[j * (unknowns + 1)].high, 0) + 2 * accumulator.removedSquares[j]).squareRoot()
    }
    let elimination = Elimination(sums, order: unknowns, gross: all)
    let dropped = elimination.dropped(offset: offset)
    if !dropped.isEmpty {
      switch whenRankDeficient {
      case .drop where !elimination.kept.isEmpty: break
      case .minimumNorm:
        throw .unsupported(
          method: "accumulator", reason: "cannot find the coefficients of smallest norm; drop dependent columns instead"
        )
      default: throw .rankDeficient(rank: elimination.kept.count, columns: unknowns, dependent: dropped)
      }
    }
    let kept = elimination.kept
    gram = kept.flatMap { i in kept.map { sums[i * unknowns + $0] } }
    products = kept.map { accumulator.sum($0, unknowns).wide }
    targetSquares = accumulator.sum(unknowns, unknowns).wide
    all = kept.map { all[$0] }
    gross = all
    targetGross = (max(targetSquares.high, 0) + 2 * accumulator.removedSquares[unknowns]).squareRoot()
    factor = try TriangularFactor(order: kept.count, elimination.triangle())
    sensitivities = try factor.sensitivities()
    // Eliminating the ones first leaves the factor of the columns around their means.
    let isCentred = accumulator.hasIntercept && kept.first == 0 && kept.count > 1
    condition =
      isCentred
      ? try TriangularFactor(order: kept.count - 1, elimination.triangle(from: 1)).condition : factor.condition
    self.dropped = dropped
    self.kept = kept
  }

  /// The z with Gz = `rightHandSide`, as far as two words go, and the length in the factor's metric of what may be missing.
  func solve(_ rightHandSide: [DoubleDouble]) throws(LeastSquaresError) -> (z: [DoubleDouble], missing: Double) {
    var z = [DoubleDouble](repeating: DoubleDouble(0), count: order)
    var (previous, missing) = (Double.infinity, Double.infinity)
    for _ in 0..<12 {
      var delta = difference(rightHandSide, z)
      try factor.solveTransposed(&delta)
      let size = delta.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard size < previous / 2 else { break }
      try factor.solve(&delta)
      for index in z.indices { z[index] = z[index] + delta[index] }
      // The next step would be about as much shorter than this one as this one is than the last.
      missing = previous.isFinite ? size * min(0.5, size / previous) : size / 2
      previous = size
      if size <= 0x1p-104 * factor.length(of: z.map(\.high)) { break }
    }
    return (z, missing)
  }

  /// rightHandSide − Gz, rounded.
  func difference(_ rightHandSide: [DoubleDouble], _ z: [DoubleDouble]) -> [Double] {
    (0..<order).map { row in
      var sum = LongSum(rightHandSide[row])
      for column in 0..<order { sum.subtract(gram[row * order + column], times: z[column]) }
      return sum.value
    }
  }

  /// The length in the factor's metric of the error that the sums' roundings cause in z, the solution for the target.
  func error(_ z: [DoubleDouble]) -> Double {
    Self.rounding * magnification * (zip(z, gross).reduce(0) { $0 + abs($1.0.high) * $1.1 } + targetGross)
  }

  /// ‖R⁻ᵀ·D‖ for the diagonal D of the columns' gross lengths, bounded: how much relative errors of the sums are magnified.
  private var magnification: Double { zip(sensitivities, gross).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The factor by which one pass over the rows reduces the error.
  var contraction: Double { Self.rounding * magnification * magnification }

  /// The length in the factor's metric of the error that rounding in a pass over the rows leaves.
  func passError(_ z: [DoubleDouble]) -> Double {
    0x1p-100 * (zip(z, factor.lengths).reduce(0) { $0 + abs($1.0.high) * $1.1 } + targetSquares.high.squareRoot())
  }

  /// The largest error relative to its coefficient that an error of that length can be.
  func relativeError(_ z: [DoubleDouble], _ length: Double) -> Double {
    zip(z, sensitivities).reduce(0) { $1.0.high == 0 ? $0 : max($0, length * $1.1 / abs($1.0.high)) }
  }

  /// Σ w·r² for the solution z of the sums, and a bound on its error.
  func residualSquares(_ z: [DoubleDouble]) -> (value: Double, error: Double) {
    var sum = LongSum(targetSquares)
    let gradient = difference(products, z)
    for index in z.indices {
      sum.subtract(products[index], times: z[index])
      sum.subtract(DoubleDouble(gradient[index]), times: z[index])
    }
    let size = zip(z, gross).reduce(targetGross) { $0 + abs($1.0.high) * $1.1 }
    return (max(0, sum.value), Self.rounding * size * size)
  }

  /// The inverse of G, row-major.
  func inverse() throws(LeastSquaresError) -> [Double] {
    var elements: [Double] = []
    for index in 0..<order {
      var unit = [DoubleDouble](repeating: DoubleDouble(0), count: order)
      unit[index] = DoubleDouble(1)
      elements += try solve(unit).z.map(\.value)
    }
    return elements
  }
}

extension LongSum {
  /// sum −= a·b for two words each.
  mutating func subtract(_ a: DoubleDouble, times b: DoubleDouble) {
    let product = DoubleDouble.product(a.high, -b.high)
    self += product.high
    self += product.low
    self += a.high * -b.low
    self += a.low * -b.high
  }
}
