import Foundation
import Testing

/// NumPy files through `evaluate squared-error` against zeros: the gradient of the sum is twice the prediction, to the last bit.
@Suite struct NpyTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Fixtures")
  private static let table = [0.0, 1, 2, 3, 100, 127]

  private func path(_ name: String) -> String { Self.fixtures.appendingPathComponent(name + ".npy").path }

  @Test(arguments: [
    "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "fortran", "big_endian", "big_endian_i2", "version1",
    "version2", "version3",
  ])
  func readsEveryTypeAndLayoutAsPredictionsAndTargets(name: String) throws {
    let scratch = try Scratch()
    try scratch.write("0,0,0\n0,0,0\n", to: "zeros.csv")
    for (role, other) in [("--predictions", "--targets"), ("--targets", "--predictions")] {
      let outcome = try scratch.run([
        "evaluate", "squared-error", role, path(name), other, "zeros.csv", "--reduction", "sum", "--gradient", "g.csv",
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let numbers = try scratch.read("g.csv").split { ",\n".contains($0) }.compactMap { Double($0) }
      #expect(numbers == Self.table.map { $0 * (role == "--predictions" ? 2 : -2) })
    }
  }

  @Test func readsBooleansAsZeroAndOne() throws {
    let scratch = try Scratch()
    try scratch.write("0,0,0\n0,0,0\n", to: "zeros.csv")
    let object = try scratch.json([
      "evaluate", "squared-error", "--predictions", "zeros.csv", "--targets", path("b1"), "--reduction", "sum",
    ])
    #expect(object.value.double == 5)
  }

  @Test func aColumnAndAListAreTheSame() throws {
    let scratch = try Scratch()
    let object = try scratch.json([
      "evaluate", "squared-error", "--predictions", path("column"), "--targets", path("list"),
    ])
    #expect(object.value.double == 0)
    #expect(object.count.double == 3)
  }

  @Test func writesTheTypeOfThePredictionsInTheirShape() throws {
    let scratch = try Scratch()
    for (name, code, size) in [("f4", "<f4", 4), ("f8", "<f8", 8), ("i2", "<f8", 8)] {
      let outcome = try scratch.run([
        "evaluate", "squared-error", "--predictions", path(name), "--targets", path("u1"), "--gradient", "g.npy",
        "--curvature", "h.npy",
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let data = try Data(contentsOf: scratch.url("h.npy"))
      let header = String(decoding: data.prefix(128).dropFirst(10), as: UTF8.self)
      #expect(header.hasPrefix("{'descr': '\(code)', 'fortran_order': False, 'shape': (2, 3), }"))
      #expect(header.hasSuffix("\n"))
      #expect(data.count == 128 + 6 * size)
      // Read back: the curvature of the mean of six squares is one third.
      let sum = try scratch.json([
        "evaluate", "squared-error", "--predictions", "h.npy", "--targets", "g.npy", "--reduction", "sum",
      ])
      let error = abs(sum.value.double - 2.0 / 3)
      #expect(error < (code == "<f4" ? 1e-7 : 1e-15))
    }
    #expect(try scratch.files == ["g.npy", "h.npy"])
  }

  @Test(arguments: [
    ("scalar", "0 dimensions"), ("cube", "3 dimensions"), ("complex", "'<c8'"), ("record", "fields"),
    ("empty", "no samples"),
    ("cut_data", "ends after 5 of 6 elements"), ("cut_header", "ends within its header"), ("version9", "version 9"),
    ("huge", "damaged header"), ("large", "ends after 6 of 3298534883328 elements"),
  ])
  func refusesWhatItCannotReadAndSaysWhy(name: String, reason: String) throws {
    let scratch = try Scratch()
    let outcome = try scratch.run(["evaluate", "squared-error", "--predictions", path(name), "--targets", path(name)])
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    #expect(outcome.errors.contains(name + ".npy"))
  }

  @Test func readsFromStandardInput() throws {
    let scratch = try Scratch()
    let outcome = try scratch.run(["evaluate", "squared-error", "--predictions", "-", "--targets", "-"])
    #expect(outcome.status == 64)
    let data = try Data(contentsOf: URL(fileURLWithPath: path("f8")))
    let object = try scratch.json(
      ["evaluate", "squared-error", "--predictions", "-", "--targets", path("i4")], input: data)
    #expect(object.value.double == 0)
    #expect(object.count.double == 6)
  }
}
