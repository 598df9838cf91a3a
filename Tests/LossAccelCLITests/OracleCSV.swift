/// A second, plain reading of comma-separated text, one character at a time, to check the streaming reader against.
func oracleRecords(_ text: String, delimiter: Character) -> [[String]] {
  var records: [[String]] = []
  var record: [String] = []
  var cell = ""
  var isQuoted = false
  var wasQuoted = false
  var characters = Array(text.replacing("\r\n", with: "\n").unicodeScalars.map(Character.init))
  if characters.last != "\n" { characters.append("\n") }
  var index = 0
  while index < characters.count {
    let character = characters[index]
    if isQuoted {
      if character == "\"" && characters[index + 1] == "\"" {
        cell.append("\"")
        index += 1
      } else if character == "\"" {
        isQuoted = false
      } else {
        cell.append(character)
      }
    } else if character == "\"" && cell.isEmpty && !wasQuoted {
      isQuoted = true
      wasQuoted = true
    } else if character == delimiter || character == "\n" {
      record.append(cell)
      cell = ""
      wasQuoted = false
      if character == "\n" {
        if record != [""] { records.append(record) }
        record = []
      }
    } else if !(character == " " && (cell.isEmpty || wasQuoted)) {
      cell.append(character)
    }
    index += 1
  }
  return records
}

/// A table as text that says the same as plain cells but makes it hard to read.
struct AwkwardTable {
  let text: String
  let delimiter: Character
  /// The numbers of the columns a, b, y, record by record.
  let numbers: [[Double]]

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func pick<T>(_ choices: [T]) -> T { choices.randomElement(using: &generator)! }
    let delimiter = pick([",", ";", "\t", "|"]) as Character
    let lineBreak = pick(["\n", "\r\n"])
    let notes = [
      "", "plain", "\"two \"\"quoted\"\" words\"", "\"a\(delimiter)b\"", "\"line\(lineBreak)break\"",
      "\"\(lineBreak)\(lineBreak)\"",
      "\"\"", "\"\"\"\"", "5\" pipe", "ü–€𝄞", "\"ends with quote\"\"\"", String(repeating: "long ", count: 40),
    ]
    var lines: [String] = []
    var numbers: [[Double]] = []
    let header = ["a", "note", "b", "y", "end"].map { Bool.random(using: &generator) ? "\"\($0)\"" : $0 }
    lines.append(header.joined(separator: String(delimiter)))
    for _ in 0..<Int.random(in: 8...400, using: &generator) {
      let row = (0..<3).map { _ in Double.random(in: -1000...1000, using: &generator) }
      let spellings = row.map { value -> String in
        let text = pick(["\(value)", "+\(abs(value))", "\"\(value)\"", " \(value)", "\(value) "])
        return text
      }
      let signed = zip(row, spellings).map { $1.hasPrefix("+") ? abs($0) : $0 }
      numbers.append(signed)
      let cells = [spellings[0], pick(notes), spellings[1], spellings[2], pick(notes)]
      lines.append(cells.joined(separator: String(delimiter)))
      if Int.random(in: 0..<20, using: &generator) == 0 { lines.append("") }
    }
    let ending = Bool.random(using: &generator) ? lineBreak : ""
    text = (Bool.random(using: &generator) ? "\u{FEFF}" : "") + lines.joined(separator: lineBreak) + ending
    self.delimiter = delimiter
    self.numbers = numbers
  }

  /// The same numbers, written plainly.
  var plainText: String {
    "a,b,y\n" + numbers.map { $0.map { "\($0)" }.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }
}
