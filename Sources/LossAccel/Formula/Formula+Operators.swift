extension Formula {
  /// The sum.
  public static func + (left: Formula, right: Formula) -> Formula { Operation.add(left, right) }
  /// The difference.
  public static func - (left: Formula, right: Formula) -> Formula { Operation.subtract(left, right) }
  /// The product.
  public static func * (left: Formula, right: Formula) -> Formula { Operation.multiply(left, right) }
  /// The quotient.
  public static func / (left: Formula, right: Formula) -> Formula { Operation.divide(left, right) }
  /// The negative.
  public static prefix func - (operand: Formula) -> Formula { Operation.negate(operand) }

  /// 1 where the left side is less, otherwise 0.
  public static func .< (left: Formula, right: Formula) -> Formula { Operation.less(left, right) }
  /// 1 where the left side is less or equal, otherwise 0.
  public static func .<= (left: Formula, right: Formula) -> Formula { Operation.lessOrEqual(left, right) }
  /// 1 where the left side is greater, otherwise 0.
  public static func .> (left: Formula, right: Formula) -> Formula { Operation.less(right, left) }
  /// 1 where the left side is greater or equal, otherwise 0.
  public static func .>= (left: Formula, right: Formula) -> Formula { Operation.lessOrEqual(right, left) }
  /// 1 where both sides are equal, otherwise 0.
  public static func .== (left: Formula, right: Formula) -> Formula { Operation.equal(left, right) }
}

/// `yes` where the condition holds (is not 0), `no` elsewhere. The other branch does not matter, even where it is not finite.
public func select(_ condition: Formula, _ yes: Formula, _ no: Formula) -> Formula {
  Operation.select(condition, yes, no)
}

/// |x|. Its derivative is the sign, which is 0 at 0.
public func abs(_ x: Formula) -> Formula { Operation.absolute(x) }
/// −1, 0 or 1.
public func sign(_ x: Formula) -> Formula { Operation.sign(x) }
/// 1 where x is positive, otherwise 0.
public func step(_ x: Formula) -> Formula { Operation.step(x) }
/// max(x, 0).
public func positivePart(_ x: Formula) -> Formula { Operation.positivePart(x) }
/// The smaller one; NaN if either is NaN.
public func min(_ x: Formula, _ y: Formula) -> Formula { Operation.minimum(x, y) }
/// The greater one; NaN if either is NaN.
public func max(_ x: Formula, _ y: Formula) -> Formula { Operation.maximum(x, y) }
/// The magnitude of `x` with the sign of `sign`.
public func copySign(_ x: Formula, sign: Formula) -> Formula { Operation.copySign(x, sign) }

/// x².
public func square(_ x: Formula) -> Formula { x * x }
/// √x.
public func squareRoot(_ x: Formula) -> Formula { Operation.squareRoot(x) }
/// xʸ.
public func power(_ x: Formula, _ y: Formula) -> Formula { Operation.power(x, y) }
/// eˣ.
public func exp(_ x: Formula) -> Formula { Operation.exp(x) }
/// eˣ − 1, accurate near 0.
public func expMinusOne(_ x: Formula) -> Formula { Operation.expMinusOne(x) }
/// The natural logarithm.
public func log(_ x: Formula) -> Formula { Operation.log(x) }
/// log(1 + x), accurate near 0.
public func logOnePlus(_ x: Formula) -> Formula { Operation.logOnePlus(x) }
/// log(1 − e⁻ˣ) for positive x, accurate near 0 and far from it.
public func logOneMinusExp(_ x: Formula) -> Formula { Operation.logOneMinusExp(x) }
/// x·log y, and 0 where x is 0.
public func xLogY(_ x: Formula, _ y: Formula) -> Formula { Operation.xLogY(x, y) }
/// x·log(1 + y), and 0 where x is 0.
public func xLogOnePlusY(_ x: Formula, _ y: Formula) -> Formula { Operation.xLogOnePlusY(x, y) }
/// The hyperbolic tangent.
public func tanh(_ x: Formula) -> Formula { Operation.tanh(x) }
/// log cosh x, accurate near 0 and without overflow.
public func logCosh(_ x: Formula) -> Formula { Operation.logCosh(x) }
/// log(1 + eˣ), without overflow, with full relative accuracy for large negative x.
public func softplus(_ x: Formula) -> Formula { Operation.softplus(x) }
/// 1 / (1 + e⁻ˣ), with full relative accuracy for large negative x.
public func sigmoid(_ x: Formula) -> Formula { Operation.sigmoid(x) }
