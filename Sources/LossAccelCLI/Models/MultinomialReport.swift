import LossAccel

extension MultinomialRegression {
  /// The model with broom's names, a coefficient for every class and term; null for what does not exist.
  func json(droppedRecords: Int, quality: ClassificationQuality?) -> JSON {
    func number(_ value: Double) -> JSON { value.isNaN ? .null : .number(value) }
    let rows = classNames.indices.filter { $0 != reference }.flatMap { number in
      coefficients(of: number).map { (classNames[number], $0) }
    }.map { name, coefficient in
      let interval = coefficient.confidenceInterval
      return JSON.object([
        ("class", .string(name)), ("term", .string(coefficient.term)), ("estimate", number(coefficient.estimate)),
        ("std.error", number(coefficient.standardError)), ("statistic", number(coefficient.statistic)),
        ("p.value", number(coefficient.pValue)), ("conf.low", number(interval.low)),
        ("conf.high", number(interval.high)),
      ])
    }
    var members: [(String, JSON)] = [
      ("coefficients", .array(rows)), ("family", .string("multinomial")),
      ("classes", .array(classNames.map { .string($0) })),
      ("reference", reference.map { .string(classNames[$0]) } ?? .null), ("null.deviance", number(nullDeviance)),
      ("logLik", number(logLikelihood)), ("AIC", number(aic)), ("BIC", number(bic)), ("deviance", number(deviance)),
      ("df.residual", .integer(residualDegreesOfFreedom)), ("mean.loss", number(loss)),
      ("nobs", .integer(observations)),
      ("rank", .integer(rank)), ("iterations", .integer(iterations)), ("method", .string(method)),
      ("conf.level", .number(confidenceLevel)), ("dropped.columns", .array(droppedColumns.map { .string($0) })),
      ("dropped.records", .integer(droppedRecords)),
    ]
    if let quality {
      members.append(
        (
          "test",
          .object([
            ("nobs", .integer(quality.observations)), ("accuracy", .number(quality.accuracy)),
            ("log.loss", .number(quality.logLoss)),
            ("confusion", .array(quality.confusion.map { .array($0.map { .integer($0) }) })),
          ])
        ))
    }
    return .object(members)
  }

  /// Confidence intervals of all coefficients.
  var intervals: String {
    let percent = "\(shown(confidenceLevel * 100, digits: 6)) %"
    var table = TextTable([
      ("Confidence intervals, \(percent)", .left), ("class", .left), ("from", .decimal), ("to", .decimal),
    ])
    for number in classNames.indices where number != reference {
      for coefficient in coefficients(of: number) {
        let interval = coefficient.confidenceInterval
        table.append([coefficient.term, classNames[number], shown(interval.low), shown(interval.high)])
      }
    }
    return table.lines(style: Style()).joined(separator: "\n")
  }
}

extension ClassificationQuality {
  /// For people.
  var text: String {
    "Test: \(counted(observations, "record")), accuracy \(shown(accuracy, digits: 4)), log loss \(shown(logLoss, digits: 4))"
  }
}
