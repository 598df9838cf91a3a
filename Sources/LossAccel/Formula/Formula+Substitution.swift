extension Formula {
  /// The formula with other formulas in the place of some inputs; those for which there is none stay. Equal parts stay shared.
  package func substituting(_ replacement: (Input) -> Formula?) -> Formula {
    var known: [Identity: Formula] = [:]
    func visit(_ formula: Formula) -> Formula {
      switch formula.node.kind {
      case .constant, .parameter: return formula
      case .input(let input): return replacement(input) ?? formula
      case .operation(let operation, let arguments):
        let key = Identity(formula)
        if let result = known[key] { return result }
        let result = Formula.simplified(operation, arguments.map(visit))
        known[key] = result
        return result
      }
    }
    return visit(self)
  }

  /// The formula at another prediction.
  func atPrediction(_ prediction: Formula) -> Formula {
    substituting { $0 == .prediction(0) ? prediction : nil }
  }

  /// The formula at another target.
  func atTarget(_ target: Formula) -> Formula {
    substituting { $0 == .target(0) ? target : nil }
  }

  /// The formula with another step of a proximal operator.
  func atStep(_ step: Formula) -> Formula {
    substituting { $0 == .covariate(0) ? step : nil }
  }
}
