extension PointwiseLoss {
  /// Barron's general loss (|α − 2|/α)·((x²/|α − 2| + 1)^(α/2) − 1) with x = (ŷ − y)/c: one family that contains the squared error
  /// (α = 2: ½x²), the pseudo-Huber loss (1), the Cauchy loss (0: log(1 + ½x²)), Geman and McClure's (−2) and Welsch's (−∞:
  /// 1 − e^(−x²/2)), each as the limit of its neighbours.
  ///
  /// - Gradient (x/c)·b^(α/2 − 1), curvature b^(α/2 − 1)/c²·(1 + (α − 1)x²/|α − 2|)/b, with b = x²/|α − 2| + 1.
  /// - Domain: all predictions and targets; α from −∞ to 2, c > 0.
  /// - Properties: convex for α ≥ 1, Lipschitz for α ≤ 1, smooth 1/c², redescending for α < 1, bounded for α < 0. Source: Barron,
  ///   A General and Adaptive Robust Loss Function, CVPR 2019.
  public static func barron(alpha: Double = 1, scale: Double = 1) -> PointwiseLoss {
    precondition(alpha <= 2, "Barron's loss needs an alpha of at most 2, not \(alpha)")
    precondition(scale > 0 && scale.isFinite, "Barron's loss needs a positive, finite scale, not \(scale)")
    let shape = Formula.parameter("alpha", alpha)
    let c = Formula.parameter("scale", scale)
    let family = BarronFamily(alpha: alpha, shape: shape)
    return PointwiseLoss(
      "barron", summary: "One family from the squared error over Cauchy’s to Welsch’s loss, by its shape α.",
      parameters: ["alpha": alpha],
      traits: LossTraits(
        convexity: alpha == 2 ? .strong(1 / (scale * scale)) : alpha >= 1 ? .strict : .none,
        lipschitzConstant: BarronFamily.lipschitzConstant(alpha).map { $0 / scale }, smoothness: 1 / (scale * scale),
        differentiability: .smooth,
        robustness: alpha > 1 ? LossTraits.Robustness.none : alpha == 1 ? .bounded : .redescending),
      gradient: { prediction, target in family.slope((prediction - target) / c) / c },
      curvature: { prediction, target in family.bend((prediction - target) / c) / square(c) },
      majorizer: { prediction, target in family.weight((prediction - target) / c) / square(c) }
    ) { prediction, target in
      family.value((prediction - target) / c)
    }
  }
}

/// Barron's loss as a function of the scaled residual x, with its derivatives. With y = x/√|α − 2| the base b is 1 + y².
private struct BarronFamily {
  let alpha: Double
  let shape: Formula

  /// Below this the loss differs from its limit by less than its rounding.
  private static let infinite = -0x1p80

  /// Down to here powers of b are taken as they stand; below, a high power would magnify the rounding of b, and it is the
  /// exponential of its logarithm, which is accurate near 0.
  private static let steep = -8.0

  private var width: Formula { squareRoot(2 - shape) }

  func value(_ x: Formula) -> Formula {
    if alpha == 2 { return 0.5 * square(x) }
    if alpha == 0 { return logOnePlusSquare(x / width) }
    if alpha == 1 { return rootOfOnePlusSquareMinusOne(x) }
    if alpha < Self.infinite { return -expMinusOne(-0.5 * square(x)) }
    let factor = (2 - shape) / shape
    let exponent = (0.5 * shape) * logOnePlusSquare(x / width)
    let near = factor * expMinusOne(exponent)
    // A great exponent has lost the digits that its exponential needs; the power has not.
    return alpha < 0 ? near : select(exponent .< 1, near, factor * (rootPower(x, shape) - 1))
  }

  func slope(_ x: Formula) -> Formula {
    if alpha == 2 { return x }
    if alpha == 0 { return width * overOnePlusSquare(x / width) }
    if alpha == 1 { return algebraicSigmoid(x) }
    if alpha < Self.infinite {
      let half = halfBell(x)
      return (x * half) * half
    }
    // Far out x is great and its factor small: neither may underflow before the product does.
    return alpha < 1 && alpha > Self.steep
      ? width * (algebraicSigmoid(x / width) * rootPower(x, shape - 1)) : x * rootPower(x, shape - 2)
  }

  func bend(_ x: Formula) -> Formula {
    if alpha == 2 { return 1 }
    let y = x / width
    if alpha == 0 { return PointwiseLoss.cauchyCurvature(y) }
    if alpha == 1 { return inverseOnePlusSquare(x) / rootOfOnePlusSquare(x) }
    if alpha < Self.infinite {
      let half = halfBell(x)
      return (half - x * (x * half)) * half
    }
    // (1 + (α − 1)y²)/(1 + y²), in which nothing cancels for α ≥ 1.
    let share =
      alpha < 1
      ? inverseOnePlusSquare(y) + (shape - 1) * (y * overOnePlusSquare(y))
      : (shape - 1) + (2 - shape) * inverseOnePlusSquare(y)
    return rootPower(x, shape - 2) * share
  }

  /// b^(α/2 − 1): the slope divided by x.
  func weight(_ x: Formula) -> Formula {
    if alpha == 2 { return 1 }
    if alpha == 0 { return inverseOnePlusSquare(x / width) }
    if alpha == 1 { return 1 / rootOfOnePlusSquare(x) }
    return alpha < Self.infinite ? square(halfBell(x)) : rootPower(x, shape - 2)
  }

  /// e^(−x²/4).
  private func halfBell(_ x: Formula) -> Formula { expProduct(-0.25 * x, x) }

  /// √b^exponent. For great x, where the square of y may overflow, it is a power of |y|; and for α > 1, where y itself may, one of
  /// |x| times a constant.
  private func rootPower(_ x: Formula, _ exponent: Formula) -> Formula {
    let y = x / width
    if alpha < Self.steep { return expProduct(0.5 * exponent, logOnePlusSquare(y)) }
    let isFar = abs(x) .> 0x1p30
    let power = power(
      select(isFar, abs(alpha > 1 ? x : y), 1 + square(y)), select(isFar, exponent, 0.5 * exponent))
    return alpha > 1 ? select(isFar, LossAccel.power(width, -exponent), 1) * power : power
  }

  /// The greatest of x·b^(α/2 − 1): where x² = |α − 2|/(1 − α).
  static func lipschitzConstant(_ alpha: Double) -> Double? {
    if alpha > 1 { return nil }
    if alpha == 1 { return 1 }
    if alpha < infinite { return 0.6065306597126334 }
    let rest = 1 - alpha
    return ((2 - alpha) / rest).squareRoot()
      * ElementaryFunctions.exp((alpha / 2 - 1) * ElementaryFunctions.logOnePlus(1 / rest))
  }
}
