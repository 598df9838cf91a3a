import Foundation

/// Bytes from a file, or from standard input when the path is `-`; read piece by piece, never all at once.
struct ByteSource {
  /// What messages call it.
  let name: String
  /// In bytes, where the system knows it beforehand (a regular file).
  let size: Int?
  private(set) var bytesRead = 0
  private let handle: FileHandle

  init(path: String) throws {
    if path == "-" {
      name = "standard input"
      size = nil
      handle = FileHandle.standardInput
      return
    }
    name = path
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

  /// The next bytes, at most `count` of them; empty at the end.
  mutating func read(atMost count: Int) throws -> Data {
    do {
      let data = try handle.read(upToCount: count) ?? Data()
      bytesRead += data.count
      return data
    } catch {
      throw DataError("\(name) cannot be read: \(plainReason(error)).")
    }
  }
}

/// The reason that the system gives, without the domain and code that Foundation wraps around it.
func plainReason(_ error: any Error) -> String {
  let error = error as NSError
  let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
  if underlying.domain == NSPOSIXErrorDomain, let code = POSIXErrorCode(rawValue: Int32(underlying.code)) {
    return POSIXError(code).localizedDescription
  }
  return underlying.localizedDescription
}
