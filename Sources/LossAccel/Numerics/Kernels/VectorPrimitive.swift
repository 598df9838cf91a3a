/// An elementary function of the vector kernels, by itself.
///
/// Losses reach these functions inside a program; here each is a program of one instruction, so that it can be held to its bound. The
/// raw values are the kernels' names.
package enum VectorPrimitive: String, CaseIterable, Sendable {
  /// e^x.
  case exponential = "exp"
  /// e^x − 1, relatively accurate at 0.
  case exponentialMinusOne = "expMinusOne"
  /// e^x − 1 − x, relatively accurate at 0.
  case exponentialExcess = "expExcess"
  /// log x.
  case logarithm = "log"
  /// log(1 + x), relatively accurate at 0.
  case logarithmOnePlus = "logOnePlus"
  /// log(1 − e^−x) for x > 0.
  case logarithmOneMinusExponential = "logOneMinusExp"
  /// log(1 + e^−|x|): softplus(x) = max(x, 0) + this.
  case logisticTail
  /// σ(−x) where x > 0, otherwise −σ(x): σ(x) = (x > 0 ? 1 : 0) − this.
  case logisticSide
  /// tanh x.
  case hyperbolicTangent = "tanh"
  /// log cosh x, relatively accurate at 0.
  case logHyperbolicCosine = "logCosh"
  /// 1/cosh² x, the derivative of tanh.
  case hyperbolicSecantSquare = "sechSquare"
  /// x/(e^x − 1) for x ≥ 0, 1 at 0.
  case exponentialRatio
  /// x/(1 − e^−x) − 1 for x ≥ 0, relatively accurate at 0.
  case exponentialRatioExcess
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
  case exponentialOfNegativeSquare = "expNegativeSquare"
  /// x + φ(x)/Φ(x), relatively accurate in the left tail.
  case inverseMillsExcess
  /// log(1 + x²) without overflow.
  case logarithmOnePlusSquare = "logOnePlusSquare"
  /// x − log(1 + x), relatively accurate at 0.
  case logarithmOnePlusDeficit = "logOnePlusDeficit"
  /// √(1 + x²) without overflow.
  case rootOfOnePlusSquare
  /// 1/(1 + x²) without overflow.
  case inverseOfOnePlusSquare = "inverseOnePlusSquare"
  /// x/(1 + x²) without overflow.
  case overOnePlusSquare
  /// log(x/y) for x, y ≥ 0, relatively accurate where they are close.
  case logarithmOfRatio = "logRatio"
  /// x/y − 1 − log(x/y) for x, y ≥ 0, relatively accurate where they are close.
  case deficitOfRatio = "ratioDeficit"
  /// x·log y, and 0 where x = 0 unless y is NaN.
  case xLogY
  /// x·log(1 + y), and 0 where x = 0 unless y is NaN.
  case xLogOnePlusY
  /// x^y with the edges of IEEE 754's `pow`.
  case power
  /// e^(x·y).
  case exponentialOfProduct = "expProduct"

  /// 1, or 2 for functions of x and y.
  package var arity: Int {
    switch self {
    case .xLogY, .xLogOnePlusY, .power, .exponentialOfProduct, .logarithmOfRatio, .deficitOfRatio: 2
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
    case .logarithmOfRatio, .logarithmOneMinusExponential, .logisticTail, .logisticSide, .hyperbolicTangent,
      .arcTangent, .errorFunction:
      3
    case .normalCumulative, .logGamma, .hyperbolicSecantSquare, .exponentialRatio, .exponentialRatioExcess: 4
    case .errorFunctionComplement, .logNormalCumulative, .inverseMillsRatio, .inverseMillsExcess, .trigamma,
      .logarithmOnePlusDeficit, .exponentialExcess, .deficitOfRatio:
      5
    case .digamma: 6
    }
  }

  /// Stores f(xᵢ), or f(xᵢ, yᵢ), for every i.
  package func callAsFunction<T: Scalar>(_ x: Span<T>, _ y: Span<T>? = nil, into result: inout MutableSpan<T>) {
    precondition(x.count == result.count, "\(self): \(x.count) arguments for \(result.count) results")
    precondition(arity == 1 || y != nil, "\(self): the second argument is missing")
    defer { extendLifetime((x, y)) }
    var batch = KernelBatch<T>(count: x.count)
    batch.read(0, x)
    if arity == 2, let y { batch.read(1, y) }
    batch.store(0, in: &result)
    _ = Self.programs[self]!.run(batch)
  }

  /// f(x), by the same kernel: for functions that the C library does not have.
  package func callAsFunction(_ x: Double) -> Double {
    let argument: InlineArray<1, Double> = [x]
    var result: InlineArray<1, Double> = [0]
    var span = result.mutableSpan
    self(argument.span, into: &span)
    return result[0]
  }

  /// Stores f(xᵢ) for every i, as a kernel operation computes it that has f among its results.
  package func callAsFunction<T: Scalar>(
    _ x: Span<T>, by operation: SharedOperation, into result: inout MutableSpan<T>
  ) {
    precondition(x.count == result.count, "\(self): \(x.count) arguments for \(result.count) results")
    precondition(operation.results.contains(rawValue), "\(operation.name) has no result \(self)")
    defer { extendLifetime(x) }
    var batch = KernelBatch<T>(count: x.count)
    batch.read(0, x)
    batch.store(0, in: &result)
    _ = KernelProgram(program(of: operation.name, operation.results), checks: []).run(batch)
  }

  private static let programs = Dictionary(
    uniqueKeysWithValues: allCases.map { function in
      let shared = SharedOperation.all.first { $0.isOnlyWay && $0.results.contains(function.rawValue) }
      let program = function.program(of: shared?.name ?? function.rawValue, shared?.results ?? [function.rawValue])
      return (function, KernelProgram(program, checks: []))
    })

  private func program(of operation: String, _ results: [String]) -> Program {
    let arguments: [Program.Slot] = [.input(0), .input(1)], slots = results.indices.map(Program.Slot.temporary)
    return Program(
      inputs: Array([.prediction(0), .target(0)].prefix(arity)), constants: [],
      instructions: [
        Program.Instruction(operation: operation, arguments: Array(arguments.prefix(arity)), results: slots)
      ],
      results: [Program.Result(factor: 1, form: .single, slots: [slots[results.firstIndex(of: rawValue)!]])],
      temporaryCount: slots.count)
  }
}
