import LossAccel

extension SavedModel {
  /// The model with the names that broom's `tidy` and `glance` give it; null for what does not exist.
  func json(droppedRecords: Int, quality: ClassificationQuality? = nil, path: FittedPath? = nil) -> JSON {
    let object = json(droppedRecords: droppedRecords, quality)
    guard let path, case .object(let members) = object else { return object }
    return .object(members + [path.json])
  }

  private func json(droppedRecords: Int, _ quality: ClassificationQuality?) -> JSON {
    switch self {
    case .multinomial(let model): model.json(droppedRecords: droppedRecords, quality: quality)
    case .generalizedLinear(let model): model.json(droppedRecords: droppedRecords)
    case .linear(let model): model.json(droppedRecords: droppedRecords)
    }
  }

  /// The summary for people.
  func text(
    droppedRecords: Int, showsIntervals: Bool, quality: ClassificationQuality? = nil, path: FittedPath? = nil
  ) -> String {
    var parts = path.map { [$0.text] } ?? []
    switch self {
    case .generalizedLinear(let model):
      parts.append(model.summary())
      if showsIntervals { parts.append(model.intervals) }
    case .linear(let model): parts.append(model.text)
    case .multinomial(let model):
      parts.append(model.summary())
      if showsIntervals && model.reference != nil { parts.append(model.intervals) }
      if let quality { parts.append(quality.text) }
    }
    if droppedRecords > 0 {
      let verb = droppedRecords == 1 ? "was" : "were"
      parts.append("\(counted(droppedRecords, "record")) with missing cells \(verb) left out.")
    }
    return parts.joined(separator: "\n\n")
  }
}

/// Null for NaN, which is how the library says "does not exist".
private func number(_ value: Double?) -> JSON { value.map { $0.isNaN ? .null : .number($0) } ?? .null }

extension GeneralizedLinearModel {
  fileprivate func json(droppedRecords: Int) -> JSON {
    let rows = coefficients.map { coefficient in
      let interval = coefficient.confidenceInterval
      return JSON.object([
        ("term", .string(coefficient.term)), ("estimate", number(coefficient.estimate)),
        ("std.error", number(coefficient.standardError)), ("statistic", number(coefficient.statistic)),
        ("p.value", number(coefficient.pValue)), ("conf.low", number(interval.low)),
        ("conf.high", number(interval.high)),
      ])
    }
    return .object([
      ("coefficients", .array(rows)), ("family", .string(family.name)),
      (family.parameter?.name ?? "parameter", number(family.parameter?.value)), ("link", .string(link.rawValue)),
      ("dispersion", number(dispersion)), ("null.deviance", number(nullDeviance)),
      ("df.null", .integer(nullDegreesOfFreedom)), ("logLik", number(logLikelihood)), ("AIC", number(aic)),
      ("BIC", number(bic)), ("deviance", number(deviance)), ("df.residual", .integer(residualDegreesOfFreedom)),
      ("nobs", .integer(observations)), ("rank", .integer(rank)), ("iterations", .integer(iterations)),
      ("conf.level", .number(confidenceLevel)), ("covariance", .string(covarianceName)),
      ("dropped.columns", .array(coefficients.filter(\.isDropped).map { .string($0.term) })),
      ("dropped.records", .integer(droppedRecords)),
    ])
  }

  fileprivate var intervals: String {
    let percent = "\(shown(confidenceLevel * 100, digits: 6)) %"
    var table = TextTable([("Confidence intervals, \(percent)", .left), ("from", .decimal), ("to", .decimal)])
    for coefficient in coefficients {
      let interval = coefficient.confidenceInterval
      table.append([coefficient.term, shown(interval.low), shown(interval.high)])
    }
    return table.lines(style: Style()).joined(separator: "\n")
  }
}

extension LinearModel {
  private var terms: [(name: String, value: Double)] {
    (hasIntercept ? [("(Intercept)", intercept)] : []) + zip(columnNames, coefficients).map { ($0, $1) }
  }

  fileprivate func json(droppedRecords: Int) -> JSON {
    .object([
      (
        "coefficients",
        .array(terms.map { .object([("term", .string($0.name)), ("estimate", .number($0.value))]) })
      ), ("loss", .string(lossName)), ("mean.loss", .number(loss)), ("penalty", .number(penaltyValue)),
      ("nobs", .integer(observations)), ("iterations", .integer(iterations)), ("method", .string(method)),
      ("dropped.records", .integer(droppedRecords)),
    ])
  }

  fileprivate var text: String {
    var table = TextTable([("", .left), ("Estimate", .decimal)])
    for term in terms { table.append([term.name, shown(term.value, digits: 6)]) }
    let zeros = coefficients.count { $0 == 0 }
    var lines = ["Mean loss: \(shown(loss)),  penalty: \(shown(penaltyValue))"]
    if zeros > 0 {
      lines.append("\(counted(zeros, "coefficient")) of \(coefficients.count) \(zeros == 1 ? "is" : "are") zero.")
    }
    lines.append("Iterations: \(iterations), by \(method)")
    return [
      "Linear model: \(design?.formula.description ?? targetName)\nLoss: \(lossName)",
      "Coefficients:\n" + table.lines(style: Style()).joined(separator: "\n"), lines.joined(separator: "\n"),
    ].joined(separator: "\n\n")
  }
}
