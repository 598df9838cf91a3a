/// The triangle R of the packed rows P, and c = Qᵀb for their right-hand sides b, without Q: all that a ridge path needs of the rows.
struct RidgeTriangle: Sendable {
  let packed: PackedRows
  /// Upper triangular, column-major; rows beyond the rank, or beyond the number of rows, may be zero.
  let elements: [Double]
  /// One c for every target.
  let rightHandSides: [[Double]]

  var order: Int { packed.system.unknowns }

  /// From the Gram matrix, corrected by that of the columns which its Cholesky factor leaves nearly orthonormal; from a tall-skinny QR where
  /// the condition forbids the first, and where there are many targets.
  init(_ system: LeastSquaresSystem, _ targets: LeastSquaresTargets) throws(LeastSquaresError) {
    let pass = try GramPass(system, targets)
    let order = system.unknowns
    // The pass leaves many targets out.
    let isFused = pass.packed.targetCount == targets.count
    packed = isFused ? pass.packed : PackedRows(sampling: system, targets)
    if isFused, let (triangle, sides) = try RidgeTriangle.corrected(pass) {
      (elements, rightHandSides) = (triangle, sides)
      return
    }
    let width = packed.width
    let all = try TallSkinnyQR.factor(packed, columns: width)
    var triangle = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      for row in 0...column { triangle[column * order + row] = all[column * width + row] }
    }
    elements = triangle
    rightHandSides = (order..<width).map { Array(all[$0 * width..<$0 * width + order]) }
  }

  /// The bound of the automatic method for a factor from the Gram matrix.
  private static let conditionLimit = 3e6

  private static func corrected(_ pass: GramPass) throws(LeastSquaresError) -> ([Double], [[Double]])? {
    let order = pass.packed.system.unknowns
    guard order > 0, pass.packed.system.rows >= order else { return nil }
    var gram = pass.penalisedGram
    let failed = try withLinearAlgebra { () throws(LinearAlgebraError) in try LAPACK.cholesky(order: order, &gram) }
    guard failed == nil else { return nil }
    let factor = try TriangularFactor(order: order, gram)
    guard factor.condition * Double(order).squareRoot() < conditionLimit else { return nil }
    return try OrthonormalRows.factor(factor.elements, pass.packed)
  }

  /// Throws, naming columns, where the coefficients are not determined without a penalty.
  func requireFullRank() throws(LeastSquaresError) {
    try RankDecision.check(TriangularFactor(order: order, elements), packed)
  }
}
