import LossAccel

/// A fit of a multinomial regression to a table that is held in memory, and a test on records that it has not seen.
struct MultinomialFit {
  let penalty: Penalty
  let test: TestOptions
  /// How to estimate the covariance, for the records of a table.
  let covariance: (DataTable) -> CoefficientCovariance
  let confidenceLevel: Double

  /// Reads the whole table and fits the model that the formula makes of it.
  func run(
    _ stream: TableStream, formula: String, weights: String?
  ) throws -> (model: MultinomialRegression, dropped: Int, quality: ClassificationQuality?) {
    let (table, dropped) = try stream.wholeTable()
    let rows = test.split(rows: table.rowCount)
    let fitted = rows.test.isEmpty ? table : table.selecting(rows: rows.fit)
    let model: MultinomialRegression
    do throws(ModelError) {
      model = try MultinomialRegression.fit(
        formula, fitted, weights: weights, penalty: penalty, covariance: covariance(fitted),
        confidenceLevel: confidenceLevel)
    } catch {
      throw modelFailure(
        rows.test.isEmpty ? error : error.inRows(rows.fit), stream, names: table.names, hasDropped: dropped > 0)
    }
    if let path = test.test { return (model, dropped, try Self.quality(model, path, stream.format)) }
    if rows.test.isEmpty { return (model, dropped, nil) }
    do throws(ModelError) { return (model, dropped, try model.quality(table.selecting(rows: rows.test))) } catch {
      throw modelFailure(error.inRows(rows.test), stream, names: table.names, hasDropped: dropped > 0)
    }
  }

  static func quality(
    _ model: MultinomialRegression, _ path: String, _ format: TableFormat
  ) throws -> ClassificationQuality {
    guard let design = model.design, let response = design.responseColumn else {
      preconditionFailure("a model of a formula has a response")
    }
    let stream = try TableStream(try RereadableInput(path: path), format: format) { header in
      (try (design.neededColumns + [response]).map { try header.index(of: $0, option: "--test") }, false)
    }
    let (table, dropped) = try stream.wholeTable()
    do throws(ModelError) { return try model.quality(table) } catch {
      throw modelFailure(error, stream, names: table.names, hasDropped: dropped > 0)
    }
  }
}
