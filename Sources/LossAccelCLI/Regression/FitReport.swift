import LossAccel

/// A fit with everything that was asked for about it.
struct FitReport {
  let model: LinearRegression
  let table: RegressionTable
  /// The path that the penalty was chosen from.
  let path: RidgePath?
  let showsIntervals: Bool
  let showsDiagnostics: Bool

  /// For people.
  func text() throws -> String {
    var parts = [try fitText(model, droppedRecords: table.droppedCount, showsIntervals: showsIntervals)]
    if let path {
      let count = counted(path.penalties.count, "penalty", plural: "penalties")
      parts.append("Ridge penalty \(shown(model.ridge)) chosen among \(count) from \(range(of: path.penalties)).")
    }
    if showsDiagnostics {
      parts.append(
        try explainingErrors(table) { () throws(LeastSquaresError) in try diagnosticsText(model, place: place) })
    }
    return parts.joined(separator: "\n\n")
  }

  func json() throws -> JSON {
    var members = model.json(droppedRecords: table.droppedCount)
    if showsDiagnostics {
      let diagnostics = try explainingErrors(table) { () throws(LeastSquaresError) in try model.diagnosticsJSON() }
      members.append(("diagnostics", diagnostics))
    }
    return .object(members)
  }

  private func range(of penalties: [Double]) -> String {
    "\(shown(penalties.min() ?? 0, digits: 3)) to \(shown(penalties.max() ?? 0, digits: 3))"
  }

  /// Where a row of the fit stands in the table, which has rows of weight zero, too.
  private func place(_ row: Int) -> String {
    let used = table.weights.map { weights in weights.indices.filter { weights[$0] > 0 } }
    let index = used?[row] ?? row
    if let line = table.lines?.line(ofRecord: index) { return "line \(line)" }
    return "\(index + 1)"
  }
}
