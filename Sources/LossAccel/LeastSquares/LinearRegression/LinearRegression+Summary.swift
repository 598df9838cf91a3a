extension LinearRegression: CustomStringConvertible {
  /// The summary: what was fitted, quantiles of the residuals, the table of coefficients, and how good the fit is.
  public var description: String { summary() }

  /// A summary like that of R's `summary(lm(…))`, with the way the system was solved in the last lines.
  public func summary(significantDigits: Int = 5) -> String {
    [
      "Linear regression: \(formula)", residualLines(significantDigits), coefficientLines(significantDigits),
      qualityLines(significantDigits), methodLines,
    ].joined(separator: "\n\n")
  }

  /// The model in R's notation: `y ~ a + b`, or `y ~ 0 + a + b` without an intercept, `y ~ a + offset` with offsets.
  public var formula: String {
    if let design { return design.formula.description }
    let terms = columnNames.isEmpty ? ["1"] : (hasIntercept ? [] : ["0"]) + columnNames
    return "\(targetName) ~ \((terms + (hasOffsets ? ["offset"] : [])).joined(separator: " + "))"
  }

  private func residualLines(_ digits: Int) -> String {
    let summary = residualSummary
    let title = isWeighted ? "Weighted residuals:" : "Residuals:"
    let values = [
      summary.minimum, summary.lowerQuartile, summary.median, summary.upperQuartile, summary.maximum,
    ].map { decimalText($0, significantDigits: digits) }
    let names = ["Min", "1Q", "Median", "3Q", "Max"]
    let widths = zip(names, values).map { max($0.count, $1.count) }
    return [title, CoefficientTable.line(names, widths), CoefficientTable.line(values, widths)].joined(separator: "\n")
  }

  private func coefficientLines(_ digits: Int) -> String {
    let rows = coefficients.map {
      CoefficientTable.Row(
        term: $0.term, estimate: $0.estimate, standardError: $0.standardError, statistic: $0.statistic,
        pValue: $0.pValue, isDropped: $0.isDropped)
    }
    return CoefficientTable(statistic: "t", rows: rows).lines(significantDigits: digits).joined(separator: "\n")
  }

  /// R's marks of significance.
  static func stars(_ pValue: Double) -> String {
    switch pValue {
    case ..<0.001: "***"
    case ..<0.01: "**"
    case ..<0.05: "*"
    case ..<0.1: "."
    default: ""
    }
  }

  private func qualityLines(_ digits: Int) -> String {
    func text(_ value: Double, _ digits: Int) -> String { decimalText(value, significantDigits: digits) }
    var lines = ["Residual standard error: \(text(sigma, digits)) on \(residualDegreesOfFreedom) degrees of freedom"]
    lines.append("Multiple R²: \(text(rSquared, digits)),  adjusted R²: \(text(adjustedRSquared, digits))")
    if let test = fTest {
      let freedoms = "\(test.numeratorDegreesOfFreedom) and \(test.denominatorDegreesOfFreedom)"
      lines.append(
        "\(isClassical ? "F statistic" : "Wald's F statistic"): \(text(test.statistic, digits)) on \(freedoms) degrees of freedom,  p value: \(text(test.pValue, 4))"
      )
    }
    if !isClassical { lines.append("Standard errors and tests: \(covariance.description)") }
    if (0..<covarianceMatrix.rows).contains(where: { covarianceMatrix[$0, $0] < 0 }) {
      lines.append("Some variances come out negative: the clusters are too few, or too crossed, for this estimate.")
    }
    if ridge > 0 {
      let freedom = keepsRows ? try? effectiveDegreesOfFreedom() : nil
      let effective = freedom.map { ", \(text($0, digits)) effective coefficients" } ?? ""
      lines.append(
        "Ridge penalty: \(text(ridge, digits))\(effective). The estimates are biased, so they have no standard errors.")
    }
    return lines.joined(separator: "\n")
  }

  private var isClassical: Bool {
    if case .classical = covariance.estimator { return true }
    return false
  }

  private var methodLines: String {
    var lines = ["Method: \(report.method), condition \(decimalText(report.condition, significantDigits: 3))"]
    if let certificate {
      if certificate.steps > 0 {
        lines[0] += ", refined in \(certificate.steps) pass\(certificate.steps == 1 ? "" : "es")"
      }
      lines.append(
        "Relative error of the coefficients: at most \(decimalText(certificate.relativeErrorBound, significantDigits: 2))"
      )
    }
    for dependent in report.droppedColumns {
      lines.append("Dropped: \(dependent.describe { columnNames[$0] })")
    }
    if report.isMinimumNorm {
      lines.append("Infinitely many coefficients fit equally well; these have the smallest norm.")
    }
    return lines.joined(separator: "\n")
  }
}
