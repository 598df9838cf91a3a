/// The names of a table's columns, and the search for one of them.
struct TableHeader {
  let names: [String]
  let file: String
  /// Without a header, columns are called V1, V2, … as in R and may be chosen by number.
  let isNumbered: Bool

  init(names: [String], file: String) {
    self.names = names
    self.file = file
    isNumbered = false
  }

  init(columnCount: Int, file: String) {
    names = (1...columnCount).map { "V\($0)" }
    self.file = file
    isNumbered = true
  }

  /// The column of that name (or number); an error that lists what there is when it does not exist or is not unique.
  func index(of name: String, option: String) throws -> Int {
    if isNumbered, let number = Int(name) {
      if names.indices.contains(number - 1) { return number - 1 }
      throw DataError(
        "\(file) has \(names.count) columns, so \(option) \(number) does not exist. Columns count from 1.")
    }
    let matches = names.indices.filter { names[$0] == name }
    if matches.count == 1 { return matches[0] }
    if matches.count > 1 {
      let places = matches.map { String($0 + 1) }.joined(separator: " and ")
      throw DataError("\(file):1: columns \(places) are both called \"\(name)\". Rename one of them.")
    }
    throw DataError("\(file):1: \(option) names the column \"\(name)\", which does not exist. \(suggestion(for: name))")
  }

  /// The columns that a list names: each element is one name, or several between commas.
  func indices(of list: [String], option: String) throws -> [Int] {
    var result: [Int] = []
    for element in list {
      let parts = names.contains(element) ? [element] : element.split(separator: ",").map(trimmed)
      for part in parts {
        let column = try index(of: part, option: option)
        if result.contains(column) { throw UsageError("\(option) names the column \"\(part)\" twice.") }
        result.append(column)
      }
    }
    return result
  }

  private func suggestion(for name: String) -> String {
    if names.count == 1, let separator = [";", "\t", "|"].first(where: names[0].contains) {
      let spelling = separator == "\t" ? "tab" : String(separator)
      return "The header has one column; perhaps cells are separated otherwise: --delimiter '\(spelling)'."
    }
    if names.allSatisfy({ Double($0) != nil }) {
      return "The first line looks like data: pass --no-header and choose columns by number."
    }
    let nearest = names.min { distance($0, name) < distance($1, name) }
    if let nearest, distance(nearest, name) < min(name.count, 2 + name.count / 3) {
      return "Did you mean \"\(nearest)\"?"
    }
    let shown = names.prefix(20).joined(separator: ", ")
    return "Its columns are: \(shown)\(names.count > 20 ? ", …" : "")."
  }

  private func trimmed(_ part: Substring) -> String {
    String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// Levenshtein's distance without regard to case: how many letters to change, add or remove.
  private func distance(_ first: String, _ second: String) -> Int {
    let first = Array(first.lowercased()), second = Array(second.lowercased())
    var row = Array(0...second.count)
    for (index, letter) in first.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in second.enumerated() {
        let substituted = diagonal + (letter == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(substituted, row[column] + 1, diagonal + 1)
      }
    }
    return row[second.count]
  }
}
