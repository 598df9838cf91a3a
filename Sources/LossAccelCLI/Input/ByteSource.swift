import Foundation

/// Bytes from a file, or from standard input when the path is `-`; read piece by piece, never all at once.
struct ByteSource {
  /// What messages call it.
  let name: String
  /// In bytes, where the system knows it beforehand (a regular file).
  let size: Int?
  private(set) var bytesRead = 0
  private let handle: FileHandle
  /// Read from the system, but not yet by anybody.
  private var pending = Data()

  /// - Parameter name: What messages call it; the path if nil.
  init(path: String, name: String? = nil) throws {
    if path == "-" {
      self.name = "standard input"
      size = nil
      handle = FileHandle.standardInput
      return
    }
    self.name = name ?? path
    do {
      handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    } catch {
      throw DataError("\(path) cannot be opened: \(plainReason(error)).")
    }
    // A pipe under a file's name (as shells make for `<(command)`) has no attributes to be found under that name, and no size.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    let isRegular = attributes?[.type] as? FileAttributeType == .typeRegular
    size = isRegular ? attributes?[.size] as? Int : nil
  }

  /// The next bytes, at most `count` of them and at least one; empty at the end.
  mutating func read(atMost count: Int) throws -> Data {
    let data = pending.isEmpty ? try readFromSystem(atMost: count) : pending
    pending = Data()
    bytesRead += data.count
    return data
  }

  /// The next `count` bytes; fewer only when the input ends.
  mutating func read(exactly count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      var data = try read(atMost: count - bytes.count)
      if data.isEmpty { break }
      if data.count > count - bytes.count {
        pending = data.suffix(from: data.startIndex + count - bytes.count)
        data = data.prefix(count - bytes.count)
        bytesRead -= pending.count
      }
      bytes.append(contentsOf: data)
    }
    return bytes
  }

  /// Whether the input goes on with these bytes, which stay unread.
  mutating func begins(with bytes: [UInt8]) throws -> Bool {
    while pending.count < bytes.count {
      let data = try readFromSystem(atMost: bytes.count - pending.count)
      if data.isEmpty { return false }
      pending.append(data)
    }
    return pending.starts(with: bytes)
  }

  private func readFromSystem(atMost count: Int) throws -> Data {
    do {
      return try handle.read(upToCount: count) ?? Data()
    } catch {
      throw DataError("\(name) cannot be read: \(plainReason(error)).")
    }
  }
}

/// The reason that the system gives, without what Foundation wraps around it.
func plainReason(_ error: any Error) -> String {
  let error = error as NSError
  let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
  let posixCode = underlying.domain == NSPOSIXErrorDomain ? POSIXErrorCode(rawValue: Int32(underlying.code)) : nil
  var text = posixCode.map { POSIXError($0).localizedDescription } ?? underlying.localizedDescription
  let preamble = "The operation could not be completed. "
  if text.hasPrefix(preamble) { text.removeFirst(preamble.count) }
  while text.last == "." { text.removeLast() }
  return text
}
