import LossAccel
import TestSupport
import Testing

/// What the penalty of several outputs says, and where the order of the rows takes part in it.
struct CentringTests {
  /// Rows whose spread depends on which of them are looked at.
  private static let rows: [[Double]] = (0..<2000).map { row in
    let size = row % 8 == 0 ? 1000.0 : 1
    return [size * (Double(row * 7 % 11) - 5), Double(row * 5 % 13)]
  }

  private func objective(_ order: [Int], penalty: Penalty) throws -> MultiOutputObjective {
    try MultiOutputObjective(
      features: FeatureMatrix(Matrix(order.map { Self.rows[$0] })), labels: order.map { $0 % 3 }, classes: 3,
      penalty: penalty)
  }

  @Test func thePenaltyOfCentredCoefficientsIsTheRidgesAlone() throws {
    let penalty = Penalty(ridge: 0.7)
    let orders = [Array(0..<2000), Array(0..<2000).sorted { ($0 % 8, $0) < ($1 % 8, $1) }]
    let objectives = try orders.map { try objective($0, penalty: penalty) }
    let centred: Matrix<Double> = [[0.5, -0.25, -0.25], [1, 2, -3]]
    let leaning: Matrix<Double> = [[0.5, -0.25, -0.25], [1, 2, -2]]
    func penalties(_ coefficients: Matrix<Double>) throws -> [Double] {
      try objectives.map {
        try $0.evaluate([], at: $0.point(coefficients: coefficients, intercepts: [1, 0.5, -1.5])).penalty
      }
    }
    let ridge = 0.5 * 0.7 * centred.elements.reduce(0) { $0 + $1 * $1 }
    // The intercepts of the parameters take up the columns' shifts, and add up to 0 as they do.
    for value in try penalties(centred) { #expect(abs(value - ridge) <= 1e-12 * ridge) }
    // Elsewhere there is more, in the parameters' units, and these are the sample's.
    let others = try penalties(leaning)
    let plain = 0.5 * 0.7 * leaning.elements.reduce(0) { $0 + $1 * $1 }
    #expect(others.allSatisfy { $0 > plain * (1 + 1e-9) } && others[0] != others[1])
  }

  @Test func stepsStayCentred() throws {
    for optimizer in [NewtonMethod(), TrustRegionNewton(), LBFGS(), GradientDescent()] as [any Optimizer] {
      let objective = try objective(Array(0..<200), penalty: .none)
      let solution = try optimizer.minimize(objective, from: nil, control: OptimizerControl(maximumIterations: 5))
      for row in 0..<3 {
        let parameters = (0..<3).map { solution.point[row * 3 + $0] }
        let size = parameters.reduce(0) { $0 + abs($1) }
        #expect(abs(parameters.reduce(0, +)) <= 1e-12 * max(size, 1), "\(optimizer.name)")
      }
      #expect(solution.penalty <= 1e-20)
    }
  }
}
