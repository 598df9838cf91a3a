// Functions of formulas beyond the elementary ones. Each is computed by a vector function with a stated and tested bound, and its
// derivative is again one that does not cancel.

/// The nearest whole number, the even one of two. Its derivative is 0.
public func nearest(_ x: Formula) -> Formula { Operation.nearest(x) }
/// e^(x·y), accurate where the product is large, whose rounding would cost digits.
public func expProduct(_ x: Formula, _ y: Formula) -> Formula { Operation.expProduct(x, y) }

/// sin x.
public func sine(_ x: Formula) -> Formula { Operation.sine(x) }
/// cos x.
public func cosine(_ x: Formula) -> Formula { Operation.cosine(x) }
/// The angle between −π/2 and π/2 whose tangent is x.
public func arcTangent(_ x: Formula) -> Formula { Operation.arcTangent(x) }

/// 1/cosh² x, the derivative of tanh, accurate far out too.
public func sechSquare(_ x: Formula) -> Formula { Operation.sechSquare(x) }
/// x / (eˣ − 1) for x ≥ 0, 1 at 0 and 0 at infinity: NaN below 0.
public func exponentialRatio(_ x: Formula) -> Formula { Operation.exponentialRatio(x) }

/// √(1 + x²) without overflow.
public func rootOfOnePlusSquare(_ x: Formula) -> Formula { Operation.rootOfOnePlusSquare(x) }
/// √(1 + x²) − 1, accurate near 0 and without overflow: ½x² near zero, |x| far from it.
public func rootOfOnePlusSquareMinusOne(_ x: Formula) -> Formula { Operation.rootOfOnePlusSquareMinusOne(x) }
/// x / √(1 + x²), from −1 to 1: the derivative of √(1 + x²).
public func algebraicSigmoid(_ x: Formula) -> Formula { Operation.algebraicSigmoid(x) }
/// 1 / (1 + x²) without overflow.
public func inverseOnePlusSquare(_ x: Formula) -> Formula { Operation.inverseOnePlusSquare(x) }
/// x / (1 + x²) without overflow.
public func overOnePlusSquare(_ x: Formula) -> Formula { Operation.overOnePlusSquare(x) }
/// log(1 + x²) without overflow.
public func logOnePlusSquare(_ x: Formula) -> Formula { Operation.logOnePlusSquare(x) }
/// eˣ − 1 − x, accurate near 0, where it is ½x²: with x = log a/b the part of deviances on a logarithmic scale that is not linear.
public func expExcess(_ x: Formula) -> Formula { Operation.expExcess(x) }
/// log(x/y) for x, y ≥ 0, accurate where they are close, without overflow where they are far apart.
public func logRatio(_ x: Formula, _ y: Formula) -> Formula { Operation.logRatio(x, y) }
/// x − log(1 + x) for x ≥ −1, accurate near 0, where it is ½x²: with x = a/b − 1 the part of deviances and divergences that is
/// not linear, a/b − 1 − log(a/b).
public func logOnePlusDeficit(_ x: Formula) -> Formula { Operation.logOnePlusDeficit(x) }
/// x/y − 1 − log(x/y) for x, y ≥ 0, accurate where they are close: the same of a ratio, which may overflow or underflow in the logarithm.
public func ratioDeficit(_ x: Formula, _ y: Formula) -> Formula { Operation.ratioDeficit(x, y) }
/// log(eˣ + eʸ) without overflow.
public func logAddExp(_ x: Formula, _ y: Formula) -> Formula { Operation.logAddExp(x, y) }

/// e^(−x²), accurate far out too, where rounding x² would cost digits.
public func expNegativeSquare(_ x: Formula) -> Formula { Operation.expNegativeSquare(x) }
/// The error function 2/√π·∫₀ˣ e^(−t²) dt, accurate near 0.
public func errorFunction(_ x: Formula) -> Formula { Operation.errorFunction(x) }
/// 1 − erf x, accurate in the right tail.
public func errorFunctionComplement(_ x: Formula) -> Formula { Operation.errorFunctionComplement(x) }
/// The density φ of the standard normal distribution.
public func normalDensity(_ x: Formula) -> Formula { Operation.normalDensity(x) }
/// The distribution function Φ of the standard normal distribution, accurate in the left tail.
public func normalCumulative(_ x: Formula) -> Formula { Operation.normalCumulative(x) }
/// log Φ(x), accurate in both tails.
public func logNormalCumulative(_ x: Formula) -> Formula { Operation.logNormalCumulative(x) }
/// φ(x)/Φ(x), the derivative of log Φ, accurate in both tails.
public func inverseMillsRatio(_ x: Formula) -> Formula { Operation.inverseMillsRatio(x) }
/// x + φ(x)/Φ(x), accurate in the left tail, where it is about −1/x: the derivative of φ/Φ is minus their product.
public func inverseMillsExcess(_ x: Formula) -> Formula { Operation.inverseMillsExcess(x) }

/// log Γ(x) for x > 0, accurate at its zeros 1 and 2.
public func logGamma(_ x: Formula) -> Formula { Operation.logGamma(x) }
/// ψ(x) = Γ′(x)/Γ(x) for x > 0, accurate at its zero.
public func digamma(_ x: Formula) -> Formula { Operation.digamma(x) }
/// ψ′(x) for x > 0. It has no derivative here: a formula that contains it needs stated derivatives.
public func trigamma(_ x: Formula) -> Formula { Operation.trigamma(x) }
