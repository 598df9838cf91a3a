/// A design as the formula's text, the columns that it uses, and what the rows of the fit have fixed of every variable.
extension ModelDesign: Codable {
  private enum CodingKeys: String, CodingKey { case formula, columns, variables }

  /// Reads what ``encode(to:)`` writes.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let text = try values.decode(String.self, forKey: .formula)
    let names = try values.decode([String].self, forKey: .columns)
    let states = try values.decode([VariableState].self, forKey: .variables)
    let plan: ModelPlan
    do throws(ModelFormulaError) {
      plan = try ModelPlan(ModelFormula(text), names: names)
    } catch {
      throw DecodingError.dataCorruptedError(forKey: .formula, in: values, debugDescription: error.description)
    }
    guard states.count == plan.variables.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .variables, in: values,
        debugDescription: "\(states.count) variables for a formula of \(plan.variables.count)")
    }
    let codings = zip(plan.variables, states).compactMap { VariableCoding($0.kind, $1) }
    guard codings.count == states.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .variables, in: values, debugDescription: "a variable is not what the formula says")
    }
    self.init(plan, codings: codings)
  }

  /// Writes the design as an object of three members.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(formula.description, forKey: .formula)
    try values.encode(plan.columns, forKey: .columns)
    try values.encode(codings.map(VariableState.init), forKey: .variables)
  }
}

/// What the rows of a fit have fixed of a variable: its levels, or the shift and triangular factor of its polynomials.
private struct VariableState: Codable {
  var levels: [String]?
  var shift: Double?
  /// By columns, two words for every element.
  var factor: [[[Double]]]?

  init(_ coding: VariableCoding) {
    switch coding {
    case .factor(_, let names): levels = names
    case .polynomial(_, let basis):
      guard let elements = basis.factor else { return }
      shift = basis.shift
      factor = elements.map { $0.map { [$0.high, $0.low] } }
    case .column, .number: break
    }
  }

  var basis: [[DoubleDouble]]? {
    factor?.map { $0.map { DoubleDouble($0.first ?? .nan, $0.dropFirst().first ?? 0) } }
  }
}

extension VariableCoding {
  /// `nil` where the state is that of another kind of variable.
  fileprivate init?(_ kind: ModelVariable.Kind, _ state: VariableState) {
    switch (kind, state.levels) {
    case (.factor(let column, _, _), let levels?): self = .factor(.column(column), levels)
    case (.column(let name), let levels?): self = .factor(.column(name), levels)
    case (.expression(let expression), let levels?): self = .factor(.truth(expression), levels)
    case (.expression(let expression), nil): self = .number(expression)
    case (.column(let name), nil): self = .column(name)
    case (.polynomial(let expression, let degree, _), nil):
      guard let basis = state.basis, let shift = state.shift else {
        self = .polynomial(expression, PolynomialBasis(degree: degree))
        return
      }
      // Column j of the triangle has j + 1 elements.
      guard basis.count == degree + 1, basis.indices.allSatisfy({ basis[$0].count > $0 }) else { return nil }
      self = .polynomial(expression, PolynomialBasis(degree: degree, shift: shift, factor: basis))
    default: return nil
    }
  }
}
