import LossAccel

/// The columns of a table that a regression needs.
struct RegressionTable {
  /// What messages call it.
  let name: String
  let targetName: String
  let featureNames: [String]
  /// One row per record.
  let features: Matrix<Double>
  let target: [Double]
  let weights: [Double]?
  /// Records left out because a cell was missing.
  let droppedCount: Int
  /// Where the records stand; nil when they do not stand in a file, or not in the table's order.
  let lines: RecordLines?

  /// A table that is at hand.
  init(name: String, targetName: String, featureNames: [String], features: Matrix<Double>, target: [Double]) {
    self.name = name
    self.targetName = targetName
    self.featureNames = featureNames
    self.features = features
    self.target = target
    weights = nil
    droppedCount = 0
    lines = nil
  }

  /// Reads a text table.
  ///
  /// - Parameter features: Names of columns; empty for all but the target and the weights.
  init(path: String, format: TableFormat, target: String, features: [String], weights: String?) throws {
    let source = try ByteSource(path: path)
    var chosen: [[Int]] = []
    let (header, columns) = try readTable(source, format: format) { header in
      let targetColumn = try header.index(of: target, option: "--target")
      let weightColumn = try weights.map { try header.index(of: $0, option: "--weights") }
      let others = header.names.indices.filter { $0 != targetColumn && $0 != weightColumn }
      let featureColumns = features.isEmpty ? others : try header.indices(of: features, option: "--features")
      for (column, role) in [(targetColumn, "--target"), (weightColumn, "--weights")] {
        guard let column, featureColumns.contains(column) || (role == "--weights" && column == targetColumn) else {
          continue
        }
        throw UsageError("The column \"\(header.names[column])\" cannot be \(role) and something else at once.")
      }
      chosen = [featureColumns, [targetColumn]] + (weightColumn.map { [[$0]] } ?? [])
      return chosen
    }
    name = header.file
    targetName = header.names[chosen[1][0]]
    featureNames = chosen[0].map { header.names[$0] }
    self.features = Matrix(rows: columns.rowCount, columns: chosen[0].count, elements: columns.groups[0])
    self.target = columns.groups[1]
    self.weights = weights == nil ? nil : columns.groups[2]
    droppedCount = columns.droppedCount
    lines =
      columns.droppedCount > 0
      ? nil : RecordLines(path: path, dialect: format.dialect, hasHeader: !header.isNumbered)
  }

  /// Where a row stands, for messages.
  func place(ofRow row: Int) -> String {
    if let line = lines?.line(ofRecord: row) { return "\(name):\(line)" }
    return "\(name), row \(row + 1)\(droppedCount > 0 ? " of those without missing cells" : "")"
  }
}
