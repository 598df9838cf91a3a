import Foundation
import LossAccel
import TestSupport
import Testing

/// The primitives of this run's instruction set; the suite runs once for each.
struct VectorPrimitiveTests {
  /// Zeros, subnormal and huge numbers, infinities, NaN, the edges of each function's range and random points.
  @Test(arguments: VectorPrimitive.allCases)
  func meetsItsBoundAtHardPoints(function: VectorPrimitive) throws {
    expectReferences(function, PrimitiveReferences.single[function, default: []])
    expectReferences(function, PrimitiveReferences.double[function, default: []])
  }

  private func expectReferences<T: Scalar>(
    _ function: VectorPrimitive, _ cases: [PrimitiveReference<T>], by operation: SharedOperation? = nil
  ) {
    #expect(cases.count > 100, "\(function) has too few references")
    let results = function.results(cases.map(\.x), cases.map(\.y), by: operation)
    for (reference, actual) in zip(cases, results) {
      let error = reference.error(of: actual)
      #expect(
        error <= function.ulpBound + 0.01,
        """
        \(function)(\(reference.x), \(reference.y)) by \(operation?.name ?? "itself") gave \(actual), not \(reference.value): \
        \(error) ulp on \(KernelTarget.current)
        """
      )
    }
  }

  /// What a kernel operation with several results computes, against the same references.
  @Test(arguments: SharedOperation.all.map(\.name))
  func sharedResultsMeetTheirBounds(name: String) throws {
    let operation = try #require(SharedOperation.all.first { $0.name == name })
    for function in try operation.results.map({ try #require(VectorPrimitive(rawValue: $0)) }) {
      expectReferences(function, PrimitiveReferences.single[function, default: []], by: operation)
      expectReferences(function, PrimitiveReferences.double[function, default: []], by: operation)
    }
  }

  /// Every 1009th of all 2³² bit patterns against the C library in double precision.
  @Test(arguments: VectorPrimitive.allCases.filter { $0.arity == 1 })
  func meetsItsBoundOverAllFloats(function: VectorPrimitive) {
    let chunk = 1 << 16
    var pattern: UInt64 = 0
    var worst = 0.0
    while pattern < 1 << 32 {
      let x = (0..<chunk).map { Float(bitPattern: UInt32(truncatingIfNeeded: pattern + 1009 * UInt64($0))) }
      let expected = function.inDoublePrecision(x.map(Double.init))
      let actual = function.results(x, x)
      for index in 0..<chunk {
        let error = singlePrecisionError(actual[index], expected[index])
        worst = max(worst, error)
        if error > function.ulpBound {
          Issue.record("\(function)(\(x[index])) gave \(actual[index]): \(error) ulp on \(KernelTarget.current)")
          return
        }
      }
      pattern += 1009 * UInt64(chunk)
    }
    #expect(worst > 0.4, "nothing was compared")
  }

  /// |actual − expected| in units of the last place that the exact result has in single precision.
  private func singlePrecisionError(_ actual: Float, _ expected: Double) -> Double {
    let rounded = Float(expected)
    if rounded.isNaN || actual.isNaN { return rounded.isNaN && actual.isNaN ? 0 : .infinity }
    if rounded.isInfinite || actual.isInfinite { return rounded == actual ? 0 : .infinity }
    return abs(Double(actual) - expected) / Double(rounded.ulp)
  }

  /// The rest behind the last whole vector is computed like the lanes of a vector.
  @Test(arguments: VectorPrimitive.allCases)
  func everyLengthGivesTheSameBits(function: VectorPrimitive) {
    expectSameBits(function, lanes: 16, Float.self)
    expectSameBits(function, lanes: 8, Double.self)
  }

  private func expectSameBits<T: Scalar>(_ function: VectorPrimitive, lanes: Int, _: T.Type) {
    let x = (0..<4 * lanes).map { T($0) * 0.37 + 0.11 }
    let y = x.reversed().map { $0 * 0.5 }
    let whole = function.results(x, y)
    for count in 0...2 * lanes + 1 {
      #expect(function.results(Array(x[..<count]), Array(y[..<count])) == Array(whole[..<count]))
    }
  }

  /// Arguments that need a way of their own change nothing for those beside them in a vector.
  @Test(arguments: VectorPrimitive.allCases)
  func specialArgumentsDoNotDisturbTheirNeighbours(function: VectorPrimitive) {
    expectUndisturbed(function, Float.self)
    expectUndisturbed(function, Double.self)
  }

  private func expectUndisturbed<T: Scalar>(_ function: VectorPrimitive, _: T.Type) {
    let special: [T] = [
      0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude,
      -1, -2.5,
      5000, -1e6, 3e7, 1e30, -1e20, 1e-30,
    ]
    var random = SeededGenerator(seed: 11)
    let ordinary = (0..<512).map { _ in T(Double.random(in: 0.01...9, using: &random)) }
    let seconds = ordinary.map { _ in T(Double.random(in: 0.01...9, using: &random)) }
    let alone = function.results(ordinary, seconds)
    for (number, odd) in special.enumerated() {
      // One in each vector, at a different place in each.
      let places = Set(stride(from: 0, to: ordinary.count, by: 8).map { $0 + ($0 / 8 + number) % 8 })
      let mixed = ordinary.indices.map { places.contains($0) ? odd : ordinary[$0] }
      let together = function.results(mixed, seconds)
      let byThemselves = function.results([T](repeating: odd, count: seconds.count), seconds)
      for index in ordinary.indices {
        let expected = places.contains(index) ? byThemselves[index] : alone[index]
        let isEqual = together[index] == expected || (together[index].isNaN && expected.isNaN)
        let call = "\(function)(\(mixed[index]), \(seconds[index]))"
        #expect(isEqual, "\(call) depends on its neighbours on \(KernelTarget.current)")
        if !isEqual { return }
      }
    }
  }

  @Test func aMissingSecondArgumentStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let x: [Float] = [1]
      var result: [Float] = [0]
      var span = result.mutableSpan
      VectorPrimitive.power(x.span, into: &span)
    }
  }
}

extension VectorPrimitive {
  fileprivate func results<T: Scalar>(_ x: [T], _ y: [T], by operation: SharedOperation? = nil) -> [T] {
    var result = [T](repeating: 0, count: x.count)
    var span = result.mutableSpan
    if let operation {
      self(x.span, by: operation, into: &span)
      return result
    }
    if arity == 1 { self(x.span, into: &span) } else { self(x.span, y.span, into: &span) }
    return result
  }

  /// The function of one argument by the C library, with far more digits than single precision has.
  fileprivate func inDoublePrecision(_ x: [Double]) -> [Double] {
    switch self {
    case .exponential: x.map { exp($0) }
    case .exponentialMinusOne: x.map { expm1($0) }
    case .exponentialExcess:
      x.map { abs($0) > 1e-3 ? expm1($0) - $0 : $0 * $0 * (0.5 + $0 * (1 / 6 + $0 / 24)) }
    case .logarithm: x.map { log($0) }
    case .logarithmOnePlus: x.map { log1p($0) }
    case .logarithmOneMinusExponential: x.map { $0 < 0.7 ? log(-expm1(-$0)) : log1p(-exp(-$0)) }
    case .logisticTail: x.map { log1p(exp(-abs($0))) }
    case .logisticSide: x.map { ($0 > 0 ? 1 : -1) / (1 + exp(abs($0))) }
    case .hyperbolicTangent: x.map { tanh($0) }
    case .logHyperbolicCosine:
      x.map { abs($0) < 1 ? 0.5 * log1p(sinh($0) * sinh($0)) : abs($0) + log1p(exp(-2 * abs($0))) - log(2) }
    case .hyperbolicSecantSquare: x.map { 4 * exp(-2 * abs($0)) / pow(1 + exp(-2 * abs($0)), 2) }
    case .exponentialRatio: x.map { $0 < 0 ? .nan : $0 == 0 ? 1 : $0 > 500 ? 0 : $0 / expm1($0) }
    case .exponentialRatioExcess:
      x.map { $0 < 0 ? .nan : $0 < 1e-3 ? $0 * (0.5 + $0 * (1 / 12 - $0 * $0 / 720)) : $0 / -expm1(-$0) - 1 }
    case .sine: x.map { sin($0) }
    case .cosine: x.map { cos($0) }
    case .arcTangent: x.map { atan($0) }
    case .errorFunctionComplement: x.map { erfc($0) }
    case .normalCumulative: x.map { 0.5 * erfc(-$0 * 0.5.squareRoot()) }
    case .logGamma: x.map { $0 < 0 ? .nan : lgamma($0) }
    case .errorFunction: x.map { erf($0) }
    case .normalDensity: x.map { exp(-0.5 * $0 * $0) / (2 * Double.pi).squareRoot() }
    case .exponentialOfNegativeSquare: x.map { exp(-$0 * $0) }
    case .logarithmOnePlusSquare: x.map { log1p($0 * $0) }
    case .logarithmOnePlusDeficit:
      x.map { abs($0) > 1e-3 ? $0 - log1p($0) : $0 * $0 * (0.5 - $0 * (1 / 3 - 0.25 * $0)) }
    case .rootOfOnePlusSquare: x.map { (1 + $0 * $0).squareRoot() }
    case .inverseOfOnePlusSquare: x.map { 1 / (1 + $0 * $0) }
    case .overOnePlusSquare: x.map { abs($0) > 1e18 ? 1 / $0 : $0 / (1 + $0 * $0) }
    // The C library has none of these; the kernel in double precision has its own references.
    case .logNormalCumulative, .inverseMillsRatio, .inverseMillsExcess, .digamma, .trigamma: results(x, x)
    case .xLogY, .xLogOnePlusY, .power, .exponentialOfProduct, .logarithmOfRatio:
      preconditionFailure("\(self) has two arguments")
    }
  }
}
