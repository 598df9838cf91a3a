import Foundation
package import LossAccel

/// The worst error of a function of one argument over every 1009th of all 2³² bit patterns of floats, against the C library in double
/// precision. It ends where the bound is broken.
package struct FloatSweep {
  package private(set) var worst = 0.0
  package private(set) var argument: Float = 0
  package private(set) var result: Float = 0

  package init(of function: VectorPrimitive) {
    let chunk = 1 << 16
    var pattern: UInt64 = 0
    while pattern < 1 << 32 {
      let x = (0..<chunk).map { Float(bitPattern: UInt32(truncatingIfNeeded: pattern + 1009 * UInt64($0))) }
      let expected = function.inDoublePrecision(x.map(Double.init)), actual = function.byTheKernel(x)
      for index in 0..<chunk {
        let error = Self.error(actual[index], expected[index])
        if error > worst { (worst, argument, result) = (error, x[index], actual[index]) }
      }
      if worst > function.ulpBound { return }
      pattern += 1009 * UInt64(chunk)
    }
  }

  /// |actual − expected| in units of the last place that the exact result has in single precision.
  private static func error(_ actual: Float, _ expected: Double) -> Double {
    let rounded = Float(expected)
    if rounded.isNaN || actual.isNaN { return rounded.isNaN && actual.isNaN ? 0 : .infinity }
    if rounded.isInfinite || actual.isInfinite { return rounded == actual ? 0 : .infinity }
    return abs(Double(actual) - expected) / Double(rounded.ulp)
  }
}

extension VectorPrimitive {
  fileprivate func byTheKernel<T: Scalar>(_ x: [T]) -> [T] {
    var result = [T](repeating: 0, count: x.count)
    var span = result.mutableSpan
    self(x.span, into: &span)
    return result
  }

  /// The function of one argument by the C library, with far more digits than single precision has.
  fileprivate func inDoublePrecision(_ x: [Double]) -> [Double] {
    switch self {
    case .exponential: x.map { exp($0) }
    case .exponentialMinusOne: x.map { expm1($0) }
    case .exponentialExcess:
      x.map { abs($0) > 1e-3 ? expm1($0) - $0 : $0 * $0 * (0.5 + $0 * (1 / 6 + $0 / 24)) }
    case .logarithm: x.map { log($0) }
    case .logarithmOnePlus: x.map { log1p($0) }
    case .logarithmOneMinusExponential: x.map { $0 < 0.7 ? log(-expm1(-$0)) : log1p(-exp(-$0)) }
    case .logisticTail: x.map { log1p(exp(-abs($0))) }
    case .logisticSide: x.map { ($0 > 0 ? 1 : -1) / (1 + exp(abs($0))) }
    case .hyperbolicTangent: x.map { tanh($0) }
    case .logHyperbolicCosine:
      x.map { abs($0) < 1 ? 0.5 * log1p(sinh($0) * sinh($0)) : abs($0) + log1p(exp(-2 * abs($0))) - log(2) }
    case .hyperbolicSecantSquare: x.map { 4 * exp(-2 * abs($0)) / pow(1 + exp(-2 * abs($0)), 2) }
    case .exponentialRatio: x.map { $0 < 0 ? .nan : $0 == 0 ? 1 : $0 > 500 ? 0 : $0 / expm1($0) }
    case .exponentialRatioExcess:
      x.map { $0 < 0 ? .nan : $0 < 1e-3 ? $0 * (0.5 + $0 * (1 / 12 - $0 * $0 / 720)) : $0 / -expm1(-$0) - 1 }
    case .sine: x.map { sin($0) }
    case .cosine: x.map { cos($0) }
    case .arcTangent: x.map { atan($0) }
    case .errorFunctionComplement: x.map { erfc($0) }
    case .normalCumulative: x.map { 0.5 * erfc(-$0 * 0.5.squareRoot()) }
    case .logGamma: x.map { $0 < 0 ? .nan : lgamma($0) }
    case .errorFunction: x.map { erf($0) }
    case .normalDensity: x.map { exp(-0.5 * $0 * $0) / (2 * Double.pi).squareRoot() }
    case .exponentialOfNegativeSquare: x.map { exp(-$0 * $0) }
    case .logarithmOnePlusSquare: x.map { log1p($0 * $0) }
    case .logarithmOnePlusDeficit:
      x.map { abs($0) > 1e-3 ? $0 - log1p($0) : $0 * $0 * (0.5 - $0 * (1 / 3 - 0.25 * $0)) }
    case .rootOfOnePlusSquare: x.map { (1 + $0 * $0).squareRoot() }
    case .inverseOfOnePlusSquare: x.map { 1 / (1 + $0 * $0) }
    case .overOnePlusSquare: x.map { abs($0) > 1e18 ? 1 / $0 : $0 / (1 + $0 * $0) }
    // The C library has none of these; the kernel in double precision has its own references.
    case .logNormalCumulative, .inverseMillsRatio, .inverseMillsExcess, .digamma, .trigamma: byTheKernel(x)
    case .xLogY, .xLogOnePlusY, .power, .exponentialOfProduct, .logarithmOfRatio, .deficitOfRatio:
      preconditionFailure("\(self) has two arguments")
    }
  }
}
