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
  /// The rows that a thread takes at a time.
  static let chunkRows = 1024

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
      ? derivatives(of: problem, predictors, WideLanes.self) : derivatives(of: problem, predictors, Double.self)
  }

  func sums(of problem: LikelihoodProblem, at predictors: WideVector, precisely: Bool) -> LikelihoodSums {
    problem.accuracy == .exact && precisely
      ? sums(of: problem, predictors, WideLanes.self) : sums(of: problem, predictors, Double.self)
  }

  func residuals(_ kind: GeneralizedLinearModel.Residual, of problem: LikelihoodProblem, at predictors: WideVector)
    -> [Double]
  {
    problem.accuracy == .exact
      ? residuals(kind, of: problem, predictors, WideLanes.self) : residuals(kind, of: problem, predictors, Double.self)
  }

  private func derivatives<Number: ModelNumber>(
    of problem: LikelihoodProblem, _ predictors: WideVector, _: Number.Type
  ) -> LikelihoodRows {
    let count = problem.rows
    var (high, low, informations) = (
      [Double](repeating: 0, count: count), [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    var highs = high.mutableSpan
    var lows = low.mutableSpan
    var bends = informations.mutableSpan
    Parallelism.mapRows(
      count, rowsPerChunk: LikelihoodProblem.chunkRows, &highs, width: 1, &lows, width: 1, &bends, width: 1
    ) { _, range, highs, lows, bends in
      forEachBlock(of: range, problem, predictors, Number.self) { rows, target, weight, mean in
        let derivatives = self.row(target, mean, problem.link)
        // A row without weight may hold anything.
        let score = (derivatives.score * weight).wherePositive(weight, else: Number(0))
        let information = (derivatives.information * weight).wherePositive(weight, else: Number(0))
        for (lane, row) in rows.enumerated() {
          let (place, words) = (row - range.lowerBound, score[lane])
          (highs[place], lows[place]) = (words.high, words.low)
          bends[place] = information[lane].high
        }
      }
    }
    return LikelihoodRows(scores: WideVector(high, low), informations: informations)
  }

  private func sums<Number: ModelNumber>(
    of problem: LikelihoodProblem, _ predictors: WideVector, _: Number.Type
  ) -> LikelihoodSums {
    let (count, size) = (problem.rows, LikelihoodProblem.chunkRows)
    let parts = Parallelism.mapChunks(count: Parallelism.chunkCount(of: count, chunkSize: size)) { chunk in
      var (deviance, pearson, score, information) = (Number(0), Number(0), Number(0), Number(0))
      let range = Parallelism.range(ofChunk: chunk, of: count, chunkSize: size)
      forEachBlock(of: range, problem, predictors, Number.self) { _, target, weight, mean in
        let (derivatives, zero) = (self.row(target, mean, problem.link), Number(0))
        let excess = mean.excess(of: target, isShare: isShare)
        deviance = deviance + (weight * self.deviance(target, mean)).wherePositive(weight, else: zero)
        // The ratio is 0/0 where a share has reached its end.
        let square = excess * excess
        let ratio = (square / variance(mean)).wherePositive(square, else: square)
        pearson = pearson + (weight * ratio).wherePositive(weight, else: zero)
        score = score + (weight * derivatives.score).wherePositive(weight, else: zero)
        information = information + (weight * derivatives.information).wherePositive(weight, else: zero)
      }
      return [deviance.total, pearson.total, score.total, information.total]
    }
    let totals = parts.dropFirst().reduce(parts[0]) { zip($0, $1).map { $0 + $1 } }.map(\.value)
    return LikelihoodSums(deviance: totals[0], pearson: totals[1], score: totals[2], information: totals[3])
  }

  private func residuals<Number: ModelNumber>(
    _ kind: GeneralizedLinearModel.Residual, of problem: LikelihoodProblem, _ predictors: WideVector, _: Number.Type
  ) -> [Double] {
    var residuals = [Double](repeating: 0, count: problem.rows)
    var output = residuals.mutableSpan
    Parallelism.mapRows(problem.rows, rowsPerChunk: LikelihoodProblem.chunkRows, &output, width: 1) {
      _, range, output in
      forEachBlock(of: range, problem, predictors, Number.self) { rows, target, weight, mean in
        let excess = mean.excess(of: target, isShare: isShare)
        let square = excess * excess
        let residual =
          switch kind {
          case .response: excess
          case .working: excess / mean.slope
          case .pearson: (weight * square / variance(mean)).wherePositive(square, else: square)
          case .deviance: weight * self.deviance(target, mean)
          }
        for (lane, row) in rows.enumerated() {
          let value = residual[lane].value
          switch kind {
          case .response, .working: output[row - range.lowerBound] = value
          case .pearson, .deviance:
            let size = max(0, value).squareRoot()
            output[row - range.lowerBound] = excess[lane].value < 0 ? -size : size
          }
        }
      }
    }
    return residuals
  }

  /// Calls `body` for consecutive blocks of as many rows as a number has lanes, with their targets, their weights (0 in lanes without a row),
  /// and what the link makes of their predictors.
  private func forEachBlock<Number: ModelNumber>(
    of range: Range<Int>, _ problem: LikelihoodProblem, _ predictors: WideVector, _: Number.Type,
    _ body: (_ rows: Range<Int>, _ target: Number, _ weight: Number, _ mean: LinkedMean<Number>) -> Void
  ) {
    let ones = [Double](repeating: 1, count: Number.lanes)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Number.lanes) {
      let rows = start..<min(start + Number.lanes, range.upperBound)
      let weight = problem.weights.map { Number($0, nil, rows: rows) } ?? Number(ones, nil, rows: 0..<rows.count)
      let predictor = Number(predictors.high, predictors.low, rows: rows)
      body(rows, Number(problem.targets, nil, rows: rows), weight, problem.link.linked(predictor, isShare: isShare))
    }
  }
}
