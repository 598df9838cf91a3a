package import LossAccel

/// One of NIST's linear regression data sets (Statistical Reference Datasets) with its certified values.
package struct NISTRegression: Sendable {
  package let name: String
  package let hasIntercept: Bool
  package let targets: [Double]
  package let features: Matrix<Double>
  package let estimates: [Double]
  package let standardDeviations: [Double]
  package let residualStandardDeviation: Double
  package let rSquared: Double
  package let fStatistic: Double

  package static let names = [
    "Norris", "Pontius", "NoInt1", "NoInt2", "Filip", "Longley", "Wampler1", "Wampler2", "Wampler3", "Wampler4",
    "Wampler5",
  ]

  /// Reads `References/NIST/<name>.dat`. Polynomials get their powers as columns, each rounded to Double once.
  package init(_ name: String, from file: String = #filePath) throws {
    self.name = name
    let lines = try reference("NIST/\(name).dat", from: file).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    func numbers(_ line: Substring) -> [Double] {
      line.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    }
    let certified = lines[30..<55]
    let parameters = certified.prefix { !$0.contains("Residual") }.filter { line in
      line.split(whereSeparator: \.isWhitespace).first.map { $0.first == "B" && Int($0.dropFirst()) != nil } ?? false
    }
    estimates = parameters.map { numbers($0)[0] }
    standardDeviations = parameters.map { numbers($0)[1] }
    hasIntercept = parameters.first.map { $0.contains("B0") } ?? false
    let tail = certified.drop { !$0.contains("Residual") }
    residualStandardDeviation = tail.first { $0.contains("Standard Deviation") }.map(numbers)?.last ?? .nan
    rSquared = tail.first { $0.contains("R-Squared") }.map(numbers)?.last ?? .nan
    let regression = tail.first { $0.contains("Regression") } ?? ""
    fStatistic = regression.contains("Infinity") ? .infinity : numbers(regression).last ?? .nan

    let rows = lines[60...].map(numbers).filter { $0.count >= 2 }
    targets = rows.map { $0[0] }
    let columns = estimates.count - (hasIntercept ? 1 : 0)
    features = Matrix(
      rows.map { row in
        if row.count - 1 == columns { return Array(row[1...]) }
        return (1...columns).map { power in
          // In double-double and then rounded: repeated rounding would make another problem of it.
          (1..<power).reduce(DoubleDouble(row[1])) { value, _ in value * row[1] }.value
        }
      })
  }
}

/// The number of correct digits, −log₁₀ of the relative error, at most 15; of the absolute error where the truth is zero.
package func correctDigits(_ actual: Double, _ expected: Double) -> Double {
  guard actual.isFinite || expected.isFinite else { return actual == expected ? 15 : 0 }
  if actual == expected { return 15 }
  let error = expected == 0 ? abs(actual) : abs((actual - expected) / expected)
  return min(15, max(0, -ElementaryFunctions.log(error) / ElementaryFunctions.log(10)))
}
