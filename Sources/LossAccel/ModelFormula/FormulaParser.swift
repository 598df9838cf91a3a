/// Reads formulas in R's grammar. From weakest to strongest: `~`; comparisons; `+ -`; `* /`; `%in% %%`; `:`; sign; `^`.
struct FormulaParser {
  private let formula: String
  private let characters: [Character]
  private let tokens: [(token: FormulaLexer.Token, offset: Int)]
  private var next = 0
  private var depth = 0

  private init(_ formula: String, _ tokens: [(token: FormulaLexer.Token, offset: Int)]) {
    (self.formula, self.tokens) = (formula, tokens)
    characters = Array(formula)
  }

  /// The two sides of `~`; the left one may be missing.
  static func parse(_ formula: String) throws(ModelFormulaError) -> (response: FormulaSyntax?, terms: FormulaSyntax) {
    var parser = FormulaParser(formula, try FormulaLexer.tokens(formula))
    var response: FormulaSyntax?
    if parser.symbol != "~" { response = try parser.expression(0) }
    guard parser.symbol == "~" else {
      throw parser.trouble(
        parser.isAtEnd
          ? "a formula has a ~ between the response and its terms: y ~ a + b" : "this was not expected here.")
    }
    parser.next += 1
    let terms = try parser.expression(0)
    guard parser.isAtEnd else {
      throw parser.trouble(
        parser.symbol == "~"
          ? "a formula has one ~ only." : "this was not expected here. Perhaps an operator is missing before it.")
    }
    return (response, terms)
  }

  private var symbol: String? { if case .symbol(let symbol) = tokens[next].token { symbol } else { nil } }
  private var isAtEnd: Bool { tokens[next].token == .end }

  private func trouble(_ problem: String) -> ModelFormulaError {
    .syntax(formula: formula, offset: tokens[next].offset, problem: problem)
  }

  private static let levels: [[String]] = [
    ["<", ">", "<=", ">=", "==", "!="], ["+", "-"], ["*", "/"], ["%in%", "%%"], [":"],
  ]

  private mutating func expression(_ level: Int) throws(ModelFormulaError) -> FormulaSyntax {
    guard level < FormulaParser.levels.count else { return try signed() }
    // `- 1 + a` subtracts from nothing.
    var left = try expression(level + 1)
    while let operation = symbol, FormulaParser.levels[level].contains(operation) {
      let offset = tokens[next].offset
      next += 1
      left = FormulaSyntax(kind: .binary(operation, left, try expression(level + 1)), offset: offset)
    }
    return left
  }

  private mutating func signed() throws(ModelFormulaError) -> FormulaSyntax {
    if let sign = symbol, sign == "-" || sign == "+" {
      let offset = tokens[next].offset
      next += 1
      try deepen()
      defer { depth -= 1 }
      return FormulaSyntax(kind: .unary(sign, try signed()), offset: offset)
    }
    let base = try primary()
    guard symbol == "^" else { return base }
    let offset = tokens[next].offset
    next += 1
    try deepen()
    defer { depth -= 1 }
    // To the right, and a sign may stand behind it: x^-2.
    return FormulaSyntax(kind: .binary("^", base, try signed()), offset: offset)
  }

  /// Nobody writes formulas this deep; a program's mistake must not overflow the stack.
  private mutating func deepen() throws(ModelFormulaError) {
    depth += 1
    if depth > 200 { throw trouble("parentheses, signs and powers are nested more than 200 deep.") }
  }

  private mutating func primary() throws(ModelFormulaError) -> FormulaSyntax {
    let (token, offset) = tokens[next]
    next += isAtEnd ? 0 : 1
    switch token {
    case .number(let value): return FormulaSyntax(kind: .number(value), offset: offset)
    case .text(let text): return FormulaSyntax(kind: .text(text), offset: offset)
    case .name(let name):
      if symbol == "(" && !isBackquoted(offset) {
        next += 1
        return FormulaSyntax(kind: .call(name, try arguments(of: name, offset)), offset: offset)
      }
      let isPlain = !isBackquoted(offset)
      if isPlain && name == "." { return FormulaSyntax(kind: .rest, offset: offset) }
      if isPlain && (name == "TRUE" || name == "FALSE") {
        return FormulaSyntax(kind: .truth(name == "TRUE"), offset: offset)
      }
      return FormulaSyntax(kind: .name(name), offset: offset)
    case .symbol("("):
      try deepen()
      defer { depth -= 1 }
      let inner = try expression(0)
      guard symbol == ")" else { throw unclosed(offset) }
      next += 1
      return FormulaSyntax(kind: .group(inner), offset: offset)
    case .end:
      throw trouble("the formula ends where a column or a number is expected.")
    case .symbol(let symbol):
      throw .syntax(
        formula: formula, offset: offset,
        problem: "a column, a number or a parenthesis is expected here, not \"\(symbol)\".")
    }
  }

  private func isBackquoted(_ offset: Int) -> Bool { characters[offset] == "`" }

  private func unclosed(_ offset: Int) -> ModelFormulaError {
    if isAtEnd { return .syntax(formula: formula, offset: offset, problem: "this parenthesis is never closed.") }
    return trouble("this was not expected here: an operator or a closing parenthesis is missing before it.")
  }

  private mutating func arguments(of name: String, _ offset: Int) throws(ModelFormulaError) -> [FormulaSyntax.Argument]
  {
    var arguments: [FormulaSyntax.Argument] = []
    try deepen()
    defer { depth -= 1 }
    if symbol == ")" {
      next += 1
      return arguments
    }
    while true {
      var label: String?
      if case .name(let name) = tokens[next].token, tokens[next + 1].token == .symbol("=") {
        label = name
        next += 2
      }
      arguments.append(FormulaSyntax.Argument(label: label, value: try expression(0)))
      if symbol == ")" {
        next += 1
        return arguments
      }
      guard symbol == "," else { throw unclosed(offset + name.count) }
      next += 1
    }
  }
}
