import LossAccel

/// The summary of a fit for people, with what the command line knows beyond the library's.
func fitText(_ model: LinearRegression, droppedRecords: Int, showsIntervals: Bool) -> String {
  let style = Style()
  var parts = [model.summary()]
  if showsIntervals { parts.append(intervals(of: model, style)) }
  if droppedRecords > 0 {
    let verb = droppedRecords == 1 ? "was" : "were"
    parts.append("\(counted(droppedRecords, "record")) with missing cells \(verb) left out.")
  }
  // Belsley, Kuh and Welsch (1980): from about 30 columns depend on one another notably, from 100 strongly.
  if model.report.condition > 100 && model.ridge == 0 {
    parts.append(
      style.bold("Note: ")
        + """
        the columns nearly depend on one another, so single coefficients are uncertain although the fit as a whole need not be. \
        Leaving columns out, or --ridge, makes them steadier.
        """)
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
