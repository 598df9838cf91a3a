import LossAccel
import TestSupport
import Testing

@Suite("Row losses: what holds for all of them")
struct RowLossPropertyTests {
  static let losses =
    RowLossCatalogue.all + [
      .cappedCrossEntropy(cap: 0, logPartitionPrice: 0.1), .cappedCrossEntropy(cap: 2, logPartitionPrice: 0),
      .focal(gamma: 0), .focal(gamma: 0.5), .poly1(epsilon: -1), .poly1(epsilon: 3),
      .generalizedCrossEntropy(exponent: 1), .symmetricCrossEntropy(alpha: 6, beta: 1, logarithmOfZero: -4),
      .jensenShannon(mixture: 0.1), .jensenShannonOfProbabilities(mixture: 0.9), .oneVersusAll(positiveWeight: 3),
      .tsallis(alpha: 1.2), .tsallis(alpha: 1.9),
    ]
  /// Few classes (rows side by side in a vector) and many (one row after the other), whole vectors and not.
  static let widths = [1, 2, 3, 10, 40, 53]

  private static func vector(_ batch: RowLossBatch<Double>, seed: UInt64) -> Matrix<Double> {
    var random = SeededGenerator(seed: seed)
    return random.matrix(rows: batch.scores.rows, columns: batch.scores.columns, in: -1...1)
  }

  @Test("The catalogue names every loss of the kernels, and each once")
  func complete() {
    #expect(Set(RowLossCatalogue.all.map(\.kernel.name)) == Set(RowLossKernel.names))
    #expect(Set(RowLossCatalogue.all.map(\.name)).count == RowLossCatalogue.all.count)
    for entry in RowLossCatalogue.entries {
      #expect(entry.parameters.map(\.name) == entry.standard.parameters.map(\.name))
      #expect(!entry.standard.curvatures.isEmpty)
      #expect(entry.standard.factors.allSatisfy(entry.standard.curvatures.contains))
    }
  }

  @Test("The gradient is the derivative of the value", arguments: losses.indices)
  func gradients(index: Int) throws {
    let loss = Self.losses[index]
    for classes in Self.widths {
      for batch in RowLossBatch<Double>.all(loss, rows: 11, classes: classes) {
        let direction = Self.vector(batch, seed: 5), gradient = try batch.gradient(loss), step = 1e-6
        let move = loss.scores == .probabilities ? 1e-3 * step : step
        let slope =
          try (batch.moved(by: move, along: direction).mean(loss) - batch.moved(by: -move, along: direction).mean(loss))
          / (2 * move)
        // Rounding of the value costs 1e-16/move, curvature and kinks within reach of the step the rest.
        let tolerance = 1e-7 * max(1, magnitude(gradient)) * (loss.scores == .probabilities ? 100 : 1)
        #expect(
          abs(dot(gradient, direction) - slope) < tolerance,
          "\(loss.name), \(classes) classes, labels \(batch.usesLabels)")
      }
    }
  }

  @Test("The exact curvature's product is the derivative of the gradient", arguments: losses.indices)
  func products(index: Int) throws {
    let loss = Self.losses[index]
    guard loss.curvatures.contains(.exact) else { return }
    for classes in Self.widths {
      for batch in RowLossBatch<Double>.all(loss, rows: 9, classes: classes) {
        let direction = Self.vector(batch, seed: 6), product = try batch.curvature(loss).product(with: direction)
        let step = loss.scores == .probabilities ? 1e-7 : 1e-5
        let above = try batch.moved(by: step, along: direction).gradient(loss)
        let below = try batch.moved(by: -step, along: direction).gradient(loss)
        let difference = Matrix<Double>(rows: 9, columns: classes) { (above[$0, $1] - below[$0, $1]) / (2 * step) }
        #expect(
          distance(product, difference) < 1e-7 * max(1, magnitude(product)),
          "\(loss.name), \(classes) classes, labels \(batch.usesLabels)")
      }
    }
  }

  @Test("Curvatures are symmetric; diagonals, matrices and factors agree with products", arguments: losses.indices)
  func operators(index: Int) throws {
    let loss = Self.losses[index]
    for classes in [1, 3, 10, 41] {
      for batch in RowLossBatch<Double>.all(loss, rows: 5, classes: classes) {
        let (u, v) = (Self.vector(batch, seed: 7), Self.vector(batch, seed: 8))
        for kind in loss.curvatures {
          let curvature = try batch.curvature(loss, kind), product = curvature.product(with: u)
          let scale = max(magnitude(product), 1e-300) * Double(classes)
          #expect(abs(dot(product, v) - dot(u, curvature.product(with: v))) < 1e-13 * scale * 5, "\(loss.name) \(kind)")
          let hessian = curvature.hessian(ofRow: 2), diagonal = curvature.diagonal()
          for j in 0..<classes {
            #expect(
              abs(hessian[j, j] - diagonal[2, j]) < 1e-14 * max(magnitude(hessian), 1e-300), "\(loss.name) \(kind)")
            let byMatrix = (0..<classes).reduce(0) { $0 + hessian[j, $1] * u[2, $1] }
            #expect(abs(byMatrix - product[2, j]) < 1e-13 * scale, "\(loss.name) \(kind)")
          }
          if kind != .exact { #expect(dot(product, u) >= -1e-14 * scale, "\(loss.name) \(kind) is not semidefinite") }
          guard loss.factors.contains(kind) else {
            #expect(throws: LossError.self) { try curvature.factorProduct(with: u) }
            continue
          }
          let transposed = try curvature.transposedFactorProduct(with: u)
          #expect(
            distance(try curvature.factorProduct(with: transposed), product) < 1e-13 * scale, "\(loss.name) \(kind)")
          let adjoint = try dot(curvature.factorProduct(with: v), u)
          #expect(abs(adjoint - dot(transposed, v)) < 1e-13 * max(1, scale) * Double(classes), "\(loss.name) \(kind)")
          let general = curvature.batch.product(with: u.elements)
          #expect(general == product.elements)
        }
      }
    }
  }

  @Test("A majorizer lies above the exact curvature", arguments: losses.indices)
  func majorizers(index: Int) throws {
    let loss = Self.losses[index]
    guard loss.curvatures.contains(.majorizer) else { return }
    for classes in [2, 3, 41] {
      for batch in RowLossBatch<Double>.all(loss, rows: 5, classes: classes) {
        for seed in 20..<30 as Range<UInt64> {
          let v = Self.vector(batch, seed: seed)
          let above = try batch.curvature(loss, .majorizer), exact = try batch.curvature(loss)
          #expect(dot(above.product(with: v), v) >= dot(exact.product(with: v), v))
        }
      }
    }
  }

  @Test("Claims of convexity, Lipschitz constants and smoothness hold", arguments: losses.indices)
  func traits(index: Int) throws {
    let loss = Self.losses[index]
    for classes in [2, 3, 41] {
      for seed in 40..<50 as Range<UInt64> {
        for batch in RowLossBatch<Double>.all(loss, rows: 1, classes: classes, seed: seed) {
          let v = Self.vector(batch, seed: seed), squared = dot(v, v)
          let bend = try dot(batch.curvature(loss).product(with: v), v) / squared
          switch loss.traits.convexity {
          case .unknown: Issue.record("\(loss.name) does not say how it bends")
          case .none: break
          case .convex: #expect(bend >= -1e-14, "\(loss.name)")
          case .strict: #expect(bend > 0, "\(loss.name)")
          case .strong(let constant): #expect(bend >= constant * (1 - 1e-14), "\(loss.name)")
          }
          if let smoothness = loss.traits.smoothness { #expect(bend <= smoothness * (1 + 1e-14), "\(loss.name)") }
          if let constant = loss.traits.lipschitzConstant {
            let gradient = try batch.gradient(loss)
            #expect(dot(gradient, gradient).squareRoot() <= constant * (1 + 1e-14), "\(loss.name)")
          }
          if loss.traits.convexity != .none, loss.scores != .probabilities {
            let end = batch.moved(by: 4, along: v), middle = batch.moved(by: 2, along: v)
            let chord = try (batch.mean(loss) + end.mean(loss)) / 2
            #expect(try middle.mean(loss) <= chord + 1e-14 * abs(chord), "\(loss.name)")
          }
        }
      }
    }
  }

  @Test("The bits do not depend on the number of threads", arguments: losses.indices)
  func threads(index: Int) throws {
    let loss = Self.losses[index]
    for (rows, classes) in [(1700, 10), (400, 44)] {
      for batch in RowLossBatch<Float>.all(loss, rows: 4 * rows, classes: classes) {
        let results = try [1, 3].map { threads in
          try Parallelism.withThreads(threads) {
            try (batch.mean(loss), batch.gradient(loss), batch.curvature(loss).product(with: batch.targets))
          }
        }
        #expect(results[0].0 == results[1].0)
        #expect(sameBits(results[0].1.elements, results[1].1.elements))
        #expect(sameBits(results[0].2.elements, results[1].2.elements))
      }
    }
  }
}
