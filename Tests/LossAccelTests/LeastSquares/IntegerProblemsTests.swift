import LossAccel
import TestSupport
import Testing

/// Problems of integers whose solution is known exactly: A = (C; C), b = (Cx + r; Cx − r). Then Aᵀ(b − Ax) = 0 for any r.
@Suite struct IntegerProblemsTests {
  struct Generator {
    var state: UInt64

    /// An integer in −range…range.
    mutating func next(_ range: Int) -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int(state >> 33) % (2 * range + 1) - range)
    }
  }

  /// Columns u, 2ˢu + v, 2ᵗv + w and w′: of condition about 2ˢ + 2ᵗ after scaling. No sum exceeds 2⁵³.
  private func problem(
    rows: Int, power: Int, second: Int, noise: Int, seed: Int
  ) -> (Matrix<Double>, [Double], [Double]) {
    var generator = Generator(state: UInt64(seed) &* 7919 &+ 11)
    let x = (0..<4).map { _ in generator.next(100) }
    var top: [[Double]] = []
    var bottom: [[Double]] = []
    var (first, last): ([Double], [Double]) = ([], [])
    let (scale, secondScale) = (Double(1 << power), Double(1 << second))
    for _ in 0..<rows {
      let (u, v, w) = (generator.next(8), generator.next(8), generator.next(8))
      let row = [u, scale * u + v, secondScale * v + w, generator.next(8)]
      let value = zip(row, x).reduce(0) { $0 + $1.0 * $1.1 }
      let residual = generator.next(noise)
      top.append(row)
      bottom.append(row)
      first.append(value + residual)
      last.append(value - residual)
    }
    return (Matrix(top + bottom), first + last, x)
  }

  @Test func everyAnswerIsRightOrRefused() throws {
    var (exact, total) = (0, 0)
    for seed in 0..<400 {
      let (power, second) = (seed % 39, seed / 7 % 20)
      let (matrix, targets, x) = problem(
        rows: 5 + seed % 50, power: power, second: second, noise: [1, 1000, 1 << 40][seed % 3], seed: seed)
      do {
        let solution = try leastSquares(matrix, targets)
        let bound = try #require(solution.certificate).relativeErrorBound
        for (actual, expected) in zip(solution.coefficients, x) {
          total += 1
          exact += actual == expected ? 1 : 0
          #expect(
            expected == 0 ? abs(actual) < 1e-12 : abs(actual - expected) <= bound * abs(expected),
            "seed \(seed): \(actual) \(expected) \(solution.report) \(bound)")
        }
      } catch {
        guard case .rankDeficient = error as? LeastSquaresError else { throw error }
        // Only what cannot be told from dependence may be refused: every single case is held to its exact condition.
        let dependence = ExactLeastSquares(matrix, targets)?.dependence ?? .infinity
        #expect(dependence > 1e12, "seed \(seed), powers \(power) and \(second): \(error)")
      }
    }
    // The rest are coefficients whose share of the targets, in a condition near the limit, is below the passes' rounding.
    #expect(Double(exact) > 0.9 * Double(total), "\(exact) of \(total) exact")
  }
}
