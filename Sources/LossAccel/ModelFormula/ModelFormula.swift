/// A model in R's notation: `mpg ~ wt + log(hp) + poly(disp, 2) + C(cyl) + wt:am`.
///
/// Left of `~` stands the response, a column or arithmetic with columns; right of it the terms:
///
/// | written | means |
/// |---|---|
/// | `a + b` | both terms |
/// | `a:b` | their product: of numbers, of a number within each level, of all pairs of levels |
/// | `a * b` | `a + b + a:b` |
/// | `a / b`, `b %in% a` | `a + a:b`; `a:b` |
/// | `(a + b + c)^2` | all of them and all products of two |
/// | `.` | every column that is not on the left side |
/// | `- a` | without that term |
/// | `- 1`, `+ 0` | without an intercept |
/// | `C(a)`, `factor(a)` | a factor: one column for every distinct value |
/// | `C(a, ref = "x")`, `relevel(a, ref = "x")`, `C(a, levels = c("x", "y"))` | with that reference level, or these levels in this order |
/// | `I(a^2 + b)` | arithmetic: `+ - * / ^`, comparisons, functions |
/// | `log(a)`, `sqrt(a)`, … | functions: log (of any base: `log(a, 2)`), log2, log10, log1p, exp, expm1, sqrt, abs, sin, cos, tan, sinh, tanh, floor, ceiling, round, sign |
/// | `poly(a, 3)` | orthonormal polynomials of degrees 1 to 3, as in R |
/// | `poly(a, 3, raw = TRUE)` | the powers a, a², a³ |
/// | `offset(a)` | a known part of the response |
///
/// Names with blanks stand between backquotes. Columns of text and truth values are factors. A factor has treatment coding: a column of
/// 0 and 1 for every level but the first, its reference; all levels where R gives it all (in products whose margins are missing, and the first
/// factor of a model without an intercept). Levels are in ascending order, texts by their Unicode scalars, as in R's C locale. The order of
/// the terms and the names of the columns are R's.
///
/// Polynomials, products and the arithmetic inside `I(…)` are computed in two words, and columns keep the decimal digits that a `Double`
/// lacks (``DataColumn/remainders``); so the coefficients of a polynomial of degree ten keep their digits. Other functions are rounded to
/// `Double`.
public struct ModelFormula: Sendable, CustomStringConvertible {
  /// The formula as it was given.
  public let description: String

  let response: FormulaSyntax?
  let terms: FormulaSyntax

  /// Reads a formula.
  ///
  /// - Throws: ``ModelFormulaError/syntax(formula:offset:problem:)``, which points at the trouble.
  public init(_ text: String) throws(ModelFormulaError) {
    description = text
    (response, terms) = try FormulaParser.parse(text)
    // What does not need a table is checked at once.
    let expansion = try TermExpansion(terms, formula: text, rest: [])
    for variable in expansion.variables { _ = try ModelVariable(variable, formula: text) }
    for offset in expansion.offsets { _ = try ColumnExpression(offset, formula: text) }
    if let response { _ = try ColumnExpression(response, formula: text) }
  }
}

/// What to do about rows in which a column that the formula uses lacks an element. NaN counts as missing.
public enum MissingValues: Sendable, Equatable {
  /// Throw ``ModelFormulaError/missingValue(column:row:)``.
  case error
  /// Leave such rows out.
  case drop
}
