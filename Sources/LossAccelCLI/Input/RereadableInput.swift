import Foundation

/// A file that can be read more than once. What cannot (standard input, a pipe) is first copied to a temporary file, which is removed at the
/// end.
final class RereadableInput: Sendable {
  let path: String
  /// What messages call it.
  let name: String
  /// In bytes.
  let size: Int
  private let isTemporary: Bool

  init(path: String) throws {
    var source = try ByteSource(path: path)
    name = source.name
    if let size = source.size {
      (self.path, self.size, isTemporary) = (path, size, false)
      return
    }
    let copy = FileManager.default.temporaryDirectory.appendingPathComponent("lossaccel.\(UUID().uuidString)").path
    var count = 0
    do {
      guard FileManager.default.createFile(atPath: copy, contents: nil, attributes: [.posixPermissions: 0o600]) else {
        throw DataError("\(copy), where a copy of \(source.name) is kept for reading it twice, cannot be written.")
      }
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: copy))
      while true {
        let data = try source.read(atMost: 1 << 20)
        if data.isEmpty { break }
        count += data.count
        try handle.write(contentsOf: data)
      }
      try handle.close()
    } catch let error as DataError {
      try? FileManager.default.removeItem(atPath: copy)
      throw error
    } catch {
      try? FileManager.default.removeItem(atPath: copy)
      throw DataError(
        "\(copy), where a copy of \(source.name) is kept for reading it twice, cannot be written: \(plainReason(error))."
      )
    }
    (self.path, size, isTemporary) = (copy, count, true)
  }

  func open() throws -> ByteSource { try ByteSource(path: path, name: name) }

  deinit {
    if isTemporary { try? FileManager.default.removeItem(atPath: path) }
  }
}
