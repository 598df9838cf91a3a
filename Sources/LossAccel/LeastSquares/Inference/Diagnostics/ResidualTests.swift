/// What the residuals √w·e say about the errors: whether neighbours are correlated, and whether they could be normal.
public struct ResidualTests: Sendable, Equatable {
  /// Σ(eₜ − eₜ₋₁)²/Σeₜ²: about 2 for uncorrelated errors, towards 0 where neighbours are alike, towards 4 where they alternate
  /// (J. Durbin, G. S. Watson, Biometrika 37, 1950). The rows are in the order of time.
  public let durbinWatson: Double

  /// m₃/m₂^1.5 of the central moments m: 0 for a symmetric distribution.
  public let skewness: Double

  /// m₄/m₂²: 3 for the normal distribution.
  public let kurtosis: Double

  /// n/6·(skewness² + (kurtosis − 3)²/4), χ² with 2 degrees of freedom for many normal errors (C. M. Jarque, A. K. Bera, Econ. Letters 6,
  /// 1980).
  public let jarqueBera: Test

  /// D'Agostino and Pearson's K²: skewness and kurtosis, each made normal, squared and added; better than Jarque and Bera's below 2000
  /// rows (R. B. D'Agostino, A. Belanger, R. B. D'Agostino Jr., Am. Statistician 44, 1990). NaN below 8 rows. statsmodels' Omnibus.
  public let omnibus: Test

  /// A statistic and the probability of one at least as large, if the errors were normal.
  public struct Test: Sendable, Equatable {
    /// The statistic, χ² with 2 degrees of freedom.
    public let statistic: Double

    /// e^(−statistic/2).
    public var pValue: Double { ElementaryFunctions.exp(-statistic / 2) }
  }

  init(_ residuals: [Double]) {
    let count = Double(residuals.count)
    var (mean, squares, differences) = (0.0, 0.0, 0.0)
    for (index, residual) in residuals.enumerated() {
      mean += residual / count
      squares += residual * residual
      if index > 0 { differences += (residual - residuals[index - 1]) * (residual - residuals[index - 1]) }
    }
    durbinWatson = differences / squares
    var (second, third, fourth) = (0.0, 0.0, 0.0)
    for residual in residuals {
      let square = (residual - mean) * (residual - mean)
      second += square / count
      third += square * (residual - mean) / count
      fourth += square * square / count
    }
    skewness = third / (second * second.squareRoot())
    kurtosis = fourth / (second * second)
    jarqueBera = Test(
      statistic: count / 6 * (skewness * skewness + (kurtosis - 3) * (kurtosis - 3) / 4))
    let (a, b) = (
      ResidualTests.normalized(skewness: skewness, count), ResidualTests.normalized(kurtosis: kurtosis, count)
    )
    omnibus = Test(statistic: count < 8 ? .nan : a * a + b * b)
  }

  /// The skewness of n normal numbers as a standard normal one: D'Agostino's transformation.
  private static func normalized(skewness: Double, _ n: Double) -> Double {
    let y = skewness * ((n + 1) * (n + 3) / (6 * (n - 2))).squareRoot()
    let beta = 3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9))
    let square = (2 * (beta - 1)).squareRoot() - 1
    let delta = 1 / (0.5 * ElementaryFunctions.log(square)).squareRoot()
    let scaled = y * ((square - 1) / 2).squareRoot()
    return delta * ElementaryFunctions.log(scaled + (scaled * scaled + 1).squareRoot())
  }

  /// The kurtosis of n normal numbers as a standard normal one: Anscombe and Glynn's transformation.
  private static func normalized(kurtosis: Double, _ n: Double) -> Double {
    let expected = 3 * (n - 1) / (n + 1)
    let variance = 24 * n * (n - 2) * (n - 3) / ((n + 1) * (n + 1) * (n + 3) * (n + 5))
    let x = (kurtosis - expected) / variance.squareRoot()
    let ratio = (6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3))).squareRoot()
    let beta = 6 * (n * n - 5 * n + 2) / ((n + 7) * (n + 9)) * ratio
    let a = 6 + 8 / beta * (2 / beta + (1 + 4 / (beta * beta)).squareRoot())
    let denominator = 1 + x * (2 / (a - 4)).squareRoot()
    let quotient = (1 - 2 / a) / abs(denominator)
    let root = ElementaryFunctions.power(quotient, 1.0 / 3) * (denominator < 0 ? -1 : 1)
    return ((1 - 2 / (9 * a)) - root) / (2 / (9 * a)).squareRoot()
  }
}

extension LinearRegression {
  /// Tests on the residuals √w·e: Durbin–Watson, skewness, kurtosis, Jarque–Bera, omnibus.
  public var residualTests: ResidualTests { ResidualTests(rows.weighted(residuals)) }
}
