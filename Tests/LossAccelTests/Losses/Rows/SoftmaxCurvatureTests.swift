import LossAccel
import TestSupport
import Testing

@Suite("Curvature of softmax cross-entropy")
struct SoftmaxCurvatureTests {
  @Test("H = B·Bᵀ, and products are those with the matrices", arguments: [1, 2, 3, 7, 8, 9, 17, 39, 40, 41, 83])
  func matrices(classes: Int) throws {
    var random = SeededGenerator(seed: 11)
    let logits: Matrix<Double> = random.matrix(rows: 5, columns: classes, in: -3...3)
    let vector: Matrix<Double> = random.matrix(rows: 5, columns: classes, in: -2...2)
    let labels = random.labels(5, classes: classes)
    let curvature = try SoftmaxCrossEntropy().curvature(
      of: .sum, logits: logits, labels: labels, weights: [1, 2, 0.5, 0, 3])
    let products = (
      curvature.product(with: vector), curvature.factorProduct(with: vector),
      curvature.transposedFactorProduct(with: vector), curvature.diagonal()
    )
    for row in 0..<5 {
      let hessian = curvature.hessian(ofRow: row), factor = curvature.factor(ofRow: row)
      for j in 0..<classes {
        var square = 0.0, byHessian = 0.0, byFactor = 0.0, byTransposed = 0.0
        for k in 0..<classes {
          square += factor[j, k] * factor[classes - 1 - j, k]
          byHessian += hessian[j, k] * vector[row, k]
          byFactor += factor[j, k] * vector[row, k]
          byTransposed += factor[k, j] * vector[row, k]
        }
        #expect(abs(square - hessian[j, classes - 1 - j]) < 1e-14)
        #expect(abs(byHessian - products.0[row, j]) < 1e-14)
        #expect(abs(byFactor - products.1[row, j]) < 1e-14)
        #expect(abs(byTransposed - products.2[row, j]) < 1e-14)
        #expect(abs(hessian[j, j] - products.3[row, j]) < 1e-15)
      }
    }
  }

  @Test("H·v is the derivative of the gradient", arguments: [3, 50])
  func differences(classes: Int) throws {
    var random = SeededGenerator(seed: 12)
    let logits: Matrix<Double> = random.matrix(rows: 4, columns: classes, in: -3...3)
    let vector: Matrix<Double> = random.matrix(rows: 4, columns: classes, in: -1...1)
    let targets: Matrix<Double> = random.matrix(rows: 4, columns: classes, in: 0...1)
    let labels = random.labels(4, classes: classes)
    let weights = [0.5, 1, 2, 1.5]
    let loss = SoftmaxCrossEntropy(classWeights: (0..<classes).map { 1 + Double($0 % 4) }, labelSmoothing: 0.1)
    let step = 1e-5
    let above = Matrix<Double>(rows: 4, columns: classes) { logits[$0, $1] + step * vector[$0, $1] }
    let below = Matrix<Double>(rows: 4, columns: classes) { logits[$0, $1] - step * vector[$0, $1] }
    var gradients = (Matrix<Double>.zeros(rows: 4, columns: classes), Matrix<Double>.zeros(rows: 4, columns: classes))

    let byLabels = try loss.curvature(of: .mean, logits: logits, labels: labels, weights: weights)
    _ = try loss.mean(logits: above, labels: labels, weights: weights, gradient: &gradients.0)
    _ = try loss.mean(logits: below, labels: labels, weights: weights, gradient: &gradients.1)
    let product = byLabels.product(with: vector)
    for i in product.elements.indices {
      #expect(
        abs((gradients.0.elements[i] - gradients.1.elements[i]) / (2 * step) - product.elements[i]) < 1e-9)
    }

    let byTargets = try loss.curvature(of: .sum, logits: logits, targets: targets, weights: weights)
    _ = try loss.sum(logits: above, targets: targets, weights: weights, gradient: &gradients.0)
    _ = try loss.sum(logits: below, targets: targets, weights: weights, gradient: &gradients.1)
    let other = byTargets.product(with: vector)
    for i in other.elements.indices {
      #expect(abs((gradients.0.elements[i] - gradients.1.elements[i]) / (2 * step) - other.elements[i]) < 1e-7)
    }
  }

  @Test("Where one share is nearly 1, products keep their digits", arguments: [2, 20, 50])
  func dominated(classes: Int) throws {
    let logits = Matrix<Float>(rows: 2, columns: classes) { $1 == 1 ? 30 : Float($0 - $1 % 3) }
    var random = SeededGenerator(seed: 13)
    let vector: Matrix<Float> = random.matrix(rows: 2, columns: classes, in: -1...1)
    let loss = SoftmaxCrossEntropy(), labels = [0, 1]
    let single = try loss.curvature(of: .sum, logits: logits, labels: labels)
    let double = try loss.curvature(of: .sum, logits: Matrix<Double>(logits), labels: labels)
    let exact = Matrix<Double>(vector)
    for (actual, expected) in [
      (single.product(with: vector), double.product(with: exact)),
      (single.transposedFactorProduct(with: vector), double.transposedFactorProduct(with: exact)),
      (single.factorProduct(with: vector), double.factorProduct(with: exact)),
      (single.diagonal(), double.diagonal()),
    ] {
      for row in 0..<2 {
        // Errors are measured at the sum of the magnitudes, which for one share near 1 is that of the row's own elements.
        let scale = expected.row(row).map { abs($0) }.max()!
        for k in 0..<classes { #expect(abs(Double(actual[row, k]) - expected[row, k]) <= 1e-6 * scale) }
      }
    }
    #expect(single.product(with: Matrix(repeating: 3.7, rows: 2, columns: classes)).elements.allSatisfy { $0 == 0 })
  }

  @Test("Rows that do not count have no curvature; the bits do not depend on threads")
  func leftOut() throws {
    var random = SeededGenerator(seed: 14)
    for classes in [4, 44] {
      var logits: Matrix<Float> = random.matrix(rows: 3000, columns: classes, in: -3...3)
      for k in 0..<classes { logits[1, k] = .nan }
      let labels = random.labels(3000, classes: classes)
      let weights = (0..<3000).map { Float($0 == 1 ? 0 : 1 + $0 % 3) }
      let vector: Matrix<Float> = random.matrix(rows: 3000, columns: classes, in: -1...1)
      let products = try [1, 2, 3].map { threads in
        try Parallelism.withThreads(threads) {
          try SoftmaxCrossEntropy().curvature(of: .mean, logits: logits, labels: labels, weights: weights)
            .product(with: vector)
        }
      }
      #expect(products[0].row(1).allSatisfy { $0 == 0 })
      #expect(products[0].elements.allSatisfy { $0.isFinite })
      #expect(sameBits(products[0].elements, products[1].elements))
      #expect(sameBits(products[0].elements, products[2].elements))
    }
  }
}
