import LossAccel
import TestSupport
import Testing

/// Programs of several predictions, targets and covariates, read from columns of any type and stored into columns.
struct KernelBatchTests {
  /// (ŷ₁ − y₁)·ŷ₂ + y₂·x, and its derivatives with respect to both predictions.
  static let formula: Formula = {
    let first = Formula.input(.prediction(0))
    let second = Formula.input(.prediction(1))
    return (first - .input(.target(0))) * second + .input(.target(1)) * .input(.covariate(0))
  }()

  static let program = KernelProgram(
    Program(
      [formula, formula.derivative(withRespectTo: .prediction(0)), formula.derivative(withRespectTo: .prediction(1))]
        .map { 2 * $0 },
      inputs: [.prediction(0), .prediction(1), .target(0), .target(1), .covariate(0)]),
    checks: [.init(input: 3, valid: -100...100, allowsNaN: false)])

  struct Data<T: Scalar> {
    let predictions: [T], first: [Float16], second: [Int16], covariate: [T]

    init(count: Int, columns: Int) {
      var random = SeededGenerator(seed: 3)
      predictions = (0..<count * columns).map { _ in T(Double.random(in: -2...2, using: &random)) }
      first = (0..<count).map { _ in Float16(Double.random(in: -2...2, using: &random)) }
      second = (0..<2 * count).map { _ in Int16.random(in: -99...99, using: &random) }
      covariate = (0..<count).map { _ in T(Double.random(in: -2...2, using: &random)) }
    }
  }

  /// Runs the program on columns 1 and 2 of the predictions, with the gradient in a matrix of as many columns.
  static func run<T: Scalar>(
    _ data: Data<T>, columns: Int, gradient: inout [T], mask: [Bool]? = nil, weights: [T]? = nil
  ) -> (outcome: KernelProgram.Outcome, total: Double, invalid: Int?) {
    let second = data.second.map { T($0) }
    var batch = KernelBatch<T>(count: data.first.count)
    var span = gradient.mutableSpan
    defer {
      extendLifetime(data)
      extendLifetime(second)
      extendLifetime(mask)
      extendLifetime(weights)
    }
    batch.read(0, data.predictions.span, offset: 1, stride: columns)
    batch.read(1, data.predictions.span, offset: 2, stride: columns)
    batch.read(2, data.first.span)
    batch.read(3, data.second.span, offset: 1, stride: 2)
    batch.read(4, data.covariate.span)
    if let weights { batch.weigh(by: weights.span) }
    if let mask { batch.mask(by: mask.span) }
    batch.sum(0)
    batch.store(1, in: &span, offset: 1, stride: columns, scale: 0.5)
    batch.store(2, in: &span, offset: 2, stride: columns, scale: 0.5)
    let (total, invalid) = Weights.sum(of: batch)
    return (program.run(batch), total, invalid)
  }

  @Test(arguments: [3, 4], [1, 7, 8, 16, 40, 1037, 70_001])
  func columnsAreReadAndStored(columns: Int, count: Int) {
    check(Data<Double>(count: count, columns: columns), columns)
    check(Data<Float>(count: count, columns: columns), columns)
  }

  private func check<T: Scalar>(_ data: Data<T>, _ columns: Int) {
    let count = data.first.count
    var gradient = [T](repeating: 7, count: count * columns)
    let (outcome, total, invalid) = Self.run(data, columns: columns, gradient: &gradient)
    #expect(outcome.violation == nil && invalid == nil && total == Double(count))
    var sum = 0.0
    for i in 0..<count {
      let row = i * columns
      let (first, second) = (data.predictions[row + 1], data.predictions[row + 2])
      let residual = first - T(data.first[i])
      // Gradients of twice the formula, stored with the scale ½: exact, so equal to the last bit.
      if gradient[row + 1] != second || gradient[row + 2] != residual { Issue.record("row \(i)") }
      for k in 0..<columns where k == 0 || k > 2 {
        if gradient[row + k] != 7 { Issue.record("column \(k) of row \(i) was written") }
      }
      sum += 2 * Double(residual * second + T(data.second[2 * i + 1]) * data.covariate[i])
    }
    // Each term is rounded a few times in T, up to 99·2·2 in magnitude.
    #expect(Swift.abs(outcome.sum - sum) <= 1600 * Double(count) * Double(T.ulpOfOne))
  }

  @Test func masksLeaveSamplesOut() {
    let count = 1000
    let data = Data<Double>(count: count, columns: 3)
    let mask = (0..<count).map { $0 % 3 != 1 }
    let weights = (0..<count).map { Double($0 % 5) }
    let both = (0..<count).map { mask[$0] ? weights[$0] : 0 }
    var gradient = [Double](repeating: 0, count: 3 * count)
    var expected = gradient
    let (masked, total, _) = Self.run(data, columns: 3, gradient: &gradient, mask: mask, weights: weights)
    let (weighted, sameTotal, _) = Self.run(data, columns: 3, gradient: &expected, weights: both)
    #expect(masked.sum == weighted.sum && total == sameTotal && total == both.reduce(0, +))
    #expect(gradient == expected)
    let (_, counted, _) = Self.run(data, columns: 3, gradient: &gradient, mask: mask)
    #expect(counted == Double(mask.count { $0 }))
  }

  @Test func absentValuesAreLeftOutAndNotLookedAt() {
    let targets: [Float] = (0..<37).map { $0 % 4 == 2 ? .nan : Float($0) }
    let labels: [Int64] = (0..<37).map { $0 % 6 == 5 ? -100 : Int64($0) }
    let weights: [Double] = (0..<37).map { $0 == 2 ? .nan : $0 == 5 ? -1 : 1 }
    let present = (0..<37).filter { $0 % 4 != 2 && $0 % 6 != 5 }
    var batch = KernelBatch<Double>(count: 37)
    defer {
      extendLifetime(targets)
      extendLifetime(labels)
      extendLifetime(weights)
    }
    batch.weigh(by: weights.span)
    batch.mask(by: targets.span, absent: .nan)
    batch.mask(by: labels.span, absent: -100)
    let (total, invalid) = Weights.sum(of: batch)
    #expect(total == Double(present.count) && invalid == nil)

    let program = KernelProgram(
      Program([.input(.target(0))], inputs: [.target(0)]), checks: [.init(input: 0, valid: 0...100, allowsNaN: false)])
    batch.read(0, targets.span)
    batch.sum(0)
    let outcome = program.run(batch)
    #expect(outcome.violation == nil && outcome.sum == present.reduce(0.0) { $0 + Double($1) })
  }

  @Test func aMaskedBatchReportsTheFirstInvalidWeight() {
    let weights = [Double](repeating: 1, count: 200_000).enumerated().map { $0.offset == 150_001 ? -2 : $0.element }
    let mask = (0..<200_000).map { $0 != 150_000 }
    var batch = KernelBatch<Double>(count: 200_000)
    defer {
      extendLifetime(weights)
      extendLifetime(mask)
    }
    batch.weigh(by: weights.span)
    batch.mask(by: mask.span)
    #expect(Weights.sum(of: batch).invalid == 150_001)
  }

  @Test func threadsDoNotChangeABit() {
    let data = Data<Float>(count: 200_001, columns: 3)
    let mask = (0..<200_001).map { $0 % 3 != 1 }
    var gradient = [Float](repeating: 0, count: 3 * 200_001)
    let one = Parallelism.withThreads(1) { Self.run(data, columns: 3, gradient: &gradient, mask: mask) }
    var other = [Float](repeating: 0, count: 3 * 200_001)
    let many = Parallelism.withThreads(8) { Self.run(data, columns: 3, gradient: &other, mask: mask) }
    #expect(one.outcome.sum == many.outcome.sum && one.total == many.total && gradient == other)
  }

  /// Arrays that begin anywhere in a line of the cache, the same place for all or another for each, give the same bits.
  @Test(arguments: [1, 15, 130, 300, 4999, 70_001]) func placeInMemoryDoesNotChangeABit(count: Int) {
    checkPlaces(count: count, Float.self)
    checkPlaces(count: count, Double.self)
  }

  private func checkPlaces<T: Scalar>(count: Int, _: T.Type) {
    var random = SeededGenerator(seed: 5)
    let predictions = (0..<count).map { _ in T(Double.random(in: -9...9, using: &random)) }
    let targets = (0..<count).map { _ in T(Double.random(in: 0...1, using: &random)) }
    let loss = PointwiseLoss.binaryCrossEntropyFromLogits
    let formulas = [loss.formula, loss.gradient, loss.curvature]
    let program = KernelProgram(Program(formulas, inputs: [.prediction(0), .target(0)]), checks: [])
    var expected: (sum: Double, elements: [T])?
    for shift in [0, 1, 7, 16, 19] {
      for others in [0, 3] {
        let padding = [T](repeating: .nan, count: shift)
        let shifted = (padding + predictions, [T](repeating: .nan, count: shift + others) + targets)
        var gradient = [T](repeating: 7, count: shift + count + 1)
        var curvature = [T](repeating: 7, count: shift + 2 * others + count + 1)
        var first = gradient.mutableSpan
        var second = curvature.mutableSpan
        var batch = KernelBatch<T>(count: count)
        batch.read(0, shifted.0.span, offset: shift)
        batch.read(1, shifted.1.span, offset: shift + others)
        batch.sum(0)
        batch.store(1, in: &first, offset: shift)
        batch.store(2, in: &second, offset: shift + 2 * others)
        let sum = program.run(batch).sum
        extendLifetime(shifted)
        #expect(gradient[..<shift].allSatisfy { $0 == 7 } && gradient[shift + count] == 7)
        #expect(curvature[..<(shift + 2 * others)].allSatisfy { $0 == 7 } && curvature[shift + 2 * others + count] == 7)
        let elements = Array(gradient[shift..<shift + count] + curvature[(shift + 2 * others)...].prefix(count))
        if let expected {
          #expect(sum == expected.sum && elements == expected.elements, "shifted by \(shift) and \(others)")
        } else {
          expected = (sum, elements)
        }
      }
    }
  }

  /// The square of a difference whose parts are computed first, for more samples than a group has.
  @Test func squaresOfComputedDifferencesAreSummed() throws {
    let count = 70_001
    let predictions = (0..<count).map { Float($0 % 7) }, offsets = (0..<count).map { Float($0 % 5) }
    let targets = (0..<count).map { Float($0 % 11) }
    var gradient = [Float](repeating: 0, count: count)
    let sum = try PointwiseLoss.squaredError.sum(
      predictions: predictions.span, targets: targets.span, offsets: offsets.span, gradient: gradient.mutableSpan)
    let residuals = (0..<count).map { $0 % 7 + $0 % 5 - $0 % 11 }
    #expect(sum == Double(residuals.reduce(0) { $0 + $1 * $1 }))
    #expect(gradient == residuals.map { Float(2 * $0) })
  }
}
