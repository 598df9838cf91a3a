import LossAccel
import TestSupport
import Testing

/// Numbers with all their bits in use, so that another order of summation would show.
private func fractions<T: Scalar>(_ count: Int, seed: Int) -> [T] {
  var generator = SeededGenerator(seed: UInt64(seed))
  return generator.numbers(count, in: -1...1)
}

@Suite struct BLASThreadTests {
  /// Calls `body` with 1, 2, 3 and 8 threads, and expects the same bits each time.
  private func expectSameBits<T: Scalar>(_ body: () throws -> [T]) throws {
    let expected = try Parallelism.withThreads(1, body)
    for threads in [2, 3, 8] { #expect(try Parallelism.withThreads(threads, body) == expected) }
  }

  private func checkProducts<T: Scalar>(_: T.Type) throws {
    // Many rows; many columns; long sums; and blocks in all three directions.
    for (m, n, k) in [(700, 40, 200), (3, 2500, 700), (9, 7, 150_000), (600, 2100, 9)] {
      let a: [T] = fractions(m * k, seed: 1)
      let b: [T] = fractions(k * n, seed: 2)
      let plan = ProductPlan.gemm(rows: m, columns: n, inner: k, limit: BLAS.dimensionLimit)
      #expect(plan.rowBlock < m || plan.columnBlock < n || plan.innerBlock < k, "\(m)x\(n)x\(k) is not cut")
      let start: [T] = fractions(m * n, seed: 3)
      try expectSameBits {
        var c = start
        var output = c.mutableSpan
        try BLAS.gemm(rows: m, columns: n, inner: k, a: a.span, b: b.span, beta: 0.5, c: &output)
        return c
      }
      // Row 1 against a plain sum in double precision.
      var c = [T](repeating: .nan, count: m * n)
      var output = c.mutableSpan
      try BLAS.gemm(rows: m, columns: n, inner: k, a: a.span, b: b.span, c: &output)
      let bound = 4 * Double(k).squareRoot() * Double(T.ulpOfOne)
      for column in stride(from: 0, to: n, by: max(n / 7, 1)) {
        var (sum, magnitude) = (0.0, 0.0)
        for index in 0..<k {
          let term = Double(a[k + index]) * Double(b[index * n + column])
          sum += term
          magnitude += abs(term)
        }
        #expect(abs(Double(c[n + column]) - sum) <= bound * magnitude)
      }
    }
  }

  @Test func productsHaveTheSameBits() throws {
    try checkProducts(Float.self)
    try checkProducts(Double.self)
  }

  @Test(arguments: [false, true]) func matrixTimesVectorHasTheSameBits(transposed: Bool) throws {
    for (rows, columns) in [(20_000, 11), (70, 9000)] {
      let a: [Double] = fractions(rows * columns, seed: 4)
      let x: [Double] = fractions(transposed ? rows : columns, seed: 5)
      #expect(ProductPlan.gemv(rows: rows, columns: columns, transposed: transposed) < rows)
      try expectSameBits {
        var y = [Double](repeating: 1, count: transposed ? columns : rows)
        var output = y.mutableSpan
        try BLAS.gemv(
          rows: rows, columns: columns, a: a.span, transposeA: transposed, x: x.span, beta: 0.5, y: &output)
        return y
      }
    }
  }

  private func checkGram<T: Scalar>(_: T.Type) throws {
    // One block; blocks of rows with narrow kernels, and with syrk; tiles.
    for (rows, columns) in [(31, 3), (40_000, 7), (3000, 60), (90, 530)] {
      let stride = columns + 1
      let a: [T] = fractions(rows * stride, seed: 6)
      func gram() throws -> [Double] {
        var g = [Double](repeating: .nan, count: columns * columns)
        var output = g.mutableSpan
        try BLAS.gram(rows: rows, columns: columns, a: a.span, aStride: stride, into: &output)
        return g
      }
      try expectSameBits(gram)
      let g = try gram()
      for (i, j) in [(0, 0), (columns - 1, 0), (columns / 2, columns - 1)] {
        let terms = (0..<rows).map { Double(a[$0 * stride + i]) * Double(a[$0 * stride + j]) }
        let magnitude = terms.reduce(0) { $0 + abs($1) }
        #expect(abs(g[i * columns + j] - terms.reduce(0, +)) <= 4 * Double(rows).squareRoot() * 0x1p-53 * magnitude)
        #expect(g[i * columns + j] == g[j * columns + i])
      }
    }
  }

  @Test func gramMatricesHaveTheSameBits() throws {
    try checkGram(Float.self)
    try checkGram(Double.self)
  }

  @Test func addedBlocksMakeTheGramMatrix() throws {
    let a: [Float] = smallIntegers(100 * 6, seed: 7)
    var sum = [Double](repeating: 0, count: 36)
    var output = sum.mutableSpan
    for top in stride(from: 0, to: 100, by: 30) {
      let rows = min(30, 100 - top)
      try BLAS.addGram(rows: rows, columns: 6, a: a.span.extracting(top * 6..<(top + rows) * 6), to: &output)
    }
    BLAS.mirror(.upper, size: 6, c: &output)
    var whole = [Double](repeating: 0, count: 36)
    var wholeOutput = whole.mutableSpan
    try BLAS.gram(rows: 100, columns: 6, a: a.span, into: &wholeOutput)
    #expect(sum == whole)
  }

  @Test func triangularSolvesHaveTheSameBits() throws {
    var a: [Double] = fractions(60 * 60, seed: 8)
    for index in 0..<60 { a[index * 61] = 30 }
    for (side, rows, columns) in [(BLAS.Side.left, 60, 5000), (.right, 5000, 60)] {
      let b: [Double] = fractions(rows * columns, seed: 9)
      try expectSameBits {
        var x = b
        var output = x.mutableSpan
        try BLAS.trsm(side: side, triangle: .upper, rows: rows, columns: columns, a: a.span, b: &output)
        return x
      }
    }
  }

  @Test func manyCallersGetTheSameBits() async throws {
    let a = Matrix<Double>(rows: 600, columns: 90, elements: fractions(54_000, seed: 10))
    let expected = try a.transposeMultiplied(by: a)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask { try (0..<5).allSatisfy { _ in try a.transposeMultiplied(by: a) == expected } }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }
}

@Suite struct BLASDimensionTests {
  @Test func plansStayWithinTheLimit() {
    let huge = 1 << 40
    let plan = ProductPlan.gemm(rows: huge, columns: 3, inner: 2, limit: BLAS.dimensionLimit)
    #expect(plan.rowBlock <= BLAS.dimensionLimit && plan.columnBlock == 3)
    // Wide results have tiles enough: no copies of tens of megabytes.
    let short = ProductPlan.gemm(rows: 64, columns: 30_000, inner: 4096, limit: BLAS.dimensionLimit)
    #expect(short.innerBlock == 4096 && short.columnBlock < 30_000)
    let wide = ProductPlan.gemm(rows: 1, columns: huge, inner: 1, limit: 1000)
    #expect(wide.columnBlock <= 1000)
    let long = ProductPlan.gemm(rows: 2, columns: 2, inner: huge, limit: BLAS.dimensionLimit)
    #expect(long.innerBlock < huge)
  }

  @Test func whatCannotBeCutThrows() throws {
    let a = [Double](repeating: 0, count: 64)
    #expect(
      throws: LinearAlgebraError.dimensionTooLarge(operation: "syrk", dimension: "the order of C", value: 8, limit: 7)
    ) {
      var c = a
      var output = c.mutableSpan
      try BLAS.syrk(size: 8, inner: 1, a: a.span, c: &output, limit: 7)
    }
    // A single row may lie in a matrix whose rows are too long for BLAS.
    let error = #expect(throws: LinearAlgebraError.self) {
      var y: [Double] = [0]
      var output = y.mutableSpan
      try BLAS.gemv(rows: 1, columns: 64, a: a.span, aStride: 1 << 40, x: a.span, y: &output)
    }
    #expect(error?.description.contains("split the matrix") == true)
  }

  @Test func mistakesStopTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let a: [Double] = [1, 2]
      let x: [Double] = [1]
      var y: [Double] = [0]
      var output = y.mutableSpan
      try BLAS.gemv(rows: 1, columns: 2, a: a.span, x: x.span, y: &output)
    }
    await #expect(processExitsWith: .failure) {
      let a: [Double] = [1, 2]
      var c: [Double] = [0, 0, 0]
      var output = c.mutableSpan
      try BLAS.gemm(rows: 2, columns: 2, inner: 1, a: a.span, b: a.span, c: &output)
    }
  }
}
