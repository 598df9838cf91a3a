import LossAccel
import Testing

/// Each call on a small problem with a known answer, in both precisions; matrices are column-major.
@Suite struct LAPACKTests {
  private func close<T: Scalar>(_ a: [T], _ b: [T]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 64 * T.ulpOfOne * max(1, abs($1)) }
  }

  /// Sizes that 32-bit integers do not hold are refused by name, before anything is allocated or computed.
  @Test func dimensionsBeyond32BitsAreRefused() throws {
    for value in [1 << 28 + 1, 1 << 31, 1 << 40] {
      #expect(
        throws: LinearAlgebraError.dimensionTooLarge(
          operation: "geqrf", dimension: "the rows", value: value, limit: 1 << 28)
      ) { try LAPACK.dimension("geqrf", "the rows", value) }
    }
    #expect(try LAPACK.dimension("geqrf", "the rows", 1 << 28) == 1 << 28)
    // The workspace of the widest singular value decomposition: 4k² + 7k, and blocks of 64 columns.
    let k = LAPACK.singularValueLimit
    #expect(4 * k * k + 7 * k + 64 * 2 * k <= Int(Int32.max))
  }

  @Test func cholesky() throws {
    try checkCholesky(Float.self)
    try checkCholesky(Double.self)
  }

  private func checkCholesky<T: Scalar>(_ type: T.Type) throws {
    var a: [T] = [4, 99, 2, 5]  // the lower triangle is not read
    #expect(try LAPACK.cholesky(order: 2, &a) == nil)
    #expect(close([a[0], a[2], a[3]], [2, 1, 2]) && a[1] == 99)
    var indefinite: [T] = [1, 0, 2, 1]
    #expect(try LAPACK.cholesky(order: 2, &indefinite) == 1)
    var r: [T] = [2, 0, 1, 4]
    #expect(try LAPACK.triangularInverse(order: 2, &r) == nil)
    #expect(close(r, [0.5, 0, -0.125, 0.25]))
    var singular: [T] = [2, 0, 1, 0]
    #expect(try LAPACK.triangularInverse(order: 2, &singular) == 1)
    #expect(try LAPACK.conditionEstimate(order: 2, [1, 0, 0, 8] as [T]) == 8)
    #expect(try LAPACK.conditionEstimate(order: 2, [1, 0, 0, 0] as [T]) == .infinity)
    #expect(try LAPACK.conditionEstimate(order: 0, [] as [T]) == 1)
  }

  @Test func orthogonalFactorisations() throws {
    try checkOrthogonal(Float.self)
    try checkOrthogonal(Double.self)
  }

  private func checkOrthogonal<T: Scalar>(_ type: T.Type) throws {
    let a: [T] = [3, 4, 0, 1, 2, 2]
    var factored = a
    let tau = try LAPACK.qr(rows: 3, columns: 2, &factored)
    // QR applied to (R; 0) gives A back.
    var product: [T] = [factored[0], 0, 0, factored[3], factored[4], 0]
    try LAPACK.applyQ(transposed: false, rows: 3, columns: 2, reflectors: factored, tau: tau, to: &product)
    #expect(close(product, a))
    #expect(abs(abs(factored[0]) - 5) < 1e-5)
    var pivoted: [T] = [1, 0, 0, 5]
    let order = try LAPACK.pivotedQR(rows: 2, columns: 2, &pivoted).order
    #expect(order == [1, 0] && close([abs(pivoted[0])], [5]))

    // [1 2 2] = [t 0 0]·Z, so Zᵀ(t, 0, 0)ᵀ is the row again.
    var trapezoid: [T] = [1, 2, 2]
    let scalars = try LAPACK.completeOrthogonal(rows: 1, columns: 3, &trapezoid)
    #expect(close([abs(trapezoid[0])], [3]))
    var row: [T] = [trapezoid[0], 0, 0]
    try LAPACK.applyZTransposed(order: 3, columns: 1, rank: 1, reflectors: trapezoid, tau: scalars, to: &row)
    #expect(close(row, [1, 2, 2]))
  }

  @Test func drivers() throws {
    try checkDrivers(Float.self)
    try checkDrivers(Double.self)
  }

  private func checkDrivers<T: Scalar>(_ type: T.Type) throws {
    let found = try #require(try LAPACK.singularValues(rows: 3, columns: 2, [0, 3, 0, 4, 0, 0] as [T]))
    #expect(close(found.s, [4, 3]))
    #expect(close([abs(found.u[0]), abs(found.u[4])], [1, 1]) && close(found.vt.map { abs($0) }, [0, 1, 1, 0]))

    var line: [T] = [1, 1, 1, 0, 1, 2]
    var b: [T] = [1, 3, 5]
    #expect(try LAPACK.gels(rows: 3, columns: 2, targets: 1, &line, &b) == nil)
    #expect(close(Array(b[..<2]), [1, 2]))
    var zero: [T] = [1, 1, 0, 0]
    var c: [T] = [1, 1]
    #expect(try LAPACK.gels(rows: 2, columns: 2, targets: 1, &zero, &c) == 1)

    // The point nearest to (1, 2) on x + y = 1.
    var (identity, sum): ([T], [T]) = ([1, 0, 0, 1], [1, 1])
    let nearest = try LAPACK.constrainedLeastSquares(
      rows: 2, columns: 2, constraints: 1, &identity, &sum, target: [1, 2], constraintTarget: [1])
    #expect(close(try nearest.get(), [0, 1]))
  }

  @Test func dimensionsBeyondTheLibraryThrow() {
    #expect(throws: LinearAlgebraError.self) { try LAPACK.dimension("qr", "the rows", 1 << 31) }
  }
}
