import LossAccel

/// The kernels' list of programs that are compiled in one piece, as the catalogue makes it: value and gradient of every pointwise loss, with
/// and without curvature, at its parameters' defaults and at others, where formulas may be less simple.
enum FusedProgramList {
  struct Entry: CustomStringConvertible, Sendable {
    /// By what the kernels call the program.
    var name: String
    var program: Program

    var description: String { name }
  }

  /// Functions so long that what lies between them hardly matters.
  private static let longFunctions: Set = [
    "logGamma", "digamma", "trigamma", "errorFunction", "errorFunctionComplement", "normalCumulative",
    "logNormalCumulative", "inverseMillsRatio", "inverseMillsExcess",
  ]

  static let entries: [Entry] = {
    var entries: [Entry] = []
    var known: Set<String> = []
    for loss in LossCatalogue.entries {
      let name = loss.standard.name.replacing("-", with: "_")
      for (suffix, loss) in [("", loss.standard), ("_other", withOtherParameters(loss))] {
        guard let loss else { continue }
        let formulas = [loss.formula, loss.gradient, loss.curvature]
        for (what, count) in [("gradient", 2), ("curvature", 3)] {
          let program = Program(Array(formulas.prefix(count)), inputs: [.prediction(0), .target(0)])
          guard !program.instructions.isEmpty,
            !program.instructions.contains(where: { longFunctions.contains($0.operation) }),
            known.insert(body(of: program)).inserted
          else { continue }
          entries.append(Entry(name: "\(name)\(suffix)_\(what)", program: program))
        }
      }
    }
    return entries
  }()

  /// The loss with parameters that no formula becomes simpler at; nil if it has none.
  private static func withOtherParameters(_ entry: LossCatalogue.Entry) -> PointwiseLoss? {
    if entry.parameters.isEmpty { return nil }
    var values: [String: Double] = [:]
    for parameter in entry.parameters {
      let value = entry.standard.parameters.first { $0.name == parameter.name }!.value
      values[parameter.name] = [value * 1.1875 + 0.09375, value * 0.8125].first(where: parameter.accepts) ?? value
    }
    return try? entry.loss(values)
  }

  static var text: String {
    """
    // Made by `make fused-programs` from the catalogue of losses; fused_programs.h says how to read it.

    """ + entries.map { "\nLA_PROGRAM(\($0.name)\(body(of: $0.program))" }.joined() + """

      #undef LA_PROGRAM
      #undef LA_DO
      #undef LA_GIVES
      #undef LA_RESULT
      #undef LA_END

      """
  }

  private static func body(of program: Program) -> String {
    func slotNumber(_ slot: Program.Slot) -> Int {
      switch slot {
      case .input(let index): index
      case .constant(let index): program.inputs.count + index
      case .temporary(let index): program.inputs.count + program.constants.count + index
      }
    }
    func list(_ slots: [Program.Slot], filledWith number: Int) -> String {
      let numbers = slots.map { slotNumber($0) } + Array(repeating: number, count: 3 - slots.count)
      return numbers.map(String.init).joined(separator: ", ")
    }
    let lines =
      [", \(program.inputs.count), \(program.constants.count))"]
      + program.instructions.map {
        "LA_DO(\($0.operation), \(list($0.results, filledWith: 255)), \(list($0.arguments, filledWith: 0)))"
      } + ["LA_GIVES"]
      + program.results.map { "LA_RESULT(\($0.form.kernelName), \(list($0.slots, filledWith: 0)))" } + ["LA_END", ""]
    return lines.joined(separator: "\n")
  }
}

extension Program.Form {
  fileprivate var kernelName: String {
    switch self {
    case .single: "SINGLE"
    case .square: "SQUARE"
    case .product: "PRODUCT"
    case .difference: "DIFFERENCE"
    case .squaredDifference: "SQUARED_DIFFERENCE"
    case .multiplyAdd: "MULTIPLY_ADD"
    }
  }
}
