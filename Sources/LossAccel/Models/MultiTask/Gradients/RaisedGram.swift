/// A Gram matrix whose diagonal is raised by about its rounding where it is factored, so that every part of it has a factor.
struct RaisedGram: Sendable {
  let gram: Matrix<Double>
  /// What is added to the diagonal.
  let raise: [Double]

  /// The rounding of an inner product, relative to the lengths of its vectors, with room to spare.
  private static let rounding = 64 * Double.ulpOfOne

  init(_ gram: Matrix<Double>) {
    let diagonal = (0..<gram.rows).map { gram[$0, $0] }
    let largest = diagonal.reduce(0, max)
    self.gram = gram
    // A vector of length 0 has no rounding; it counts as one that is lost beside the others.
    raise = diagonal.map {
      max(Self.rounding * ($0 > 0 ? $0 : Self.rounding * largest), .leastNormalMagnitude)
    }
  }

  /// G·vector, without the raise.
  func times(_ vector: [Double]) -> [Double] {
    (0..<gram.rows).map { row in zip(gram.row(row), vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// The factor of the part of some rows and columns.
  func factor(of face: [Int]) throws(LinearAlgebraError) -> Factor { try Factor(self, face) }

  /// The Cholesky factor of a part.
  struct Factor {
    /// Column-major R with RᵀR = S·part·S.
    private let elements: [Double]
    /// S = diag^(−½): the lengths of the vectors do not matter.
    private let scale: [Double]

    fileprivate init(_ raised: RaisedGram, _ face: [Int]) throws(LinearAlgebraError) {
      let order = face.count
      let scale = face.map { 1 / (raised.gram[$0, $0] + raised.raise[$0]).squareRoot() }
      var raise = 1.0
      while true {
        var elements = [Double](repeating: 0, count: order * order)
        for row in 0..<order {
          for column in 0..<order {
            var value = raised.gram[face[row], face[column]]
            if row == column { value += raise * raised.raise[face[row]] }
            elements[column * order + row] = value * scale[row] * scale[column]
          }
        }
        if try LAPACK.cholesky(order: order, &elements) == nil {
          (self.elements, self.scale) = (elements, scale)
          return
        }
        raise *= 4
      }
    }

    /// part⁻¹·vector.
    func solve(_ vector: [Double]) throws(LinearAlgebraError) -> [Double] {
      var solution = zip(vector, scale).map { $0 * $1 }
      var span = solution.mutableSpan
      // Column-major R is row-major Rᵀ, a lower triangle.
      try BLAS.trsv(triangle: .lower, transposeA: false, size: scale.count, a: elements.span, x: &span)
      try BLAS.trsv(triangle: .lower, transposeA: true, size: scale.count, a: elements.span, x: &span)
      return zip(solution, scale).map { $0 * $1 }
    }
  }
}
