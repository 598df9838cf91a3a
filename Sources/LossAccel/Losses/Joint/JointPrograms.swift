import Synchronization

/// A joint loss's programs, one for each combination of results, compiled when first asked for and kept.
final class JointPrograms: Sendable {
  /// What a call wants of each sample beside the value.
  struct Request: Hashable {
    var gradient: Bool
    var curvature: CurvatureKind?
    /// The first prediction is the sum of two inputs, the prediction proper and an offset.
    var hasOffset = false

    fileprivate var number: Int {
      let kind =
        switch curvature {
        case nil: 0
        case .exact: 1
        default: 2
        }
      return 4 * kind + (hasOffset ? 2 : 0) + (gradient ? 1 : 0)
    }
  }

  let value: Formula
  let gradient, hessian: [Formula]
  let fisher: [Formula]?
  private let inputs: [Input]
  private let checks: [KernelProgram.Check]
  private let programs = Mutex<[KernelProgram?]>(Array(repeating: nil, count: 12))

  init(
    value: Formula, gradient: [Formula], hessian: [Formula], fisher: [Formula]?, predictions: [JointLoss.Variable],
    targets: [JointLoss.Variable]
  ) {
    self.value = value.lowered()
    self.gradient = gradient.map { $0.lowered() }
    self.hessian = hessian.map { $0.lowered() }
    self.fisher = fisher?.map { $0.lowered() }
    inputs = predictions.indices.map { .prediction($0) } + targets.indices.map { .target($0) }
    // Targets first, so that of two mistakes in a sample the one in the data is reported.
    let ofTargets = targets.enumerated().compactMap { index, target in
      target.domain.map {
        KernelProgram.Check(input: predictions.count + index, valid: $0, allowsNaN: false)
      }
    }
    let ofPredictions = predictions.enumerated().compactMap { index, prediction in
      prediction.domain.map { KernelProgram.Check(input: index, valid: $0, allowsNaN: true) }
    }
    checks = ofTargets + ofPredictions
  }

  /// The program whose results are the value, the gradient if it is asked for, and the curvature likewise.
  func program(for request: Request) -> KernelProgram {
    programs.withLock { programs in
      if let known = programs[request.number] { return known }
      var formulas = [value]
      if request.gradient { formulas += gradient }
      switch request.curvature {
      case nil: break
      case .exact: formulas += hessian
      default: formulas += fisher ?? []
      }
      if request.hasOffset {
        formulas = formulas.map { $0.atPrediction(.input(.prediction(0)) + .input(.covariate(0))) }
      }
      let program = KernelProgram(
        Program(formulas, inputs: inputs + (request.hasOffset ? [.covariate(0)] : [])), checks: checks)
      programs[request.number] = program
      return program
    }
  }

  /// The input that the check of that number is about, and what is valid.
  func check(_ number: Int) -> KernelProgram.Check { checks[number] }
}
