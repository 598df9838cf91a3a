/// The coefficients that minimise ‖Ax − b‖ (weighted, penalised as asked), and what is known about them.
public struct LeastSquaresSolution<Element: Scalar>: Sendable {
  /// One coefficient for every column of A.
  public let coefficients: [Element]

  /// Σ w·r² of the residuals r = b − Ax, without the penalty's part.
  public let residualSumOfSquares: Element

  /// The norm ‖√W(b − Ax)‖ of the residuals.
  public var residualNorm: Element { residualSumOfSquares.squareRoot() }

  /// The way that was taken, rank, condition, dropped columns.
  public let report: LeastSquaresReport

  /// What refinement showed about the accuracy of the coefficients; nil for the methods that do not refine.
  public let certificate: LeastSquaresCertificate?

  /// The numerical rank of A.
  public var rank: Int { report.rank }
}

/// The coefficients for several right-hand sides at once.
public struct LeastSquaresSolutions<Element: Scalar>: Sendable {
  /// One row for every column of A, one column for every right-hand side.
  public let coefficients: Matrix<Element>

  /// Σ w·r² for every right-hand side.
  public let residualSumsOfSquares: [Element]

  /// The norm of the residuals of every right-hand side.
  public var residualNorms: [Element] { residualSumsOfSquares.map { $0.squareRoot() } }

  /// The way that was taken, rank, condition, dropped columns.
  public let report: LeastSquaresReport

  /// What refinement showed, for every right-hand side; empty for the methods that do not refine.
  public let certificates: [LeastSquaresCertificate]

  /// The numerical rank of A.
  public var rank: Int { report.rank }
}

extension LeastSquaresSolution {
  init(_ solved: SolvedTarget, _ report: LeastSquaresReport) {
    coefficients = solved.coefficients.map { Element($0.value) }
    residualSumOfSquares = Element(solved.residualSquares)
    self.report = report
    certificate = solved.certificate?.rounded(to: Element.self)
  }
}

extension LeastSquaresSolutions {
  init(_ solved: [SolvedTarget], columns: Int, _ report: LeastSquaresReport) {
    var elements = [Element](repeating: 0, count: columns * solved.count)
    for (target, solution) in solved.enumerated() {
      for column in 0..<columns {
        elements[column * solved.count + target] = Element(solution.coefficients[column].value)
      }
    }
    coefficients = Matrix(rows: columns, columns: solved.count, elements: elements)
    residualSumsOfSquares = solved.map { Element($0.residualSquares) }
    self.report = report
    certificates = solved.compactMap { $0.certificate?.rounded(to: Element.self) }
  }
}
