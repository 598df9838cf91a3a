extension GeneralizedLinearModel: CustomStringConvertible {
  /// The summary: what was fitted, the table of coefficients, and how good the fit is.
  public var description: String { summary() }

  /// A summary like that of R's `summary(glm(…))`.
  public func summary(significantDigits digits: Int = 5) -> String {
    let rows = coefficients.map {
      CoefficientTable.Row(
        term: $0.term, estimate: $0.estimate, standardError: $0.standardError, statistic: $0.statistic,
        pValue: $0.pValue, isDropped: $0.isDropped)
    }
    let table = CoefficientTable(statistic: testFreedom == nil ? "z" : "t", rows: rows)
    return [
      ["Generalised linear model: \(formula)", "Family: \(family), link: \(link)"],
      table.lines(significantDigits: digits), qualityLines(digits),
    ].map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  /// The model in R's notation: `y ~ a + b`, or `y ~ 0 + a + b` without an intercept, `y ~ a + offset` with offsets.
  public var formula: String {
    if let design { return design.formula.description }
    let terms = columnNames.isEmpty ? ["1"] : (hasIntercept ? [] : ["0"]) + columnNames
    return "\(targetName) ~ \((terms + (hasOffsets ? ["offset"] : [])).joined(separator: " + "))"
  }

  private func qualityLines(_ digits: Int) -> [String] {
    func text(_ value: Double) -> String { decimalText(value, significantDigits: digits) }
    var lines = ["Dispersion: \(text(dispersion))\(family.hasDispersion ? ", from Pearson's statistic" : "")"]
    if let nullDeviance {
      lines.append("Null deviance: \(text(nullDeviance)) on \(nullDegreesOfFreedom) degrees of freedom")
    }
    lines.append("Residual deviance: \(text(deviance)) on \(residualDegreesOfFreedom) degrees of freedom")
    if !aic.isNaN { lines.append("AIC: \(text(aic)),  BIC: \(text(bic))") }
    if covarianceName != CoefficientCovariance.classical.description {
      lines.append("Standard errors and tests: \(covarianceName)")
    }
    if isBiasReduced { lines.append("Bias of first order removed by Firth's correction.") }
    if penalty != .none {
      lines.append("With a ridge penalty: the estimates are biased, so they have no standard errors.")
    }
    lines.append("Iterations: \(iterations)")
    return lines
  }
}
