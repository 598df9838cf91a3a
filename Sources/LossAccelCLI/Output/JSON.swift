import Foundation

/// A JSON value whose objects keep their order.
///
/// Numbers carry 17 significant digits, so that reading them back gives the same bits. JSON has no word for values that are not
/// finite: they are written as the strings "NaN", "Infinity" and "-Infinity"; what does not exist is null.
enum JSON {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(String, JSON)])

  /// The value as text, with two spaces of indentation and no line break at the end.
  var text: String {
    var text = ""
    write(to: &text, indentation: "\n")
    return text
  }

  private func write(to text: inout String, indentation: String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += Self.text(of: value)
    case .string(let value): text += Self.text(of: value)
    case .array(let values):
      Self.writeList(values, between: ("[", "]"), to: &text, indentation: indentation) { value, text, inner in
        value.write(to: &text, indentation: inner)
      }
    case .object(let members):
      Self.writeList(members, between: ("{", "}"), to: &text, indentation: indentation) { member, text, inner in
        text += Self.text(of: member.0) + ": "
        member.1.write(to: &text, indentation: inner)
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], between ends: (String, String), to text: inout String, indentation: String,
    write: (Element, inout String, String) -> Void
  ) {
    text += ends.0
    let inner = indentation + "  "
    for (index, element) in elements.enumerated() {
      text += (index == 0 ? "" : ",") + inner
      write(element, &text, inner)
    }
    text += (elements.isEmpty ? "" : indentation) + ends.1
  }

  private static func text(of value: Double) -> String {
    if value.isNaN { return "\"NaN\"" }
    if value.isInfinite { return value < 0 ? "\"-Infinity\"" : "\"Infinity\"" }
    return String(format: "%.17g", value)
  }

  private static func text(of value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20: text += String(format: "\\u%04x", scalar.value)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
