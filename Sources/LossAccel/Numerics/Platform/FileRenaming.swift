#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Gives a file another name in one step, in place of whatever file bears that name: the door to C's `rename`, which lets the
/// command line publish complete files only.
///
/// - Returns: 0, or the system's error number.
package func renameFile(at path: String, to newPath: String) -> Int32 {
  unsafe rename(path, newPath) == 0 ? 0 : errno
}
