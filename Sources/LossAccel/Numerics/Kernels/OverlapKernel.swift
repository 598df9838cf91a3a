import CKernelInterface

/// Predicted and true regions, map by map: the kernels' sums and fills, made from spans and run chunk by chunk.
package struct OverlapKernel {
  /// What the Dice family is made of, for one map.
  package struct Sums: Sendable {
    /// Σ p·t, Σ p·(1 − t) and Σ (1 − p)·t.
    package var both = 0.0, falsePositive = 0.0, falseNegative = 0.0
    /// Σ t·v and Σ (1 − t)·v with v a direction.
    package var directionInside = 0.0, directionOutside = 0.0
    /// The number of pixels that count.
    package var counted = 0
    /// The first improper pixel.
    package var violation: Violation?
  }

  /// A pixel with a target or a prediction outside 0...1.
  package struct Violation: Sendable {
    package var pixel: Int
    package var isTarget: Bool
  }

  /// Pixels per chunk; sums are formed chunk by chunk and added in their order.
  static let chunk = 1 << 16

  /// The sums of every map of `pixels` pixels.
  package static func sums<T: Scalar, Target: TargetElement>(
    predictions: Span<T>, targets: Span<Target>, pixels: Int, mask: Span<Bool>?, direction: Span<T>?
  ) -> [Sums] {
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(mask)
      extendLifetime(direction)
    }
    let maps = predictions.count / pixels, parts = Parallelism.chunkCount(of: pixels, chunkSize: chunk)
    let shared = unsafe SharedOverlap(makeBatch(predictions, targets, pixels, mask, direction))
    // A small map is one part, and many of them one chunk.
    let mapsPerChunk = parts > 1 ? 1 : max(1, chunk / max(pixels, 1))
    let chunks = parts > 1 ? maps * parts : Parallelism.chunkCount(of: maps, chunkSize: mapsPerChunk)
    let results: [[la_overlap_sums]] = Parallelism.mapChunks(count: chunks) { index in
      if parts > 1 {
        let part = Parallelism.range(ofChunk: index % parts, of: pixels, chunkSize: chunk)
        let start = index / parts * pixels
        return [unsafe shared.sum(start + part.lowerBound, start + part.upperBound)]
      }
      return Parallelism.range(ofChunk: index, of: maps, chunkSize: mapsPerChunk).map { map in
        unsafe shared.sum(map * pixels, (map + 1) * pixels)
      }
    }
    var sums = [Sums](repeating: Sums(), count: maps)
    for (index, result) in results.joined().enumerated() {
      let map = index / max(parts, 1)
      sums[map].both += result.both
      sums[map].falsePositive += result.falsePositive
      sums[map].falseNegative += result.falseNegative
      sums[map].directionInside += result.directionInside
      sums[map].directionOutside += result.directionOutside
      sums[map].counted += Int(result.counted)
      if sums[map].violation == nil && result.violation >= 0 {
        sums[map].violation = Violation(pixel: Int(result.violation), isTarget: result.violatesTarget)
      }
    }
    return sums
  }

  /// output = t·inside + (1 − t)·outside, with two numbers for every map; 0 where the mask is.
  package static func fill<T: Scalar, Target: TargetElement>(
    predictions: Span<T>, targets: Span<Target>, pixels: Int, mask: Span<Bool>?, inside: [Double], outside: [Double],
    output: inout MutableSpan<T>
  ) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(mask)
      extendLifetime(output)
    }
    let maps = predictions.count / pixels, parts = Parallelism.chunkCount(of: pixels, chunkSize: chunk)
    let shared = unsafe SharedOverlap(makeBatch(predictions, targets, pixels, mask, nil), output: address(&output))
    let perChunk = parts > 1 ? 1 : max(1, chunk / max(pixels, 1))
    // The chunks write disjoint pixels, and the threads are waited for here.
    Parallelism.forEachRange(of: maps * parts, chunkSize: perChunk) { _, range in
      for index in range {
        let map = index / parts, part = Parallelism.range(ofChunk: index % parts, of: pixels, chunkSize: chunk)
        unsafe shared.fill(
          map * pixels + part.lowerBound, map * pixels + part.upperBound, inside[map], outside[map])
      }
    }
  }

  /// The Lovász losses of the maps whose scale is not 0, each with its first improper pixel, and where `output` is given their gradients
  /// times the scales.
  package static func lovasz<T: Scalar, Target: TargetElement>(
    predictions: Span<T>, targets: Span<Target>, pixels: Int, mask: Span<Bool>?, fromLogits: Bool, scales: [Double],
    output: inout MutableSpan<T>?
  ) -> [(loss: Double, violation: Violation?)] {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(mask)
      extendLifetime(output)
    }
    let maps = predictions.count / pixels
    let shared = unsafe SharedOverlap(makeBatch(predictions, targets, pixels, mask, nil), output: address(&output))
    let perChunk = max(1, chunk / max(pixels, 1))
    let chunks = Parallelism.chunkCount(of: maps, chunkSize: perChunk)
    let results: [[(loss: Double, violation: Violation?)]] = Parallelism.mapChunks(count: chunks) { index in
      var workspace = [Double](repeating: 0, count: 2 * pixels)
      return Parallelism.range(ofChunk: index, of: maps, chunkSize: perChunk).map { map in
        unsafe workspace.withUnsafeMutableBufferPointer { space in
          unsafe shared.lovasz(map * pixels, (map + 1) * pixels, fromLogits, scales[map], space.baseAddress)
        }
      }
    }
    return results.flatMap(\.self)
  }

  private static func makeBatch<T: Scalar, Target: TargetElement>(
    _ predictions: Span<T>, _ targets: Span<Target>, _ pixels: Int, _ mask: Span<Bool>?, _ direction: Span<T>?
  ) -> la_overlap {
    var batch = unsafe la_overlap()
    unsafe batch.elementType = T._kernelType
    unsafe batch.targetType = Target._kernelType
    unsafe batch.pixels = Int64(pixels)
    unsafe batch.predictions = address(predictions)
    unsafe batch.targets = address(targets)
    unsafe batch.direction = address(direction)
    unsafe batch.mask = address(mask)?.assumingMemoryBound(to: UInt8.self)
    return unsafe batch
  }
}

@unsafe private struct SharedOverlap: @unchecked Sendable {
  let batch: la_overlap
  let output: UnsafeMutableRawPointer?

  init(_ batch: la_overlap, output: UnsafeMutableRawPointer? = nil) {
    unsafe self.batch = unsafe batch
    unsafe self.output = unsafe output
  }

  func sum(_ begin: Int, _ end: Int) -> la_overlap_sums {
    unsafe withUnsafePointer(to: batch) { unsafe la_overlap_sum($0, Int64(begin), Int64(end)) }
  }

  func fill(_ begin: Int, _ end: Int, _ inside: Double, _ outside: Double) {
    unsafe withUnsafePointer(to: batch) {
      unsafe la_overlap_fill($0, Int64(begin), Int64(end), inside, outside, output)
    }
  }

  func lovasz(
    _ begin: Int, _ end: Int, _ fromLogits: Bool, _ scale: Double, _ workspace: UnsafeMutablePointer<Double>?
  ) -> (loss: Double, violation: OverlapKernel.Violation?) {
    var pixel: Int64 = -1, isTarget = false
    let loss = unsafe withUnsafePointer(to: batch) {
      unsafe la_lovasz($0, fromLogits, Int64(begin), Int64(end), scale, workspace, output, &pixel, &isTarget)
    }
    return (loss, pixel >= 0 ? OverlapKernel.Violation(pixel: Int(pixel), isTarget: isTarget) : nil)
  }
}
