import LossAccel
import TestSupport
import Testing

@Suite("Segmentation losses")
struct SegmentationLossTests {
  static let references: [ReferenceCase] = ReferenceCase.all("segmentation")

  static func loss(_ reference: ReferenceCase) -> SegmentationLoss {
    let o = reference.options
    return switch reference.name.prefix(while: { $0 != "," }) {
    case "dice": .dice(smoothing: o["smoothing"]!)
    case "jaccard": .jaccard(smoothing: o["smoothing"]!)
    case "tversky": .tversky(alpha: o["alpha"]!, beta: o["beta"]!, smoothing: o["smoothing"]!)
    case "focal_tversky":
      .focalTversky(alpha: o["alpha"]!, beta: o["beta"]!, gamma: o["gamma"]!, smoothing: o["smoothing"]!)
    case "generalized_dice": .generalizedDice(classes: Int(o["classes"]!), smoothing: o["smoothing"]!)
    case "lovasz_hinge": .lovaszHinge
    default: .lovaszSoftmax
    }
  }

  static let all: [SegmentationLoss] = [
    .dice(), .dice(smoothing: 1), .jaccard(), .tversky(), .focalTversky(), .generalizedDice(classes: 2), .lovaszHinge,
    .lovaszSoftmax,
  ]

  private func check<T: Scalar>(_ reference: ReferenceCase, _ type: T.Type) throws {
    let loss = Self.loss(reference), pixels = reference.integers("pixels")[0]
    let elements: [T] = reference.input("predictions"), weights: [T] = reference.input("weights")
    let targets: [T] = reference.input("targets"), mask = reference.flags("mask")
    let maps = elements.count / pixels
    let predictions = Matrix(rows: maps, columns: pixels, elements: elements)
    var gradient = Matrix<T>(repeating: .nan, rows: maps, columns: pixels)
    let value = try loss.sum(
      predictions: predictions, targets: targets, weights: weights, mask: mask, gradient: &gradient)
    let curvature = try loss.curvature(
      of: .sum, predictions: predictions, targets: targets, weights: weights, mask: mask)
    let direction: [T] = reference.input("direction")
    // Sums of a few positive numbers, whose parts 1 − p and 1 − t are rounded once.
    reference.expect(value: value, ulps: GroupBound.segmentation.value * (T.self == Float.self ? 0x1p29 : 1), scale: 1)
    reference.expect(gradient.elements, \.gradient, ulps: GroupBound.segmentation.gradient, scale: 1)
    reference.expect(curvature.product(with: direction), \.product, ulps: GroupBound.segmentation.product, scale: 1)
  }

  @Test("agree with their definitions in 100 digits", arguments: references)
  func definition(_ reference: ReferenceCase) throws {
    try check(reference, Double.self)
    try check(reference, Float.self)
  }

  @Test("A map without true pixels: nothing predicted costs nothing, anything predicted costs 1")
  func emptyClasses() throws {
    let nothing = Matrix<Double>.zeros(rows: 1, columns: 4), some = Matrix<Double>([[0.5, 0, 0.25, 0]])
    var gradient = nothing
    for loss in [SegmentationLoss.dice(), .jaccard(), .tversky(), .focalTversky()] {
      let perfect = try loss.mean(predictions: nothing, targets: [0, 0, 0, 0], gradient: &gradient)
      #expect(perfect == 0 && gradient == nothing)
      let wrong = try loss.mean(predictions: some, targets: [0, 0, 0, 0], gradient: &gradient)
      #expect(wrong == 1 && gradient.elements.allSatisfy { $0 == 0 })
    }
    let smooth = try SegmentationLoss.dice(smoothing: 1).mean(
      predictions: some, targets: [0, 0, 0, 0], gradient: &gradient)
    #expect(smooth > 0 && smooth < 1 && gradient.elements.allSatisfy { $0 > 0 })
    // The class that the image does not have is left out of a generalised Dice loss.
    let image = Matrix<Double>([[0.5, 0, 0.25, 0], [0.5, 0.25, 1, 0.125]])
    let both = try SegmentationLoss.generalizedDice(classes: 2).mean(
      predictions: image, targets: [0, 0, 0, 0, 1, 0, 1, 0])
    let one = try SegmentationLoss.generalizedDice(classes: 1).mean(
      predictions: image[rows: 1..<2], targets: [1, 0, 1, 0])
    #expect(both == one)
    let hinge = try SegmentationLoss.lovaszHinge.mean(predictions: some, targets: [0, 0, 0, 0])
    #expect(hinge == 1.5)
  }

  @Test("A nearly perfect overlap keeps its digits")
  func nearlyPerfect() throws {
    let tiny = 0x1p-60
    let value = try SegmentationLoss.dice().mean(predictions: Matrix<Double>([[1, tiny]]), targets: [1, 0])
    #expect(value == tiny / 2)
  }

  @Test("Lovász losses equal the Jaccard loss for hard predictions, whatever the order of pixels")
  func hardPredictions() throws {
    var random = SeededGenerator(seed: 51)
    for _ in 0..<20 {
      let truth = (0..<30).map { _ in Bool.random(using: &random) }
      let hard = (0..<30).map { _ in Bool.random(using: &random) ? 1.0 : 0 }
      let predictions = Matrix(rows: 1, columns: 30, elements: hard)
      let jaccard = try SegmentationLoss.jaccard().mean(predictions: predictions, targets: truth)
      let extended = try SegmentationLoss.lovaszSoftmax.mean(predictions: predictions, targets: truth)
      #expect(abs(jaccard - extended) <= 1e-15)
      let backwards = try SegmentationLoss.lovaszSoftmax.mean(
        predictions: Matrix(rows: 1, columns: 30, elements: hard.reversed()), targets: Array(truth.reversed()))
      #expect(abs(extended - backwards) <= 1e-15)
    }
  }

  @Test("Weight 2 is the map twice; huge logits are fine")
  func weights() throws {
    let predictions = Matrix<Double>([[0.5, 0.25, 1, 0], [0.125, 0.75, 0.5, 0.25]]), targets = [1, 0, 1, 0, 0, 1, 1, 0]
    for loss in Self.all where loss.name != "generalized-dice" {
      let weighted = try loss.mean(predictions: predictions, targets: targets, weights: [2, 1])
      let twice = try loss.mean(
        predictions: Matrix(
          rows: 3, columns: 4, elements: Array(predictions.elements.prefix(4)) + predictions.elements),
        targets: Array(targets.prefix(4)) + targets)
      #expect(abs(weighted - twice) <= 1e-15)
    }
    let far = try SegmentationLoss.lovaszHinge.mean(
      predictions: Matrix<Float>([[1e4, -1e4, 1e4, -1e4]]), targets: [true, false, false, true])
    // Both wrong pixels have the error 10001: one third of Jaccard's 1 each for a false alarm and a miss among two true pixels.
    #expect(abs(far - 2 * 10_001 / 3) < 1e-11)
  }

  @Test("Pixels without mask and maps of weight 0 are nowhere, even with NaN", arguments: all)
  func leftOut(_ loss: SegmentationLoss) throws {
    let predictions = Matrix<Double>([
      [0.5, .nan, 0.25, 1], [0.5, 0.25, 1, .nan], [.nan, 7, -1, 0], [.nan, 0, 0, 0],
    ])
    let targets: [Double] = [1, .nan, 0, 1, 0, 1, 1, .nan, .nan, 7, 0, 0, 0, 0, 0, 0]
    let mask = [true, false, true, true, true, true, true, false] + [Bool](repeating: true, count: 8)
    let isPerImage = loss.name == "generalized-dice"
    var gradient = Matrix<Double>(repeating: 7, rows: 4, columns: 4)
    var expected = Matrix<Double>(repeating: 7, rows: 2, columns: 3)
    let value = try loss.mean(
      predictions: predictions, targets: targets, weights: isPerImage ? [1, 0] : [1, 1, 0, 0], mask: mask,
      gradient: &gradient)
    let plain = try loss.mean(
      predictions: Matrix([[0.5, 0.25, 1], [0.5, 0.25, 1]]), targets: [1, 0, 1, 0, 1, 1], gradient: &expected)
    #expect(value == plain)
    let (a, b) = (Array(expected.row(0)), Array(expected.row(1)))
    #expect(Array(gradient.row(0)) == [a[0], 0, a[1], a[2]] && Array(gradient.row(1)) == [b[0], b[1], b[2], 0])
    #expect(gradient.row(2).allSatisfy { $0 == 0 } && gradient.row(3).allSatisfy { $0 == 0 })
  }

  @Test("Errors say what is wrong, and leave NaN", arguments: all)
  func errors(_ loss: SegmentationLoss) throws {
    let maps = loss.name == "generalized-dice" ? 2 : 1
    let fine = Matrix<Double>(repeating: 0.5, rows: maps, columns: 2), targets = [Int](repeating: 1, count: 2 * maps)
    var gradient = fine
    #expect(throws: LossError.nothingToAverage) {
      try loss.mean(
        predictions: fine, targets: targets, mask: [Bool](repeating: false, count: 2 * maps), gradient: &gradient)
    }
    #expect(gradient.elements.allSatisfy { $0.isNaN })
    #expect(throws: LossError.nothingToAverage) { try loss.mean(predictions: fine, targets: targets, weights: [0]) }
    #expect(throws: LossError.invalidWeight(index: 0, value: -1)) {
      try loss.mean(predictions: fine, targets: targets, weights: [-1])
    }
    #expect(throws: LossError.targetOutsideDomain(index: 0, value: 2, lowest: 0, highest: 1)) {
      try loss.mean(predictions: fine, targets: targets.map { 2 * $0 }, gradient: &gradient)
    }
    if loss.name != "lovasz-hinge" {
      let wrong = Matrix<Double>(repeating: 1.5, rows: maps, columns: 2)
      #expect(throws: LossError.predictionOutsideDomain(index: 0, value: 1.5, lowest: 0, highest: 1)) {
        try loss.mean(predictions: wrong, targets: targets)
      }
    }
    #expect(throws: LossError.emptyBatch) {
      try loss.mean(predictions: Matrix<Double>.zeros(rows: 0, columns: 4), targets: [Int]())
    }
  }

  @Test("Same bits for any number of threads", arguments: all)
  func threads(_ loss: SegmentationLoss) throws {
    var random = SeededGenerator(seed: 52)
    for (rows, columns) in [(2, 70_000), (600, 101)] {
      let predictions: Matrix<Float> = random.matrix(rows: rows, columns: columns, in: 0...1)
      let targets = (0..<rows * columns).map { _ in UInt8.random(in: 0...1, using: &random) }
      let results = try [1, 2, 3].map { threads in
        try Parallelism.withThreads(threads) {
          var gradient = Matrix<Float>.zeros(rows: rows, columns: columns)
          let value = try loss.mean(predictions: predictions, targets: targets, gradient: &gradient)
          return gradient.elements + [Float(value)]
        }
      }
      #expect(sameBits(results[0], results[1]) && sameBits(results[0], results[2]))
      #expect(results[0].allSatisfy { $0.isFinite })
    }
  }

  @Test("The Lovász losses are convex with slopes that add up to at most 1", arguments: [true, false])
  func lovaszTraits(fromLogits: Bool) throws {
    var random = SeededGenerator(seed: 53)
    let loss: SegmentationLoss = fromLogits ? .lovaszHinge : .lovaszSoftmax
    let range = fromLogits ? -3.0...3 : 0...1
    for _ in 0..<30 {
      let truth = (0..<12).map { _ in Bool.random(using: &random) }
      let x: Matrix<Double> = random.matrix(rows: 1, columns: 12, in: range)
      let y: Matrix<Double> = random.matrix(rows: 1, columns: 12, in: range)
      var slope = x
      let ends = try (
        loss.sum(predictions: x, targets: truth, gradient: &slope), loss.sum(predictions: y, targets: truth)
      )
      let middle = try loss.sum(
        predictions: Matrix(rows: 1, columns: 12, elements: zip(x.elements, y.elements).map { ($0 + $1) / 2 }),
        targets: truth)
      #expect(middle <= (ends.0 + ends.1) / 2 + 1e-14)
      #expect(slope.elements.reduce(0) { $0 + abs($1) } <= 1 + 1e-14)
    }
  }
}
