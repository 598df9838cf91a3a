import LossAccel
import TestSupport
import Testing

/// Columns in millions and millionths give the same fit, whatever fits it. Penalties are in the units of the columns, and scale with them.
///
/// Generalised linear models and multinomial regressions have such tests beside their references.
struct ColumnUnitsTests {
  private static let cancer = ModelCase.all.first { $0.name.hasPrefix("breast") }!
  private static let factors = [1e6, 1, 1e-6]

  private static func factors(_ columns: Int) -> [Double] { (0..<columns).map { factors[$0 % 3] } }

  private static func scaled(_ matrix: Matrix<Double>) -> Matrix<Double> {
    let factors = factors(matrix.columns)
    return Matrix(rows: matrix.rows, columns: matrix.columns) { matrix[$0, $1] * factors[$1] }
  }

  /// Relative to the largest: of a coefficient that is nearly 0 few digits are to be had.
  private func expectSame(
    _ scaled: [Double], _ plain: [Double], within tolerance: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let factors = Self.factors(plain.count)
    let difference = distance(zip(scaled, factors).map { $0 * $1 }, plain)
    #expect(difference <= tolerance * norm(plain), "\(what)", sourceLocation: sourceLocation)
  }

  @Test func logisticRegressions() throws {
    // About the same spread, so that one strength does something to every column.
    let spreads = [10.0, 0.01, 0.02, 0.01, 0.01]
    let plain = Matrix(Self.cancer.features.map { zip($0, spreads).map { $0 / $1 } })
    let (scaled, targets) = (Self.scaled(plain), Self.cancer.targets)
    let factors = Self.factors(plain.columns)
    func penalty(ridge: Double = 0, lasso: Double = 0, of factors: [Double]) -> Penalty {
      Penalty(ridge: .perColumn(factors.map { ridge * $0 * $0 }), lasso: .perColumn(factors.map { lasso * $0 }))
    }
    let ones = factors.map { _ in 1.0 }
    // Multiplying rounds every feature once; with a lasso a search in double precision ends it.
    for (ridge, lasso, tolerance) in [(0.0, 0.0, 1e-12), (0.02, 0, 1e-12), (0, 0.03, 1e-7), (0.01, 0.02, 1e-7)] {
      let control = OptimizerControl(gradientTolerance: 1e-10)
      let one = try LogisticRegression.fit(
        features: plain, labels: targets, penalty: penalty(ridge: ridge, lasso: lasso, of: ones), control: control)
      let other = try LogisticRegression.fit(
        features: scaled, labels: targets, penalty: penalty(ridge: ridge, lasso: lasso, of: factors), control: control)
      expectSame(other.coefficients, one.coefficients, within: tolerance, "ridge \(ridge), lasso \(lasso)")
      #expect(abs(other.loss - one.loss) <= 1e-9)
      let passing = try LogisticRegression.fit(
        features: FeatureMatrix(scaled), labels: targets, penalty: penalty(ridge: ridge, lasso: lasso, of: factors),
        control: control)
      expectSame(passing.coefficients, one.coefficients, within: 1e-7, "passing, ridge \(ridge), lasso \(lasso)")
    }
    let firth = try [plain, scaled].map { try LogisticRegression.fit(features: $0, labels: targets, reducesBias: true) }
    expectSame(firth[1].coefficients, firth[0].coefficients, within: 1e-11, "Firth")
  }

  @Test(arguments: SmoothLosses.pointwise.filter { $0.traits?.convexity != LossTraits.Convexity.none }.map(\.name))
  func linearModelsOfEveryLoss(name: String) throws {
    let loss = SmoothLosses.pointwise(named: name)
    let plain = SmoothLosses.matrix(rows: 300)
    let targets = SmoothLosses.targets(loss, plain)
    let factors = Self.factors(plain.columns)
    let control = OptimizerControl(gradientTolerance: 1e-11)
    func fit(_ features: Matrix<Double>, _ ridge: [Double]) throws -> LinearModel {
      try LinearModel.fit(
        features: features, targets: targets, loss: loss, penalty: Penalty(ridge: .perColumn(ridge)), control: control)
    }
    let one = try fit(plain, factors.map { _ in 0.05 })
    let other = try fit(Self.scaled(plain), factors.map { 0.05 * $0 * $0 })
    expectSame(other.coefficients, one.coefficients, within: 1e-9, name)
    #expect(abs(other.intercept - one.intercept) <= 1e-9 * (1 + abs(one.intercept)))
    // As many steps, up to one for the rounding.
    #expect(abs(other.iterations - one.iterations) <= 1)
  }

  @Test(arguments: 0..<OptimizerAgreementTests.methods.count) func everyMethod(number: Int) throws {
    let method = OptimizerAgreementTests.methods[number]
    let plain = SmoothLosses.matrix(rows: 300)
    let targets = SmoothLosses.targets(.binaryCrossEntropyFromLogits, plain)
    let control = OptimizerControl(gradientTolerance: 1e-10, maximumIterations: 2000)
    let fits = try [plain, Self.scaled(plain)].map {
      try LinearModel.fit(
        features: $0, targets: targets, loss: .binaryCrossEntropyFromLogits, optimizer: method, control: control)
    }
    expectSame(fits[1].coefficients, fits[0].coefficients, within: 1e-8, method.name)
  }

  @Test func severalTasks() throws {
    let plain = SmoothLosses.matrix(rows: 300)
    let factors = Self.factors(plain.columns)
    func fit(_ features: Matrix<Double>, _ ridge: [Double]) throws -> [[Double]] {
      let losses: [PointwiseLoss] = [.binaryCrossEntropyFromLogits, .logCosh]
      let heads = losses.map { TaskHead($0.name, loss: $0, targets: SmoothLosses.targets($0, plain)) }
      let objective = try MultiTaskObjective(
        features: FeatureMatrix(features), heads: heads, sharing: .columns([0, 3]),
        penalty: Penalty(ridge: .perColumn(ridge)))
      let solution = try AutomaticOptimizer().minimize(
        objective, from: nil, control: OptimizerControl(gradientTolerance: 1e-11))
      return losses.map { objective.coefficients(of: $0.name, at: solution.point).columns }
    }
    let one = try fit(plain, factors.map { _ in 0.05 })
    let other = try fit(Self.scaled(plain), factors.map { 0.05 * $0 * $0 })
    for (own, expected) in zip(other, one) { expectSame(own, expected, within: 1e-9, "several tasks") }
  }
}
