import CKernelInterface

/// What the benchmarks measure the library against: the machine's own limits, and loops fused by hand. The library calls none of
/// it.
package enum Yardsticks {
  /// output ← a + b/2, on ``Parallelism`` threads, with ordinary stores: the time it takes to move two inputs and one output.
  package static func triad<T: Scalar>(_ a: [T], _ b: [T], into output: inout [T]) {
    let count = output.count
    precondition(a.count == count && b.count == count, "\(a.count) and \(b.count) elements into \(count)")
    unsafe onThreads(a, b, into: &output, chunkSize: KernelProgram.chunk) { a, b, output, range in
      unsafe la_yardstick_triad(T._kernelType, a, b, output, Int64(range.lowerBound), Int64(range.upperBound))
    }
  }

  /// The C library's `memcpy` from one array to another, one slab per ``Parallelism`` thread.
  package static func copy<T: Scalar>(_ source: [T], into output: inout [T]) {
    let count = output.count
    precondition(source.count == count, "\(source.count) elements into \(count)")
    let slab = max((count + Parallelism.threadCount - 1) / Parallelism.threadCount, 1)
    unsafe onThreads(source, source, into: &output, chunkSize: slab) { source, _, output, range in
      let offset = range.lowerBound * MemoryLayout<T>.stride
      unsafe (output + offset).copyMemory(from: source + offset, byteCount: range.count * MemoryLayout<T>.stride)
    }
  }

  /// Mean squared error and its gradient as one fused loop on one thread.
  package static func fusedSquaredError<T: Scalar>(
    predictions: [T], targets: [T], gradient: inout [T]
  ) -> Double {
    unsafe fused(la_yardstick_squared_error, predictions, targets, &gradient)
  }

  /// Mean binary cross-entropy of logits and its gradient as one fused loop on one thread.
  package static func fusedBinaryCrossEntropyFromLogits<T: Scalar>(
    predictions: [T], targets: [T], gradient: inout [T]
  ) -> Double {
    unsafe fused(la_yardstick_binary_cross_entropy, predictions, targets, &gradient)
  }

  /// By how many bytes the heap grew while `body` ran once on a new thread; nil where the C library does not tell.
  ///
  /// A new thread has no cache of free blocks, so 0 says that nothing was allocated, not even what was freed again. The count is
  /// the process's: what other threads free in the meantime makes it smaller, down to below 0.
  package static func heapGrowth(during body: @escaping () -> Void) -> Int? {
    let call = Call(body: body)
    let growth = unsafe la_heap_growth(
      { context in unsafe Unmanaged<Call>.fromOpaque(context!).takeUnretainedValue().body() },
      Unmanaged.passUnretained(call).toOpaque())
    return withExtendedLifetime(call) { growth == Int64.min ? nil : Int(growth) }
  }

  /// The compiler of the vector kernels.
  package static var kernelCompiler: String { unsafe String(cString: la_compiler()) }

  private typealias FusedLoop = (
    UInt8, UnsafeRawPointer?, UnsafeRawPointer?, Double, UnsafeMutableRawPointer?, Int64
  ) -> Double

  private static func fused<T: Scalar>(
    _ loop: FusedLoop, _ predictions: [T], _ targets: [T], _ gradient: inout [T]
  ) -> Double {
    let count = predictions.count
    precondition(
      targets.count == count && gradient.count == count,
      "\(count) predictions, \(targets.count) targets, \(gradient.count) elements of the gradient")
    return unsafe loop(
      T._kernelType, predictions, targets, 1 / Double(count), &gradient, Int64(count)) / Double(count)
  }

  private static func onThreads<T: Scalar>(
    _ a: [T], _ b: [T], into output: inout [T], chunkSize: Int,
    _ body: @Sendable (UnsafeRawPointer, UnsafeRawPointer, UnsafeMutableRawPointer, Range<Int>) -> Void
  ) {
    unsafe a.withUnsafeBytes { a in
      unsafe b.withUnsafeBytes { b in
        unsafe output.withUnsafeMutableBytes { output in
          guard let a = a.baseAddress, let b = b.baseAddress, let base = output.baseAddress else { return }
          let operands = unsafe Operands(a: a, b: b, output: base)
          let count = output.count / MemoryLayout<T>.stride
          Parallelism.forEachRange(of: count, chunkSize: chunkSize) { _, range in
            unsafe body(operands.a, operands.b, operands.output, range)
          }
        }
      }
    }
  }

  // The threads write disjoint ranges, and are waited for before the arrays are let go.
  @safe private struct Operands: @unchecked Sendable {
    let a, b: UnsafeRawPointer
    let output: UnsafeMutableRawPointer
  }

  private final class Call {
    let body: () -> Void
    init(body: @escaping () -> Void) { self.body = body }
  }
}
