/// The rows of weight other than 0: the others may hold anything, and nothing may depend on what they hold.
struct CountedRows {
  let rows: Int
  /// `nil` where all rows count.
  private let weights: [Double]?
  /// How many count.
  let count: Int

  init(_ rows: Int, weights: [Double]?) {
    let count = weights?.count { $0 != 0 } ?? rows
    self.rows = rows
    self.count = count
    self.weights = count == rows ? nil : weights
  }

  func contains(_ row: Int) -> Bool { weights?[row] != 0 }

  /// Up to so many of them, evenly spread.
  func sample(_ limit: Int) -> [Int] {
    let size = min(limit, count)
    guard let weights else { return (0..<size).map { $0 * rows / size } }
    var (chosen, place) = ([Int](), 0)
    for row in weights.indices where weights[row] != 0 && chosen.count < size {
      if place == chosen.count * count / size { chosen.append(row) }
      place += 1
    }
    return chosen
  }

  /// Calls `body` with every run of neighbours.
  func forEachRun(_ body: (Range<Int>) -> Void) {
    guard let weights else { return body(0..<rows) }
    var start = 0
    while start < rows {
      var end = start
      while end < rows && weights[end] != 0 { end += 1 }
      if end > start { body(start..<end) }
      start = end + 1
    }
  }
}
