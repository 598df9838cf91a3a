// √(1 + x²) and what belongs to it: losses that are square near zero and linear, or logarithmic, far from it. None of them
// overflows, and no derivative cancels.
extension Operation {
  /// √(1 + x²).
  package static let rootOfOnePlusSquare: Operation = Operation("rootOfOnePlusSquare") { x, _, _ in
    Swift.abs(x) > 0x1p60 ? Swift.abs(x) : (1 + x * x).squareRoot()
  } partials: { a, _ in
    [algebraicSigmoid(a[0])]
  }

  /// √(1 + x²) − 1 without cancellation.
  package static let rootOfOnePlusSquareMinusOne: Operation = Operation(
    "rootOfOnePlusSquareMinusOne", lowered: { a in a[0] * (a[0] / (1 + rootOfOnePlusSquare(a[0]))) }
  ) { x, _, _ in
    x * (x / (1 + (Swift.abs(x) > 0x1p60 ? Swift.abs(x) : (1 + x * x).squareRoot())))
  } partials: { a, _ in
    [algebraicSigmoid(a[0])]
  }

  /// x / √(1 + x²).
  package static let algebraicSigmoid: Operation = Operation(
    "algebraicSigmoid", lowered: { a in a[0] / rootOfOnePlusSquare(a[0]) }
  ) { x, _, _ in
    x / (Swift.abs(x) > 0x1p60 ? Swift.abs(x) : (1 + x * x).squareRoot())
  } partials: { a, _ in
    let inverse = 1 / rootOfOnePlusSquare(a[0])
    return [inverse * (inverse * inverse)]
  }

  /// 1 / (1 + x²).
  package static let inverseOnePlusSquare: Operation = Operation("inverseOnePlusSquare") { x, _, _ in
    Swift.abs(x) > 0x1p60 ? (1 / x) * (1 / x) : 1 / (1 + x * x)
  } partials: { a, inverse in
    [-2 * (overOnePlusSquare(a[0]) * inverse)]
  }

  /// x / (1 + x²).
  package static let overOnePlusSquare: Operation = Operation("overOnePlusSquare") { x, _, _ in
    Swift.abs(x) > 0x1p60 ? 1 / x : x / (1 + x * x)
  } partials: { a, quotient in
    let inverse = inverseOnePlusSquare(a[0])
    return [inverse * (inverse - a[0] * quotient)]
  }

  /// log(1 + x²).
  package static let logOnePlusSquare: Operation = Operation("logOnePlusSquare") { x, _, _ in
    Swift.abs(x) > 0x1p500 ? 2 * ElementaryFunctions.log(Swift.abs(x)) : ElementaryFunctions.logOnePlus(x * x)
  } partials: { a, _ in
    [2 * (algebraicSigmoid(a[0]) / rootOfOnePlusSquare(a[0]))]
  }

  /// x − log(1 + x), without cancellation near 0.
  package static let logOnePlusDeficit: Operation = Operation("logOnePlusDeficit") { x, _, _ in
    VectorPrimitive.logarithmOnePlusDeficit(x)
  } partials: { a, _ in
    [a[0] / (1 + a[0])]
  }

  package static let arcTangent: Operation = Operation("arcTangent") { x, _, _ in
    ElementaryFunctions.atan(x)
  } partials: { a, _ in
    // In two divisions: 1 + x² may overflow where the quotient does not underflow.
    let inverse = 1 / rootOfOnePlusSquare(a[0])
    return [inverse * inverse]
  }
}
