/// Memory that several threads write to, each its own part.
///
/// Unsafe in two ways that its users must rule out: it does not keep the memory alive (every user waits for its threads
/// before it returns), and nothing stops two threads from writing to the same place (every user cuts its output into
/// disjoint parts).
@unsafe struct SharedPointer<T>: @unchecked Sendable {
  let base: UnsafeMutablePointer<T>

  init(_ base: UnsafeMutablePointer<T>) { unsafe self.base = base }
}
