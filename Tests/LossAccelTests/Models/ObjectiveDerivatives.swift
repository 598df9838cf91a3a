import LossAccel
import Testing

/// The gradient and the Hessian of an evaluation are central differences of the value and of the gradient: with an error of the step's
/// square times a third derivative, and of rounding over the step.
///
/// - Parameters:
///   - parameters: By which of them differences are taken.
///   - hessianBound: `nil` where second derivatives jump.
func requireDerivatives(
  of objective: some Objective, at evaluation: ObjectiveEvaluation, by parameters: some Sequence<Int>,
  gradientBound: Double, hessianBound: Double?
) throws {
  let hessian = try #require(evaluation.hessian)
  for index in parameters {
    let step = 1e-5
    var (lower, upper) = (evaluation.point, evaluation.point)
    lower[index] -= step
    upper[index] += step
    let (below, above) = (
      try objective.evaluate(.gradient, at: lower), try objective.evaluate(.gradient, at: upper)
    )
    #expect(abs((above.value - below.value) / (2 * step) - evaluation.gradient[index]) <= gradientBound)
    guard let hessianBound else { continue }
    for other in evaluation.point.indices {
      let slope = (above.gradient[other] - below.gradient[other]) / (2 * step)
      #expect(abs(slope - hessian[other, index]) <= hessianBound, "\(index), \(other)")
    }
  }
}
