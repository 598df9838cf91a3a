import LossAccel
import Testing

/// What programs are made of: operations that contract several, and operations with several results.
struct ProgramTests {
  let x = Formula.input(.prediction(0))
  let y = Formula.input(.target(0))

  /// a ≤ x < b is one step, and right on the ends, beside them, at zeros, infinities and NaN.
  @Test func aTestForARangeIsOneStep() {
    let formula = select(x .< 1.5, x .>= -2, 0)
    let program = Program([formula], inputs: [.prediction(0)])
    #expect(program.instructions.map(\.operation) == ["isWithin"])

    expectRange(program, Double.self)
    expectRange(program, Float.self)
  }

  /// The ends may be inputs; without a common number in the middle there is no range.
  @Test func rangesOfInputsAndOtherConditions() {
    let range = Program([select(x .< 2 * y, x .>= y, 0)], inputs: [.prediction(0), .target(0)])
    #expect(range.instructions.map(\.operation) == ["multiply", "isWithin"])
    let points: [Double] = [-1, 0, 1, 1.5, 2, 3, .nan]
    let ends = [Double](repeating: 1, count: points.count)
    #expect(results(of: range, points, ends) == [0, 0, 1, 1, 0, 0, 0])
    #expect(results(of: range, ends, points) == [0, 0, 1, 0, 0, 0, 0])

    let other = Program([select(x .< 2, y .>= 1, 0)], inputs: [.prediction(0), .target(0)])
    #expect(!other.instructions.map(\.operation).contains("isWithin"))
    #expect(results(of: other, [1, 1, 3], [1, 0, 1]) == [1, 0, 0])
  }

  private static let first = Formula.input(.prediction(0)), second = Formula.input(.target(0))

  /// Pairs of operations that are one step, right at zeros, infinities and NaN.
  @Test(arguments: [
    ("negativePart", positivePart(-first)), ("selectZero", select(first .== 0, second, 2)),
    ("selectPositive", select(first .> 0, second, 2)), ("sideVariance", max(abs(first) * (1 - abs(first)), -100)),
  ])
  func pairsThatAreOneStep(operation: String, formula: Formula) {
    func expected(_ a: Double, _ b: Double) -> Double {
      switch operation {
      case "negativePart": a > 0 ? 0 : -a
      case "selectZero": a == 0 ? b : 2
      case "selectPositive": a > 0 ? b : 2
      default: Swift.max(Swift.abs(a) * (1 - Swift.abs(a)), -100)
      }
    }
    let program = Program([formula], inputs: [.prediction(0), .target(0)])
    #expect(program.instructions[0].operation == operation && program.instructions.count <= 2)
    let points = [-0.0, 0, 0.5, -0.25, 3, -7, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .infinity, -.infinity]
    let others = points.indices.map { Double($0) + 0.5 }
    #expect(results(of: program, points, others) == zip(points, others).map { expected($0, $1) })
    let singles = points.map(Float.init)
    let rounded = zip(singles, others).map { Float(expected(Double($0), $1)) }
    #expect(results(of: program, singles, others.map(Float.init)) == rounded)
    #expect(results(of: program, [.nan], [1.0])[0].isNaN || operation.hasPrefix("select"))
  }

  /// σ(−x) comes from the one call that σ(x) and softplus(±x) come from, with the bits of σ at −x.
  @Test func sigmoidsOfBothSignsAreOneCall() {
    let program = Program([sigmoid(x), sigmoid(-x), softplus(-x)], inputs: [.prediction(0)])
    #expect(program.instructions.count { $0.operation == "logistic" } == 1)
    let points = [-0.0, 0, 0.5, -0.25, 3, -7, 40, -800, .infinity, -.infinity]
    let mirrored = Program([sigmoid(-x)], inputs: [.prediction(0)])
    let plain = Program([sigmoid(x)], inputs: [.prediction(0)])
    #expect(mirrored.instructions.map(\.operation) == ["logisticSide", "complementStepAdd"])
    #expect(results(of: mirrored, points, points) == results(of: plain, points.map { -$0 }, points))
    #expect(results(of: mirrored, [.nan], [0.0])[0].isNaN)
  }

  /// Cross-entropy takes one logarithm where a vector has labels 0 and 1 only, with the bits that the same samples have beside others.
  @Test func labelsTakeOneLogarithm() {
    expectLabelsAreLikeShares(Double.self)
    expectLabelsAreLikeShares(Float.self)
  }

  private func expectLabelsAreLikeShares<T: Scalar>(_: T.Type) {
    let program = Program([-xLogY(y, x) - xLogOnePlusY(1 - y, -x)], inputs: [.prediction(0), .target(0)])
    #expect(program.instructions.map(\.operation) == ["binaryEntropy"])
    let chances: [T] = [0, .leastNonzeroMagnitude, 1e-30, 1e-9, 1e-3, 0.1, 0.25, 0.5, 0.75, 0.9, 1 - .ulpOfOne, 1]
    for label: T in [0, 1] {
      let alone = results(of: program, chances, chances.map { _ in label })
      // Every label between two shares.
      let mixed = results(of: program, chances.flatMap { [0.3, $0] }, chances.flatMap { _ in [0.4, label] })
      #expect(chances.indices.map { mixed[2 * $0 + 1] } == alone)
      #expect(alone.allSatisfy { $0 >= 0 && $0.sign == .plus })
      #expect(results(of: program, [.nan], [label])[0].isNaN)
    }
  }

  /// A vector whose weights are all 0 is 0 without a look at its samples; elsewhere a term is the weight times the function, to the bit.
  @Test func termsWithoutWeightAreZero() {
    expectTerms(Operation.weightedLogNormal(y, x), y * logNormalCumulative(x), Double.self)
    expectTerms(Operation.weightedMills(y, x), y * inverseMillsRatio(x), Double.self)
    expectTerms(Operation.weightedMillsFall(y, x), y * (inverseMillsRatio(x) * inverseMillsExcess(x)), Double.self)
    expectTerms(Operation.weightedLogNormal(y, x), y * logNormalCumulative(x), Float.self)
    expectTerms(Operation.weightedMills(y, x), y * inverseMillsRatio(x), Float.self)
    expectTerms(Operation.weightedMillsFall(y, x), y * (inverseMillsRatio(x) * inverseMillsExcess(x)), Float.self)
  }

  private func expectTerms<T: Scalar>(_ weighted: Formula, _ product: Formula, _: T.Type) {
    let terms = Program([weighted], inputs: [.prediction(0), .target(0)])
    let products = Program([product], inputs: [.prediction(0), .target(0)])
    let points: [T] = [.nan, .infinity, -.infinity, .greatestFiniteMagnitude, 0, -40, -3.5, -0.25, 0.7, 2, 9]
    let scores = (0..<16).flatMap { _ in points }
    #expect(results(of: terms, scores, scores.map { _ in 0 }).allSatisfy { $0 == 0 })
    // Each sample with a weight beside one without.
    let samples = scores.flatMap { [$0, $0] }, weights = scores.flatMap { _ in [0, 0.375] as [T] }
    let together = results(of: terms, samples, weights), expected = results(of: products, samples, weights)
    for index in samples.indices {
      let isRight = index % 2 == 0 ? together[index] == 0 : "\(together[index])" == "\(expected[index])"
      #expect(isRight, "\(samples[index]): \(together[index]), not \(expected[index])")
    }
    #expect(results(of: terms, [1], [.nan])[0].isNaN)
  }

  private func expectRange<T: Scalar>(_ program: Program, _: T.Type) {
    let ends: [T] = [-2, 1.5, 0, -0.0, .infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 1, 7]
    let points = ends.flatMap { [$0, -$0, $0.nextUp, $0.nextDown, -$0.nextUp, -$0.nextDown] } + [.nan]
    let expected: [T] = points.map { $0 >= -2 && $0 < 1.5 ? 1 : 0 }
    #expect(results(of: program, points, points) == expected)
  }

  private func results<T: Scalar>(of program: Program, _ x: [T], _ y: [T]) -> [T] {
    var result = [T](repeating: -1, count: x.count)
    var span = result.mutableSpan
    defer { extendLifetime((x, y)) }
    var batch = KernelBatch<T>(count: x.count)
    batch.read(0, x.span)
    if program.inputs.count > 1 { batch.read(1, y.span) }
    batch.store(0, in: &span)
    _ = KernelProgram(program, checks: []).run(batch)
    return result
  }

  /// The cheapest operation that has all that is needed; one that is needed by itself stays by itself, unless the kernels have it in no
  /// other way.
  @Test(arguments: [
    (["logCosh"], ["logCosh"]), (["tanh"], ["tanh"]), (["sechSquare"], ["sechSquare"]),
    (["logCosh", "tanh"], ["logCoshAndTanh"]), (["tanh", "sechSquare"], ["hyperbolic"]),
    (["logCosh", "sechSquare"], ["hyperbolic"]), (["sechSquare", "tanh", "logCosh"], ["hyperbolic"]),
    (["logNormal", "mills"], ["logNormalAndMills"]), (["excess", "mills"], ["normal"]),
    (["logisticTail"], ["logisticTail"]), (["logisticTail", "logisticSide"], ["logistic"]),
    (["sine", "cosine"], ["sineAndCosine"]), (["tanh", "logisticSide"], ["tanh", "logisticSide"]),
    (["tanh", "logCosh", "logisticTail"], ["logCoshAndTanh", "logisticTail"]),
  ])
  func whatIsNeededTogetherIsComputedTogether(needed: [String], operations: [String]) throws {
    let program = Program(needed.map { Self.functions[$0]!(x) }, inputs: [.prediction(0)])
    #expect(Set(program.instructions.map(\.operation)) == Set(operations))
    #expect(program.instructions.count == operations.count)

    let points: [Double] = [-3, -0.7, 0, 1e-9, 0.4, 2, 11]
    for index in needed.indices {
      var single = program
      single.results = [program.results[index]]
      let alone = Program([Self.functions[needed[index]]!(x)], inputs: [.prediction(0)])
      for (together, own) in zip(results(of: single, points, points), results(of: alone, points, points)) {
        // Each is within 5 ulp of the exact result.
        #expect(abs(together - own) <= 10 * own.ulp, "\(needed[index]) of \(needed)")
      }
    }
  }

  /// Different arguments share nothing.
  @Test func differentArgumentsAreComputedApart() {
    let program = Program([logCosh(x), tanh(y)], inputs: [.prediction(0), .target(0)])
    #expect(Set(program.instructions.map(\.operation)) == ["logCosh", "tanh"])
  }

  private static let functions: [String: @Sendable (Formula) -> Formula] = [
    "logCosh": { logCosh($0) }, "tanh": { tanh($0) }, "sechSquare": { sechSquare($0) },
    "logNormal": { logNormalCumulative($0) }, "mills": { inverseMillsRatio($0) }, "excess": { inverseMillsExcess($0) },
    "sine": { sine($0) }, "cosine": { cosine($0) }, "logisticTail": { Operation.logisticTail($0) },
    "logisticSide": { Operation.logisticSide($0) },
  ]
}
