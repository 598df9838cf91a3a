/// The part of a penalty that has derivatives, over the parameters of an objective: ½ Σ ridgeₖ·pₖ² + ½ Σ over equations of
/// strength·(Σ factor·p − value)².
struct SmoothPenalty: Sendable {
  /// By parameter.
  var ridge: [Double]
  var equations: [Equation] = []

  /// A constraint in the parameters' units.
  struct Equation: Sendable {
    var places: [Int]
    var factors: [Double]
    var value: Double
    var strength: Double

    /// Σ factor·p.
    func sum(_ point: [Double]) -> Double {
      places.indices.reduce(0) { $0 + factors[$1] * point[places[$1]] }
    }
  }

  init(ridge: [Double]) { self.ridge = ridge }

  /// The penalty of parameters pⱼ = βⱼ/scaleⱼ at the places of the columns.
  mutating func add(_ constraints: [Penalty.Constraint], scale: [Double], place: (_ column: Int) -> Int) {
    for constraint in constraints where constraint.strength > 0 {
      equations.append(
        Equation(
          places: constraint.columns.map(place),
          factors: zip(constraint.columns, constraint.factors).map { scale[$0] * $1 }, value: constraint.value,
          strength: constraint.strength))
    }
  }

  /// The value.
  func value(at point: [Double]) -> Double {
    let squares = zip(ridge, point).reduce(0) { $0 + ($1.0 == 0 ? 0 : 0.5 * $1.0 * $1.1 * $1.1) }
    return equations.reduce(squares) { total, equation in
      let excess = equation.sum(point) - equation.value
      return total + 0.5 * equation.strength * excess * excess
    }
  }

  /// Adds the gradient.
  func addGradient(at point: [Double], to gradient: inout [Double]) {
    addProduct(point, to: &gradient)
    for equation in equations where equation.value != 0 {
      for (place, factor) in zip(equation.places, equation.factors) {
        gradient[place] -= equation.strength * equation.value * factor
      }
    }
  }

  /// Adds the product of the Hessian with a direction.
  func addProduct(_ direction: [Double], to product: inout [Double]) {
    for index in ridge.indices where ridge[index] != 0 { product[index] += ridge[index] * direction[index] }
    for equation in equations {
      let slope = equation.strength * equation.sum(direction)
      for (place, factor) in zip(equation.places, equation.factors) { product[place] += slope * factor }
    }
  }

  /// Adds the Hessian.
  func addHessian(to hessian: inout Matrix<Double>) {
    for index in ridge.indices { hessian.elements[index * (hessian.columns + 1)] += ridge[index] }
    for equation in equations {
      for (first, left) in zip(equation.places, equation.factors) {
        for (second, right) in zip(equation.places, equation.factors) {
          hessian[first, second] += equation.strength * left * right
        }
      }
    }
  }

  /// Adds the diagonal of the Hessian.
  func addDiagonal(to diagonal: inout [Double]) {
    for index in ridge.indices { diagonal[index] += ridge[index] }
    for equation in equations {
      for (first, left) in zip(equation.places, equation.factors) {
        for (second, right) in zip(equation.places, equation.factors) where first == second {
          diagonal[first] += equation.strength * left * right
        }
      }
    }
  }

  /// Value and slope at origin + step·direction.
  func along(_ origin: [Double], _ direction: [Double], _ step: Double) -> (value: Double, slope: Double) {
    let point = Vectors.sum(origin, direction, times: step)
    var gradient = [Double](repeating: 0, count: point.count)
    addGradient(at: point, to: &gradient)
    return (value(at: point), Vectors.dot(gradient, direction))
  }
}
