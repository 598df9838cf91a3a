import CKernelInterface

/// Cox's partial likelihood over strata: the kernels' batch, made from spans and run stratum by stratum.
package enum SurvivalKernel {
  /// The indices of `values` in ascending order; equal ones keep theirs. NaN comes last.
  package static func order<T: TargetElement>(_ values: Span<T>) -> [Int64] {
    let count = values.count
    var keys = [la_sort_key](repeating: la_sort_key(), count: count)
    return unsafe [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe keys.withUnsafeMutableBufferPointer { keys in
        unsafe values.withUnsafeBufferPointer { values in
          unsafe la_sort_order(T._kernelType, values.baseAddress, Int64(count), keys.baseAddress, buffer.baseAddress)
        }
      }
      initialized = count
    }
  }

  /// The weighted sum of the strata's losses, and where buffers are given derivatives of it, times `scale`. `groups` are the
  /// beginnings of groups of equal time in `order`, and its end; `strata` are the groups that each stratum begins with, and their number.
  ///
  /// The buffers' lengths fit each other: the caller has checked.
  package static func run<T: Scalar>(
    scores: Span<T>, weights: Span<T>?, mask: Span<Bool>?, events: Span<Bool>, order: Span<Int64>, groups: Span<Int64>,
    strata: [Int], efron: Bool, scale: Double, direction: Span<T>?,
    gradient: inout MutableSpan<T>?, diagonal: inout MutableSpan<T>?, product: inout MutableSpan<T>?
  ) -> Double {
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(scores)
      extendLifetime(weights)
      extendLifetime(mask)
      extendLifetime(events)
      extendLifetime(order)
      extendLifetime(groups)
      extendLifetime(direction)
      extendLifetime(gradient)
      extendLifetime(diagonal)
      extendLifetime(product)
    }
    var batch = unsafe la_cox()
    unsafe batch.elementType = T._kernelType
    unsafe batch.efron = efron
    unsafe batch.scores = address(scores)
    unsafe batch.weights = address(weights)
    unsafe batch.mask = address(mask)?.assumingMemoryBound(to: UInt8.self)
    unsafe batch.events = address(events)?.assumingMemoryBound(to: UInt8.self)
    unsafe batch.order = address(order)?.assumingMemoryBound(to: Int64.self)
    unsafe batch.groups = address(groups)?.assumingMemoryBound(to: Int64.self)
    unsafe batch.direction = address(direction)
    unsafe batch.gradient = address(&gradient)
    unsafe batch.diagonal = address(&diagonal)
    unsafe batch.product = address(&product)
    unsafe batch.scale = scale

    var workspace = [Double](repeating: 0, count: 4 * scores.count + 8 * groups.count)
    let samples = 4 * scores.count
    return unsafe workspace.withUnsafeMutableBufferPointer { space in
      unsafe batch.workspace = space.baseAddress
      unsafe batch.groupWorkspace = space.baseAddress! + samples
      // The strata write disjoint samples and parts of the workspace, and the threads are waited for here.
      let shared = unsafe SharedSurvival(batch: batch)
      let sums = Parallelism.mapChunks(count: strata.count - 1) { stratum in
        unsafe ChunkSums(
          withUnsafePointer(to: shared.batch) { batch in
            unsafe la_cox_stratum(batch, Int64(strata[stratum]), Int64(strata[stratum + 1]))
          })
      }
      return sums.reduce(into: ChunkSums()) { $0.add($1) }.total(0)
    }
  }
}

@safe private struct SharedSurvival: @unchecked Sendable {
  let batch: la_cox
}

extension ChunkSums {
  /// One sum and its remainder.
  init(_ result: la_list_result) {
    self.init()
    parts[0] = result.sum.0
    parts[1] = result.sum.1
  }
}
