#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The few services of the C library that LossAccel needs, so that it need not import Foundation.
package enum Platform {
  /// The value of an environment variable, nil where it is not set.
  package static func environmentVariable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Sets an environment variable of this process, or removes it for nil. Not safe while other threads read the
  /// environment.
  package static func setEnvironmentVariable(_ name: String, to value: String?) {
    if let value { unsafe setenv(name, value, 1) } else { unsafe unsetenv(name) }
  }

  /// The address of a symbol that this process has loaded from any library.
  static func symbol(_ name: String) -> UnsafeMutableRawPointer? {
    #if canImport(Darwin)
      // RTLD_DEFAULT is a macro that Swift does not import.
      return unsafe dlsym(UnsafeMutableRawPointer(bitPattern: -2), name)
    #else
      return unsafe dlsym(nil, name)
    #endif
  }

  /// The path of the library (or program) that holds the address.
  static func libraryPath(of address: UnsafeRawPointer?) -> String? {
    // Glibc hides `dladdr` and its `Dl_info` behind a macro that its Swift module does not define. The structure is
    // four pointers: path of the library, its base, name of the nearest symbol, address of that symbol.
    typealias Lookup = @convention(c) (UnsafeRawPointer, UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Int32
    guard let address = unsafe address, let dladdr = unsafe symbol("dladdr") else { return nil }
    var info = unsafe [UnsafePointer<CChar>?](repeating: nil, count: 4)
    guard unsafe unsafeBitCast(dladdr, to: Lookup.self)(address, &info) != 0, let path = unsafe info[0] else {
      return nil
    }
    return unsafe String(cString: path)
  }

  /// The contents of a small text file, nil where it cannot be read.
  static func contents(ofFile path: String) -> String? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = unsafe getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Seconds on a clock that only runs forward.
  static func seconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The number of cores that are online, at least 1.
  static func onlineCores() -> Int { max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1) }
}
