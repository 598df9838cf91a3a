import LossAccel
import Synchronization
import TestSupport
import Testing

/// The quasi-Newton method with a Hessian in its place, and the choice of it.
struct LBFGSTests {
  /// An objective that counts its Hessians.
  private struct Counted: Objective {
    final class Count: Sendable {
      let value = Mutex(0)
    }

    let base: LinearObjective
    let hessians = Count()

    var dimension: Int { base.dimension }
    var startingPoint: [Double] { base.startingPoint }
    var isConvex: Bool { base.isConvex }
    var dataSize: Int { base.dataSize }
    var nonsmooth: NonsmoothPenalty? { base.nonsmooth }

    func evaluate(_ request: ObjectiveRequest, at point: [Double]) throws(ObjectiveError) -> ObjectiveEvaluation {
      if request.contains(.hessian) { hessians.value.withLock { $0 += 1 } }
      return try base.evaluate(request, at: point)
    }

    func curvatureProduct(
      _ direction: [Double], at evaluation: ObjectiveEvaluation
    ) throws(ObjectiveError) -> [Double] { try base.curvatureProduct(direction, at: evaluation) }

    func line(from start: ObjectiveEvaluation, through end: ObjectiveEvaluation) -> ObjectiveLine {
      base.line(from: start, through: end)
    }
  }

  /// Columns that lean on their neighbours, and classes from logits of about the given size.
  private static func logistic(rows: Int, columns: Int, size: Double, ridge: Double = 0) throws -> Counted {
    var random = SeededGenerator(seed: 17)
    var elements = (0..<rows * columns).map { _ in Double.random(in: -1...1, using: &random) }
    for index in elements.indices where index % columns > 0 { elements[index] += 0.5 * elements[index - 1] }
    let coefficients = (0..<columns).map { _ in Double.random(in: -1...1, using: &random) }
    let targets = (0..<rows).map { row in
      let logit = (0..<columns).reduce(0) { $0 + elements[row * columns + $1] * coefficients[$1] }
      return Double.random(in: 0...1, using: &random) < Link.logit.mean(size * logit) ? 1.0 : 0
    }
    return Counted(
      base: try LinearObjective(
        features: FeatureMatrix(Matrix(rows: rows, columns: columns, elements: elements)), targets: targets,
        loss: .binaryCrossEntropyFromLogits, penalty: Penalty(ridge: .uniform(ridge))))
  }

  @Test func oneHessianServesWideModels() throws {
    let objective = try Self.logistic(rows: 4000, columns: 150, size: 0.1)
    let solution = try AutomaticOptimizer().minimize(objective)
    #expect(solution.stop == .gradientVanished && solution.method.hasPrefix("L-BFGS"), "\(solution.method)")
    #expect(objective.hessians.value.withLock { $0 } == 1)
    // One pass that a gradient of 10⁻⁸ needs for about every digit.
    #expect(solution.passes <= 12, "\(solution.passes) passes")
    let newton = try NewtonMethod().minimize(objective)
    #expect(newton.stop == .gradientVanished && newton.passes <= 8, "\(newton.passes) passes")
    let distance = Vectors.distance(solution.point, newton.point)
    // A gradient of 10⁻⁸ of about 0.1, and a curvature of about 0.05.
    #expect(distance <= 1e-7, "\(distance)")
  }

  @Test func aHessianThatHasServedItsTimeIsReplaced() throws {
    // Near separation the curvature at the start says little of that at the minimum.
    let objective = try Self.logistic(rows: 600, columns: 12, size: 20, ridge: 1e-7)
    let solution = try LBFGS(isPreconditioned: true).minimize(objective)
    #expect(solution.stop == .gradientVanished, "\(solution.stop)")
    let hessians = objective.hessians.value.withLock { $0 }
    #expect(hessians >= 2 && hessians <= solution.passes / 10 + 1, "\(hessians) in \(solution.passes) passes")
    let newton = try NewtonMethod().minimize(
      objective, from: nil, control: OptimizerControl(gradientTolerance: 1e-12))
    #expect(solution.value <= newton.value + 1e-9)
  }

  @Test func narrowAndNonconvexModelsTakeNewtonsMethod() throws {
    let narrow = try Self.logistic(rows: 100, columns: 3, size: 1)
    #expect(AutomaticOptimizer().choice(for: narrow).method is NewtonMethod)
    let wavy = PointwiseLoss("wavy") { square($0 - $1) / (1 + square($0 - $1)) }
    let wide = try LinearObjective(
      features: FeatureMatrix(Matrix<Double>.zeros(rows: 10, columns: 200)), targets: [Double](repeating: 1, count: 10),
      loss: wavy)
    #expect(AutomaticOptimizer().choice(for: wide).method is NewtonMethod)
  }
}

private enum Vectors {
  static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
