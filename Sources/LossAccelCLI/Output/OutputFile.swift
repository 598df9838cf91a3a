import Foundation
import LossAccel

/// A file that appears under its name only when it is complete: until then it grows under a temporary name beside it.
///
/// What is not a regular file (a device, a pipe) is written in place.
final class OutputFile {
  private let path: String
  private let growingPath: String
  private let handle: FileHandle
  private var isFinished = false

  init(path: String) throws {
    self.path = path
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    if type == .typeDirectory { throw DataError("\(path) is a directory. Name a file in it.") }
    let isReplaceable = type == nil || type == .typeRegular
    let target = URL(fileURLWithPath: path)
    let name = ".\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).part"
    growingPath = isReplaceable ? target.deletingLastPathComponent().appendingPathComponent(name).path : path
    do {
      if isReplaceable { try Data().write(to: URL(fileURLWithPath: growingPath)) }
      handle = try FileHandle(forWritingTo: URL(fileURLWithPath: growingPath))
    } catch {
      throw DataError("\(path) cannot be written: \(plainReason(error)).")
    }
  }

  func write(_ bytes: [UInt8]) throws {
    do {
      try handle.write(contentsOf: bytes)
    } catch {
      throw DataError("\(path) cannot be written: \(plainReason(error)).")
    }
  }

  /// Gives the complete file its name.
  func finish() throws {
    do {
      try handle.close()
      isFinished = true
      if growingPath == path { return }
      // One step, in which the name always belongs to a complete file: the old one or the new one.
      let code = renameFile(at: growingPath, to: path)
      if code != 0 { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    } catch {
      try? FileManager.default.removeItem(atPath: growingPath)
      throw DataError("\(path) cannot be written: \(plainReason(error)).")
    }
  }

  deinit {
    if !isFinished && growingPath != path { try? FileManager.default.removeItem(atPath: growingPath) }
  }
}
