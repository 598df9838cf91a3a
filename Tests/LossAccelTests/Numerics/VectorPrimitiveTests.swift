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
    let sweep = FloatSweep(of: function)
    #expect(
      sweep.worst <= function.ulpBound,
      "\(function)(\(sweep.argument)) gave \(sweep.result): \(sweep.worst) ulp on \(KernelTarget.current)")
    #expect(sweep.worst > 0.4, "nothing was compared")
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
}
