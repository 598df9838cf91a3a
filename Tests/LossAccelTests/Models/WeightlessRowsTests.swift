import LossAccel
import TestSupport
import Testing

/// What rows of weight 0 hold is nobody's business: neither units nor centres of columns, nor where a search starts, may depend on it.
struct WeightlessRowsTests {
  private static let rows = 2000
  private static let columns = 4
  /// Among them many of those that a sample of 256 would look at.
  private static let weights = (0..<rows).map { (row: Int) -> Double in
    row % 8 == 0 || row % 125 == 0 ? 0 : Double(row % 3 + 1)
  }
  /// What stands in the rows without weight: all of it stored by a sparse matrix, whose blocks depend on how many elements there are.
  private static let contents: [Double] = [-3, 1e30, .infinity, .nan]

  private static func elements(_ content: Double) -> [Double] {
    var random = SeededGenerator(seed: 77)
    let all = (0..<rows * columns).map { index -> Double in
      let value = Double(Int.random(in: -8...8, using: &random)) / 4
      // A column that is the same nearly everywhere, one that is far from 0.
      return index % columns == 3
        ? ([700, 701, 702, 705, 707, 708].contains(index / columns) ? 1 : 2) : index % columns == 1 ? value + 40 : value
    }
    return all.enumerated().map { weights[$0 / columns] == 0 ? content : $1 }
  }

  private static func targets(_ content: Double, _ value: (Int) -> Double) -> [Double] {
    (0..<rows).map { weights[$0] == 0 ? content : value($0) }
  }

  private static func storages(_ content: Double) -> [(name: String, features: FeatureMatrix)] {
    let elements = elements(content)
    return [
      ("f64", FeatureMatrix(Matrix(rows: rows, columns: columns, elements: elements))),
      ("f32", FeatureMatrix(Matrix(rows: rows, columns: columns, elements: elements.map(Float.init)))),
      ("bf16", FeatureMatrix(rows: rows, columns: columns, elements: elements.map { BrainFloat16(Float($0)) })),
      ("sparse", FeatureMatrix(SparseMatrix(Matrix(rows: rows, columns: columns, elements: elements)))),
    ]
  }

  private struct Fit: Equatable {
    var numbers: [UInt64]
    var iterations: Int

    init(_ numbers: [Double], _ iterations: Int) {
      (self.numbers, self.iterations) = (numbers.map(\.bitPattern), iterations)
    }
  }

  private func expectSame(
    _ what: String, _ fit: (_ features: FeatureMatrix, _ content: Double) throws -> Fit
  ) throws {
    let expected = try Self.storages(-3).map { try fit($0.features, -3) }
    for content in Self.contents {
      for (number, storage) in Self.storages(content).enumerated() {
        #expect(
          try fit(storage.features, content) == expected[number], "\(what), \(storage.name), rows of \(content)")
      }
    }
  }

  @Test func linearModels() throws {
    for penalty in [Penalty.none, Penalty(ridge: 0.1), Penalty(lasso: 0.05)] {
      for method in [AutomaticOptimizer(), LBFGS(), TrustRegionNewton()] as [any Optimizer] {
        if penalty.lasso != 0 && !(method is AutomaticOptimizer) { continue }
        try expectSame("\(method.name)") { features, content in
          let model = try LinearModel.fit(
            features: features, targets: Self.targets(content) { Double($0 % 7) }, loss: .logCosh,
            weights: Self.weights, penalty: penalty, optimizer: method)
          return Fit(model.coefficients + [model.intercept, model.loss], model.iterations)
        }
      }
    }
  }

  @Test func lossesWithADomainStartAlike() throws {
    try expectSame("itakura-saito") { features, content in
      let objective = try LinearObjective(
        features: features, targets: Self.targets(content) { Double($0 % 7 + 1) }, loss: .itakuraSaito,
        weights: Self.weights)
      return Fit(objective.startingPoint, 0)
    }
  }

  @Test func generalizedLinearModels() throws {
    try expectSame("poisson") { features, content in
      let model = try GeneralizedLinearModel.fit(
        features: features, targets: Self.targets(content) { Double($0 * $0 % 5) }, family: .poisson,
        weights: Self.weights)
      return Fit(model.coefficients.flatMap { [$0.estimate, $0.standardError] }, model.iterations)
    }
  }

  @Test func multinomialRegressions() throws {
    for penalty in [Penalty.none, Penalty(ridge: 0.1), Penalty(lasso: 0.05)] {
      try expectSame("multinomial") { features, _ in
        let model = try MultinomialRegression.fit(
          features: features, labels: (0..<Self.rows).map { $0 * $0 % 11 % 3 }, weights: Self.weights,
          penalty: penalty)
        return Fit(model.coefficients.elements + model.intercepts + [model.loss], model.iterations)
      }
    }
  }
}
