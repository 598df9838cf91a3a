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

  /// The regression as a formula, and the columns that it needs.
  func regression(
    _ header: TableHeader, _ options: RegressionOptions
  ) throws -> (regression: TableRegression, columns: [Int]) {
    let chosen = try columns(header)
    // Columns that nobody wants may share a name; these may not.
    for column in chosen.joined() { _ = try header.index(of: header.names[column], option: "--features") }
    let names = (columns: chosen[0].map { header.names[$0] }, target: header.names[chosen[1][0]])
    func quoted(_ name: String) -> String {
      "`" + name.replacing("\\", with: "\\\\").replacing("`", with: "\\`") + "`"
    }
    let terms = (options.hasIntercept ? ["1"] : ["0"]) + names.columns.map(quoted)
    let formula: ModelFormula
    do { formula = try ModelFormula("\(quoted(names.target)) ~ \(terms.joined(separator: " + "))") } catch {
      throw formulaFailure(error, file: header.file)
    }
    return (
      TableRegression(
        formula: formula, names: names, weights: chosen.count > 2 ? header.names[chosen[2][0]] : nil, options: options),
      chosen.flatMap { $0 }
    )
  }
}
