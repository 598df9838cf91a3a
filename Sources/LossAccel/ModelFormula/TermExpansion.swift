/// The terms of a formula: which variables are multiplied with which, as R's `terms` works them out.
struct TermExpansion: Sendable {
  /// Every distinct variable (a column, a call, an I(…)), in order of appearance.
  private(set) var variables: [FormulaSyntax] = []
  /// Sets of variables, as sorted places in ``variables``; lower orders first, then as written.
  private(set) var terms: [[Int]] = []
  private(set) var hasIntercept = true
  private(set) var offsets: [FormulaSyntax] = []

  private let formula: String
  private let rest: [String]
  private var places: [String: Int] = [:]

  /// - Parameter rest: the columns that `.` stands for.
  init(_ syntax: FormulaSyntax, formula: String, rest: [String]) throws(ModelFormulaError) {
    self.formula = formula
    self.rest = rest
    let expanded = try expand(syntax)
    // Stable: terms of one order stay as they were written.
    terms = expanded.enumerated().sorted { ($0.1.count, $0.0) < ($1.1.count, $1.0) }.map(\.1)
  }

  private func trouble(_ syntax: FormulaSyntax, _ problem: String) -> ModelFormulaError {
    .syntax(formula: formula, offset: syntax.offset, problem: problem)
  }

  private mutating func expand(_ syntax: FormulaSyntax) throws(ModelFormulaError) -> [[Int]] {
    switch syntax.kind {
    case .group(let inner): return try expand(inner)
    case .number(let value):
      guard value == 0 || value == 1 else {
        throw trouble(
          syntax,
          "only 1 and 0 stand for themselves here, with and without an intercept. For a number in a product write I(…)."
        )
      }
      hasIntercept = value == 1
      return []
    case .rest: return rest.map { [place(FormulaSyntax(kind: .name($0), offset: syntax.offset))] }
    case .call("offset", let arguments):
      guard arguments.count == 1 else { throw trouble(syntax, "offset(…) takes one argument.") }
      offsets.append(arguments[0].value)
      return []
    case .name, .call: return [[place(syntax)]]
    case .text, .truth:
      throw trouble(syntax, "a column or a call is expected here. Names with blanks are written between backquotes.")
    case .unary(let sign, let operand): return sign == "+" ? try expand(operand) : try removing(operand, from: [])
    case .binary(let operation, let left, let right): return try combine(operation, left, right, syntax)
    }
  }

  private mutating func combine(
    _ operation: String, _ left: FormulaSyntax, _ right: FormulaSyntax, _ whole: FormulaSyntax
  ) throws(ModelFormulaError) -> [[Int]] {
    switch operation {
    case "+":
      let first = try expand(left)
      return union(first, try expand(right))
    case "-": return try removing(right, from: try expand(left))
    case ":", "%in%":
      let first = try factors(left)
      return products(first, try factors(right))
    case "*":
      let (first, second) = (try factors(left), try factors(right))
      return union(union(first, second), products(first, second))
    case "/":
      let (first, second) = (try factors(left), try factors(right))
      return union(first, products([first.reduce([], merged)], second))
    case "^":
      let base = try factors(left)
      guard case .number(let power) = right.ungrouped.kind, let count = Int(exactly: power), count >= 1, count <= 64
      else {
        throw trouble(right, "terms are raised to whole powers from 1 on: (a + b)^2. The power of a column is I(x^2).")
      }
      var result = base
      for _ in 1..<count {
        let next = union(result, products(result, base))
        guard next.count < 100_000 else { throw trouble(whole, "this power has more than 100000 terms.") }
        if next.count == result.count { break }
        result = next
      }
      return result
    default:
      throw trouble(whole, "\"\(operation)\" compares or computes; between terms write it inside I(…).")
    }
  }

  /// Terms that take part in products: the numbers 1 and 0 do not.
  private mutating func factors(_ syntax: FormulaSyntax) throws(ModelFormulaError) -> [[Int]] {
    if case .number = syntax.ungrouped.kind {
      throw trouble(syntax, "a number cannot be multiplied with terms. Arithmetic is written inside I(…): I(2 * x).")
    }
    return try expand(syntax)
  }

  private mutating func removing(
    _ syntax: FormulaSyntax, from terms: [[Int]]
  ) throws(ModelFormulaError) -> [[Int]] {
    if case .number(let value) = syntax.ungrouped.kind, value == 0 || value == 1 {
      hasIntercept = value == 0
      return terms
    }
    let (intercept, kept) = (hasIntercept, offsets.count)
    let removed = Set(try expand(syntax))
    hasIntercept = intercept
    offsets.removeLast(offsets.count - kept)
    return terms.filter { !removed.contains($0) }
  }

  private mutating func place(_ variable: FormulaSyntax) -> Int {
    let text = variable.text
    if let place = places[text] { return place }
    places[text] = variables.count
    variables.append(variable)
    return variables.count - 1
  }

  private func union(_ first: [[Int]], _ second: [[Int]]) -> [[Int]] {
    var seen = Set(first)
    return first + second.filter { seen.insert($0).inserted }
  }

  private func merged(_ first: [Int], _ second: [Int]) -> [Int] { Set(first + second).sorted() }

  private func products(_ first: [[Int]], _ second: [[Int]]) -> [[Int]] {
    first.reduce([]) { all, term in union(all, second.map { merged(term, $0) }) }
  }

  /// Whether a factor takes part in a term with all its levels, instead of its contrasts: where what is left of the term without it is in
  /// no earlier term (J. M. Chambers, T. J. Hastie, Statistical Models in S, 1992, page 38, as R does it).
  func needsAllLevels(_ variable: Int, inTerm index: Int) -> Bool {
    let margin = terms[index].filter { $0 != variable }
    return !margin.isEmpty && !terms[..<index].contains { term in margin.allSatisfy(term.contains) }
  }
}
