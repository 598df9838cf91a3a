extension MultinomialRegression: CustomStringConvertible {
  /// The summary: what was fitted, the coefficients, and how good the fit is.
  public var description: String { summary() }

  /// A summary like that of R's `summary(multinom(…))`, with a table for every class.
  ///
  /// With a penalty there is one table, a column for every class. Tables of more than `mostCoefficients` coefficients are left out.
  public func summary(significantDigits digits: Int = 5, mostCoefficients: Int = 120) -> String {
    let shape = formula.count > 160 ? "\(targetName) ~ \(columnNames.count) columns" : formula
    var parts = [["Multinomial regression: \(shape)", classLine]]
    if coefficients.elements.count > mostCoefficients {
      parts.append(["\(rank) coefficients of \(terms.count) terms"])
    } else if reference != nil {
      parts += tables(digits)
    } else {
      parts.append(matrixLines(digits))
    }
    parts.append(qualityLines(digits))
    return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  /// The model in R's notation.
  public var formula: String {
    if let design { return design.formula.description }
    let terms = columnNames.isEmpty ? ["1"] : (hasIntercept ? [] : ["0"]) + columnNames
    return "\(targetName) ~ \(terms.joined(separator: " + "))"
  }

  private var classLine: String {
    let names = classNames.prefix(12).joined(separator: ", ") + (classNames.count > 12 ? ", …" : "")
    return "\(classNames.count) classes: \(names)"
  }

  /// One table for every class but the reference.
  private func tables(_ digits: Int) -> [[String]] {
    guard let reference else { return [] }
    let numbers = classNames.indices.filter { $0 != reference }
    var hasStars = false
    var tables = numbers.map { number in
      let rows = coefficients(of: number).map {
        CoefficientTable.Row(
          term: $0.term, estimate: $0.estimate, standardError: $0.standardError, statistic: $0.statistic,
          pValue: $0.pValue, isDropped: $0.isDropped)
      }
      let table = CoefficientTable(statistic: "z", rows: rows)
      hasStars = hasStars || table.hasStars
      let dropped = droppedColumns.isEmpty ? "" : " (\(droppedColumns.count) not defined because of dependent columns)"
      let lines = table.lines(significantDigits: digits, explainsStars: false).dropFirst()
      return ["\(classNames[number]) against \(classNames[reference]):\(dropped)"] + lines
    }
    if hasStars { tables[tables.count - 1] += CoefficientTable.explanationOfStars }
    return tables
  }

  /// The coefficients of all classes beside each other.
  private func matrixLines(_ digits: Int) -> [String] {
    let columns = classNames.indices.map { number in
      (
        title: classNames[number],
        cells: alignedByDecimalPoint(
          coefficients(of: number).map { decimalText($0.estimate, significantDigits: digits) })
      )
    }
    let termWidth = terms.map(\.count).max() ?? 0
    let widths = columns.map { max($0.title.count, $0.cells.map(\.count).max() ?? 0) }
    func line(_ term: String, _ cells: [String]) -> String {
      let text = term + String(repeating: " ", count: termWidth - term.count) + CoefficientTable.line(cells, widths)
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
    return ["Coefficients:", line("", columns.map(\.title))]
      + terms.indices.map { index in line(terms[index], columns.map { $0.cells[index] }) }
  }

  private func qualityLines(_ digits: Int) -> [String] {
    func text(_ value: Double) -> String { decimalText(value, significantDigits: digits) }
    let nullFreedom = (observations - (hasIntercept ? 1 : 0)) * (classNames.count - 1)
    var lines = [
      "Null deviance: \(text(nullDeviance)) on \(nullFreedom) degrees of freedom",
      "Residual deviance: \(text(deviance)) on \(residualDegreesOfFreedom) degrees of freedom",
    ]
    if penalty == .none {
      lines.append("AIC: \(text(aic)),  BIC: \(text(bic)),  McFadden's R²: \(text(pseudoRSquared))")
      if covarianceName != CoefficientCovariance.classical.description {
        lines.append("Standard errors and tests: \(covarianceName)")
      }
    } else {
      lines.append("Mean loss: \(text(loss))")
      lines.append("With a penalty: the estimates are biased, so they have no standard errors.")
    }
    if coefficients.elements.count + (hasIntercept ? classNames.count : 0) > AutomaticOptimizer.largestHessian {
      let errors = penalty == .none ? ", and there are no standard errors" : ""
      lines.append(
        "More than \(AutomaticOptimizer.largestHessian) coefficients: they are as accurate as the search\(errors).")
    }
    lines.append("Iterations: \(iterations)")
    return lines
  }
}
