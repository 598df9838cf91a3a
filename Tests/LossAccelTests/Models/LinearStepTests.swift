import Foundation
import LossAccel
import TestSupport
import Testing

/// Rows that are multiplied, put through the loss and multiplied back eight at a time, against plain loops.
struct LinearStepTests {
  /// Around every number of vectors that a row may have, and beyond both ends.
  private static let widths = [7, 8, 9, 16, 17, 24, 31, 40, 50, 56, 63, 64, 65]

  private struct Problem {
    let rows: Int, columns: Int
    var elements: [Double]
    let targets: [Double], weights: [Double], offsets: [Double], coefficients: [Double]

    /// Numbers that every storage holds exactly, with columns that are shifted where there is an even number of them. Rows of weight 0 are
    /// not finite.
    init(rows: Int, columns: Int) {
      var random = SeededGenerator(seed: UInt64(rows * 100 + columns))
      func numbers(_ count: Int) -> [Double] {
        (0..<count).map { _ in Double(Int.random(in: -12...12, using: &random)) / 8 }
      }
      (self.rows, self.columns) = (rows, columns)
      (elements, offsets, coefficients) = (numbers(rows * columns), numbers(rows), numbers(columns).map { $0 / 4 })
      if columns % 2 == 0 {
        for index in elements.indices { elements[index] += Double(2 * (index % columns % 3)) }
      }
      targets = (0..<rows).map { $0 % 3 == 0 ? 1 : 0 }
      weights = (0..<rows).map { Double($0 % 5) }
      for row in 0..<rows where weights[row] == 0 { elements[row * columns + columns / 2] = .nan }
    }

    var storages: [(name: String, features: FeatureMatrix)] {
      [
        ("f64", FeatureMatrix(Matrix(rows: rows, columns: columns, elements: elements))),
        ("f32", FeatureMatrix(Matrix(rows: rows, columns: columns, elements: elements.map(Float.init)))),
        (
          "bf16",
          FeatureMatrix(rows: rows, columns: columns, elements: elements.map { BrainFloat16(Float($0)) })
        ),
        ("f16", FeatureMatrix(rows: rows, columns: columns, elements: elements.map { Float16($0) })),
      ]
    }

    /// Σ w·ℓ and its gradient by the coefficients and the constant, and the sums of the gradient's absolute terms.
    func sums(_ loss: PointwiseLoss) -> (value: Double, gradient: [Double], magnitudes: [Double]) {
      var (value, gradient) = (0.0, [Double](repeating: 0, count: columns + 1))
      var magnitudes = gradient
      for row in 0..<rows where weights[row] > 0 {
        let x = elements[row * columns..<(row + 1) * columns] + [1]
        let predictor = zip(x, coefficients).reduce(offsets[row]) { $0 + $1.0 * $1.1 }
        value += weights[row] * loss.value(prediction: predictor, target: targets[row])
        // The slopes of the two losses by their definitions.
        let slope =
          loss.name == PointwiseLoss.squaredError.name
          ? 2 * (predictor - targets[row]) : 1 / (1 + exp(-predictor)) - targets[row]
        for (index, element) in x.enumerated() {
          gradient[index] += weights[row] * slope * element
          magnitudes[index] += abs(weights[row] * slope * element)
        }
      }
      return (value, gradient, magnitudes)
    }
  }

  @Test(arguments: widths) func sumsEqualThoseOfPlainLoops(columns: Int) throws {
    for rows in [5, 8, 61, 3000] {
      let problem = Problem(rows: rows, columns: columns)
      for loss in [PointwiseLoss.binaryCrossEntropyFromLogits, .squaredError] {
        let (value, gradient, magnitudes) = problem.sums(loss)
        for (name, features) in problem.storages {
          let objective = try LinearObjective(
            features: features, targets: problem.targets, loss: loss, weights: problem.weights,
            offsets: problem.offsets, reduction: .sum)
          let point = objective.point(coefficients: problem.coefficients)
          let evaluation = try objective.evaluate(.gradient, at: point)
          // Gradients by parameters are those by coefficients in other units, so that they agree along every direction: the parameters'
          // move for one coefficient is a difference of points.
          #expect(abs(evaluation.value - value) <= 1e-13 * abs(value), "\(name) \(rows) × \(columns)")
          for column in 0...columns {
            var moved = problem.coefficients
            if column < columns { moved[column] += 1 }
            let end = objective.point(coefficients: moved, intercept: column < columns ? 0 : 1)
            let slope = zip(zip(end, point), evaluation.gradient).reduce(0) { $0 + ($1.0.0 - $1.0.1) * $1.1 }
            #expect(
              abs(slope - gradient[column]) <= 1e-12 * (magnitudes[column] + magnitudes[columns]),
              "\(name) \(rows) × \(columns), \(loss.name), column \(column)")
          }
          let first = try objective.evaluate(.gradient, at: point)
          let alone = try Parallelism.withThreads(1) { try objective.evaluate(.gradient, at: point) }
          #expect(alone.gradient == first.gradient, "\(name): threads")
        }
      }
    }
  }

  /// The first target that is not valid is named, wherever it stands; one of weight 0 is not.
  @Test(arguments: [0, 6, 7, 8, 20, 21, 22]) func invalidTargetsAreNamed(row: Int) throws {
    let problem = Problem(rows: 23, columns: 12)
    var targets = problem.targets
    targets[row] = 2
    targets[22] = -1
    let objective = try LinearObjective(
      features: problem.storages[0].features, targets: targets, loss: .binaryCrossEntropyFromLogits,
      weights: problem.weights)
    let expected = problem.weights[row] > 0 ? row : 22
    do {
      _ = try objective.evaluate(.gradient, at: objective.startingPoint)
      Issue.record("a target of \(targets[expected]) in row \(expected)")
    } catch ObjectiveError.loss(.targetOutsideDomain(let index, let value, _, _)) {
      #expect(index == expected && value == targets[expected])
    }
  }
}
