/// The probabilities of K classes by linear models of their logits: multinomial logistic, or softmax, regression.
///
/// ```swift
/// let model = try MultinomialRegression.fit(features: x, labels: species, penalty: Penalty(ridge: 0.01))
/// try model.probabilities(new)     // a row for every sample, a column for every class
/// try model.classes(new)           // the likeliest class of every sample
/// print(model)                     // a summary
/// ```
///
/// It minimises the weighted mean of the cross-entropies −log p_y plus the penalty, which is on the coefficients of the columns as they are
/// given.
///
/// Adding a number to the coefficients of one column for all classes changes no probability, so a rule must choose among them:
/// - Without a penalty the coefficients are those relative to a reference class (the first by default), whose own are 0: a coefficient is
///   the change of log(p_class/p_reference) per unit of its column. They have standard errors, from the Fisher information, as in R's
///   `multinom` and statsmodels' `MNLogit`.
/// - With a penalty no class is special: every class has coefficients, which with a ridge add up to 0 over the classes. The
///   estimates are biased, so they have no standard errors.
public struct MultinomialRegression: Sendable, Codable {
  /// The names of the classes, in the order of the labels.
  public let classNames: [String]
  /// The class that the coefficients compare the others with; `nil` with a penalty, where they compare with the mean of all classes.
  public let reference: Int?
  /// A row for every column of the features, a column for every class; 0 in rows of dropped columns.
  public let coefficients: Matrix<Double>
  /// The constants of the classes; zeros without an intercept.
  public let intercepts: [Double]
  /// Whether there are constants.
  public let hasIntercept: Bool
  /// The names of the features' columns.
  public let columnNames: [String]
  /// Columns that depend on those before them, and were left out. With a penalty none is.
  public let droppedColumns: [String]
  /// The name of the target, for printing.
  public let targetName: String
  /// What the coefficients cost.
  public let penalty: Penalty
  /// How much the classes counted.
  public let classWeights: ClassWeights
  /// The weighted mean of the cross-entropies of the fit.
  public let loss: Double
  /// −2·Σ w·log p_y: twice what the log-likelihood lacks of the best possible. Weights are those of the samples times those of their classes.
  public let deviance: Double
  /// The deviance of the model with nothing but the intercepts (of equal probabilities, without them).
  public let nullDeviance: Double
  /// The number of rows whose weight is not 0.
  public let observations: Int
  /// Steps of the search and of the polishing.
  public let iterations: Int
  /// Why the search ended.
  public let stop: StopReason
  /// The method that was used, and why.
  public let method: String
  /// Whether the last steps took gradients in twice the working precision, which makes coefficients right to nearly the last digit.
  ///
  /// Not with the fast accuracy, with lassos, groups or constraints, nor where all classes together have more than 2000 coefficients: there the
  /// Hessian that such steps need is not formed, and coefficients are as good as the search's tolerance and sums in double precision make them.
  public let isExact: Bool
  /// The confidence level of the coefficients' intervals.
  public let confidenceLevel: Double
  /// How the covariance of the coefficients was estimated, in words; empty with a penalty.
  public let covarianceName: String
  /// The recipe of the columns, where the model was fitted with a formula; nil otherwise.
  public internal(set) var design: ModelDesign?

  /// The estimated covariance of the coefficients that were determined: class by class without the reference, in each the terms in their
  /// order; `nil` with a penalty, and where the information was too large to form.
  public let covarianceMatrix: Matrix<Double>?
}

extension MultinomialRegression {
  /// The names of the terms, the intercept's first where there is one.
  public var terms: [String] { (hasIntercept ? ["(Intercept)"] : []) + columnNames }

  /// How many coefficients were determined: the terms that were not dropped, for every class but one.
  public var rank: Int {
    (columnNames.count - droppedColumns.count + (hasIntercept ? 1 : 0)) * (classNames.count - 1)
  }

  /// (rows − terms)·(classes − 1), as in R's `multinom`: every row tells K − 1 numbers.
  public var residualDegreesOfFreedom: Int { observations * (classNames.count - 1) - rank }

  /// The logarithm of the likelihood, −½·deviance.
  public var logLikelihood: Double { -0.5 * deviance }

  /// Akaike's information criterion, deviance + 2·rank.
  public var aic: Double { deviance + 2 * Double(rank) }

  /// Schwarz's information criterion, deviance + rank·ln n.
  public var bic: Double { deviance + Double(rank) * ElementaryFunctions.log(Double(observations)) }

  /// McFadden's share of the null deviance that the columns explain, 1 − deviance/nullDeviance.
  public var pseudoRSquared: Double { 1 - deviance / nullDeviance }

  /// The terms of a class with their estimates, relative to the reference where there is one; standard errors are NaN with a penalty, and
  /// of the reference itself.
  ///
  /// - Precondition: it is one of the classes.
  public func coefficients(of number: Int) -> [ModelCoefficient] {
    precondition(classNames.indices.contains(number), "class \(number) of \(classNames.count)")
    let dropped = Set(droppedColumns)
    let kept = rank / (classNames.count - 1)
    let block = reference.map { number > $0 ? number - 1 : number } ?? number
    var place = 0
    return terms.enumerated().map { index, term in
      let column = index - (hasIntercept ? 1 : 0)
      let isDropped = column >= 0 && dropped.contains(term)
      var error = Double.nan
      if !isDropped {
        if let covarianceMatrix, number != reference {
          let diagonal = block * kept + place
          error = covarianceMatrix[diagonal, diagonal].squareRoot()
        }
        place += 1
      }
      return ModelCoefficient(
        term: term, estimate: isDropped ? .nan : column < 0 ? intercepts[number] : coefficients[column, number],
        standardError: error, degreesOfFreedom: nil, confidenceLevel: confidenceLevel, isDropped: isDropped)
    }
  }
}
