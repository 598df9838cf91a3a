import LossAccel
import TestSupport
import Testing

/// One of the regressions in References/Regression: its data, its model, and every number that inference gives for it.
struct RegressionCase: Sendable, CustomStringConvertible {
  let name: String
  let target: String
  let features: [String]
  let options: [String: String]
  private let table: [String: [Double]]

  var description: String { name }

  static let names = ["cars", "cars-weighted", "cars-origin", "longley", "swiss", "air", "panel"]

  init(_ name: String) throws {
    let line = try #require(
      try reference("Regression/cases.txt", from: Self.folder).split(separator: "\n").first { $0.hasPrefix(name + " ") }
    )
    let parts = line.split(separator: " ").map(String.init)
    self.name = name
    target = parts[2]
    features = parts[3].split(separator: ",").map(String.init)
    let pairs = parts[4...].map { $0.split(separator: "=").map(String.init) }
    options = Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
    let rows = try reference("Regression/\(parts[1])", from: Self.folder).split(separator: "\n").map {
      $0.split(separator: ",").map(String.init)
    }
    var table: [String: [Double]] = [:]
    for (column, title) in rows[0].enumerated() {
      table[title] = try rows.dropFirst().map { try #require(Double($0[column])) }
    }
    self.table = table
  }

  /// A file in the folder above the one with `References`, as `reference` expects it of its callers.
  static let folder = #filePath.replacing("/Inference/", with: "/")

  var targets: [Double] { table[target]! }
  var weights: [Double]? { options["weights"].map { table[$0]! } }
  var hasIntercept: Bool { options["intercept"] != "no" }

  var matrix: Matrix<Double> {
    Matrix(targets.indices.map { row in features.map { table[$0]![row] } })
  }

  func model(covariance: CoefficientCovariance = .classical, level: Double = 0.9) throws -> LinearRegression {
    try LinearRegression.fit(
      features: matrix, targets: targets, intercept: hasIntercept, columnNames: features, targetName: target,
      weights: weights, covariance: covariance, confidenceLevel: level)
  }

  /// The covariances by the names that the references have for them.
  var covariances: [String: CoefficientCovariance] {
    var all: [String: CoefficientCovariance] = [
      "classical": .classical, "hc0": .hc0, "hc1": .hc1, "hc2": .hc2, "hc3": .hc3, "hc4": .hc4, "hc4m": .hc4m,
      "nw": .neweyWest(lags: options["lags"].flatMap { Int($0) }),
    ]
    if let first = options["cluster"] {
      all["cluster"] = .clustered(by: table[first]!)
      if let second = options["cluster2"] {
        all["cluster2"] = .clustered(by: table[first]!, and: table[second]!)
      }
    }
    return all
  }

  /// What a file of references says about this case.
  func expectations(_ file: String) throws -> [(key: String, values: [Double])] {
    try reference("Regression/\(file)", from: Self.folder).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ")
      guard parts[0] == name else { return nil }
      return (String(parts[1]), try parts.dropFirst(2).map { try #require(Double($0)) })
    }
  }

  /// The same quantities as computed here.
  func computed(_ keys: [String], new: [Double]) throws -> [String: [Double]] {
    let model = try model()
    let influence = try model.influence()
    let collinearity = try model.collinearity()
    let tests = model.residualTests
    var values: [String: [Double]] = [
      "estimate": model.coefficients.map(\.estimate), "sigma": [model.sigma], "r2": [model.rSquared],
      "residual": model.residuals, "loglik": [model.logLikelihood], "aic": [model.aic], "bic": [model.bic],
      "hat": influence.leverages, "rstandard": influence.standardizedResiduals,
      "rstudent": influence.studentizedResiduals, "cooks": influence.cooksDistances, "dffits": influence.dffits,
      "covratio": influence.covarianceRatios, "press": [influence.press], "dfbetas": try model.dfbetas().elements,
      "vif": Array(collinearity.varianceInflationFactors.dropFirst(hasIntercept ? 1 : 0)),
      "condition": collinearity.conditionIndices, "proportions": collinearity.varianceProportions.elements,
      "dw": [tests.durbinWatson], "skewness": [tests.skewness], "kurtosis": [tests.kurtosis],
      "jb": [tests.jarqueBera.statistic, tests.jarqueBera.pValue], "omnibus": [tests.omnibus.statistic], "new": new,
    ]
    let rows = Matrix(rows: new.count / features.count, columns: features.count, elements: new)
    for (name, covariance) in covariances {
      let robust = try model.with(covariance: covariance)
      values["se." + name] = robust.coefficients.map(\.standardError)
      values["p." + name] = robust.coefficients.map(\.pValue)
      values["covariance." + name] = robust.covarianceMatrix.elements
      values["f." + name] = robust.fTest.map { [$0.statistic] }
      guard !new.isEmpty else { continue }
      let predictions = try robust.predictions(for: rows)
      values["predicted"] = predictions.values
      values["predicted.se." + name] = predictions.standardErrors
      values["confidence." + name] = predictions.confidenceIntervals(level: 0.9).flatMap { [$0.low, $0.high] }
      values["prediction." + name] = predictions.predictionIntervals(level: 0.9).flatMap { [$0.low, $0.high] }
    }
    return values
  }
}
