import LossAccel

/// The columns of a regression, by name.
struct ColumnSelection {
  let target: String
  /// Empty for all but the target and the weights.
  let features: [String]
  let weights: String?

  /// The places of the features, of the target, and of the weights if there are some.
  func columns(_ header: TableHeader) throws -> [[Int]] {
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
    return [featureColumns, [targetColumn]] + (weightColumn.map { [[$0]] } ?? [])
  }

  /// The model as the text of a formula, and the columns that it needs: all but those of other parts, if no features are named.
  func formula(
    _ header: TableHeader, offset: String?, labels: [String], hasIntercept: Bool
  ) throws -> (text: String, columns: [Int]) {
    let offsetColumn = try offset.map { try header.index(of: $0, option: "--offset") }
    let labelColumns = try labels.map { try header.index(of: $0, option: "--covariance cluster:") }
    var chosen = try columns(header)
    let others = Set(labelColumns + (offsetColumn.map { [$0] } ?? []))
    if features.isEmpty { chosen[0].removeAll(where: others.contains) }
    if let offsetColumn, chosen.joined().contains(offsetColumn) {
      throw UsageError("The column \"\(header.names[offsetColumn])\" cannot be --offset and something else at once.")
    }
    for column in chosen.joined() { _ = try header.index(of: header.names[column], option: "--features") }
    func written(_ name: String) -> String {
      let isPlain = name.allSatisfy { $0.isLetter || $0 == "_" } && !["TRUE", "FALSE", "pi", "in"].contains(name)
      return isPlain ? name : Self.quoted(name)
    }
    var terms = chosen[0].map { written(header.names[$0]) } + (offset.map { ["offset(\(written($0)))"] } ?? [])
    if !hasIntercept || chosen[0].isEmpty { terms.insert(hasIntercept ? "1" : "0", at: 0) }
    return (
      "\(written(header.names[chosen[1][0]])) ~ \(terms.joined(separator: " + "))",
      chosen.flatMap { $0 } + (offsetColumn.map { [$0] } ?? [])
    )
  }

  private static func quoted(_ name: String) -> String {
    "`" + name.replacing("\\", with: "\\\\").replacing("`", with: "\\`") + "`"
  }

  /// The regression as a formula, and the columns that it needs.
  func regression(
    _ header: TableHeader, _ options: RegressionOptions
  ) throws -> (regression: TableRegression, columns: [Int]) {
    let chosen = try columns(header)
    // Columns that nobody wants may share a name; these may not.
    for column in chosen.joined() { _ = try header.index(of: header.names[column], option: "--features") }
    let names = (columns: chosen[0].map { header.names[$0] }, target: header.names[chosen[1][0]])
    let terms = (options.hasIntercept ? ["1"] : ["0"]) + names.columns.map(Self.quoted)
    let formula: ModelFormula
    do { formula = try ModelFormula("\(Self.quoted(names.target)) ~ \(terms.joined(separator: " + "))") } catch {
      throw formulaFailure(error, file: header.file)
    }
    return (
      TableRegression(
        formula: formula, names: names, weights: chosen.count > 2 ? header.names[chosen[2][0]] : nil, options: options),
      chosen.flatMap { $0 }
    )
  }
}
