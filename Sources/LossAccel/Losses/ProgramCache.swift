import Synchronization

/// A loss's programs, one for each combination of results, compiled when first asked for and kept.
final class ProgramCache: Sendable {
  /// What a call wants of each sample.
  struct Request: OptionSet, Hashable {
    let rawValue: Int
    static let value = Request(rawValue: 1)
    static let gradient = Request(rawValue: 2)
    static let curvature = Request(rawValue: 4)
    static let proximalPoint = Request(rawValue: 8)
    static let conjugate = Request(rawValue: 16)
    /// The prediction is the sum of two inputs, the prediction proper and an offset.
    static let offset = Request(rawValue: 32)

    fileprivate static let count = 64
  }

  /// A program for weighted least squares: by which curvature, by which one where that is not positive, and what it reads.
  struct WorkingRequest: Hashable {
    var kind: CurvatureKind
    var fallback: CurvatureKind?
    var hasOffset: Bool
    var isWeighted: Bool
  }

  let lowered: (value: Formula, gradient: Formula, curvature: Formula)
  let proximalOperator, conjugate: Formula?
  private let surrogates: [CurvatureKind: Formula]
  private let checks: [(check: KernelProgram.Check, isTarget: Bool)]
  /// By curvature, then by request.
  private let programs = Mutex<[KernelProgram?]>(
    Array(repeating: nil, count: Request.count * CurvatureKind.allCases.count))
  private let workingPrograms = Mutex<[WorkingRequest: KernelProgram]>([:])

  init(
    value: Formula, gradient: Formula, curvature: Formula, surrogates: [CurvatureKind: Formula],
    proximalOperator: Formula?, conjugate: Formula?, predictionDomain: ClosedRange<Double>?,
    targetDomain: ClosedRange<Double>?
  ) {
    lowered = (value.lowered(), gradient.lowered(), curvature.lowered())
    self.surrogates = surrogates.mapValues { $0.lowered() }
    self.proximalOperator = proximalOperator?.lowered()
    self.conjugate = conjugate?.lowered()
    let target = targetDomain.map { (KernelProgram.Check(input: 1, valid: $0, allowsNaN: false), true) }
    let prediction = predictionDomain.map { (KernelProgram.Check(input: 0, valid: $0, allowsNaN: true), false) }
    checks = [target, prediction].compactMap(\.self)
  }

  /// The program whose results are those of the request, in the order of its options. The loss has what is asked for.
  func program(for request: Request, curvature kind: CurvatureKind = .exact) -> KernelProgram {
    let number = kind.number * Request.count + request.rawValue
    return programs.withLock { programs in
      if let known = programs[number] { return known }
      var formulas: [Formula] = []
      if request.contains(.value) { formulas.append(lowered.value) }
      if request.contains(.gradient) { formulas.append(lowered.gradient) }
      if request.contains(.curvature) { formulas.append(curvature(kind)!) }
      if request.contains(.proximalPoint) { formulas.append(proximalOperator!) }
      if request.contains(.conjugate) { formulas.append(conjugate!) }
      let hasOffset = request.contains(.offset)
      if hasOffset { formulas = formulas.map(Self.withOffset) }
      let readsThird = hasOffset || request.contains(.proximalPoint)
      let isOfPredictions = request.isDisjoint(with: [.proximalPoint, .conjugate])
      let program = KernelProgram(
        Program(formulas, inputs: [.prediction(0), .target(0)] + (readsThird ? [.covariate(0)] : [])),
        // Points and dual variables are not predictions: they may be any numbers.
        checks: checks.filter { $0.isTarget || isOfPredictions }.map(\.check))
      programs[number] = program
      return program
    }
  }

  /// The program whose results are the value, 1 where there is no positive curvature, the working weight and the working residual. It
  /// reads predictions, targets, offsets if there are any, and weights if there are any: the residual must not be multiplied by
  /// those.
  func workingProgram(for request: WorkingRequest) -> KernelProgram {
    workingPrograms.withLock { programs in
      if let known = programs[request] { return known }
      var curvature = curvature(request.kind)!
      if let fallback = request.fallback {
        curvature = select(0 .< curvature, curvature, self.curvature(fallback)!)
      }
      let weight = Formula.input(.covariate(request.hasOffset ? 1 : 0))
      func weighted(_ formula: Formula) -> Formula { request.isWeighted ? weight * formula : formula }
      var formulas = [
        weighted(lowered.value), curvature .<= 0, weighted(curvature), -lowered.gradient / curvature,
      ]
      // Weights come after the substitution: they are not part of the loss.
      if request.hasOffset { formulas = formulas.map(Self.withOffset) }
      let covariates: [Input] =
        (request.hasOffset ? [.covariate(0)] : [])
        + (request.isWeighted ? [request.hasOffset ? .covariate(1) : .covariate(0)] : [])
      let program = KernelProgram(
        Program(formulas, inputs: [.prediction(0), .target(0)] + covariates), checks: checks.map(\.check))
      programs[request] = program
      return program
    }
  }

  private static func withOffset(_ formula: Formula) -> Formula {
    formula.atPrediction(.input(.prediction(0)) + .input(.covariate(0)))
  }

  /// The lowered curvature of that kind, if there is one.
  func curvature(_ kind: CurvatureKind) -> Formula? { kind == .exact ? lowered.curvature : surrogates[kind] }

  /// Whether the check of that number is about the target (or else the prediction), and what is valid.
  func check(_ number: Int) -> (isTarget: Bool, valid: ClosedRange<Double>) {
    (checks[number].isTarget, checks[number].check.valid)
  }
}

extension CurvatureKind {
  fileprivate var number: Int {
    switch self {
    case .exact: 0
    case .fisher: 1
    case .gaussNewton: 2
    case .majorizer: 3
    }
  }
}
