import Foundation
import LossAccel

/// A table whose design is in a temporary file, eight bytes for every cell, so that fits pass through it without holding it.
struct DesignedTable {
  let table: PassedTable
  let features: FeatureMatrix
  let dropped: Int

  /// Reads the table once, and once more before for the levels of factors and the centres of polynomials, if there are some.
  init(_ stream: TableStream, formula: String, weights: String?) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("lossaccel.\(UUID().uuidString)").path
    // What is mapped stays after the file's name is gone.
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      let plan = try ModelPlan(
        ModelFormula(formula), names: stream.header.names, reserved: weights.map { [$0] } ?? [])
      var table = PassedTable(try ModelDesign(plan, try scan(stream, plan)), weights: weights)
      let empty = table
      let file = try TemporaryFile(path)
      let counts = try stream.pass({ try empty.part($0) }) { part in
        try file.write(part.features)
        try table.add(part)
      }
      try file.close()
      let columns = table.design.columnNames.count
      if columns == 0 {
        features = FeatureMatrix(Matrix<Double>.zeros(rows: table.rows, columns: 0))
      } else {
        features = try FeatureMatrix(file: path, of: Double.self, rows: table.rows, columns: columns)
      }
      (self.table, dropped) = (table, counts.dropped)
    } catch let error as ModelFormulaError {
      throw formulaFailure(error, file: stream.header.file)
    } catch let error as FeatureFileError {
      throw DataError("\(error)")
    }
  }
}

/// A file for numbers that do not fit into memory.
private struct TemporaryFile {
  private let path: String
  private let handle: FileHandle

  init(_ path: String) throws {
    self.path = path
    guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
      let handle = FileHandle(forWritingAtPath: path)
    else {
      throw DataError("\(path), where the table's numbers are kept, cannot be written. TMPDIR names another place.")
    }
    self.handle = handle
  }

  func write(_ bytes: [UInt8]) throws { try attempt { try handle.write(contentsOf: bytes) } }

  func close() throws { try attempt { try handle.close() } }

  private func attempt(_ body: () throws -> Void) throws {
    do { try body() } catch {
      throw DataError(
        "\(path), where the table's numbers are kept, cannot be written: \(plainReason(error)). TMPDIR names another place."
      )
    }
  }
}
