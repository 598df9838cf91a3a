import Dispatch
import Synchronization

extension Parallelism {
  /// Calls `body` once for every chunk index in `0..<count`, on up to ``threadCount`` threads, the calling one among
  /// them.
  ///
  /// Threads take the next index from a shared counter, so uneven chunks balance. The order of the calls is not
  /// defined: partial results must be kept by chunk index and combined afterwards, never in order of arrival. Parallel
  /// calls inside `body` run on its own thread. With one chunk or one thread nothing is dispatched, locked or
  /// allocated.
  /// - Throws: the error of the lowest chunk index that failed, whatever the threads' timing; chunks after it may be
  ///   skipped.
  package static func forEachChunk<Failure: Error>(
    count: Int, _ body: @Sendable (Int) throws(Failure) -> Void
  ) throws(Failure) {
    let threads = count > 1 ? min(threadCount, count) : 1
    if threads == 1 {
      for index in 0..<max(count, 0) { try body(index) }
      return
    }
    let next = Atomic<Int>(0)
    let failure = Mutex<(index: Int, error: Failure)?>(nil)
    // The calling thread works, too, and does everything alone while the others are busy elsewhere, so many callers at
    // once finish as if they had taken turns; an extra thread that arrives late finds no chunk left and costs nothing.
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      withThreads(1) {
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          do throws(Failure) {
            try body(index)
          } catch {
            // Lower indices were handed out before this one and still run to their end, so the lowest failure is always
            // found.
            next.store(count, ordering: .relaxed)
            failure.withLock { first in
              if first.map({ index < $0.index }) ?? true { first = (index, error) }
            }
          }
        }
      }
    }
    if let first = failure.withLock({ $0 }) { throw first.error }
  }

  /// Calls `body` for consecutive ranges of `chunkSize` elements (the last may be shorter) that cover `0..<total`.
  package static func forEachRange<Failure: Error>(
    of total: Int, chunkSize: Int, _ body: @Sendable (_ chunk: Int, _ range: Range<Int>) throws(Failure) -> Void
  ) throws(Failure) {
    try forEachChunk(count: chunkCount(of: total, chunkSize: chunkSize)) { (chunk) throws(Failure) in
      try body(chunk, range(ofChunk: chunk, of: total, chunkSize: chunkSize))
    }
  }

  /// The values of `transform` for every chunk index in `0..<count`, in chunk order.
  package static func mapChunks<Value: Sendable, Failure: Error>(
    count: Int, _ transform: @Sendable (Int) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    var values = [Value?](repeating: nil, count: count)
    var slots = values.mutableSpan
    try mapRows(count, rowsPerChunk: 1, &slots, width: 1) { (chunk, _, slot) throws(Failure) in
      slot[0] = try transform(chunk)
    }
    return values.map { $0! }
  }

  /// The sums, place by place, of what `transform` gives for every chunk index in `0..<count`, added in chunk order.
  /// - Precondition: there is at least one chunk, and all give as many numbers.
  package static func sumChunks<Failure: Error>(
    count: Int, _ transform: @Sendable (Int) throws(Failure) -> [Double]
  ) throws(Failure) -> [Double] {
    try combineChunks(count: count, transform) { total, next in
      for index in total.indices { total[index] += next[index] }
    }
  }

  /// The values of `transform` for every chunk index in `0..<count`, combined in chunk order, each as soon as all before it are: so that
  /// about one value for each thread is in memory, not one for each chunk.
  /// - Precondition: there is at least one chunk.
  package static func combineChunks<Value: Sendable, Failure: Error>(
    count: Int, _ transform: @Sendable (Int) throws(Failure) -> Value,
    _ combine: @Sendable (_ total: inout Value, _ value: Value) -> Void
  ) throws(Failure) -> Value {
    precondition(count >= 1, "\(count) chunks to be combined")
    if count == 1 { return try transform(0) }
    let total = Mutex(ChunkTotal<Value>())
    try forEachChunk(count: count) { (chunk) throws(Failure) in
      let value = try transform(chunk)
      total.withLock { $0.add(value, chunk, combine) }
    }
    return total.withLock { $0.value! }
  }

  /// The number of chunks of `chunkSize` elements that cover `total`.
  package static func chunkCount(of total: Int, chunkSize: Int) -> Int {
    precondition(total >= 0 && chunkSize >= 1, "chunks of \(chunkSize) of \(total) elements")
    return total / chunkSize + (total % chunkSize == 0 ? 0 : 1)
  }

  /// The elements of one chunk.
  package static func range(ofChunk chunk: Int, of total: Int, chunkSize: Int) -> Range<Int> {
    let start = chunk * chunkSize
    return start..<(total - start > chunkSize ? start + chunkSize : total)
  }
}

/// What chunks have been combined to, and those that wait for one before them.
private struct ChunkTotal<Value: Sendable> {
  private(set) var value: Value?
  private var next = 0
  private var waiting: [Int: Value] = [:]

  mutating func add(_ new: Value, _ chunk: Int, _ combine: (inout Value, Value) -> Void) {
    guard chunk == next else {
      waiting[chunk] = new
      return
    }
    var following: Value? = new
    while let current = following {
      if value == nil { value = current } else { combine(&value!, current) }
      next += 1
      following = waiting.removeValue(forKey: next)
    }
  }
}
