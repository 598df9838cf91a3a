import Foundation
import LossAccel
import TestSupport
import Testing

@Suite("Programs that are compiled in one piece")
struct FusedProgramTests {
  private static let list = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/CVectorKernels/fused_programs.def")

  @Test("The kernels' list is what the catalogue makes of it")
  func isUpToDate() throws {
    if ProcessInfo.processInfo.environment["LOSSACCEL_WRITE_FUSED_PROGRAMS"] != nil {
      return try FusedProgramList.text.write(to: Self.list, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: Self.list, encoding: .utf8).split(separator: "\n")
    let made = FusedProgramList.text.split(separator: "\n")
    for (line, other) in zip(written, made) where line != other {
      Issue.record("make fused-programs has not been run:\n\(line)\nshould be\n\(other)")
      return
    }
    #expect(written.count == made.count, "make fused-programs has not been run")
  }

  @Test("The kernels find every program of the list, and no other", arguments: FusedProgramList.entries)
  func isFound(entry: FusedProgramList.Entry) {
    #expect(KernelProgram(entry.program, checks: []).isFused)
    #expect(!KernelProgram(Self.stepByStep(entry.program), checks: []).isFused)
  }

  /// All ways in which results leave: summed, stored, both; weighted; into every other element; around the caches, from any address on.
  @Test("They give the bits that the interpreter gives step by step", arguments: FusedProgramList.entries)
  func givesTheSameBits(entry: FusedProgramList.Entry) {
    for mode in Mode.allCases where mode != .streaming {
      expectSameBits(entry.program, Self.floats, mode)
      expectSameBits(entry.program, Self.doubles, mode)
    }
  }

  @Test("So they do around the caches", arguments: [0, 3])
  func givesTheSameBitsAroundTheCaches(offset: Int) throws {
    let entry = try #require(FusedProgramList.entries.first { $0.name == "bce_logits_curvature" })
    expectSameBits(entry.program, Self.floats.repeated(atLeast: (16 << 20) / 4 + 1), offset: offset, .streaming)
  }

  private enum Mode: CaseIterable { case plain, weighted, strided, stored, streaming }

  /// The same program with one result more: the list has none such, so it is interpreted.
  private static func stepByStep(_ program: Program) -> Program {
    var other = program, result = program.results[0]
    (result.factor, result.form, result.slots) = (1, .single, [.input(0)])
    other.results.append(result)
    return other
  }

  /// Positive and negative predictions, targets 0 and 1 and others, edges of both, and weights that may be 0.
  private struct Samples<T: Scalar & BinaryFloatingPoint> {
    var predictions: [T], targets: [T], weights: [T]

    init() {
      var generator = SeededGenerator(seed: 7)
      func unit() -> Double { Double.random(in: 0..<1, using: &generator) }
      predictions = generator.numbers(1500, in: -4...8)
      targets = (0..<1500).map { _ in unit() < 0.5 ? (unit() < 0.5 ? 0 : 1) : T(unit() * 3) }
      weights = generator.numbers(1500, in: -0.1...1).map { max($0, 0) }
      let edges: [T] = [0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 1e4, -1e4, 300, -300]
      for (k, edge) in edges.enumerated() {
        predictions[17 * k + 5] = edge
        targets[23 * k + 300] = edge
      }
    }

    /// At least as many, again and again the same ones but the edges, whose NaN would differ from itself.
    func repeated(atLeast count: Int) -> Samples {
      var samples = self
      samples.predictions.removeFirst(600)
      samples.targets.removeFirst(600)
      while samples.predictions.count < count {
        samples.predictions += samples.predictions
        samples.targets += samples.targets
      }
      return samples
    }
  }
  private static let floats = Samples<Float>(), doubles = Samples<Double>()

  private func expectSameBits<T: Scalar & BinaryFloatingPoint>(
    _ program: Program, _ samples: Samples<T>, offset: Int = 0, _ mode: Mode
  ) {
    let count = samples.predictions.count, resultCount = program.results.count
    func run(_ program: Program) -> (results: [[T]], sum: Double) {
      let stride = mode == .strided ? 2 : 1
      var results = Array(repeating: [T](repeating: 9, count: offset + stride * count), count: resultCount)
      var batch = KernelBatch<T>(count: count)
      batch.read(0, samples.predictions.span)
      batch.read(1, samples.targets.span)
      if mode == .weighted { batch.weigh(by: samples.weights.span) }
      batch.sum(0)
      for k in 0..<resultCount where k > 0 || mode == .stored {
        var span = results[k].mutableSpan
        batch.store(k, in: &span, offset: offset, stride: stride, scale: 0.37)
      }
      return (results, KernelProgram(program, checks: []).run(batch).sum)
    }
    let (fused, reference) = (run(program), run(Self.stepByStep(program)))
    #expect(fused.sum == reference.sum || fused.sum.isNaN && reference.sum.isNaN, "\(mode)")
    for (k, (ours, theirs)) in zip(fused.results, reference.results).enumerated() where ours != theirs {
      let differing = ours.indices.first { ours[$0] != theirs[$0] && !(ours[$0].isNaN && theirs[$0].isNaN) }
      if let i = differing {
        Issue.record("\(mode), \(T.self), result \(k), element \(i): \(ours[i]), step by step \(theirs[i])")
      }
    }
  }
}
