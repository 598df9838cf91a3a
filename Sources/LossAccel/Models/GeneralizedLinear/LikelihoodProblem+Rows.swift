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
  fileprivate static let chunkRows = 1024

  /// Scores and informations of all rows.
  func derivatives(at predictors: WideVector) -> LikelihoodRows {
    family.definition.derivatives(of: self, at: predictors)
  }

  /// Deviance and Pearson's statistic, and the sums of scores and informations.
  func sums(at predictors: WideVector, precisely: Bool = true) -> LikelihoodSums {
    family.definition.sums(of: self, at: predictors, precisely: precisely)
  }
}

// The loops over the rows belong to the families, so that each is compiled with the family's own arithmetic inside.
extension FamilyDefinition {
  func derivatives(of problem: LikelihoodProblem, at predictors: WideVector) -> LikelihoodRows {
    problem.accuracy == .exact
      ? derivatives(of: problem, predictors) { DoubleDouble($0, $1) }
      : derivatives(of: problem, predictors) { high, _ in high }
  }

  func sums(of problem: LikelihoodProblem, at predictors: WideVector, precisely: Bool) -> LikelihoodSums {
    problem.accuracy == .exact && precisely
      ? sums(of: problem, predictors) { DoubleDouble($0, $1) } : sums(of: problem, predictors) { high, _ in high }
  }

  private func derivatives<Number: ModelNumber>(
    of problem: LikelihoodProblem, _ predictors: WideVector, _ number: @Sendable (Double, Double) -> Number
  ) -> LikelihoodRows {
    let (count, link) = (problem.rows, problem.link)
    var (high, low, informations) = (
      [Double](repeating: 0, count: count), [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    var highs = high.mutableSpan
    var lows = low.mutableSpan
    var bends = informations.mutableSpan
    Parallelism.mapRows(
      count, rowsPerChunk: LikelihoodProblem.chunkRows, &highs, width: 1, &lows, width: 1, &bends, width: 1
    ) { _, range, highs, lows, bends in
      for row in range {
        let mean = link.linked(number(predictors.high[row], predictors.low?[row] ?? 0))
        let derivatives = self.row(problem.targets[row], mean, link)
        let weight = problem.weights?[row] ?? 1
        let place = row - range.lowerBound
        // A row without weight may hold anything.
        if weight == 0 { continue }
        let score = derivatives.score * Number(weight)
        highs[place] = score.value
        lows[place] = (score - Number(score.value)).value
        bends[place] = derivatives.information.value * weight
      }
    }
    return LikelihoodRows(scores: WideVector(high, low), informations: informations)
  }

  private func sums<Number: ModelNumber>(
    of problem: LikelihoodProblem, _ predictors: WideVector, _ number: @Sendable (Double, Double) -> Number
  ) -> LikelihoodSums {
    let (count, link, size) = (problem.rows, problem.link, LikelihoodProblem.chunkRows)
    let parts = Parallelism.mapChunks(count: Parallelism.chunkCount(of: count, chunkSize: size)) { chunk in
      var (deviance, pearson, score, information) = (Number(0), Number(0), Number(0), Number(0))
      for row in Parallelism.range(ofChunk: chunk, of: count, chunkSize: size) {
        if problem.weights?[row] == 0 { continue }
        let target = problem.targets[row]
        let weight = Number(problem.weights?[row] ?? 1)
        let mean = link.linked(number(predictors.high[row], predictors.low?[row] ?? 0))
        let derivatives = self.row(target, mean, link)
        let excess = mean.excess(of: target, isShare: isShare)
        deviance = deviance + weight * self.deviance(target, mean)
        // The ratio is 0/0 where a share has reached its end.
        if excess.value != 0 { pearson = pearson + weight * (excess * excess / variance(mean)) }
        score = score + weight * derivatives.score
        information = information + weight * derivatives.information
      }
      return [deviance, pearson, score, information]
    }
    let totals = parts.dropFirst().reduce(parts[0]) { zip($0, $1).map { $0 + $1 } }.map(\.value)
    return LikelihoodSums(deviance: totals[0], pearson: totals[1], score: totals[2], information: totals[3])
  }
}
