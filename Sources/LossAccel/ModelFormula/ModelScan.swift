/// What has to be known of all rows before a design can be computed: the levels of factors, and the moments that make polynomials
/// orthogonal. Tables may come in blocks, and scans of parts be merged in the order of the parts.
package struct ModelScan: Sendable {
  private let plan: ModelPlan
  private var facts: [Fact]

  private enum Fact: Sendable {
    case numbers
    /// Levels with the numbers that they stand for, where they are numbers.
    case levels([String: Double])
    case moments(PolynomialMoments?)
  }

  package init(_ plan: ModelPlan) {
    self.plan = plan
    facts = plan.variables.map { _ in .numbers }
  }

  /// Takes in rows, none of which lacks an element.
  package mutating func add(_ columns: TableColumns) throws(ModelFormulaError) {
    for (index, variable) in plan.variables.enumerated() {
      switch variable.kind {
      case .column(let name):
        if columns.isFactor(name) { addLevels(columns.levels(name).levels, isText(columns, name), index) }
      case .factor(let column, _, _): addLevels(columns.levels(column).levels, isText(columns, column), index)
      case .expression(let expression):
        if expression.isTruth {
          let values = try expression.evaluate(count: columns.table.rowCount, columns.numbers)
          addLevels(
            (values.high.contains(0) ? ["FALSE"] : []) + (values.high.contains(1) ? ["TRUE"] : []), true, index)
        }
      case .polynomial(let expression, let degree, let isRaw):
        if isRaw { break }
        let values = try expression.evaluate(count: columns.table.rowCount, columns.numbers)
        try VariableValues.checkFinite(values, variable.text)
        if case .moments(var moments?) = facts[index] {
          moments.add(values)
          facts[index] = .moments(moments)
        } else {
          facts[index] = .moments(PolynomialMoments(values, degree: degree))
        }
      }
    }
  }

  private func isText(_ columns: TableColumns, _ name: String) -> Bool { columns.isFactor(name) }

  private mutating func addLevels(_ levels: [String], _ isText: Bool, _ index: Int) {
    var all: [String: Double] = [:]
    if case .levels(let known) = facts[index] { all = known }
    for level in levels { all[level] = isText ? .nan : parseDecimal(level) ?? .nan }
    facts[index] = .levels(all)
  }

  /// Takes in what a scan of later rows found. Both must have begun with the same ``PolynomialMoments/shift``s.
  package mutating func add(_ other: ModelScan) {
    for index in facts.indices {
      switch (facts[index], other.facts[index]) {
      case (.levels(let first), .levels(let second)):
        facts[index] = .levels(first.merging(second) { first, _ in first })
      case (.moments(var first?), .moments(let second?)):
        first.add(second)
        facts[index] = .moments(first)
      case (.numbers, let fact), (.moments(nil), let fact): facts[index] = fact
      default: break
      }
    }
  }

  /// A scan that has seen no rows, but measures from the same origins as this one.
  package func empty() -> ModelScan {
    var scan = ModelScan(plan)
    for (index, fact) in facts.enumerated() {
      if case .moments(let moments?) = fact { scan.facts[index] = .moments(moments.empty()) }
    }
    return scan
  }

  /// How every variable is to be computed.
  func codings() throws(ModelFormulaError) -> [VariableCoding] {
    var codings: [VariableCoding] = []
    for (variable, fact) in zip(plan.variables, facts) {
      switch (variable.kind, fact) {
      case (.factor(let column, let wanted, let reference), .levels(let found)):
        codings.append(.factor(.column(column), try levels(variable, found, wanted, reference)))
      case (.column(let name), .levels(let found)):
        codings.append(.factor(.column(name), try levels(variable, found, nil, nil)))
      case (.expression(let expression), .levels(let found)):
        codings.append(.factor(.truth(expression), try levels(variable, found, nil, nil)))
      case (.expression(let expression), _): codings.append(.number(expression))
      case (.column(let name), _): codings.append(.column(name))
      case (.polynomial(let expression, let degree, _), .moments(let moments?)):
        codings.append(.polynomial(expression, try moments.basis(degree: degree, term: variable.text)))
      case (.polynomial(let expression, let degree, _), _):
        codings.append(.polynomial(expression, PolynomialBasis(degree: degree)))
      case (.factor, _): throw .unusable(term: variable.text, problem: "has no level: there are no rows.")
      }
    }
    return codings
  }

  private func levels(
    _ variable: ModelVariable, _ found: [String: Double], _ wanted: [String]?, _ reference: String?
  ) throws(ModelFormulaError) -> [String] {
    var levels =
      wanted
      ?? found.keys.sorted { first, second in
        let (a, b) = (found[first] ?? .nan, found[second] ?? .nan)
        return a.isNaN || b.isNaN ? TableColumns.precedes(first, second) : a < b
      }
    if let reference {
      guard let place = levels.firstIndex(of: reference) else {
        throw .unusable(
          term: variable.text,
          problem: "\"\(reference)\" is not one of its levels, which are: \(levels.prefix(20).joined(separator: ", "))."
        )
      }
      levels.insert(levels.remove(at: place), at: 0)
    }
    guard levels.count > 1 else {
      let only = levels.first.map { "only the level \"\($0)\"" } ?? "no level"
      throw .unusable(term: variable.text, problem: "has \(only), a factor needs two. Leave it out.")
    }
    return levels
  }
}
