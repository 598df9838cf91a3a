import LossAccel
import Testing

/// Bad batches, infinities and NaN, and the article's examples.
struct PointwiseErrorTests {
  let bce = PointwiseLoss.binaryCrossEntropyFromLogits

  @Test func articleExamples() throws {
    // H(y, p) of the article: the mean of −log 0.8 (four times: twice 0.8, and 1 − 0.2, …) and −log 0.7.
    let entropy = try PointwiseLoss.binaryCrossEntropy.mean(predictions: [0.8, 0.2, 0.7, 0.3], targets: [1, 0, 1, 0])
    #expect(Swift.abs(entropy - 0.28990924762647109) < 1e-15)
    let squared = try PointwiseLoss.squaredError.mean(
      predictions: [2.0, 3.5, 1.5, 4.0], targets: [1.8, 3.2, 1.4, 3.9])
    // The inputs are decimal fractions: each difference is off by up to ε, the squares by twice that relative to r.
    #expect(Swift.abs(squared - 0.0375) < 1e-15)
  }

  @Test func emptyBatchIsAnError() {
    #expect(throws: LossError.emptyBatch) { try bce.mean(predictions: [Float](), targets: [Float]()) }
    #expect(throws: LossError.emptyBatch) { try bce.sum(predictions: [Double](), targets: [Int]()) }
    #expect(throws: LossError.emptyBatch) { try bce.values(predictions: [Double](), targets: [Int]()) }
  }

  @Test func allWeightsZeroIsAnErrorOfTheMeanOnly() throws {
    #expect(throws: LossError.nothingToAverage) {
      try bce.mean(predictions: [1.0, 2.0], targets: [0, 1], weights: [0, 0])
    }
    #expect(try bce.sum(predictions: [1.0, 2.0], targets: [0, 1], weights: [0, 0]) == 0)
  }

  @Test(arguments: [-1.0, .infinity, .nan]) func weightsMustBeWeights(_ weight: Double) {
    var weights = [Double](repeating: 1, count: 100_000)
    weights[70_001] = weight
    let zeros = [Double](repeating: 0, count: 100_000)
    var gradient = zeros
    do {
      _ = try bce.mean(predictions: zeros, targets: zeros, weights: weights, gradient: &gradient)
      Issue.record("no error")
    } catch {
      guard case .invalidWeight(70_001, let value) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(value == weight || value.isNaN && weight.isNaN)
    }
    #expect(gradient.allSatisfy { $0.isNaN })
  }

  @Test(arguments: [-0.1, 1.1, -Double.infinity, .nan]) func targetsMustBeInTheDomain(_ target: Double) {
    var targets = [Double](repeating: 0.5, count: 200_000)
    targets[130_003] = target
    targets[150_000] = 7
    let logits = [Double](repeating: 0.25, count: 200_000)
    var gradient = logits
    do {
      _ = try bce.mean(predictions: logits, targets: targets, gradient: &gradient)
      Issue.record("no error")
    } catch {
      guard case .targetOutsideDomain(130_003, _, 0, 1) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(error.description.contains("130003") && error.description.contains("0.0...1.0"))
    }
    #expect(gradient.allSatisfy { $0.isNaN })
  }

  @Test func negativeZeroIsAValidTarget() throws {
    #expect(try bce.mean(predictions: [2.0], targets: [-0.0]) == bce.value(prediction: 2, target: 0))
  }

  @Test func probabilitiesMustBeInTheDomain() throws {
    let loss = PointwiseLoss.binaryCrossEntropy
    #expect(throws: LossError.predictionOutsideDomain(index: 1, value: 1.5, lowest: 0, highest: 1)) {
      try loss.mean(predictions: [0.5, 1.5], targets: [0, 1])
    }
    #expect(try loss.mean(predictions: [0.5, .nan], targets: [0, 1]).isNaN)
    #expect(try loss.mean(predictions: [0.5, 0.0], targets: [0, 1]) == .infinity)
    #expect(try loss.mean(predictions: [1.0, 0.0], targets: [1, 0]) == 0)
  }

  @Test func infinitiesAndNaNPropagate() throws {
    var gradient = [0.0, 0, 0, 0, 0]
    let logits = [Double.infinity, -.infinity, .infinity, -.infinity, .nan]
    let values = try bce.values(predictions: logits, targets: [1, 0, 0, 1, 1])
    // A target on the logit's own side multiplies an infinity by 0, which IEEE 754 calls NaN.
    #expect(values[0].isNaN && values[1].isNaN && values[2] == .infinity && values[3] == .infinity && values[4].isNaN)
    #expect(try bce.sum(predictions: logits, targets: [1, 0, 0, 1, 1], gradient: &gradient).isNaN)
    #expect(gradient[0] == 0 && gradient[1] == 0 && gradient[2] == 1 && gradient[3] == -1 && gradient[4].isNaN)
    #expect(try PointwiseLoss.squaredError.sum(predictions: [Float.infinity, 1], targets: [0, 0]) == .infinity)
    #expect(try PointwiseLoss.huber().sum(predictions: [-Float.infinity, 1], targets: [0, 0]) == .infinity)
  }

  @Test func gradientsAreFiniteForEveryFiniteLogit() throws {
    for magnitude in [1e-300, 1, 88, 104, 710, 745, 1e10, 1e308] {
      let logits = [magnitude, -magnitude, magnitude, -magnitude]
      var gradient = logits
      var curvature = logits
      let sum = try bce.sum(predictions: logits, targets: [0, 0, 1, 1], gradient: &gradient, curvature: &curvature)
      #expect(sum.isFinite || magnitude == 1e308)
      #expect((gradient + curvature).allSatisfy { $0.isFinite })
    }
  }

  @Test func lengthsThatDifferStopTheProgram() async {
    await #expect(processExitsWith: .failure) {
      _ = try PointwiseLoss.squaredError.mean(predictions: [1.0, 2.0], targets: [1.0])
    }
    await #expect(processExitsWith: .failure) {
      var gradient = [1.0]
      _ = try PointwiseLoss.squaredError.mean(predictions: [1.0, 2.0], targets: [1.0, 1.0], gradient: &gradient)
    }
  }

  @Test func catalogueRefusesWhatItDoesNotHave() {
    #expect(throws: LossCatalogueError.self) { try LossCatalogue.loss(named: "hubert") }
    #expect(throws: LossCatalogueError.unknownParameter(loss: "huber", parameter: "detla", known: ["delta"])) {
      try LossCatalogue.loss(named: "huber", parameters: ["detla": 1])
    }
    #expect(throws: LossCatalogueError.self) { try LossCatalogue.loss(named: "huber", parameters: ["delta": -1]) }
  }
}
