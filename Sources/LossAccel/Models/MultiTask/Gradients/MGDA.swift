/// The multiple-gradient descent algorithm: the shortest vector in the convex hull of the gradients. No task's loss rises along it.
///
/// min ‖Σ c_t·g_t‖² over c ≥ 0 with Σ c_t = 1. For every task, g_t·d ≥ ‖d‖²; where d vanishes no direction helps all tasks, and the point
/// is Pareto stationary. The problem is solved to rounding by the method of active sets; the duality gap ‖d‖² − min g_t·d certifies it. The
/// shortest gradient counts most: weights that make the losses comparable come first.
///
/// Source: Désidéri, Comptes Rendus Mathématique 350 (2012); Sener and Koltun, Multi-task learning as multi-objective optimization, NeurIPS 2018;
/// the method of active sets is that of Wolfe, Mathematical Programming 11 (1976).
public struct MGDA: TaskGradientMethod {
  /// The shortest vector in the convex hull of the gradients.
  public init() {}

  /// “MGDA”.
  public var name: String { "MGDA" }

  /// The coefficients of the shortest vector: not negative, with the sum 1.
  public func coefficients(gram: Matrix<Double>, names: [String]) throws(LinearAlgebraError) -> TaskCoefficients {
    let found = try SimplexSearch(ShortestVector(raised: RaisedGram(gram))).run()
    let active = names.indices.filter { found.point[$0] > 0 }.map { names[$0] }
    let stationary = names.indices.filter { gram[$0, $0] == 0 }.map { names[$0] }
    let account =
      stationary.isEmpty
      ? "the shortest vector lies between the gradients of \(active.joined(separator: ", "))"
      : "nothing helps all tasks: the gradient of \(stationary.joined(separator: ", ")) is 0"
    return TaskCoefficients(values: found.point, dualityGap: found.gap, account: account)
  }
}

/// ½cᵀGc.
private struct ShortestVector: SimplexFunction {
  let raised: RaisedGram

  var count: Int { raised.gram.rows }

  func gradient(at point: [Double]) -> [Double] { raised.times(point) }

  func gap(at point: [Double], _ gradient: [Double]) -> Double { Vectors.dot(point, gradient) - gradient.min()! }

  /// The minimiser on the plane through a face: y/Σy with Gy = 1.
  func move(on face: [Int], from point: [Double]) throws(LinearAlgebraError) -> SimplexMove {
    let solution = try raised.factor(of: face).solve([Double](repeating: 1, count: face.count))
    let total = solution.reduce(0, +)
    return SimplexMove(step: face.indices.map { solution[$0] / total - point[face[$0]] }, endsAtMinimum: true)
  }
}
