/// A ridge path in coordinates in which the penalty is the identity and the columns are orthogonal: there every λ costs O(columns).
///
/// With the unpenalised columns u first, R = [Ruu Rup; 0 Rpp], and D the penalties' factors of the packed columns, let Rpp·D^−½ = UΣVᵀ.
/// Then y = Kᵀp has one coordinate for every unpenalised column and one for every singular value σ; a row's fitted value is Σ yα(λ)
/// with α = σγ/(σ² + λ), γ = Uᵀc, its leverage Σ y²/(σ² + λ) (α = c and 1 for the unpenalised), and the packed coefficients are Kα.
struct RidgeSpectrum: Sendable {
  let packed: PackedRows
  /// Row-major: row i has what packed column i contributes to each coordinate; the unpenalised coordinates first.
  private let coordinates: [Double]
  private let unpenalised: Int
  /// By target.
  private let fixed: [[Double]]
  private let singularValues: [Double]
  /// By target.
  private let shares: [[Double]]

  private var order: Int { packed.system.unknowns }

  init(_ triangle: RidgeTriangle) throws(LeastSquaresError) {
    let (packed, order) = (triangle.packed, triangle.order)
    let (system, offset) = (packed.system, packed.system.offset)
    func factor(_ column: Int) -> Double { column < offset ? 0 : system.penaltyFactors?[column - offset] ?? 1 }
    let first = (0..<order).filter { factor($0) == 0 }
    let columns = first + (0..<order).filter { factor($0) > 0 }
    let (r, c) = try RidgeSpectrum.reordered(triangle, columns)
    let (u, p) = (first.count, order - first.count)
    let corner = (0..<u).flatMap { column in (0..<u).map { $0 <= column ? r[column * order + $0] : 0 } }
    try RidgeSpectrum.requireIndependent(corner, order: u, columns: first, packed)

    // The roots of the penalties, not the penalties: their squares could leave the range of a double.
    let roots = columns[u...].map { factor($0).squareRoot() * packed.scale[$0 - offset] }
    var block = [Double](repeating: 0, count: p * p)
    for column in 0..<p {
      for row in 0...column { block[column * p + row] = r[(column + u) * order + row + u] / roots[column] }
    }
    guard block.allSatisfy({ abs($0) < 0x1p500 }) else { throw .outOfRange }
    let found = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.singularValues(rows: p, columns: p, block)
    }
    guard let (left, values, vt) = found else { throw .singularValuesNotConverged }
    singularValues = values
    shares = c.map { c in (0..<p).map { k in (0..<p).reduce(0) { $0 + left[k * p + $1] * c[u + $1] } } }
    fixed = c.map { Array($0[..<u]) }
    unpenalised = u
    coordinates = try RidgeSpectrum.coordinates(r, columns, u, roots: roots, vt)
    self.packed = packed
  }

  /// R with its columns in another order, again a triangle, and c to match.
  private static func reordered(
    _ triangle: RidgeTriangle, _ columns: [Int]
  ) throws(LeastSquaresError) -> ([Double], [[Double]]) {
    let order = triangle.order
    guard columns != Array(0..<order) else { return (triangle.elements, triangle.rightHandSides) }
    var matrix = columns.flatMap { triangle.elements[$0 * order..<($0 + 1) * order] }
    let count = triangle.rightHandSides.count
    var sides = triangle.rightHandSides.flatMap { $0 }
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      let tau = try LAPACK.qr(rows: order, columns: order, &matrix)
      try LAPACK.applyQ(transposed: true, rows: order, columns: count, reflectors: matrix, tau: tau, to: &sides)
    }
    return (
      TallSkinnyQR.triangle(matrix, rows: order, order: order),
      (0..<count).map { Array(sides[$0 * order..<($0 + 1) * order]) }
    )
  }

  /// Throws where the unpenalised columns, which no penalty holds, are not independent.
  private static func requireIndependent(
    _ corner: [Double], order: Int, columns: [Int], _ packed: PackedRows
  ) throws(LeastSquaresError) {
    guard order > 0 else { return }
    let factor = try TriangularFactor(order: order, corner)
    let limit = TriangularFactor.conditionLimit(order: order)
    let offset = packed.system.offset
    // A column that the shift leaves nothing of is a multiple of the ones.
    let unshifted = columns.indices.map { index in
      columns[index] < offset
        ? factor.lengths[index]
        : factor.lengths[index] + abs(packed.mean(columns[index] - offset)) * abs(corner[0])
    }
    let analysis = RankAnalysis(order: order, corner, lengths: unshifted, conditionLimit: limit)
    guard !analysis.dropped.isEmpty else { return }
    let dependent = analysis.dropped.map { column, coefficients in
      let parts = zip(analysis.kept, coefficients).filter { abs($1) * unshifted[$0] > 1e-8 * unshifted[column] }
      return DependentColumn(
        column: columns[column] - offset, combinationOf: parts.map { columns[$0.0] - offset }.filter { $0 >= 0 },
        includesIntercept: offset == 1)
    }
    throw .rankDeficient(rank: analysis.kept.count, columns: order, dependent: dependent)
  }

  /// K: the unpenalised coordinates Ruu⁻¹, the others [−Ruu⁻¹Rup; I]·D^−½V.
  private static func coordinates(
    _ r: [Double], _ columns: [Int], _ u: Int, roots: [Double], _ vt: [Double]
  ) throws(LeastSquaresError) -> [Double] {
    let order = columns.count
    let p = order - u
    // Row-major in the new order of columns.
    var result = [Double](repeating: 0, count: order * order)
    for row in 0..<u { result[row * order + row] = 1 }
    for row in 0..<p {
      for k in 0..<p { result[(row + u) * order + k + u] = vt[row * p + k] / roots[row] }
    }
    for row in 0..<u {
      for inner in 0..<p {
        let entry = r[(inner + u) * order + row]
        guard entry != 0 else { continue }
        for k in 0..<p { result[row * order + k + u] -= entry * result[(inner + u) * order + k + u] }
      }
    }
    // Ruu⁻¹ from the left: back substitution, all columns at once.
    for row in (0..<u).reversed() {
      for inner in row + 1..<max(u, row + 1) {
        let entry = r[inner * order + row]
        for k in 0..<order { result[row * order + k] -= entry * result[inner * order + k] }
      }
      for k in 0..<order { result[row * order + k] /= r[row * order + row] }
    }
    var inPlace = result
    for (row, column) in columns.enumerated() {
      inPlace.replaceSubrange(column * order..<(column + 1) * order, with: result[row * order..<(row + 1) * order])
    }
    return inPlace
  }

  /// A hundred penalties that reach from no effect to nothing left.
  var automaticPenalties: [Double] {
    guard let largest = singularValues.first, largest > 0 else { return [1] }
    // A penalty below ε·σ² is lost beside the largest σ².
    let smallest = max(singularValues.last ?? largest, largest * Double.ulpOfOne.squareRoot())
    let low = ElementaryFunctions.log(smallest * smallest / 1000)
    let high = ElementaryFunctions.log(largest * largest * 1000)
    return (0..<100).map { ElementaryFunctions.exp(low + (high - low) * Double($0) / 99) }
  }

  /// 1/(σ² + λ), 0 where nothing is known of a direction and nothing holds it.
  private func inverse(_ value: Double, _ penalty: Double) -> Double {
    let sum = value * value + penalty
    return sum > 0 ? 1 / sum : 0
  }

  /// α(λ).
  private func weights(_ penalty: Double, target: Int = 0) -> [Double] {
    fixed[target] + zip(singularValues, shares[target]).map { $0 * $1 * inverse($0, penalty) }
  }

  func degreesOfFreedom(_ penalty: Double) -> Double {
    singularValues.reduce(Double(unpenalised)) { $0 + $1 * $1 * inverse($1, penalty) }
  }

  /// A target's coefficients of the columns as they were given, the intercept's first where there is one.
  func coefficients(_ penalty: Double, target: Int = 0) -> [Double] {
    let (weights, offset) = (weights(penalty, target: target), packed.system.offset)
    let packedOnes = (0..<order).map { row in
      weights.indices.reduce(0) { $0 + coordinates[row * order + $1] * weights[$1] }
    }
    var result = [Double](repeating: 0, count: order)
    let unit = 1 / packed.targetScale[target]
    for column in 0..<packed.system.columns {
      result[column + offset] = packedOnes[column + offset] * packed.scale[column] * unit
    }
    guard offset == 1 else { return result }
    var constant = DoubleDouble(packedOnes[0])
    for column in 0..<packed.system.columns {
      constant -= DoubleDouble.product(packedOnes[column + 1], packed.mean(column))
    }
    result[0] = (constant.scaled(by: unit) + packed.targetShift[target]).value
    return result
  }

  /// Σ w·e² and Σ w·(e/(1 − h))² for every penalty, in one pass over the rows; for the one target.
  func errors(_ penalties: [Double]) throws(LeastSquaresError) -> (fitted: [Double], deleted: [Double]) {
    let (count, wide) = (penalties.count, order + 1)
    // The target is one more coordinate, so that residuals are one product.
    var coordinates = [Double](repeating: 0, count: wide * wide)
    for row in 0..<order {
      for column in 0..<order { coordinates[row * wide + column] = self.coordinates[row * order + column] }
    }
    coordinates[wide * wide - 1] = 1
    var fits = [Double](repeating: 0, count: wide * count)
    var spreads = fits
    for (column, penalty) in penalties.enumerated() {
      for (row, weight) in weights(penalty).enumerated() { fits[row * count + column] = -weight }
      fits[order * count + column] = 1
      for row in 0..<unpenalised { spreads[row * count + column] = 1 }
      for (index, value) in singularValues.enumerated() {
        spreads[(index + unpenalised) * count + column] = inverse(value, penalty)
      }
    }
    let sums = try RidgeSpectrum.sums(packed, coordinates, fits, spreads, wide, count)
    let unit = 1 / packed.targetScale[0]
    return (sums[count...].map { $0 * unit * unit }, sums[..<count].map { $0 * unit * unit })
  }

  private static func sums(
    _ packed: PackedRows, _ coordinates: [Double], _ fits: [Double], _ spreads: [Double], _ wide: Int, _ count: Int
  ) throws(LeastSquaresError) -> [Double] {
    let rows = packed.system.rows
    let chunkRows = max(1024, 8 * wide, (rows + 63) / 64)
    let blockRows = min(256, rows)
    let parts = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try Parallelism.mapChunks(count: Parallelism.chunkCount(of: rows, chunkSize: chunkRows)) {
        (chunk) throws(LinearAlgebraError) in
        var (deleted, squares) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        var (block, turned) = ([Double](), [Double]())
        var (residuals, leverages) = ([Double](), [Double]())
        var largest = [Int64](repeating: 0, count: packed.system.columns + packed.targetCount)
        let range = Parallelism.range(ofChunk: chunk, of: rows, chunkSize: chunkRows)
        for start in Swift.stride(from: range.lowerBound, to: range.upperBound, by: blockRows) {
          let part = start..<min(start + blockRows, range.upperBound)
          if block.count != part.count * wide {
            block = [Double](repeating: 0, count: part.count * wide)
            turned = block
            residuals = [Double](repeating: 0, count: part.count * count)
            leverages = residuals
          }
          packed.pack(part, into: &block, stride: wide, largest: &largest)
          var turnedSpan = turned.mutableSpan
          try BLAS.gemm(
            rows: part.count, columns: wide, inner: wide, a: block.span, b: coordinates.span, c: &turnedSpan)
          var residualSpan = residuals.mutableSpan
          try BLAS.gemm(
            rows: part.count, columns: count, inner: wide, a: turned.span, b: fits.span, c: &residualSpan)
          var squaredSpan = turned.mutableSpan
          RowKernels.square(&squaredSpan)
          var leverageSpan = leverages.mutableSpan
          try BLAS.gemm(
            rows: part.count, columns: count, inner: wide, a: turned.span, b: spreads.span, c: &leverageSpan)
          var deletedSpan = deleted.mutableSpan
          var squaresSpan = squares.mutableSpan
          RowKernels.deletedErrors(
            residuals: residuals.span, leverages: leverages.span, columns: count, sums: &deletedSpan,
            squares: &squaresSpan)
        }
        return deleted + squares
      }
    }
    var total = parts[0]
    for part in parts.dropFirst() { for index in total.indices { total[index] += part[index] } }
    return total
  }
}
