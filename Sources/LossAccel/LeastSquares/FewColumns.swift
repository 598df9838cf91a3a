/// The normal equations for up to four unknowns, with sums in more than twice the working precision from one pass over the rows, and their
/// solution in closed form: Cholesky's factorisation in two words.
///
/// Where columns are well conditioned that leaves errors far below the last bit of a Double, and no second pass is needed. The bound on
/// them is for whatever the sums may be wrong by. Where it does not suffice, the same sums give refinement its factor and its start.
struct FewColumns: Sendable {
  let packed: PackedRows
  /// Bounds on the magnitudes of A's columns and then of the right-hand side, as bits.
  let largest: [Int64]
  /// Of the packed columns and the scaled right-hand side, row-major of that order.
  private let products: [DoubleDouble]
  private let order: Int
  /// The lengths of the same before the shift: the error of a product is below ``rounding`` times those of its two columns.
  private let gross: [Double]

  /// The kernel's 2⁻⁹⁷ of a sum; a shift takes three sums more, of no more than the same size. What the factorisation adds is below
  /// 2⁻¹⁰⁰ for four columns.
  private static let rounding = 0x1p-95

  private static let mostUnknowns = 4

  /// Less than this part of a column's square left by the shift, and a sample has to find one that is taken from the elements.
  private static let leastShare = 0x1p-40

  /// nil for systems of another kind, for elements that are not finite, and where squares might leave the range of a double.
  init?(_ system: LeastSquaresSystem, _ targets: LeastSquaresTargets?) {
    guard let targets, targets.count == 1, targets.remainders == nil, system.remainders == nil, system.weights == nil,
      system.ridge == 0, system.columns > 0, system.unknowns <= FewColumns.mostUnknowns,
      system.accuracy == .double
    else { return nil }
    let (rows, columns, offset) = (system.rows, system.columns, system.offset)
    let chunkRows = FewColumns.chunkRows(rows: rows, columns: columns)
    let sums = Parallelism.combineChunks(
      count: Parallelism.chunkCount(of: rows, chunkSize: chunkRows),
      { chunk in
        LeastSquaresKernels.ProductSums(
          system.matrix, columns: columns, rows: Parallelism.range(ofChunk: chunk, of: rows, chunkSize: chunkRows),
          targets: targets.elements, ones: system.hasIntercept)
      }, { $0 += $1 })
    let bounds = sums.squares.map { 1.001 * $0.squareRoot() }
    guard bounds.allSatisfy({ $0 > 0x1p-200 && $0 < 0x1p200 }),
      (0..<sums.order).allSatisfy({ sums[$0, $0].value.isFinite })
    else { return nil }
    largest = bounds.map { Int64($0.bitPattern) }
    var packed = PackedRows(system, targets, scaledToLargest: largest)
    if system.centers {
      for column in 0..<columns {
        packed.shift[column] = sums[0, column + 1].value / Double(rows)
        let left = FewColumns.shifted(sums, column + 1, column + 1, packed.shift).value
        guard left > FewColumns.leastShare * sums[column + 1, column + 1].value else { return nil }
        packed.scale[column] = PowerOfTwo.reciprocal(of: (left / Double(rows)).squareRoot())
      }
    }
    let order = sums.order
    let scales = (offset == 1 ? [1] : []) + packed.scale + packed.targetScale
    var products = [DoubleDouble](repeating: DoubleDouble(0), count: order * order)
    for j in 0..<order {
      for i in 0...j {
        let sum = system.centers ? FewColumns.shifted(sums, i, j, packed.shift) : sums[i, j]
        products[i * order + j] = sum.wide.scaled(by: scales[i]).scaled(by: scales[j])
        products[j * order + i] = products[i * order + j]
      }
    }
    gross = (0..<order).map { sums[$0, $0].value.squareRoot() * scales[$0] }
    (self.packed, self.products, self.order) = (packed, products, order)
  }

  /// Σ (u − s)(v − t) for columns of [1 | A | b], of which A's have shifts: their products with the ones are known.
  private static func shifted(
    _ sums: LeastSquaresKernels.ProductSums, _ i: Int, _ j: Int, _ shift: [Double]
  ) -> LongSum {
    func of(_ column: Int) -> Double { column == 0 || column > shift.count ? 0 : shift[column - 1] }
    let (s, t) = (of(i), of(j))
    var sum = sums[i, j]
    sum -= (sums[0, j], s)
    sum -= (sums[0, i], t)
    sum -= (LongSum(DoubleDouble.product(s, t)), -sums[0, 0].value)
    return sum
  }

  /// Some tens of microseconds to a chunk, and at most 64 chunks, whatever the number of threads.
  private static func chunkRows(rows: Int, columns: Int) -> Int {
    max(65_536 / (columns + 1), (rows + 63) / 64)
  }

  /// The products rounded, column-major.
  var gram: [Double] { products.map(\.value) }

  /// Coefficients of the packed columns, and what is known about them.
  struct Solution {
    var z: [DoubleDouble]
    /// Σ r² in units of the scaled right-hand side, and a bound on its error.
    var squares: Double
    var squaresError: Double
    /// A bound on the length of the error in the factor's metric.
    var error: Double
  }

  /// The solution, where the matrix is positive definite; `factor` is a triangle of the same products in doubles.
  func solution(_ factor: TriangularFactor) throws(LeastSquaresError) -> Solution? {
    let unknowns = order - 1
    // R of [P | b] in two words, row-major: its last column is R⁻ᵀPᵀb, its last pivot the residual's square.
    var r = products
    for j in 0..<unknowns {
      for i in 0..<j {
        for k in j..<order { r[j * order + k] -= r[i * order + j] * r[i * order + k] }
      }
      guard r[j * order + j].high > 0 else { return nil }
      let root = r[j * order + j].squareRoot()
      r[j * order + j] = root
      for k in j + 1..<order { r[j * order + k] = r[j * order + k] / root }
    }
    var squares = LongSum(products[order * order - 1])
    var z: [DoubleDouble] = []
    for j in 0..<unknowns {
      z.append(r[j * order + unknowns])
      squares -= z[j] * z[j]
    }
    for j in (0..<unknowns).reversed() {
      for k in j + 1..<unknowns { z[j] -= r[j * order + k] * z[k] }
      z[j] = z[j] / r[j * order + j]
    }
    let size = zip(z, gross).reduce(gross[unknowns]) { $0 + abs($1.0.high) * $1.1 }
    let magnification = zip(try factor.sensitivities(), gross).reduce(0) { $0 + $1.0 * $1.1 }
    return Solution(
      z: z, squares: max(0, squares.value), squaresError: FewColumns.rounding * size * size,
      error: FewColumns.rounding * magnification * size)
  }
}

extension LongSum {
  fileprivate static func -= (sum: inout LongSum, term: DoubleDouble) {
    sum += -term.high
    sum += -term.low
  }
}
