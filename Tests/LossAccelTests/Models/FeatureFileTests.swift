import Foundation
import LossAccel
import TestSupport
import Testing

/// Features in files: every bit of a result is that of the same rows in memory; and what is refused.
struct FeatureFileTests {
  /// A file of its own, removed at the end.
  private final class Scratch {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("features-\(UUID().uuidString)").path

    init(_ data: Data) throws { try data.write(to: URL(fileURLWithPath: path)) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private static func data<Element: BitwiseCopyable & Numeric>(_ elements: [Element]) -> Data {
    Data(bytes(of: elements.span))
  }

  /// What `np.save` writes, as NumPy's documentation of the format has it.
  private static func npy(_ type: String, _ shape: String, _ elements: Data, order: String = "False") -> Data {
    var text = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    return Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, UInt8(length & 255), UInt8(length >> 8)]) + Data(text.utf8)
      + elements
  }

  private static let rows = 5000
  private static let columns = 7
  private static let values: [Double] = {
    var random = SeededGenerator(seed: 5)
    return (0..<rows * columns).map { Double.random(in: -1...1, using: &random) + Double($0 % columns) }
  }()
  private static var targets: [Double] { (0..<rows).map { $0 * 7 % 5 < 2 ? 1.0 : 0 } }

  /// Everything that objectives, optimisers and models compute of features.
  private func results(_ features: FeatureMatrix) throws -> [[Double]] {
    let objective = try LinearObjective(
      features: features, targets: Self.targets, loss: .binaryCrossEntropyFromLogits,
      weights: (0..<Self.rows).map { Double($0 % 3) }, penalty: Penalty(ridge: 0.01))
    let point = objective.startingPoint.indices.map { 0.1 * Double($0) - 0.3 }
    let start = try objective.evaluate([.gradient, .curvature, .hessian], at: point)
    let classes = try MultiOutputObjective(features: features, labels: (0..<Self.rows).map { $0 % 3 }, classes: 3)
    let scores = try classes.evaluate(
      [.gradient, .hessian], at: classes.startingPoint.indices.map { 0.01 * Double($0 % 5) })
    let batch = try objective.evaluate(rows: 100..<357, at: point)
    let model = try GeneralizedLinearModel.fit(
      features: features, targets: Self.targets, family: .binomial, covariance: .hc1)
    let lasso = try LinearModel.fit(
      features: features, targets: Self.targets, loss: .logCosh, penalty: Penalty(lasso: 0.001))
    return [
      [start.value, scores.value, batch.value], start.gradient, start.hessian!.elements,
      try objective.curvatureProduct(point, at: start), scores.gradient, scores.hessian!.elements, batch.gradient,
      try NewtonMethod().minimize(objective).point, try LBFGS().minimize(objective).point,
      try StochasticMethod(epochs: 2).minimize(objective).point, model.coefficients.map(\.estimate),
      model.coefficients.map(\.standardError), model.predict(features), lasso.coefficients, lasso.predict(features),
    ]
  }

  @Test func resultsHaveTheBitsOfRowsInMemory() throws {
    let (rows, columns) = (Self.rows, Self.columns)
    let (singles, halves) = (Self.values.map { Float($0) }, Self.values.map { Float16($0) })
    let brains = singles.map { BrainFloat16($0) }
    let brainBits = Self.data(brains.map(\.bitPattern))
    let halfBits = Self.data(halves.map(\.bitPattern))
    let shape = "(\(rows), \(columns))"
    let cases: [(FeatureMatrix, FeatureMatrix)] = try [
      (
        FeatureMatrix(Matrix(rows: rows, columns: columns, elements: Self.values)),
        mapped(Self.npy("<f8", shape, Self.data(Self.values)))
      ),
      (
        FeatureMatrix(Matrix(rows: rows, columns: columns, elements: singles)),
        mapped(Self.npy("<f4", shape, Self.data(singles)))
      ),
      (
        FeatureMatrix(rows: rows, columns: columns, elements: halves), mapped(Self.npy("<f2", shape, halfBits))
      ),
      (
        FeatureMatrix(rows: rows, columns: columns, elements: brains),
        mapped(Data(count: 6) + brainBits) { path throws(FeatureFileError) in
          try FeatureMatrix(file: path, of: BrainFloat16.self, columns: columns, offset: 6)
        }
      ),
      (
        FeatureMatrix(Matrix(rows: rows, columns: columns, elements: Self.values)),
        mapped(Self.data(Self.values) + Data(count: 100)) { path throws(FeatureFileError) in
          try FeatureMatrix(file: path, of: Double.self, rows: rows, columns: columns)
        }
      ),
    ]
    for (memory, file) in cases {
      #expect(file.rows == rows && file.columns == columns)
      #expect(file[4999, 6] == memory[4999, 6] && file[17, 3] == memory[17, 3])
      #expect(try results(file) == results(memory))
    }
  }

  /// The file is gone from its folder by the time that it is read, which systems allow.
  private func mapped(
    _ data: Data, _ open: (String) throws(FeatureFileError) -> FeatureMatrix = FeatureMatrix.init(npyFile:)
  ) throws -> FeatureMatrix {
    let scratch = try Scratch(data)
    return try withExtendedLifetime(scratch) { try open(scratch.path) }
  }

  @Test func halvesAreWidenedExactly() throws {
    let bits: [UInt16] = [0, 0x8000, 1, 0x83FF, 0x0400, 0x3C00, 0xC123, 0x7BFF, 0x7C00, 0xFC00]
    let features = try mapped(Self.npy("<f2", "(1, 10)", Self.data(bits)))
    for (column, pattern) in bits.enumerated() {
      #expect(features[0, column] == Double(Float16(bitPattern: pattern)))
      #expect(features[0, column].sign == (pattern >> 15 == 1 ? .minus : .plus))
    }
    #expect(try mapped(Self.npy("<f2", "(1, 1)", Self.data([0x7C01] as [UInt16])))[0, 0].isNaN)
  }

  @Test func whatIsNoTableOfFeatures() throws {
    let numbers = Self.data([1.0, 2, 3, 4, 5, 6])
    let cases: [(Data, String)] = [
      (Data("x,y\n1,2\n".utf8), "not a NumPy array"), (Data(), "not a NumPy array"),
      (Self.npy("<f8", "(6,)", numbers), "one dimension"), (Self.npy("<i8", "(2, 3)", numbers), "not float16"),
      (Self.npy(">f8", "(2, 3)", numbers), "little-endian"),
      (Self.npy("<f8", "(2, 3)", numbers, order: "True"), "column after column"),
      (Self.npy("<f8", "(3, 3)", numbers), "too few for 3 × 3"), (Self.npy("<c16", "(3, 1)", numbers), "type '<c16'"),
    ]
    for (data, text) in cases {
      let scratch = try Scratch(data)
      do {
        _ = try FeatureMatrix(npyFile: scratch.path)
        Issue.record("no error: \(text)")
      } catch {
        #expect("\(error)".contains(text) && "\(error)".contains(scratch.path), "\(error)")
      }
    }
    #expect(throws: FeatureFileError.self) { try FeatureMatrix(npyFile: "/nowhere/at/all.npy") }
    #expect(throws: FeatureFileError.self) { try FeatureMatrix(npyFile: FileManager.default.temporaryDirectory.path) }
    let raw = try Scratch(Data(count: 100))
    defer { extendLifetime(raw) }
    #expect(throws: FeatureFileError.self) { try FeatureMatrix(file: raw.path, of: Double.self, columns: 3) }
    #expect(throws: FeatureFileError.self) { try FeatureMatrix(file: raw.path, of: Double.self, columns: 3, offset: 4) }
    #expect(throws: FeatureFileError.self) { try FeatureMatrix(file: raw.path, of: Double.self, rows: 5, columns: 3) }
    #expect(try FeatureMatrix(file: raw.path, of: Float.self, columns: 5).rows == 5)
  }
}
