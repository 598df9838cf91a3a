/// A factor of a Hessian, or of the nearest multiple of its diagonal above it that is positive definite.
struct HessianFactor: Sendable {
  /// Column-major upper R with RᵀR = S(H + damping·diag H)S.
  private let factor: [Double]
  /// S: powers of two that bring the diagonal to about 1.
  private let scale: [Double]
  private let order: Int
  /// By how many times its diagonal the Hessian was raised; 0 if it is positive definite.
  let damping: Double

  /// - Parameter rounding: The error of the Hessian's elements, relative to the root of the two diagonal ones.
  /// - Complexity: O(order³/3), times 2 or more where the Hessian is not positive definite.
  init(
    _ hessian: Matrix<Double>, damping initial: Double = 0, rounding: Double = .ulpOfOne
  ) throws(ObjectiveError) {
    order = hessian.rows
    var scale = [Double](repeating: 1, count: order)
    for index in 0..<order {
      let diagonal = abs(hessian.elements[index * (order + 1)])
      scale[index] = PowerOfTwo.reciprocal(of: diagonal.squareRoot())
    }
    self.scale = scale
    var damping = initial
    while true {
      var elements = hessian.elements
      for row in 0..<order {
        for column in 0..<order { elements[row * order + column] *= scale[row] * scale[column] }
        // A parameter that nothing depends on stays where it is.
        let diagonal = elements[row * (order + 1)]
        elements[row * (order + 1)] = diagonal == 0 ? 1 : diagonal + damping * max(abs(diagonal), 1e-8)
      }
      let failure: Int?
      do throws(LinearAlgebraError) { failure = try LAPACK.cholesky(order: order, &elements) } catch {
        throw .linearAlgebra(error)
      }
      if failure == nil && Self.isSafe(elements, order, rounding) || damping > 1e12 {
        factor = elements
        self.damping = damping
        return
      }
      damping = damping == 0 ? 1e-10 : damping * 100
    }
  }

  /// Whether no pivot is all rounding.
  private static func isSafe(_ elements: [Double], _ order: Int, _ rounding: Double) -> Bool {
    (0..<order).allSatisfy { elements[$0 * (order + 1)] > (Double(order) * 4 * rounding).squareRoot() }
  }

  /// About the smallest eigenvalue of SHS, whose diagonal is about 1; 0 where rounding left none. By inverse iteration, which comes near it
  /// from above.
  ///
  /// - Complexity: O(order²)
  func leastCurvature() throws(ObjectiveError) -> Double {
    if damping > 0 { return 0 }
    // No direction in particular.
    var vector = (0..<order).map { ElementaryFunctions.cos(Double($0 * $0 + 1)) }
    var growth = 1.0
    for _ in 0..<6 {
      let length = Vectors.norm(vector)
      let next = Vectors.product(try solve(Vectors.product(vector, scale.map { 1 / $0 })), scale.map { 1 / $0 })
      growth = Vectors.norm(next) / length
      vector = Vectors.scaled(next, by: 1 / Vectors.norm(next))
    }
    return 1 / growth
  }

  /// H⁻¹·vector.
  func solve(_ vector: [Double]) throws(ObjectiveError) -> [Double] {
    var solution = zip(vector, scale).map { $0 * $1 }
    do throws(LinearAlgebraError) {
      var span = solution.mutableSpan
      // Column-major R is row-major Rᵀ, a lower triangle.
      try BLAS.trsv(triangle: .lower, transposeA: false, size: order, a: factor.span, x: &span)
      try BLAS.trsv(triangle: .lower, transposeA: true, size: order, a: factor.span, x: &span)
    } catch {
      throw .linearAlgebra(error)
    }
    for index in solution.indices { solution[index] *= scale[index] }
    return solution
  }

  /// H⁻¹, both triangles.
  ///
  /// - Complexity: O(order³)
  func inverse() throws(ObjectiveError) -> Matrix<Double> {
    var root = factor
    var result = Matrix<Double>.zeros(rows: order, columns: order)
    do throws(LinearAlgebraError) {
      _ = try LAPACK.triangularInverse(order: order, &root)
      // Column-major R⁻¹ is row-major R⁻ᵀ, a lower triangle; what lies above it is not part of the factor.
      for row in 0..<order {
        for column in 0..<order {
          root[row * order + column] = column > row ? 0 : root[row * order + column] * scale[column]
        }
      }
      var output = result.elements.mutableSpan
      try BLAS.syrk(size: order, inner: order, a: root.span, transposeA: true, c: &output)
      BLAS.mirror(.upper, size: order, c: &output)
    } catch {
      throw .linearAlgebra(error)
    }
    return result
  }
}
