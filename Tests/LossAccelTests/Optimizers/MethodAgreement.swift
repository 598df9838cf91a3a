import LossAccel
import Testing

/// Every method comes to the reference's point, and never goes uphill.
///
/// - Parameters:
///   - tolerance: What a gradient may be left of the first.
///   - curvature: The least there is about the minimum, or nearly so: the distance is at most the gradient over that.
///   - steepestExcess: By how much the value of steepest descent may end above the reference's where it does not converge, since on an
///     objective that is nearly flat it ends later than anybody waits for; `nil` where it must converge.
func requireAgreement(
  on objective: some Objective, with reference: Solution, from start: [Double]? = nil, tolerance: Double,
  curvature: Double, steepestExcess: Double? = nil
) throws {
  for method in OptimizerAgreementTests.methods {
    let control = OptimizerControl(gradientTolerance: tolerance, maximumIterations: 5000)
    let solution = try method.minimize(objective, from: start, control: control)
    if let steepestExcess, method is GradientDescent, !solution.isConverged {
      #expect(solution.value <= reference.value + steepestExcess, "\(method.name): \(solution.value)")
      continue
    }
    #expect(solution.isConverged, "\(method.name): \(solution.stop)")
    let distance = zip(solution.point, reference.point).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(
      distance <= tolerance * (1 + solution.history[0].gradientNorm) / curvature, "\(method.name): \(distance)")
    #expect(solution.value >= reference.value - 1e-12 * abs(reference.value), "\(method.name): \(solution.value)")
    let values = solution.history.map(\.value)
    #expect(zip(values, values.dropFirst()).allSatisfy { $1 <= $0 + 1e-12 * abs($0) }, "\(method.name) rose")
  }
}
