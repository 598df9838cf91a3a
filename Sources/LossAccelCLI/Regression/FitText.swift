import LossAccel

/// The summary of a fit for people, with what the command line knows beyond the library's.
func fitText(_ model: LinearRegression, droppedRecords: Int, showsIntervals: Bool) throws -> String {
  let style = Style()
  var parts = [model.summary()]
  if showsIntervals { parts.append(intervals(of: model, style)) }
  if droppedRecords > 0 {
    let verb = droppedRecords == 1 ? "was" : "were"
    parts.append("\(counted(droppedRecords, "record")) with missing cells \(verb) left out.")
  }
  // Below a condition of 30 no columns are worth a note.
  if model.keepsRows, model.ridge == 0, !model.report.isMinimumNorm, model.report.condition > 30 {
    let notes = try model.collinearity().notes
    if !notes.isEmpty {
      let consequence = """
        Single coefficients are uncertain then, although the fit as a whole need not be. Leaving columns out, or --ridge, makes them \
        steadier.
        """
      parts.append(style.bold("Note: ") + (notes + [consequence]).joined(separator: " "))
    }
  }
  return parts.joined(separator: "\n\n")
}

private func intervals(of model: LinearRegression, _ style: Style) -> String {
  let percent = "\(shown(model.confidenceLevel * 100, digits: 6)) %"
  var table = TextTable([("Confidence intervals, \(percent)", .left), ("from", .decimal), ("to", .decimal)])
  for coefficient in model.coefficients {
    let interval = coefficient.confidenceInterval
    table.append([coefficient.term, shown(interval.low), shown(interval.high)])
  }
  return table.lines(style: style).joined(separator: "\n")
}
