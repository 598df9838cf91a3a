/// The method that fits the objective, chosen by its kinks, its size and its curvature; the solution's method says which, and why.
///
/// - Lasso or groups: ``ProximalNewton``.
/// - Up to 100 parameters, or where the objective may not be convex: ``NewtonMethod``, which needs the fewest passes.
/// - Up to 2000 parameters: ``LBFGS``, preconditioned by a Hessian, since one takes as long as several gradients.
/// - More parameters, and rows enough to carry products: ``TrustRegionNewton``, from products with the Hessian.
public struct AutomaticOptimizer: Optimizer {
  /// The choice by size, smoothness and curvature.
  public init() {}

  /// “automatic”.
  public var name: String { "automatic" }

  /// Up to so many parameters a Hessian takes about as long as a gradient.
  static let cheapHessian = 100
  /// The largest Hessian that is formed: 2000 × 2000 is 32 MB.
  static let largestHessian = 2000

  /// The method for an objective, and the reason in words.
  public func choice(for objective: some Objective) -> (method: any Optimizer, reason: String) {
    if objective.nonsmooth != nil {
      return (ProximalNewton(), "the penalty has kinks")
    }
    if objective.dimension <= (objective.isConvex ? Self.cheapHessian : Self.largestHessian) {
      return (NewtonMethod(), "\(objective.dimension) parameters: the Hessian costs less than the passes that it saves")
    }
    if objective.dimension <= Self.largestHessian {
      return (
        LBFGS(isPreconditioned: true),
        "\(objective.dimension) parameters: one Hessian serves for many steps, each of which costs less than another"
      )
    }
    return (
      TrustRegionNewton(), "\(objective.dimension) parameters: products with the Hessian, which is too large to form"
    )
  }

  /// Minimises the objective with the method of its choice.
  public func minimize(
    _ objective: some Objective, from start: [Double]?, control: OptimizerControl
  ) throws(ObjectiveError) -> Solution {
    let (method, reason) = choice(for: objective)
    var solution = try method.minimize(objective, from: start, control: control)
    solution.method += " (\(reason))"
    return solution
  }
}
