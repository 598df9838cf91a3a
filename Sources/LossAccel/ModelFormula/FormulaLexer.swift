/// Cuts a formula into numbers, names, texts and operators.
struct FormulaLexer {
  enum Token: Equatable {
    case number(Double)
    case name(String)
    case text(String)
    case symbol(String)
    case end
  }

  private let formula: String
  private let characters: [Character]
  private var next = 0

  init(_ formula: String) {
    self.formula = formula
    characters = Array(formula)
  }

  static func continuesName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "." || character == "_"
  }

  /// All tokens with the places where they begin; the last one is the end.
  static func tokens(_ formula: String) throws(ModelFormulaError) -> [(token: Token, offset: Int)] {
    var lexer = FormulaLexer(formula)
    var tokens: [(Token, Int)] = []
    while true {
      while lexer.next < lexer.characters.count && lexer.characters[lexer.next].isWhitespace { lexer.next += 1 }
      let offset = lexer.next
      let token = try lexer.token()
      tokens.append((token, offset))
      if token == .end { return tokens }
    }
  }

  private mutating func token() throws(ModelFormulaError) -> Token {
    guard next < characters.count else { return .end }
    let first = characters[next]
    if first == "`" { return .name(try quoted(by: "`", "a backquoted name")) }
    if first == "\"" || first == "'" { return .text(try quoted(by: first, "a text")) }
    if first.isASCII && first.isNumber || first == "." && next + 1 < characters.count && characters[next + 1].isNumber {
      return try number()
    }
    if first.isLetter || first == "." {
      let start = next
      while next < characters.count && FormulaLexer.continuesName(characters[next]) { next += 1 }
      return .name(String(characters[start..<next]))
    }
    for symbol in ["%in%", "%%", "<=", ">=", "==", "!=", "**"] where starts(with: symbol) {
      next += symbol.count
      return .symbol(symbol == "**" ? "^" : symbol)
    }
    guard "~+-*/:^(),=<>!".contains(first) else {
      throw .syntax(formula: formula, offset: next, problem: "\"\(first)\" has no meaning in a formula.")
    }
    next += 1
    return .symbol(String(first))
  }

  private func starts(with symbol: String) -> Bool {
    next + symbol.count <= characters.count && String(characters[next..<next + symbol.count]) == symbol
  }

  private mutating func quoted(by quote: Character, _ what: String) throws(ModelFormulaError) -> String {
    let start = next
    var text = ""
    next += 1
    while next < characters.count && characters[next] != quote {
      // R escapes a quote by a backslash.
      if characters[next] == "\\" && next + 1 < characters.count { next += 1 }
      text.append(characters[next])
      next += 1
    }
    guard next < characters.count else {
      throw .syntax(
        formula: formula, offset: start, problem: "\(what) begins here that is never closed. Close it: \(quote)")
    }
    next += 1
    return text
  }

  private mutating func number() throws(ModelFormulaError) -> Token {
    let start = next
    while next < characters.count {
      let isSign = "+-".contains(characters[next]) && "eE".contains(characters[next - 1]) && next > start
      guard characters[next].isNumber || characters[next] == "." || "eE".contains(characters[next]) || isSign else {
        break
      }
      next += 1
    }
    let text = String(characters[start..<next])
    // R writes whole numbers as 2L.
    if next < characters.count && characters[next] == "L" { next += 1 }
    guard let value = parseDecimal(text), next == characters.count || !FormulaLexer.continuesName(characters[next])
    else {
      throw .syntax(
        formula: formula, offset: start,
        problem: "this is not a number. A column whose name begins with a digit is written between backquotes.")
    }
    return .number(value)
  }
}
