/// Conflict-averse gradient descent: near the mean gradient g₀, the direction along which the task that gains least gains most.
///
/// max over d of min_t g_t·d, with ‖d − g₀‖ ≤ radius·‖g₀‖. Its dual is min over w in the simplex of g_w·g₀ + radius·‖g₀‖·‖g_w‖ with
/// g_w = Σ w_t·g_t, and d = g₀ + radius·‖g₀‖·g_w/‖g_w‖. Radius 0 is the mean gradient; below 1, descents along d end where the mean of the
/// losses is stationary; a large radius approaches ``MGDA``. The duality gap certifies the solution: no direction in the ball gains
/// more than that beyond min_t g_t·d.
///
/// Source: Liu, Liu, Jin, Stone and Liu, Conflict-averse gradient descent for multi-task learning, NeurIPS 2021, algorithm 1.
public struct CAGrad: TaskGradientMethod {
  /// How far from the mean gradient the direction may lie, as a part of its length.
  public var radius: Double

  /// Conflict-averse gradient descent; the source recommends 0.4 or 0.5.
  ///
  /// - Precondition: the radius is finite and not negative.
  public init(radius: Double = 0.5) {
    precondition(radius >= 0 && radius.isFinite, "a radius of \(radius)")
    self.radius = radius
  }

  /// “CAGrad”.
  public var name: String { "CAGrad" }

  /// 1/T for every gradient, and a multiple of the dual solution.
  public func coefficients(gram: Matrix<Double>, names: [String]) throws(LinearAlgebraError) -> TaskCoefficients {
    let count = gram.rows
    let mean = [Double](repeating: 1 / Double(count), count: count)
    let dual = WorstGain(gram: gram, radius: radius)
    guard dual.reach > 0 else {
      let account = radius == 0 ? "the mean gradient" : "the mean gradient, which is 0"
      return TaskCoefficients(values: mean, dualityGap: 0, account: account)
    }
    let found = try SimplexSearch(dual).run()
    // Where a ball that holds 0 has nothing that helps all tasks, standing still is best.
    let bound = dual.value(at: found.point)
    if radius >= 1 && bound < found.gap {
      return TaskCoefficients(
        values: [Double](repeating: 0, count: count), dualityGap: max(bound, 0),
        account: "no direction within reach helps all tasks")
    }
    let factor = dual.multiplier(at: found.point)
    let active = names.indices.filter { found.point[$0] > 0 }.map { names[$0] }
    return TaskCoefficients(
      values: zip(mean, found.point).map { $0 + factor * $1 }, dualityGap: found.gap,
      account: "the mean gradient, turned towards \(active.joined(separator: ", "))")
  }
}

/// bᵀw + reach·√(wᵀGw) with b = G·1/T, the products of the gradients with their mean.
private struct WorstGain: SimplexFunction {
  private let raised: RaisedGram
  private let products: [Double]
  /// The radius of the ball.
  let reach: Double

  init(gram: Matrix<Double>, radius: Double) {
    raised = RaisedGram(gram)
    let share = 1 / Double(gram.rows)
    products = raised.times([Double](repeating: share, count: gram.rows))
    reach = radius * max(products.reduce(0) { $0 + share * $1 }, 0).squareRoot()
  }

  var count: Int { raised.gram.rows }

  /// reach/‖g_w‖; the raise keeps it finite where gradients cancel.
  func multiplier(at point: [Double]) -> Double {
    let raise = zip(raised.raise, point).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    return reach / (max(Vectors.dot(point, raised.times(point)), 0) + raise).squareRoot()
  }

  /// The products of the gradients with the direction that belongs to the point.
  func gradient(at point: [Double]) -> [Double] {
    Vectors.sum(products, raised.times(point), times: multiplier(at: point))
  }

  /// What no direction in the ball gains more than.
  func value(at point: [Double]) -> Double {
    Vectors.dot(products, point) + reach * max(Vectors.dot(point, raised.times(point)), 0).squareRoot()
  }

  /// The dual value less the least gain along the direction.
  func gap(at point: [Double], _ gradient: [Double]) -> Double { value(at: point) - gradient.min()! }

  /// On a face, Gv = ν·1 − b for a multiple v of the minimiser, and vᵀGv = reach²: with y = G⁻¹1 and z = G⁻¹b, v = νy − z and
  /// Σv = √((1ᵀz)² − 1ᵀy·(bᵀz − reach²)). Where the root is not real, the function falls without end along (1ᵀz/1ᵀy)·y − z.
  func move(on face: [Int], from point: [Double]) throws(LinearAlgebraError) -> SimplexMove {
    if let move = try exchange(face, point) { return move }
    let factor = try raised.factor(of: face)
    let own = face.map { products[$0] }
    let (y, z) = (try factor.solve([Double](repeating: 1, count: face.count)), try factor.solve(own))
    let (sumY, sumZ) = (y.reduce(0, +), z.reduce(0, +))
    // ‖g₀‖² on the face's span, less its part that is the same for all.
    let excess = Vectors.dot(own, z) - sumZ / sumY * sumZ
    let radicand = sumY * (reach * reach - excess)
    guard radicand > 0 else {
      return SimplexMove(step: zip(y, z).map { sumZ / sumY * $0 - $1 }, endsAtMinimum: false)
    }
    let total = radicand.squareRoot()
    let level = (total + sumZ) / sumY
    return SimplexMove(
      step: face.indices.map { (level * y[$0] - z[$0]) / total - point[face[$0]] }, endsAtMinimum: true)
  }

  /// Where the newest gradient of a face depends on the others, g_new = Σ aᵢgᵢ, it takes the place of one of them: the function is one of g_w
  /// alone, homogeneous, so along w + t·(1 at the new one, −a) only the sum of the weights changes, for the better.
  private func exchange(_ face: [Int], _ point: [Double]) throws(LinearAlgebraError) -> SimplexMove? {
    let (others, new) = (Array(face.dropLast()), face[face.count - 1])
    let gram = raised.gram
    let products = others.map { gram[$0, new] }
    let parts = try raised.factor(of: others).solve(products)
    guard gram[new, new] - Vectors.dot(products, parts) <= 1e-11 * gram[new, new] else { return nil }
    var length = Double.infinity
    for (part, other) in zip(parts, others) where part > 0 { length = min(length, point[other] / part) }
    // If none would leave, the gradients of the face cancel at the far end.
    guard length.isFinite else { return nil }
    let sum = 1 - parts.reduce(0, +)
    let moved = (parts.map { -$0 } + [1]).enumerated().map { index, change in
      (point[face[index]] + length * change) / (1 + length * sum)
    }
    return SimplexMove(step: zip(moved, face).map { $0 - point[$1] }, endsAtMinimum: false)
  }
}
