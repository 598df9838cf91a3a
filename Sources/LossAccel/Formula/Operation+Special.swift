extension Operation {
  package static let sine: Operation = Operation("sine") { x, _, _ in
    ElementaryFunctions.sin(x)
  } partials: { a, _ in
    [cosine(a[0])]
  }

  package static let cosine: Operation = Operation("cosine") { x, _, _ in
    ElementaryFunctions.cos(x)
  } partials: { a, _ in
    [-sine(a[0])]
  }
}

// The normal distribution. What the C library does not have is evaluated by the kernel itself, which has its own references.
extension Operation {
  /// erf x = 2·Φ(√2·x) − 1.
  package static let errorFunction: Operation = Operation("errorFunction") { x, _, _ in
    ElementaryFunctions.erf(x)
  } partials: { a, _ in
    [1.1283791670955126 * expNegativeSquare(a[0])]
  }

  /// erfc x = 1 − erf x.
  package static let errorFunctionComplement: Operation = Operation("errorFunctionComplement") { x, _, _ in
    ElementaryFunctions.erfc(x)
  } partials: { a, _ in
    [-1.1283791670955126 * expNegativeSquare(a[0])]
  }

  /// e^(−x²).
  package static let expNegativeSquare: Operation = Operation("expNegativeSquare") { x, _, _ in
    VectorPrimitive.exponentialOfNegativeSquare(x)
  } partials: { a, result in
    [-2 * (a[0] * result)]
  }

  /// φ(x) = e^(−x²/2) / √(2π).
  package static let normalDensity: Operation = Operation("normalDensity") { x, _, _ in
    VectorPrimitive.normalDensity(x)
  } partials: { a, result in
    [-(a[0] * result)]
  }

  /// Φ(x), the integral of φ up to x.
  package static let normalCumulative: Operation = Operation("normalCumulative") { x, _, _ in
    VectorPrimitive.normalCumulative(x)
  } partials: { a, _ in
    [normalDensity(a[0])]
  }

  /// log Φ(x), accurate in both tails.
  package static let logNormalCumulative: Operation = Operation("logNormalCumulative") { x, _, _ in
    VectorPrimitive.logNormalCumulative(x)
  } partials: { a, _ in
    [inverseMillsRatio(a[0])]
  }

  /// φ(x) / Φ(x).
  package static let inverseMillsRatio: Operation = Operation("inverseMillsRatio") { x, _, _ in
    VectorPrimitive.inverseMillsRatio(x)
  } partials: { a, ratio in
    [-(ratio * inverseMillsExcess(a[0]))]
  }

  /// x + φ(x) / Φ(x), without cancellation in the left tail.
  package static let inverseMillsExcess: Operation = Operation("inverseMillsExcess") { x, _, _ in
    VectorPrimitive.inverseMillsExcess(x)
  } partials: { a, excess in
    [1 - inverseMillsRatio(a[0]) * excess]
  }
}

// Terms of a likelihood in which a class has no part: 0 where the weight is. Vectors without weight take no time.
extension Operation {
  /// w·log Φ(x).
  package static let weightedLogNormal: Operation = Operation("weightedLogNormal") { weight, x, _ in
    weight == 0 ? 0 : weight * VectorPrimitive.logNormalCumulative(x)
  } partials: { a, _ in
    [logNormalCumulative(a[1]), weightedMills(a[0], a[1])]
  }

  /// w·λ(x) with λ(x) = φ(x) / Φ(x).
  package static let weightedMills: Operation = Operation("weightedMills") { weight, x, _ in
    weight == 0 ? 0 : weight * VectorPrimitive.inverseMillsRatio(x)
  } partials: { a, _ in
    [inverseMillsRatio(a[1]), -weightedMillsFall(a[0], a[1])]
  }

  /// w·λ(x)·(x + λ(x)): minus the derivative of the one above.
  package static let weightedMillsFall: Operation = Operation("weightedMillsFall") { weight, x, _ in
    weight == 0 ? 0 : weight * (VectorPrimitive.inverseMillsRatio(x) * VectorPrimitive.inverseMillsExcess(x))
  } partials: { a, _ in
    let (ratio, excess) = (inverseMillsRatio(a[1]), inverseMillsExcess(a[1]))
    return [ratio * excess, a[0] * (ratio * (1 - excess * (excess + ratio)))]
  }
}

extension Operation {
  /// log Γ(x) for x > 0.
  package static let logGamma: Operation = Operation("logGamma") { x, _, _ in
    VectorPrimitive.logGamma(x)
  } partials: { a, _ in
    [digamma(a[0])]
  }

  /// ψ(x) = Γ′(x) / Γ(x) for x > 0.
  package static let digamma: Operation = Operation("digamma") { x, _, _ in
    VectorPrimitive.digamma(x)
  } partials: { a, _ in
    [trigamma(a[0])]
  }

  /// ψ′(x) for x > 0. The kernels have no ψ″: a formula that contains this function itself states its derivatives.
  package static let trigamma: Operation = Operation("trigamma") { x, _, _ in
    VectorPrimitive.trigamma(x)
  } partials: { _, _ in
    [Formula(.nan)]
  }
}
