import Foundation
import LossAccel
import TestSupport
import Testing

struct LinearModelTests {
  private static let cancer = ModelCase.all.first { $0.name.hasPrefix("breast") }!
  private static var features: Matrix<Double> {
    let scales = [10.0, 0.01, 0.02, 0.01, 0.01]
    return Matrix(cancer.features.map { zip($0, scales).map { $0 / $1 } })
  }

  /// Every family's loss gives the coefficients of its generalised linear model.
  @Test(arguments: ModelCase.all.filter { $0.intercept && $0.name != "spector, units of 10^6 and 10^-6" })
  func lossesOfFamiliesAgreeWithTheReferences(_ problem: ModelCase) throws {
    // Where Newton's method has a valid start: predictors of 0 must have means.
    guard problem.linked != .reciprocal, problem.linked != .inverseSquare, problem.linked != .squareRoot,
      problem.linked != .identity, !(problem.linked == .log && problem.family == "binomial"),
      problem.family != "gaussian",
      problem.family != "inverse-gaussian"
    else { return }
    // Means of 1 are far from targets of 150, and the gradient there, which the tolerance relates to, is as much larger.
    let tolerance = problem.name.hasPrefix("diabetes") ? 1e-15 : 1e-12
    let model = try LinearModel.fit(
      features: problem.matrix, targets: problem.targets, loss: problem.ofFamily.loss(problem.linked),
      weights: problem.weights, offsets: problem.offsets, control: OptimizerControl(gradientTolerance: tolerance))
    // The condition of the columns takes up to six digits from a search in double precision.
    #expect(relativeError([model.intercept] + model.coefficients, problem.reference.coefficients) <= 1e-7)
  }

  @Test func ownLossesAreMinimised() throws {
    let loss = PointwiseLoss("quartic") { prediction, target in
      let r = prediction - target
      return square(r) + 0.1 * square(square(r))
    }
    let targets = Self.cancer.features.map { $0[0] / 5 }
    let model = try LinearModel.fit(
      features: Self.features, targets: targets, loss: loss, penalty: Penalty(ridge: 0.1),
      control: OptimizerControl(gradientTolerance: 1e-11))
    let predictions = try model.predict(Self.features)
    var slopes = [Double](repeating: 0, count: targets.count)
    _ = try loss.mean(predictions: predictions, targets: targets, gradient: &slopes)
    #expect(abs(slopes.reduce(0, +)) <= 1e-9)
    for column in 0..<Self.features.columns {
      let slope = slopes.indices.reduce(0.0) { $0 + slopes[$1] * Self.features[$1, column] }
      #expect(abs(slope + 0.1 * model.coefficients[column]) <= 1e-8)
    }
  }

  @Test func kinksAreRefused() throws {
    let result = Result { () throws(ModelError) in
      try LinearModel.fit(features: Self.features, targets: Self.cancer.targets, loss: .absoluteError)
    }
    guard case .failure(let error) = result else {
      Issue.record("no error")
      return
    }
    #expect(error == .lossHasKinks("absolute-error"))
  }

  @Test func formulasSavingAndPredicting() throws {
    let table: DataTable = [
      "x": DataColumn([1.0, 2, 3, 4, 5, 6]), "g": DataColumn(["a", "b", "a", "b", "a", "b"]),
      "y": DataColumn([1.2, 1.9, 3.1, 4.4, 4.9, 9.0]),
    ]
    let model = try LinearModel.fit("y ~ g + poly(x, 2)", table, loss: .pseudoHuber())
    let copy = try JSONDecoder().decode(LinearModel.self, from: JSONEncoder().encode(model))
    #expect(try copy.predict(table) == model.predict(table))
    #expect(copy.columnNames == ["gb", "poly(x, 2)1", "poly(x, 2)2"])
  }

  @Test func pathsStartEmptyAndChooseByCrossValidation() throws {
    let path = try LinearModelPath.fit(
      features: Self.features, targets: Self.cancer.targets, loss: .binaryCrossEntropyFromLogits, folds: 4)
    #expect(path.strengths.count == 50 && path.models.count == 50 && path.errors.count == 50)
    #expect(path.models[0].coefficients.allSatisfy { abs($0) <= 1e-6 })
    #expect(path.models[1].coefficients.contains { $0 != 0 })
    #expect(
      path.simplest <= path.best
        && path.errors[path.simplest] <= path.errors[path.best] + path.standardErrors[path.best])
    #expect(path.errors[path.best] < path.errors[0])
    // Warm starts change nothing: alone, a model comes out the same.
    let place = path.best
    let alone = try LinearModel.fit(
      features: Self.features, targets: Self.cancer.targets, loss: .binaryCrossEntropyFromLogits,
      penalty: path.models[place].penalty)
    #expect(relativeError(alone.coefficients, path.models[place].coefficients) <= 1e-4)
    // The losses of the fit fall as the penalty does.
    let losses = path.models.map(\.loss)
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $1 <= $0 + 1e-9 })
  }

  /// Held-out errors of two folds, computed from two fits.
  @Test func errorsAreThoseOfTheRowsNotSeen() throws {
    let rows = 60
    let features = Matrix(rows: rows, columns: 1, elements: (0..<rows).map { Double($0 * 17 % 23) } as [Double])
    let targets: [Double] = (0..<rows).map { row in
      let (signal, noise) = (row * 17 % 23, row * 5 % 11)
      return Double(signal) / 7 + Double(noise) / 3
    }
    func path(_ weights: [Double]?) throws -> LinearModelPath {
      try LinearModelPath.fit(
        features: features, targets: targets, loss: .squaredError, mixing: 0, strengths: [1, 0.1], folds: 5, seed: 3,
        weights: weights)
    }
    let plain = try path(nil)
    #expect(plain.errors == (try path([Double](repeating: 1, count: rows))).errors)
    // An error of rows not seen is larger than that of the fit, and not by much for one column.
    for (error, model) in zip(plain.errors, plain.models) {
      #expect(error > model.loss && error < 1.3 * model.loss)
    }
    #expect(plain.standardErrors.allSatisfy { $0 > 0 })
    #expect(try path(nil).errors == plain.errors)
  }
}
