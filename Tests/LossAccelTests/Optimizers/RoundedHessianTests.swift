import LossAccel
import TestSupport
import Testing

/// Hessians of many columns that are summed in single precision, and the method that makes do with them.
struct RoundedHessianTests {
  private static let (rows, columns) = (1500, 300)

  /// A logistic objective whose first two columns differ by `difference` of their size, and whose rows all have the same weight.
  private func objective(difference: Double = 1, weight: Double = 1) throws -> LinearObjective {
    var random = SeededGenerator(seed: 8)
    var elements = (0..<Self.rows * Self.columns).map { _ in Double.random(in: -1...1, using: &random) }
    for row in 0..<Self.rows {
      let first = elements[row * Self.columns]
      elements[row * Self.columns + 1] = first + difference * (elements[row * Self.columns + 1] - first)
    }
    let targets = (0..<Self.rows).map {
      elements[$0 * Self.columns + 2] > Double.random(in: -1...1, using: &random) ? 1.0 : 0
    }
    return try LinearObjective(
      features: FeatureMatrix(Matrix(rows: Self.rows, columns: Self.columns, elements: elements)), targets: targets,
      loss: .binaryCrossEntropyFromLogits,
      weights: [Double](repeating: weight, count: Self.rows))
  }

  @Test func roundingIsThatOfFloats() throws {
    let objective = try objective()
    let point = objective.startingPoint
    let exact = try #require(objective.evaluate(.hessian, at: point).hessian)
    let rounded = try #require(objective.evaluate([.hessian, .roundedHessian], at: point).hessian)
    #expect(exact != rounded)
    for row in 0..<exact.rows {
      for column in 0..<exact.columns {
        // Every product is rounded, and every sum of them; sums of 1500 terms grow to at most their whole.
        let bound = Double(Self.rows) * 0x1p-24 * (exact[row, row] * exact[column, column]).squareRoot()
        #expect(abs(exact[row, column] - rounded[row, column]) <= bound, "\(row), \(column)")
      }
    }
  }

  @Test func shortRowsAreNotRounded() throws {
    let objective = try OptimizerAgreementTests.objective(.binaryCrossEntropyFromLogits)
    let point = objective.startingPoint
    let rounded = try objective.evaluate([.hessian, .roundedHessian], at: point).hessian
    #expect(try objective.evaluate(.hessian, at: point).hessian == rounded)
  }

  /// Where rounding would show, the search begins with one more pass, for the exact Hessian, and then needs as few as ever.
  @Test(arguments: [(1, 1, 1), (1e-5, 1, 2), (1, 1e40, 2)])
  func preconditioningSeesWhatRoundingHides(difference: Double, weight: Double, passes: Int) throws {
    let objective = try objective(difference: difference, weight: weight)
    let control = OptimizerControl(gradientTolerance: 1e-9)
    let solution = try LBFGS(isPreconditioned: true).minimize(objective, from: nil, control: control)
    #expect(solution.isConverged, "\(solution.stop)")
    #expect(solution.history[1].passes == passes + 1)
    let reference = try NewtonMethod().minimize(
      objective, from: nil, control: OptimizerControl(gradientTolerance: 1e-12))
    // The gradient is a part in 10⁹ of the first; values differ by its square over the curvature.
    #expect(abs(solution.value - reference.value) <= 1e-12 * reference.value)
    #expect(solution.history.count <= 40, "\(solution.history.count)")
  }
}
