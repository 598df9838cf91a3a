import ArgumentParser
import LossAccel

/// How `fit` is to estimate the covariance of the coefficients: `--covariance`.
enum CovarianceOption: ExpressibleByArgument {
  case named(CoefficientCovariance)
  /// By one or two columns of the table.
  case clustered([String])
  case neweyWest(lags: Int?)

  static let allValueStrings = [
    "classical", "hc0", "hc1", "hc2", "hc3", "hc4", "hc4m", "cluster:COLUMN[,COLUMN]", "hac[:LAGS]",
  ]

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first?.lowercased(), parts.count) {
    case ("classical", 1): self = .named(.classical)
    case ("hc0", 1): self = .named(.hc0)
    case ("hc1", 1): self = .named(.hc1)
    case ("hc2", 1): self = .named(.hc2)
    case ("hc3", 1): self = .named(.hc3)
    case ("hc4", 1): self = .named(.hc4)
    case ("hc4m", 1): self = .named(.hc4m)
    case ("hac", 1): self = .neweyWest(lags: nil)
    case ("hac", 2):
      guard let lags = Int(parts[1]), lags >= 0 else { return nil }
      self = .neweyWest(lags: lags)
    case ("cluster", 2):
      let columns = parts[1].split(separator: ",").map(String.init)
      guard columns.count == 1 || columns.count == 2 else { return nil }
      self = .clustered(columns)
    default: return nil
    }
  }

  /// The columns that the estimate needs beside the regression's own.
  var columns: [String] {
    if case .clustered(let columns) = self { return columns }
    return []
  }

  /// Whether a regression on several classes has it.
  var isForClasses: Bool {
    switch self {
    case .named(let covariance): ["classical", "HC0", "HC1"].contains(covariance.description)
    case .clustered: true
    case .neweyWest: false
    }
  }

  /// The estimate, with the labels of the columns above.
  func covariance(labels: [[Double]]) -> CoefficientCovariance {
    switch self {
    case .named(let covariance): covariance
    case .neweyWest(let lags): .neweyWest(lags: lags)
    case .clustered:
      labels.count == 2 ? .clustered(by: labels[0], and: labels[1]) : .clustered(by: labels[0])
    }
  }
}
