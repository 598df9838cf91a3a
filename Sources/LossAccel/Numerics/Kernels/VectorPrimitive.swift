import CVectorKernels

/// An elementary function of the vector kernels, by itself.
///
/// Losses reach these functions inside a program; here they stand alone, so that each can be held to its bound and timed.
package enum VectorPrimitive: UInt32, CaseIterable, Sendable {
  /// e^x.
  case exponential = 0
  /// e^x − 1, relatively accurate at 0.
  case exponentialMinusOne
  /// log x.
  case logarithm
  /// log(1 + x), relatively accurate at 0.
  case logarithmOnePlus
  /// log(1 − e^−x) for x > 0.
  case logarithmOneMinusExponential
  /// log(1 + e^−|x|): softplus(x) = max(x, 0) + this.
  case logisticTail
  /// σ(−x) where x > 0, otherwise −σ(x): σ(x) = (x > 0 ? 1 : 0) − this.
  case logisticSide
  /// tanh x.
  case hyperbolicTangent
  /// log cosh x, relatively accurate at 0.
  case logHyperbolicCosine
  /// sin x.
  case sine
  /// cos x.
  case cosine
  /// arctan x.
  case arcTangent
  /// erfc x = 1 − erf x, relatively accurate in the right tail.
  case errorFunctionComplement
  /// Φ(x), relatively accurate in the left tail.
  case normalCumulative
  /// log Φ(x), relatively accurate in both tails.
  case logNormalCumulative
  /// φ(x)/Φ(x), the derivative of log Φ.
  case inverseMillsRatio
  /// log Γ(x) for x > 0, relatively accurate at its zeros 1 and 2.
  case logGamma
  /// ψ(x) = Γ′(x)/Γ(x) for x > 0, relatively accurate at its zero 1.4616….
  case digamma
  /// ψ′(x) for x > 0.
  case trigamma
  /// erf x, relatively accurate at 0.
  case errorFunction
  /// φ(x), the normal density.
  case normalDensity
  /// e^(−x²).
  case exponentialOfNegativeSquare
  /// x + φ(x)/Φ(x), relatively accurate in the left tail.
  case inverseMillsExcess
  /// log(1 + x²) without overflow.
  case logarithmOnePlusSquare
  /// x − log(1 + x), relatively accurate at 0.
  case logarithmOnePlusDeficit
  /// √(1 + x²) without overflow.
  case rootOfOnePlusSquare
  /// 1/(1 + x²) without overflow.
  case inverseOfOnePlusSquare
  /// x/(1 + x²) without overflow.
  case overOnePlusSquare
  /// x·log y, and 0 where x = 0 unless y is NaN.
  case xLogY
  /// x·log(1 + y), and 0 where x = 0 unless y is NaN.
  case xLogOnePlusY
  /// x^y with the edges of IEEE 754's `pow`.
  case power
  /// e^(x·y).
  case exponentialOfProduct

  /// How many functions the kernels have; a test holds it against this list.
  package static var kernelCount: Int { Int(LA_PRIMITIVE_COUNT.rawValue) }

  /// 1, or 2 for functions of x and y.
  package var arity: Int {
    switch self {
    case .xLogY, .xLogOnePlusY, .power, .exponentialOfProduct: 2
    default: 1
    }
  }

  /// The largest distance from the exact result in units of its last place, on every target and in both precisions; a
  /// subnormal result counts in units of the least subnormal number.
  package var ulpBound: Double {
    switch self {
    case .exponential, .logarithm, .logarithmOnePlus, .sine, .cosine: 1
    case .inverseOfOnePlusSquare, .overOnePlusSquare: 3
    case .rootOfOnePlusSquare: 1.1
    case .exponentialMinusOne, .logHyperbolicCosine, .logarithmOnePlusSquare, .normalDensity,
      .exponentialOfNegativeSquare, .xLogY, .xLogOnePlusY, .power,
      .exponentialOfProduct:
      2
    case .logarithmOneMinusExponential, .logisticTail, .logisticSide, .hyperbolicTangent, .arcTangent, .errorFunction:
      3
    case .normalCumulative, .logGamma: 4
    case .errorFunctionComplement, .logNormalCumulative, .inverseMillsRatio, .inverseMillsExcess, .trigamma,
      .logarithmOnePlusDeficit:
      5
    case .digamma: 6
    }
  }

  /// Stores f(xᵢ), or f(xᵢ, yᵢ), for every i.
  package func callAsFunction<T: Scalar>(_ x: Span<T>, _ y: Span<T>? = nil, into result: inout MutableSpan<T>) {
    precondition(x.count == result.count, "\(self): \(x.count) arguments for \(result.count) results")
    if let y {
      precondition(x.count == y.count, "\(self): \(x.count) first and \(y.count) second arguments")
      unsafe y.withUnsafeBufferPointer { y in unsafe evaluate(x, y.baseAddress, into: &result) }
    } else {
      precondition(arity == 1, "\(self): the second argument is missing")
      unsafe evaluate(x, nil, into: &result)
    }
  }

  @unsafe private func evaluate<T: Scalar>(
    _ x: Span<T>, _ y: UnsafePointer<T>?, into result: inout MutableSpan<T>
  ) {
    unsafe result.withUnsafeMutableBufferPointer { result in
      unsafe x.withUnsafeBufferPointer { x in
        guard let xs = x.baseAddress, let results = result.baseAddress else { return }
        unsafe T._primitive(rawValue, xs, y, results, x.count)
      }
    }
  }

  /// f(x), by the same kernel: for functions that the C library does not have.
  package func callAsFunction(_ x: Double) -> Double {
    precondition(arity == 1, "\(self): the second argument is missing")
    var result = 0.0
    unsafe withUnsafePointer(to: x) { x in unsafe Double._primitive(rawValue, x, nil, &result, 1) }
    return result
  }
}
