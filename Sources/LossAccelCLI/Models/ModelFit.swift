import LossAccel

/// What a fit came to.
struct FittedModel {
  var model: SavedModel
  /// How many records lacked a cell and were left out.
  var dropped: Int
  var quality: ClassificationQuality?
  var path: FittedPath?
}

/// A fit of a generalised linear model, or of a loss, to a table.
struct ModelFit {
  let options: ModelOptions
  let ridge: Double
  let covariance: CovarianceOption
  let confidenceLevel: Double
  let path: PathOptions

  private var penalty: Penalty {
    ridge > 0 || options.lasso > 0 ? Penalty(ridge: .uniform(ridge), lasso: .uniform(options.lasso)) : .none
  }

  /// Reads the whole table and fits the model that the formula makes of it.
  func run(
    _ stream: TableStream, formula: String, weights: String?, test: TestOptions
  ) throws -> FittedModel {
    if options.isMultinomial {
      let fit = MultinomialFit(
        penalty: penalty, test: test, covariance: { covariance.covariance(labels: labels($0)) },
        confidenceLevel: confidenceLevel)
      let (model, dropped, quality) = try fit.run(stream, formula: formula, weights: weights)
      return FittedModel(model: .multinomial(model), dropped: dropped, quality: quality)
    }
    let (table, dropped) = try stream.wholeTable()
    let family = try options.chosenFamily()
    let loss = try chosenLoss(family)
    do throws(ModelError) {
      if let (family, link) = family, options.lasso == 0 {
        let model = try GeneralizedLinearModel.fit(
          formula, table, family: family, link: link, weights: weights, penalty: penalty,
          reducesBias: options.firth, covariance: covariance.covariance(labels: labels(table)),
          confidenceLevel: confidenceLevel)
        return FittedModel(model: .generalizedLinear(model), dropped: dropped)
      }
      let model = try LinearModel.fit(formula, table, loss: loss, weights: weights, penalty: penalty)
      return FittedModel(model: .linear(model), dropped: dropped)
    } catch {
      throw modelFailure(error, stream, names: table.names, hasDropped: dropped > 0)
    }
  }

  /// The same for a table that is not held: its design goes to a temporary file, which the fits pass through.
  func runInPasses(
    _ stream: TableStream, formula: String, weights: String?, test: TestOptions
  ) throws -> FittedModel {
    guard !options.firth, covariance.columns.isEmpty else {
      throw UsageError(
        "--firth and --covariance cluster: need a table that is held in memory: without --stream and --cv, and not too large."
      )
    }
    let family = try options.chosenFamily()
    let loss = try chosenLoss(family)
    let designed = try DesignedTable(stream, formula: formula, weights: weights)
    let rows = test.split(rows: designed.table.rows)
    let table = rows.test.isEmpty ? designed.table : designed.table.holdingOut(rows.test)
    var fitted: FittedModel
    do throws(ModelError) {
      fitted = try fit(table, designed.features, family, loss, seed: test.seed)
      if case .multinomial(let model) = fitted.model, !rows.test.isEmpty {
        fitted.quality = try table.quality(of: model, designed.features, rows: rows.test)
      }
    } catch {
      if case .leastSquares(.rankDeficient(_, _, let dependent)) = error {
        let names = table.design.columnNames
        let sentences = dependent.map { $0.describe { "\"\(names[$0])\"" } }
        throw NumericalFailure(
          "\(stream.header.file): \(sentences.joined(separator: "; ")). Leave columns out, or add --ridge 0.01.")
      }
      throw modelFailure(error, stream, names: stream.header.names, hasDropped: designed.dropped > 0)
    }
    fitted.dropped = designed.dropped
    if case .multinomial(let model) = fitted.model, let path = test.test {
      fitted.quality = try MultinomialFit.quality(model, path, stream.format)
    }
    return fitted
  }

  private func fit(
    _ table: PassedTable, _ features: FeatureMatrix, _ family: (Family, Link)?, _ loss: PointwiseLoss, seed: UInt64
  ) throws(ModelError) -> FittedModel {
    if let folds = path.folds {
      let mixing = path.mixing ?? 1
      let found =
        options.isMultinomial
        ? FittedPath(try table.multinomialPath(features, mixing: mixing, folds: folds, seed: seed), path)
        : FittedPath(try table.linearPath(features, loss: loss, mixing: mixing, folds: folds, seed: seed), path)
      return FittedModel(model: found.model, dropped: 0, path: found)
    }
    let covariance = covariance.covariance(labels: [])
    if options.isMultinomial {
      let model = try table.multinomialRegression(
        features, penalty: penalty, covariance: covariance, confidenceLevel: confidenceLevel)
      return FittedModel(model: .multinomial(model), dropped: 0)
    }
    if let (family, link) = family, options.lasso == 0 {
      let model = try table.generalizedLinearModel(
        features, family: family, link: link, penalty: penalty, covariance: covariance,
        confidenceLevel: confidenceLevel)
      return FittedModel(model: .generalizedLinear(model), dropped: 0)
    }
    return FittedModel(model: .linear(try table.linearModel(features, loss: loss, penalty: penalty)), dropped: 0)
  }

  /// The loss, the family's, or the squared error.
  private func chosenLoss(_ family: (Family, Link)?) throws -> PointwiseLoss {
    try options.chosenLoss() ?? family.map { $0.0.loss($0.1) } ?? .squaredError
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
    let cure = separation.canReduceBias ? "--ridge 0.01, or --firth" : "--ridge 0.01"
    return NumericalFailure("\(file): \(separation) On the command line: \(cure).")
  case .classesSeparated(let separation):
    return NumericalFailure("\(file): \(separation) On the command line: --ridge 0.01.")
  case .lossHasNoMinimum(_, let columns) where !columns.isEmpty:
    return NumericalFailure("\(file): \(error) On the command line: --ridge 0.01, or another --loss.")
  case .emptyClass, .oneClass: return DataError("\(file): \(error)")
  case .formula(let error):
    return hasDropped ? formulaFailure(error, file: file) : stream.failure(error)
  case .needsMatrix(let what):
    return UsageError("\(what) needs a table that is held in memory: without --stream, and not too large.")
  case .objective, .leastSquares, .noStart, .notConverged, .invalidExposure, .lossHasKinks, .lossIsFlat,
    .lossHasNoMinimum:
    return NumericalFailure("\(file): \(error)")
  }
}
