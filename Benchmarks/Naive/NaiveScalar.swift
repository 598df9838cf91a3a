import Foundation
import LossAccel

/// The C library's functions for a type that the naive loops are written for once.
protocol NaiveScalar: Scalar {
  static func exponential(_ x: Self) -> Self
  static func logarithm(_ x: Self) -> Self
  static func logarithmOnePlus(_ x: Self) -> Self
  static func hyperbolicTangent(_ x: Self) -> Self
}

extension Float: NaiveScalar {
  @inline(__always) static func exponential(_ x: Float) -> Float { exp(x) }
  @inline(__always) static func logarithm(_ x: Float) -> Float { log(x) }
  @inline(__always) static func logarithmOnePlus(_ x: Float) -> Float { log1p(x) }
  @inline(__always) static func hyperbolicTangent(_ x: Float) -> Float { tanh(x) }
}

extension Double: NaiveScalar {
  @inline(__always) static func exponential(_ x: Double) -> Double { exp(x) }
  @inline(__always) static func logarithm(_ x: Double) -> Double { log(x) }
  @inline(__always) static func logarithmOnePlus(_ x: Double) -> Double { log1p(x) }
  @inline(__always) static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
}
