/// Rows in groups: for every row the number of its group, counted from 0 in the order of first appearance.
struct Grouping: Sendable {
  let groups: [Int]
  let count: Int

  init<Label: Hashable>(_ labels: [Label]) {
    var numbers: [Label: Int] = [:]
    groups = labels.map { label in
      if let number = numbers[label] { return number }
      numbers[label] = numbers.count
      return numbers.count - 1
    }
    count = numbers.count
  }

  /// The intersections of the groups of two groupings of the same rows.
  init(_ first: Grouping, _ second: Grouping) {
    self.init(zip(first.groups, second.groups).map { $0 * second.count + $1 })
  }

  /// Only some of the rows; groups that lose all of theirs no longer count.
  func selecting(_ rows: [Int]?) -> Grouping {
    guard let rows else { return self }
    return Grouping(rows.map { groups[$0] })
  }
}
