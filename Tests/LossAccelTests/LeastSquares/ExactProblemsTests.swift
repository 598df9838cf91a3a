import LossAccel
import TestSupport
import Testing

/// Against exact rational solutions (References/LeastSquares) of the problems as stored.
@Suite struct ExactProblemsTests {
  struct Problem {
    var name: String
    var matrix: Matrix<Double>
    var targets: [Double]
    var solution: [Double]
  }

  let problems: [Problem]

  init() throws {
    var problems: [Problem] = []
    var rows: [[Double]] = []
    var name = ""
    for line in try reference("LeastSquares/problems.txt").split(separator: "\n") {
      let fields = line.split(separator: " ")
      let numbers = fields.compactMap { Double($0) }
      if fields[0] == "problem" {
        (name, rows) = (String(fields[1]), [])
      } else if fields[0] == "solution" {
        problems.append(
          Problem(
            name: name, matrix: Matrix(rows.map { Array($0.dropLast()) }), targets: rows.map { $0[$0.count - 1] },
            solution: numbers))
      } else {
        rows.append(numbers)
      }
    }
    self.problems = problems
  }

  /// Up to a condition of 10¹², with residuals of any size: the last bit, and a certificate that says so.
  @Test func automaticIsRightToTheLastBit() throws {
    #expect(problems.count == 40)
    var (rounded, total) = (0, 0)
    for problem in problems {
      let solution = try leastSquares(problem.matrix, problem.targets)
      let certificate = try #require(solution.certificate, "\(problem.name)")
      for (actual, expected) in zip(solution.coefficients, problem.solution) {
        let ulps = ulpDistance(actual, expected)
        total += 1
        rounded += ulps == 0 ? 1 : 0
        #expect(ulps <= 1, "\(problem.name): \(actual) \(expected), \(solution.report), \(certificate)")
      }
      #expect(certificate.relativeErrorBound < 0x1.2p-53, "\(problem.name): \(solution.report), \(certificate)")
    }
    #expect(Double(rounded) >= 0.95 * Double(total), "\(rounded) of \(total) correctly rounded")
  }

  @Test(arguments: [LeastSquaresMethod.qr, .pivotedQR, .svd]) func stableMethodsAreAsGoodAsTheCondition(
    method: LeastSquaresMethod
  ) throws {
    for problem in problems {
      let solution = try leastSquares(problem.matrix, problem.targets, method: method)
      // Error of a backward stable method: (κ + κ²·‖r‖/‖b‖)·c·n·u; the scaled columns' κ is what is reported.
      let condition = solution.report.condition
      let norm = problem.targets.reduce(0) { max($0, abs($1)) }
      let share = solution.residualNorm / (norm == 0 ? 1 : norm)
      let bound = (condition + condition * condition * share) * 0x1p-48
      for (actual, expected) in zip(solution.coefficients, problem.solution) where bound < 1e-2 {
        let scale = problem.solution.count == 1 ? abs(expected) : max(abs(expected), columnScale(problem))
        #expect(abs(actual - expected) <= bound * scale, "\(method) \(problem.name): \(actual) \(expected)")
      }
    }
  }

  /// The largest coefficient, where columns are of about one size; errors are relative to it.
  private func columnScale(_ problem: Problem) -> Double {
    problem.name == "scaled" ? 0 : problem.solution.reduce(0) { max($0, abs($1)) }
  }

  @Test func anInterceptKeepsItsDigitsBesideLargeMeans() throws {
    let problem = try #require(problems.first { $0.name == "large-means" })
    let model = try LinearRegression.fit(features: problem.matrix[columns: [1, 2]], targets: problem.targets)
    for (actual, expected) in zip(model.coefficients, problem.solution) {
      #expect(ulpDistance(actual.estimate, expected) <= 1)
    }
    #expect(model.report.condition < 100)
  }
}
