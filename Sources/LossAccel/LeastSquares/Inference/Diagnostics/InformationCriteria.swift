extension LinearRegression {
  /// The logarithm of the likelihood of the targets at the estimates, if errors are normal with the variance σ²/w: −½(n·(ln(2π·RSS/n) + 1) −
  /// Σ ln w), with the maximum-likelihood σ² = RSS/n. R's `logLik` and statsmodels' `llf`.
  public var logLikelihood: Double {
    let count = Double(observations)
    var weights = 0.0
    for weight in rows.system.weights ?? [] { weights += ElementaryFunctions.log(weight) }
    return -0.5
      * (count * (ElementaryFunctions.log(2 * Double.pi * residualSumOfSquares / count) + 1) - weights)
  }

  /// Akaike's information criterion, −2·``logLikelihood`` + 2p, with p = ``rank`` + 1 parameters: σ counts, as in R. statsmodels does not
  /// count it; its `aic` is less by 2. NaN with a ridge penalty.
  public var aic: Double { ridge == 0 ? -2 * logLikelihood + 2 * Double(rank + 1) : .nan }

  /// Schwarz's information criterion, −2·``logLikelihood`` + p·ln n, with p = ``rank`` + 1 as in R; statsmodels' `bic` is less by ln n. NaN
  /// with a ridge penalty.
  public var bic: Double {
    ridge == 0 ? -2 * logLikelihood + Double(rank + 1) * ElementaryFunctions.log(Double(observations)) : .nan
  }
}
