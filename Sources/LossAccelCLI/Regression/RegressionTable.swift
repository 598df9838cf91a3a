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
  /// Known parts of the target.
  let offset: [Double]?
  /// Columns that say which cluster a row belongs to.
  let labels: [[Double]]
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
    (weights, offset, labels) = (nil, nil, [])
    droppedCount = 0
    lines = nil
  }

  /// Reads a text table.
  ///
  /// - Parameters:
  ///   - features: Names of columns; empty for all that have no other part.
  ///   - labels: Names of columns of cluster labels, which may be features, too.
  init(
    _ input: RereadableInput, format: TableFormat, target: String, features: [String], weights: String?,
    offset: String? = nil,
    labels: [String] = []
  ) throws {
    var chosen: [[Int]] = []
    var labelColumns: [Int] = []
    let (header, columns) = try readTable(try input.open(), format: format) { header in
      var roles = [(try header.index(of: target, option: "--target"), "--target")]
      if let weights { roles.append((try header.index(of: weights, option: "--weights"), "--weights")) }
      if let offset { roles.append((try header.index(of: offset, option: "--offset"), "--offset")) }
      labelColumns = try labels.map { try header.index(of: $0, option: "--covariance cluster:") }
      let taken = roles.map(\.0)
      let others = header.names.indices.filter { !taken.contains($0) && !labelColumns.contains($0) }
      let featureColumns = features.isEmpty ? others : try header.indices(of: features, option: "--features")
      for (place, (column, role)) in roles.enumerated() {
        guard featureColumns.contains(column) || taken[..<place].contains(column) || labelColumns.contains(column)
        else {
          continue
        }
        throw UsageError("The column \"\(header.names[column])\" cannot be \(role) and something else at once.")
      }
      let onlyLabels = labelColumns.indices.filter { index in
        !featureColumns.contains(labelColumns[index]) && !labelColumns[..<index].contains(labelColumns[index])
      }
      chosen = [featureColumns] + taken.map { [$0] } + [onlyLabels.map { labelColumns[$0] }]
      return chosen
    }
    name = header.file
    targetName = header.names[chosen[1][0]]
    featureNames = chosen[0].map { header.names[$0] }
    self.features = Matrix(rows: columns.rowCount, columns: chosen[0].count, elements: columns.groups[0])
    self.target = columns.groups[1]
    self.weights = weights == nil ? nil : columns.groups[2]
    self.offset = offset == nil ? nil : columns.groups[weights == nil ? 2 : 3]
    let (featureColumns, onlyLabels) = (chosen[0], chosen[chosen.count - 1])
    let (wide, last) = (columns.groups[0], columns.groups[chosen.count - 1])
    self.labels = labelColumns.map { column in
      let (source, group) = featureColumns.contains(column) ? (wide, featureColumns) : (last, onlyLabels)
      let place = group.firstIndex(of: column) ?? 0
      return (0..<columns.rowCount).map { source[$0 * group.count + place] }
    }
    droppedCount = columns.droppedCount
    lines =
      columns.droppedCount > 0
      ? nil : RecordLines(path: input.path, dialect: format.dialect, hasHeader: !header.isNumbered)
  }

  /// Where a row stands, for messages.
  func place(ofRow row: Int) -> String {
    if let line = lines?.line(ofRecord: row) { return "\(name):\(line)" }
    return "\(name), row \(row + 1)\(droppedCount > 0 ? " of those without missing cells" : "")"
  }
}
