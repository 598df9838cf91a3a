/// A formula as it was written: a tree of operators, calls and names, each with its place in the text.
struct FormulaSyntax: Sendable {
  indirect enum Kind: Sendable {
    case number(Double)
    case text(String)
    case truth(Bool)
    case name(String)
    /// `.`, all columns that the formula does not name on its left side.
    case rest
    case call(String, [Argument])
    case unary(String, FormulaSyntax)
    case binary(String, FormulaSyntax, FormulaSyntax)
    case group(FormulaSyntax)
  }

  struct Argument: Sendable {
    var label: String?
    var value: FormulaSyntax
  }

  var kind: Kind
  /// The number of characters before it.
  var offset: Int

  /// As R writes it: `log(hp)`, `poly(disp, 2)`, `I(x^2 + y)`.
  var text: String {
    switch kind {
    case .number(let value): return decimalText(value, significantDigits: 15)
    case .text(let text): return "\"\(text)\""
    case .truth(let value): return value ? "TRUE" : "FALSE"
    case .name(let name): return FormulaSyntax.quoted(name)
    case .rest: return "."
    case .group(let inner): return "(\(inner.text))"
    case .unary(let operation, let operand): return operation + operand.text
    case .call(let function, let arguments):
      let list = arguments.map { ($0.label.map { "\($0) = " } ?? "") + $0.value.text }
      return "\(function)(\(list.joined(separator: ", ")))"
    case .binary(let operation, let left, let right):
      // R leaves no space around these.
      let isTight = ["^", ":", "/", "%in%", "%%"].contains(operation)
      return left.text + (isTight && operation != "%in%" ? operation : " \(operation) ") + right.text
    }
  }

  /// A name as a formula can hold it: between backquotes unless it is a plain one.
  static func quoted(_ name: String) -> String {
    let isPlain =
      !name.isEmpty && name != "." && name.allSatisfy(FormulaLexer.continuesName) && !(name.first?.isNumber ?? true)
      && name.first != "_" && !["TRUE", "FALSE", "NA", "NULL"].contains(name)
    return isPlain ? name : "`\(name)`"
  }

  /// All names of columns, in order of appearance.
  var names: [(name: String, offset: Int)] {
    switch kind {
    case .name(let name): return [(name, offset)]
    case .number, .text, .truth, .rest: return []
    case .call(_, let arguments): return arguments.flatMap(\.value.names)
    case .unary(_, let operand), .group(let operand): return operand.names
    case .binary(_, let left, let right): return left.names + right.names
    }
  }

  /// The same without parentheses around it.
  var ungrouped: FormulaSyntax { if case .group(let inner) = kind { inner.ungrouped } else { self } }
}
