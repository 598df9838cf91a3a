import Synchronization

/// A loss's programs, one for each combination of results, compiled when first asked for and kept.
final class ProgramCache: Sendable {
  /// What a call wants of each sample.
  struct Request: OptionSet, Hashable {
    let rawValue: Int
    static let value = Request(rawValue: 1)
    static let gradient = Request(rawValue: 2)
    static let curvature = Request(rawValue: 4)
  }

  let lowered: (value: Formula, gradient: Formula, curvature: Formula)
  private let checks: [(check: KernelProgram.Check, isTarget: Bool)]
  private let programs = Mutex<[KernelProgram?]>(Array(repeating: nil, count: 8))

  init(
    value: Formula, gradient: Formula, curvature: Formula, predictionDomain: ClosedRange<Double>?,
    targetDomain: ClosedRange<Double>?
  ) {
    lowered = (value.lowered(), gradient.lowered(), curvature.lowered())
    let target = targetDomain.map { (KernelProgram.Check(input: 1, valid: $0, allowsNaN: false), true) }
    let prediction = predictionDomain.map { (KernelProgram.Check(input: 0, valid: $0, allowsNaN: true), false) }
    checks = [target, prediction].compactMap(\.self)
  }

  /// The program whose results are those of the request, in the order value, gradient, curvature.
  func program(for request: Request) -> KernelProgram {
    programs.withLock { programs in
      if let known = programs[request.rawValue] { return known }
      var formulas: [Formula] = []
      if request.contains(.value) { formulas.append(lowered.value) }
      if request.contains(.gradient) { formulas.append(lowered.gradient) }
      if request.contains(.curvature) { formulas.append(lowered.curvature) }
      let program = KernelProgram(
        Program(formulas, inputs: [.prediction(0), .target(0)]), checks: checks.map(\.check))
      programs[request.rawValue] = program
      return program
    }
  }

  /// Whether the check of that number is about the target (or else the prediction), and what is valid.
  func check(_ number: Int) -> (isTarget: Bool, valid: ClosedRange<Double>) {
    (checks[number].isTarget, checks[number].check.valid)
  }
}
