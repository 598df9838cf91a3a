/// What all rows are worth at a predictor, in one of the two precisions.
struct LikelihoodRows: Sendable {
  /// w·(y − μ)·μ′/V, in two words.
  var scores: WideVector
  /// w·μ′²/V.
  var informations: [Double]
}

/// Sums over all rows.
struct LikelihoodSums: Sendable {
  var deviance = 0.0
  /// Σ w·(y − μ)²/V.
  var pearson = 0.0
  var score = 0.0
  var information = 0.0
}

extension LikelihoodProblem {
  private static let chunkRows = 1024

  /// Scores and informations of all rows.
  func derivatives(at predictors: WideVector) -> LikelihoodRows {
    let definition = family.definition
    return accuracy == .exact
      ? derivatives(definition, predictors) { DoubleDouble($0, $1) }
      : derivatives(definition, predictors) { high, _ in high }
  }

  /// Deviance and Pearson's statistic, and the sums of scores and informations.
  func sums(at predictors: WideVector, precisely: Bool = true) -> LikelihoodSums {
    let definition = family.definition
    return accuracy == .exact && precisely
      ? sums(definition, predictors) { DoubleDouble($0, $1) } : sums(definition, predictors) { high, _ in high }
  }

  private func derivatives<Number: ModelNumber>(
    _ definition: some FamilyDefinition, _ predictors: WideVector, _ number: @Sendable (Double, Double) -> Number
  ) -> LikelihoodRows {
    let count = rows
    var (high, low, informations) = (
      [Double](repeating: 0, count: count), [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    var highs = high.mutableSpan
    var lows = low.mutableSpan
    var bends = informations.mutableSpan
    Parallelism.mapRows(count, rowsPerChunk: Self.chunkRows, &highs, width: 1, &lows, width: 1, &bends, width: 1) {
      _, range, highs, lows, bends in
      for row in range {
        let mean = link.linked(number(predictors.high[row], predictors.low?[row] ?? 0))
        let derivatives = definition.row(targets[row], mean, link)
        let score = derivatives.score * Number(weights?[row] ?? 1)
        let place = row - range.lowerBound
        highs[place] = score.value
        lows[place] = (score - Number(score.value)).value
        bends[place] = derivatives.information.value * (weights?[row] ?? 1)
      }
    }
    return LikelihoodRows(scores: WideVector(high, low), informations: informations)
  }

  private func sums<Number: ModelNumber>(
    _ definition: some FamilyDefinition, _ predictors: WideVector, _ number: @Sendable (Double, Double) -> Number
  ) -> LikelihoodSums {
    let chunks = Parallelism.chunkCount(of: rows, chunkSize: Self.chunkRows)
    let parts = Parallelism.mapChunks(count: chunks) { chunk in
      var (deviance, pearson, score, information) = (Number(0), Number(0), Number(0), Number(0))
      for row in Parallelism.range(ofChunk: chunk, of: rows, chunkSize: Self.chunkRows) {
        let weight = Number(weights?[row] ?? 1)
        let mean = link.linked(number(predictors.high[row], predictors.low?[row] ?? 0))
        let derivatives = definition.row(targets[row], mean, link)
        let excess = mean.excess(of: targets[row], isShare: definition.isShare)
        deviance = deviance + weight * definition.deviance(targets[row], mean)
        // The ratio is 0/0 where a share has reached its end.
        if excess.value != 0 { pearson = pearson + weight * (excess * excess / definition.variance(mean)) }
        score = score + weight * derivatives.score
        information = information + weight * derivatives.information
      }
      return [deviance, pearson, score, information]
    }
    let totals = parts.dropFirst().reduce(parts[0]) { zip($0, $1).map { $0 + $1 } }.map(\.value)
    return LikelihoodSums(deviance: totals[0], pearson: totals[1], score: totals[2], information: totals[3])
  }
}
