extension Operation {
  package static let exp = Operation("exp") { x, _, _ in
    ElementaryFunctions.exp(x)
  } partials: { _, result in
    [result]
  }

  /// eˣ − 1 without cancellation.
  package static let expMinusOne = Operation("expMinusOne") { x, _, _ in
    ElementaryFunctions.expMinusOne(x)
  } partials: { a, _ in
    [exp(a[0])]
  }

  /// eˣ − 1 − x, about ½x² near 0, without cancellation.
  package static let expExcess = Operation("expExcess") { x, _, _ in
    VectorPrimitive.exponentialExcess(x)
  } partials: { a, _ in
    [expMinusOne(a[0])]
  }

  /// e^(x·y) without rounding the product.
  package static let expProduct = Operation("expProduct") { x, y, _ in
    let product = x * y
    guard Swift.abs(product) < 750 else { return ElementaryFunctions.exp(product) }
    let power = ElementaryFunctions.exp(product)
    return power + power * (-product).addingProduct(x, y)
  } partials: { a, result in
    [a[1] * result, a[0] * result]
  }

  package static let log = Operation("log") { x, _, _ in
    ElementaryFunctions.log(x)
  } partials: { a, _ in
    [1 / a[0]]
  }

  /// log(x/y) for x, y ≥ 0, to full relative accuracy where they are close, and without overflow where they are far apart.
  package static let logRatio = Operation("logRatio") { x, y, _ in
    let ratio = x / y
    if Swift.abs(ratio - 1) < 0.5 { return ElementaryFunctions.logOnePlus((x - y) / y) }
    let isFar = x > 0 && y > 0 && (ratio < 1e-300 || ratio > 1e300)
    return isFar ? ElementaryFunctions.log(x) - ElementaryFunctions.log(y) : ElementaryFunctions.log(ratio)
  } partials: { a, _ in
    [1 / a[0], -(1 / a[1])]
  }

  /// x/y − 1 − log(x/y) for x, y ≥ 0, at least 0, to full relative accuracy where they are close.
  package static let ratioDeficit = Operation("ratioDeficit") { x, y, _ in
    let excess = (x - y) / y
    if excess >= -0.75 { return excess > 1e30 ? excess : VectorPrimitive.logarithmOnePlusDeficit(excess) }
    return excess - logRatio.evaluate(x, y, 0)
  } partials: { a, _ in
    let excess = (a[0] - a[1]) / a[1]
    return [excess / a[0], -(excess / a[1])]
  }

  /// log(1 + x) without cancellation.
  package static let logOnePlus = Operation("logOnePlus") { x, _, _ in
    ElementaryFunctions.logOnePlus(x)
  } partials: { a, _ in
    [1 / (1 + a[0])]
  }

  /// log(1 − e⁻ˣ) for x > 0, accurate at both ends.
  package static let logOneMinusExp = Operation("logOneMinusExp") { x, _, _ in
    x < 0.6931471805599453
      ? ElementaryFunctions.log(-ElementaryFunctions.expMinusOne(-x))
      : ElementaryFunctions.logOnePlus(-ElementaryFunctions.exp(-x))
  } partials: { a, _ in
    [1 / expMinusOne(a[0])]
  }

  /// x / (eˣ − 1) for x ≥ 0: 1 at 0, 0 at infinity.
  package static let exponentialRatio: Operation = Operation("exponentialRatio") { x, _, _ in
    x == 0 ? 1 : x > 800 ? 0 : x / ElementaryFunctions.expMinusOne(x)
  } partials: { a, ratio in
    [-select(a[0] .== 0, 0.5, ratio * (exponentialRatioExcess(a[0]) / a[0]))]
  }

  /// x / (1 − e⁻ˣ) − 1 for x ≥ 0, about ½x near 0: minus the slope of log(x/(eˣ − 1)) on the scale of log x.
  package static let exponentialRatioExcess: Operation = Operation("exponentialRatioExcess") { x, _, _ in
    guard x < 1e-17 || x > 800 else {
      let lost = ElementaryFunctions.expMinusOne(-x)
      return -(x < 1 ? VectorPrimitive.logarithmOnePlusDeficit(lost) : x + lost) / lost
    }
    return x > 800 ? x - 1 : 0.5 * x
  } partials: { a, excess in
    [1 - select(a[0] .== 0, 0.5, exponentialRatio(a[0]) * (excess / a[0]))]
  }

  /// x·log y, and 0 where x is 0 (whatever y is, other than NaN).
  package static let xLogY = Operation("xLogY") { x, y, _ in
    x == 0 && !y.isNaN ? 0 : x * ElementaryFunctions.log(y)
  } partials: { a, _ in
    [log(a[1]), a[0] / a[1]]
  }

  /// x·log(1 + y), and 0 where x is 0 (whatever y is, other than NaN).
  package static let xLogOnePlusY = Operation("xLogOnePlusY") { x, y, _ in
    x == 0 && !y.isNaN ? 0 : x * ElementaryFunctions.logOnePlus(y)
  } partials: { a, _ in
    [logOnePlus(a[1]), a[0] / (1 + a[1])]
  }

  /// −y·log p − (1 − y)·log(1 − p), 0·log 0 being 0: what the sum of the two above is lowered to. For y = 0 and y = 1 the kernels take one
  /// logarithm for it.
  package static let binaryEntropy = Operation("binaryEntropy") { y, p, _ in
    let present = y == 0 && !p.isNaN ? 0 : y * ElementaryFunctions.log(p)
    return -present - (y == 1 && !p.isNaN ? 0 : (1 - y) * ElementaryFunctions.logOnePlus(-p))
  } partials: { a, _ in
    [logOnePlus(-a[1]) - log(a[1]), (a[1] - a[0]) / (a[1] * (1 - a[1]))]
  }
}

extension Operation {
  package static let tanh: Operation = Operation("tanh") { x, _, _ in
    ElementaryFunctions.tanh(x)
  } partials: { a, _ in
    // 1 − tanh² cancels for large arguments.
    [sechSquare(a[0])]
  }

  /// 1/cosh² x = 1 − tanh² x, accurate far out too.
  package static let sechSquare: Operation = Operation("sechSquare") { x, _, _ in
    // 4e/(1 + e)² with e = e^(−2|x|).
    let e = ElementaryFunctions.exp(-2 * Swift.abs(x))
    return 4 * e / ((1 + e) * (1 + e))
  } partials: { a, result in
    [-2 * (tanh(a[0]) * result)]
  }

  /// log cosh x = ½·log(1 + sinh² x), accurate near 0 where the usual forms lose every digit.
  package static let logCosh = Operation("logCosh") { x, _, _ in
    let magnitude = Swift.abs(x)
    if magnitude > 4 {
      return magnitude + ElementaryFunctions.logOnePlus(ElementaryFunctions.exp(-2 * magnitude)) - 0.6931471805599453
    }
    let s = ElementaryFunctions.sinh(x)
    return 0.5 * ElementaryFunctions.logOnePlus(s * s)
  } partials: { a, _ in
    [tanh(a[0])]
  }

  /// log(1 + eˣ).
  package static let softplus = Operation("softplus", lowered: { a in positivePart(a[0]) + logisticTail(a[0]) }) {
    x, _, _ in
    Swift.max(x, 0) + ElementaryFunctions.logOnePlus(ElementaryFunctions.exp(-Swift.abs(x)))
  } partials: { a, _ in
    [sigmoid(a[0])]
  }

  /// 1 / (1 + e⁻ˣ).
  package static let sigmoid = Operation(
    "sigmoid",
    lowered: { a in
      // σ(−x) by the functions of x, which its neighbours need as well.
      if let x = a[0].arguments(of: .negate)?[0] { return (1 - step(x)) + logisticSide(x) }
      return step(a[0]) - logisticSide(a[0])
    }
  ) { x, _, _ in
    let e = ElementaryFunctions.exp(-Swift.abs(x))
    return (x > 0 ? 1 : e) / (1 + e)
  } partials: { a, _ in
    // σ(x)·σ(−x) from the smaller of the two, so that neither tail cancels. It is an even function.
    let s = abs(logisticSide(a[0].arguments(of: .negate)?[0] ?? a[0]))
    return [s * (1 - s)]
  }

  /// log(1 + e^(−|x|)): what softplus adds to max(x, 0).
  package static let logisticTail = Operation("logisticTail") { x, _, _ in
    ElementaryFunctions.logOnePlus(ElementaryFunctions.exp(-Swift.abs(x)))
  } partials: { a, _ in
    [-logisticSide(a[0])]
  }

  /// σ(−x) where x is positive, −σ(x) elsewhere: what the sigmoid lacks to 0 or 1, to full relative accuracy.
  package static let logisticSide = Operation("logisticSide") { x, _, _ in
    let e = ElementaryFunctions.exp(-Swift.abs(x))
    let s = e / (1 + e)
    return x > 0 ? s : -s
  } partials: { a, side in
    let s = abs(side)
    return [-(s * (1 - s))]
  }

  /// log(eˣ + eʸ).
  package static let logAddExp = Operation(
    "logAddExp", lowered: { a in max(a[0], a[1]) + logisticTail(a[0] - a[1]) }
  ) { x, y, _ in
    Swift.max(x, y) + ElementaryFunctions.logOnePlus(ElementaryFunctions.exp(-Swift.abs(x - y)))
  } partials: { a, _ in
    [sigmoid(a[0] - a[1]), sigmoid(a[1] - a[0])]
  }
}
