import LossAccel
import TestSupport
import Testing

/// Thousands of generated problems against their solutions in integers of any size.
@Suite struct NeverConfidentlyWrongTests {
  struct Tally {
    var (coefficients, rounded, refused, vague) = (0, 0, 0, 0)
  }

  /// The error is within the bound that the solution states; below a condition of 10¹² (columns scaled) the bound is the last bit; and
  /// nothing that is well conditioned is refused.
  @Test func everyAnswerIsAsGoodAsItSays() throws {
    var tally = Tally()
    for number in 0..<4400 { try check(GeneratedProblem(number: number), &tally) }
    #expect(Double(tally.rounded) > 0.97 * Double(tally.coefficients), "\(tally)")
    #expect(tally.refused < 1000 && tally.vague < 200, "\(tally)")
  }

  private func check(_ problem: GeneratedProblem, _ tally: inout Tally) throws {
    let exact = ExactLeastSquares(problem.matrix, problem.targets)
    let solution: LeastSquaresSolution<Double>
    do {
      solution = try leastSquares(problem.matrix, problem.targets)
    } catch {
      guard case .rankDeficient = error else { throw error }
      tally.refused += 1
      #expect(exact.map { $0.dependence > 3e11 } ?? true, "\(problem.description) refused: \(error)")
      return
    }
    guard let exact else {
      Issue.record("\(problem.description): solved, though its columns are dependent")
      return
    }
    guard let certificate = solution.certificate else {
      Issue.record("\(problem.description): no certificate, \(solution.report)")
      return
    }
    for (actual, expected) in zip(solution.coefficients, exact.coefficients) {
      let error = expected.relativeError(of: actual)
      tally.coefficients += 1
      tally.rounded += error <= 0x1.01p-53 ? 1 : 0
      // Zero has no relative error; the bound is for coefficients that are not zero.
      guard expected.high != 0, abs(expected.value) > 1e-290 else { continue }
      #expect(
        error <= certificate.relativeErrorBound,
        "\(problem.description): off by \(error), \(solution.report) \(certificate) \(exact.dependence)")
      if exact.dependence < 1e12 {
        if certificate.relativeErrorBound > 0x1p-52 { tally.vague += 1 }
      }
    }
  }
}
