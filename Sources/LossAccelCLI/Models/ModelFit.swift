import LossAccel

/// A fit of a generalised linear model, or of a loss, to a table that is held in memory.
struct ModelFit {
  let options: ModelOptions
  let ridge: Double
  let covariance: CovarianceOption
  let confidenceLevel: Double

  /// Reads the whole table and fits the model that the formula makes of it.
  func run(
    _ stream: TableStream, formula: String, weights: String?, test: TestOptions
  ) throws -> (model: SavedModel, dropped: Int, quality: ClassificationQuality?) {
    let penalty = Penalty(ridge: .uniform(ridge), lasso: .uniform(options.lasso))
    if options.isMultinomial {
      let fit = MultinomialFit(
        penalty: ridge > 0 || options.lasso > 0 ? penalty : .none, test: test, confidenceLevel: confidenceLevel)
      let (model, dropped, quality) = try fit.run(stream, formula: formula, weights: weights)
      return (.multinomial(model), dropped, quality)
    }
    let (table, dropped) = try stream.wholeTable()
    let family = try options.chosenFamily()
    let loss = try options.chosenLoss()
    do throws(ModelError) {
      if let (family, link) = family, options.lasso == 0 {
        let model = try GeneralizedLinearModel.fit(
          formula, table, family: family, link: link, weights: weights, penalty: ridge > 0 ? penalty : .none,
          reducesBias: options.firth, covariance: covariance.covariance(labels: labels(table)),
          confidenceLevel: confidenceLevel)
        return (.generalizedLinear(model), dropped, nil)
      }
      guard let loss = loss ?? family.map({ $0.0.loss($0.1) }) else {
        preconditionFailure("neither a family nor a loss")
      }
      let model = try LinearModel.fit(formula, table, loss: loss, weights: weights, penalty: penalty)
      return (.linear(model), dropped, nil)
    } catch {
      throw modelFailure(error, stream, names: table.names, hasDropped: dropped > 0)
    }
  }

  private func labels(_ table: DataTable) -> [[Double]] {
    covariance.columns.map { name in
      guard let column = table[name] else { return [] }
      if case .text(let codes, _) = column.values { return codes.map(Double.init) }
      return column.doubles
    }
  }
}

/// A model's error in the table's own terms.
func modelFailure(_ error: ModelError, _ stream: TableStream, names: [String], hasDropped: Bool) -> any Error {
  func place(_ row: Int) -> String {
    if hasDropped { return "\(stream.header.file), row \(row + 1) of those without missing cells" }
    let lines = RecordLines(
      path: stream.path, dialect: stream.format.dialect, hasHeader: !stream.header.isNumbered)
    return lines.line(ofRecord: row).map { "\(stream.header.file):\($0)" } ?? "\(stream.header.file), row \(row + 1)"
  }
  let file = stream.header.file
  switch error {
  case .objective(.loss(.targetOutsideDomain(let row, let value, let lowest, let highest))):
    let wanted =
      highest >= Double.greatestFiniteMagnitude
      ? (lowest > 0 ? "above 0" : "of at least \(shown(lowest))") : "from \(shown(lowest)) to \(shown(highest))"
    return DataError(
      "\(place(row)): the target is \(shown(value)), but it takes targets \(wanted). Correct the record, or choose another --family."
    )
  case .objective(.loss(.invalidWeight(let row, let value))):
    return DataError("\(place(row)): the weight is \(value). Weights must not be negative; 0 leaves a record out.")
  case .objective(.loss(.nothingToAverage)):
    return DataError("\(file): nothing is left to fit. At least one record needs a weight above 0.")
  case .objective(.nonFiniteOffset(let row, let value)):
    return DataError("\(place(row)): the offset is \(value). Correct the record.")
  case .separated(let separation):
    return NumericalFailure("\(file): \(separation) On the command line: --ridge 0.01, or --firth.")
  case .classesSeparated(let separation):
    return NumericalFailure("\(file): \(separation) On the command line: --ridge 0.01.")
  case .emptyClass, .oneClass: return DataError("\(file): \(error)")
  case .formula(let error):
    return hasDropped ? formulaFailure(error, file: file) : stream.failure(error)
  case .objective, .leastSquares, .noStart, .notConverged, .invalidExposure, .lossHasKinks:
    return NumericalFailure("\(file): \(error)")
  }
}
