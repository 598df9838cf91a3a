#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The bytes of a file as memory that is only read: the system fetches a page when it is first touched, and gives it up again when memory
/// is short, so the file may be larger than that.
@safe package final class MappedFile: @unchecked Sendable {
  /// The size of the file, in bytes.
  package let count: Int
  /// The first byte; `nil` for an empty file. Nobody writes through it, so threads may share it.
  private let base: UnsafeMutableRawPointer?

  /// What the system says about a file that cannot be mapped.
  package struct Failure: Error {
    package let reason: String
  }

  package init(path: String) throws(Failure) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure() }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Self.failure() }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(reason: "It is not an ordinary file") }
    count = Int(status.st_size)
    guard count > 0 else {
      unsafe base = nil
      return
    }
    guard let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe address != MAP_FAILED
    else { throw Self.failure() }
    unsafe base = address
  }

  deinit { if let base = unsafe base { unsafe munmap(base, count) } }

  /// Calls `body` with the bytes from an offset on.
  func withBytes<Result>(from offset: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    precondition(offset >= 0 && offset <= count, "byte \(offset) of \(count)")
    let start = unsafe base.map { unsafe UnsafeRawPointer($0) + offset }
    return unsafe body(UnsafeRawBufferPointer(start: start, count: count - offset))
  }

  /// So many bytes from an offset on, fewer at the end.
  package func bytes(from offset: Int, count wanted: Int) -> [UInt8] {
    unsafe withBytes(from: min(offset, count)) { unsafe Array($0.prefix(wanted)) }
  }

  private static func failure() -> Failure {
    Failure(reason: unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "The system does not say why")
  }
}
