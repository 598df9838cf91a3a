import ArgumentParser
import Foundation
import LossAccel

struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a bundled data set and compare the result with NIST's certified values.",
    discussion: """
      Longley's data (16 records, 6 features that nearly depend on one another) are the classical test of least-squares programs. \
      Ends with code 2 when a coefficient or its standard error agrees with NIST in fewer than 10 digits.
      """)

  /// NIST certifies 15 digits; the reading of the data in binary alone may cost a few on columns as dependent as these.
  private static let requiredDigits = 10.0

  @Flag(help: "Print a JSON object.")
  var json = false

  func run() throws {
    let table = RegressionTable(
      name: "Longley", targetName: Longley.target, featureNames: Longley.features,
      features: Matrix(Longley.rows.map { Array($0.dropFirst()) }), target: Longley.rows.map { $0[0] })
    let model = try fit(table, RegressionOptions())
    let comparisons = compare(model)
    let worst = comparisons.map(\.digits).min() ?? 0
    try Terminal.show(json ? object(model, comparisons, worst).text : text(model, comparisons, worst))
    if !(worst >= Self.requiredDigits) {
      throw NumericalFailure(
        """
        The fit agrees with NIST's certified values in only \(shown(worst, digits: 3)) digits, \(Self.requiredDigits) are \
        expected. 'lossaccel doctor' tells whether the BLAS library is sound.
        """)
    }
  }

  private struct Comparison {
    let quantity: String
    let value: Double
    let certified: Double
    /// How many decimal digits agree, at most the 15 that are certified.
    var digits: Double {
      value == certified ? 15 : Swift.min(15, -log10(abs(value - certified) / abs(certified)))
    }
  }

  private func compare(_ model: LinearRegression) -> [Comparison] {
    let estimates = zip(model.coefficients, Longley.coefficients).map { term, certified in
      Comparison(quantity: term.term, value: term.estimate, certified: certified.estimate)
    }
    let errors = zip(model.coefficients, Longley.coefficients).map { term, certified in
      Comparison(
        quantity: "std. error of \(term.term)", value: term.standardError, certified: certified.standardError)
    }
    return estimates + errors + [
      Comparison(
        quantity: "residual std. error", value: model.sigma, certified: Longley.residualStandardDeviation),
      Comparison(quantity: "R²", value: model.rSquared, certified: Longley.rSquared),
    ]
  }

  private func text(_ model: LinearRegression, _ comparisons: [Comparison], _ worst: Double) -> String {
    let style = Style()
    var table = TextTable([
      ("Against NIST", .left), ("LossAccel", .decimal), ("certified", .decimal), ("digits", .decimal),
    ])
    for comparison in comparisons {
      table.append([
        comparison.quantity, shown(comparison.value, digits: 15), shown(comparison.certified, digits: 15),
        String(format: "%.1f", comparison.digits),
      ])
    }
    let verdict = "All values agree with NIST's certified values in at least \(String(format: "%.1f", worst)) digits."
    let lines =
      ["Longley's data: employment in the United States, 1947–1962", "", model.summary(), ""]
      + table.lines(style: style) + [""] + (worst >= Self.requiredDigits ? [style.good(verdict)] : [])
    return lines.joined(separator: "\n")
  }

  private func object(_ model: LinearRegression, _ comparisons: [Comparison], _ worst: Double) -> JSON {
    let list = comparisons.map { comparison in
      JSON.object([
        ("quantity", .string(comparison.quantity)), ("value", .number(comparison.value)),
        ("certified", .number(comparison.certified)), ("digits", .number(comparison.digits)),
      ])
    }
    return .object([
      ("fit", .object(model.json(droppedRecords: 0))), ("comparisons", .array(list)), ("leastDigits", .number(worst)),
    ])
  }
}
