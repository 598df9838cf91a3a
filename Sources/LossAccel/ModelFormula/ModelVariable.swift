/// A variable of a formula, read: what kind of column or columns it stands for, before any data are seen.
struct ModelVariable: Sendable {
  enum Kind: Sendable {
    /// One column of numbers, or of truth values, which are a factor of two levels.
    case expression(ColumnExpression)
    /// The powers 1...degree of a column, or the orthonormal polynomials of these degrees.
    case polynomial(ColumnExpression, degree: Int, isRaw: Bool)
    /// A column whose distinct values are levels.
    case factor(column: String, levels: [String]?, reference: String?)
    /// A column that is a factor if it holds text or truth values, and numbers otherwise.
    case column(String)
  }

  let kind: Kind
  /// As R writes it.
  let text: String
  let names: [(name: String, offset: Int)]

  init(_ syntax: FormulaSyntax, formula: String) throws(ModelFormulaError) {
    text = syntax.text
    names = syntax.names
    kind = try ModelVariable.kind(syntax, formula)
  }

  private static func kind(_ syntax: FormulaSyntax, _ formula: String) throws(ModelFormulaError) -> Kind {
    switch syntax.kind {
    case .name(let name): return .column(name)
    case .call("poly", let arguments): return try polynomial(arguments, syntax, formula)
    case .call("C", let arguments), .call("factor", let arguments), .call("as.factor", let arguments):
      return try factor(arguments, syntax, formula)
    case .call("relevel", let arguments):
      guard let inner = arguments.first,
        case .factor(let column, let levels, _) = try kind(inner.value.ungrouped, formula).asFactor,
        let reference = argument(arguments, "ref", at: 1).flatMap(literal)
      else {
        throw .syntax(
          formula: formula, offset: syntax.offset,
          problem: "relevel takes a column and its reference level: relevel(x, ref = \"a\").")
      }
      return .factor(column: column, levels: levels, reference: reference)
    default: return .expression(try ColumnExpression(syntax, formula: formula))
    }
  }

  private static func argument(
    _ arguments: [FormulaSyntax.Argument], _ label: String, at place: Int
  ) -> FormulaSyntax? {
    if let labelled = arguments.first(where: { $0.label == label }) { return labelled.value }
    let plain = arguments.filter { $0.label == nil }
    return place < plain.count ? plain[place].value : nil
  }

  /// The text of a level: a text, or a number as levels are written.
  private static func literal(_ syntax: FormulaSyntax) -> String? {
    switch syntax.ungrouped.kind {
    case .text(let text): text
    case .number(let value): levelText(value)
    case .truth(let value): value ? "TRUE" : "FALSE"
    case .unary("-", let inner): literal(inner).map { "-" + $0 }
    default: nil
    }
  }

  private static func polynomial(
    _ arguments: [FormulaSyntax.Argument], _ syntax: FormulaSyntax, _ formula: String
  ) throws(ModelFormulaError) -> Kind {
    func trouble(_ problem: String) -> ModelFormulaError {
      .syntax(formula: formula, offset: syntax.offset, problem: problem)
    }
    let known: Set<String?> = [nil, "degree", "raw", "x", "simple"]
    guard let x = argument(arguments, "x", at: 0), arguments.allSatisfy({ known.contains($0.label) }) else {
      throw trouble("poly takes a column, a degree and perhaps raw = TRUE: poly(x, 2), poly(x, 2, raw = TRUE).")
    }
    let isDegreeLabelled = arguments.contains { $0.label == "degree" }
    var degree = 1
    if let syntax = argument(arguments, "degree", at: 1) {
      guard case .number(let value) = syntax.ungrouped.kind, let whole = Int(exactly: value), whole >= 1, whole <= 32
      else {
        throw trouble(
          "the degree of a polynomial is a whole number from 1 to 32. Polynomials of two columns are written as products."
        )
      }
      degree = whole
    }
    guard arguments.filter({ $0.label == nil }).count <= (isDegreeLabelled ? 1 : 2) else {
      throw trouble("poly takes a column, a degree and perhaps raw = TRUE.")
    }
    var isRaw = false
    if let raw = arguments.first(where: { $0.label == "raw" })?.value {
      switch raw.kind {
      case .truth(let value): isRaw = value
      case .name("T"): isRaw = true
      case .name("F"): isRaw = false
      default: throw trouble("raw is TRUE, for plain powers, or FALSE, for orthogonal polynomials.")
      }
    }
    return .polynomial(try ColumnExpression(x, formula: formula), degree: degree, isRaw: isRaw)
  }

  private static func factor(
    _ arguments: [FormulaSyntax.Argument], _ syntax: FormulaSyntax, _ formula: String
  ) throws(ModelFormulaError) -> Kind {
    func trouble(_ problem: String) -> ModelFormulaError {
      .syntax(formula: formula, offset: syntax.offset, problem: problem)
    }
    let known: Set<String?> = [nil, "levels", "ref", "x"]
    guard let column = argument(arguments, "x", at: 0), case .name(let name) = column.ungrouped.kind,
      arguments.allSatisfy({ known.contains($0.label) }), arguments.filter({ $0.label == nil }).count <= 1
    else {
      throw trouble(
        "a factor is made of one column, perhaps with its levels or its reference: C(x), C(x, levels = c(\"a\", \"b\")), C(x, ref = \"a\")."
      )
    }
    var levels: [String]?
    if let list = arguments.first(where: { $0.label == "levels" })?.value {
      guard case .call("c", let elements) = list.kind else { throw trouble("levels are listed as c(\"a\", \"b\").") }
      levels = elements.compactMap { literal($0.value) }
      guard levels?.count == elements.count, Set(levels ?? []).count == elements.count, !elements.isEmpty else {
        throw trouble("levels are distinct texts or numbers.")
      }
    }
    var reference: String?
    if let level = arguments.first(where: { $0.label == "ref" })?.value {
      guard let text = literal(level) else { throw trouble("the reference level is a text or a number: ref = \"a\".") }
      reference = text
    }
    return .factor(column: name, levels: levels, reference: reference)
  }
}

extension ModelVariable.Kind {
  /// A plain column as a factor.
  fileprivate var asFactor: ModelVariable.Kind {
    if case .column(let name) = self { .factor(column: name, levels: nil, reference: nil) } else { self }
  }
}

/// A number as the name of a level: 4, 0.5, 1e+20.
func levelText(_ value: Double) -> String { decimalText(value, significantDigits: 15) }
