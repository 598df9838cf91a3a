/// Arithmetic on columns, as it stands inside I(…), log(…) and other calls, ready to be computed from any table with the columns that it
/// names.
///
/// Sums, differences, products, quotients, whole powers and square roots are computed in two words; other functions are rounded to Double,
/// as everywhere.
struct ColumnExpression: Sendable {
  indirect enum Step: Sendable {
    case column(String)
    case constant(Double)
    case negated(Step)
    case arithmetic(WideColumnKernels.Arithmetic, Step, Step)
    case power(Step, Step)
    case squareRoot(Step)
    case function(@Sendable (Double) -> Double, Step)
    /// Truth values, as 1 and 0.
    case comparison(@Sendable (Double, Double) -> Bool, Step, Step)
  }

  let step: Step
  /// The columns that it names.
  let names: [String]
  /// Whether it is true or false, and so a factor of two levels.
  let isTruth: Bool

  init(_ syntax: FormulaSyntax, formula: String) throws(ModelFormulaError) {
    names = syntax.names.map(\.name)
    (step, isTruth) = try ColumnExpression.compile(syntax, formula)
  }

  private typealias Compiled = (step: Step, isTruth: Bool)

  private static func compile(_ syntax: FormulaSyntax, _ formula: String) throws(ModelFormulaError) -> Compiled {
    func trouble(_ problem: String) -> ModelFormulaError {
      .syntax(formula: formula, offset: syntax.offset, problem: problem)
    }
    switch syntax.kind {
    case .number(let value): return (.constant(value), false)
    case .truth(let value): return (.constant(value ? 1 : 0), false)
    case .name("pi"): return (.constant(.pi), false)
    case .name(let name): return (.column(name), false)
    case .group(let inner): return try compile(inner, formula)
    case .text: throw trouble("a text cannot be computed with.")
    case .rest: throw trouble("\".\" stands for terms; it cannot be computed with.")
    case .unary(let sign, let operand):
      let step = try compile(operand, formula).step
      return (sign == "-" ? .negated(step) : step, false)
    case .binary(let operation, let left, let right):
      let (a, b) = (try compile(left, formula).step, try compile(right, formula).step)
      if let arithmetic = arithmetic[operation] { return (.arithmetic(arithmetic, a, b), false) }
      if let comparison = comparisons[operation] { return (.comparison(comparison, a, b), true) }
      if operation == "^" { return (.power(a, b), false) }
      throw trouble("\"\(operation)\" cannot be computed with; here + - * / ^ and comparisons can.")
    case .call(let name, let arguments): return try call(name, arguments, syntax, formula)
    }
  }

  private static func call(
    _ name: String, _ arguments: [FormulaSyntax.Argument], _ syntax: FormulaSyntax, _ formula: String
  ) throws(ModelFormulaError) -> Compiled {
    func trouble(_ problem: String) -> ModelFormulaError {
      .syntax(formula: formula, offset: syntax.offset, problem: problem)
    }
    let takesBase = name == "log" && arguments.count == 2
    guard arguments.count == 1 || takesBase else { throw trouble("\(name)(…) takes one argument here.") }
    let inner = try compile(arguments[0].value, formula)
    if takesBase {
      let base = try compile(arguments[1].value, formula).step
      let logarithm: @Sendable (Double) -> Double = ElementaryFunctions.log
      return (.arithmetic(.divide, .function(logarithm, inner.step), .function(logarithm, base)), false)
    }
    if name == "I" || name == "identity" { return inner }
    if name == "as.numeric" { return (inner.step, false) }
    if name == "sqrt" { return (.squareRoot(inner.step), false) }
    if let function = functions[name] { return (.function(function, inner.step), false) }
    let known = (functions.keys.sorted() + ["sqrt", "I", "poly", "C", "factor", "relevel", "offset"]).joined(
      separator: ", ")
    throw trouble("the function \(name) is not known. There are: \(known).")
  }

  private static let arithmetic: [String: WideColumnKernels.Arithmetic] = [
    "+": .add, "-": .subtract, "*": .multiply, "/": .divide,
  ]

  private static let comparisons: [String: @Sendable (Double, Double) -> Bool] = [
    "<": { $0 < $1 }, ">": { $0 > $1 }, "<=": { $0 <= $1 }, ">=": { $0 >= $1 }, "==": { $0 == $1 }, "!=": { $0 != $1 },
  ]

  static let functions: [String: @Sendable (Double) -> Double] = [
    "log": ElementaryFunctions.log, "log2": ElementaryFunctions.log2, "log10": ElementaryFunctions.log10,
    "log1p": ElementaryFunctions.logOnePlus, "exp": ElementaryFunctions.exp, "expm1": ElementaryFunctions.expMinusOne,
    "abs": { abs($0) }, "sin": ElementaryFunctions.sin, "cos": ElementaryFunctions.cos, "tan": ElementaryFunctions.tan,
    "sinh": ElementaryFunctions.sinh, "tanh": ElementaryFunctions.tanh, "floor": { $0.rounded(.down) },
    "ceiling": { $0.rounded(.up) }, "round": { $0.rounded(.toNearestOrEven) },
    "sign": { $0 == 0 ? 0 : $0 < 0 ? -1 : 1 },
  ]

  /// The values for rows whose columns `column` gives.
  func evaluate(
    count: Int, _ column: (String) throws(ModelFormulaError) -> WideVector
  ) throws(ModelFormulaError) -> WideVector {
    try ColumnExpression.evaluate(step, count, column)
  }

  private static func evaluate(
    _ step: Step, _ count: Int, _ column: (String) throws(ModelFormulaError) -> WideVector
  ) throws(ModelFormulaError) -> WideVector {
    switch step {
    case .column(let name): return try column(name)
    case .constant(let value): return WideVector(value, count: count)
    case .negated(let inner): return try evaluate(inner, count, column).negated()
    case .arithmetic(let operation, let a, let b):
      return try evaluate(a, count, column).combined(operation, try evaluate(b, count, column))
    case .squareRoot(let inner): return try evaluate(inner, count, column).squareRoots()
    case .function(let function, let inner): return try evaluate(inner, count, column).map(function)
    case .power(let base, .constant(let exponent)) where exponent == exponent.rounded() && abs(exponent) <= 1024:
      return try evaluate(base, count, column).power(Int(exponent))
    case .power(let base, let exponent):
      let (a, b) = (try evaluate(base, count, column), try evaluate(exponent, count, column).map { $0 })
      let values = a.map { $0 }.high
      return WideVector(values.indices.map { ElementaryFunctions.power(values[$0], b.high[$0]) })
    case .comparison(let holds, let a, let b):
      let difference = try evaluate(a, count, column).combined(.subtract, try evaluate(b, count, column))
      return WideVector(difference.high.map { $0.isNaN ? .nan : holds($0, 0) ? 1 : 0 })
    }
  }
}
