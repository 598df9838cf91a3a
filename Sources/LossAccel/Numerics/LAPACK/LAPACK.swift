/// The LAPACK calls for the other rooms: arrays in and out, column-major without gaps between columns, every size checked.
///
/// LAPACK answers non-finite input with plausible numbers, with messages on stderr or by never returning,
/// so callers must not pass any: the first pass over their data checks it anyway.
package enum LAPACK {
  /// `value` as a LAPACK integer. LAPACK also computes sums of dimensions and small multiples of them in 32 bits, hence the margin.
  package static func dimension(
    _ operation: StaticString, _ name: StaticString, _ value: Int
  ) throws(LinearAlgebraError) -> Int32 {
    precondition(value >= 0, "\(operation): \(name) is \(value)")
    let limit = 1 << 28
    guard value <= limit else {
      throw .dimensionTooLarge(operation: "\(operation)", dimension: "\(name)", value: value, limit: limit)
    }
    return Int32(value)
  }

  /// Stops unless `array` holds exactly rows × columns elements.
  static func check<T>(_ operation: StaticString, _ name: StaticString, _ array: [T], _ rows: Int, _ columns: Int) {
    precondition(
      array.count == rows * columns,
      "\(operation): \(name) is \(rows) × \(columns), but its array has \(array.count) elements")
  }

  /// LAPACK's `info`; a negative one means that this layer passed a wrong argument.
  static func checked(_ operation: StaticString, _ info: Int32) -> Int {
    precondition(info >= 0, "\(operation): LAPACK refuses argument \(-info)")
    return Int(info)
  }

  /// Asks `call` for its best workspace size, allocates that and calls again.
  static func withWorkspace<T: Scalar>(_ call: (UnsafeMutablePointer<T>, Int32) -> Int32) -> Int32 {
    var best: T = 0
    let query = unsafe call(&best, -1)
    guard query == 0 else { return query }
    // In Float a large size has been rounded to 24 bits, perhaps downwards.
    let count = Swift.max(1, Int(best.nextUp.rounded(.up)))
    var work = [T](repeating: 0, count: count)
    return unsafe work.withUnsafeMutableBufferPointer { work in
      unsafe call(work.baseAddress.unsafelyUnwrapped, Int32(count))
    }
  }

  static func ascii(_ letter: Unicode.Scalar) -> CChar { CChar(letter.value) }
}
