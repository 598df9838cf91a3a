import CKernelInterface

/// An ordinal loss over a batch of scores with common cuts: the kernels' batch, made from spans and run chunk by chunk.
package enum OrdinalKernel {
  /// Which loss; the numbers are the kernels'.
  package enum Kind: UInt32, Sendable, Hashable {
    case cumulativeLogit = 0
    case allThresholdLogistic = 1
    case allThresholdHinge = 2
  }

  /// Everything about a batch but its scores, levels and weights.
  package struct Settings: Sendable {
    package var kind: Kind
    package var cuts: [Double]
    package var ignoredLevel: Int?
    package var reduction: RowReduction
    package var scale: Double
    /// What the cuts' part of a direction is, where a product is asked for.
    package var cutVector: [Double]?
  }

  /// Runs over all samples: the losses, times their weights, go to `values`, the gradient of the reduction with respect to the scores to
  /// `gradient`, and to `product` the second derivatives, or what the Hessian makes of `vector` and the settings' `cutVector`. The cuts'
  /// part of gradient or product goes to `cutResult`.
  package static func run<T: Scalar, Level: TargetElement>(
    scores: Span<T>, levels: Span<Level>, weights: Span<T>?, settings: Settings, vector: Span<T>?,
    values: inout MutableSpan<T>?, gradient: inout MutableSpan<T>?, product: inout MutableSpan<T>?,
    cutResult: inout MutableSpan<Double>?
  ) -> SoftmaxKernel.Outcome {
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(scores)
      extendLifetime(levels)
      extendLifetime(weights)
      extendLifetime(vector)
      extendLifetime(values)
      extendLifetime(gradient)
      extendLifetime(product)
    }
    let options = SoftmaxKernel.Options(
      classes: settings.cuts.count + 1, targetsAreLabels: true, classWeights: nil, labelSmoothing: 0,
      ignoredLabel: settings.ignoredLevel)
    let rows = unsafe SoftmaxKernel.rows(
      of: scores, targets: levels, weights: weights, options: options, values: &values, gradient: &gradient)
    let (total, problem) = unsafe SoftmaxKernel.weigh(
      rows, as: T.self, rows: scores.count, reduction: settings.reduction)
    if let problem { return problem }
    let scale = settings.reduction == .mean ? settings.scale / total : settings.scale

    var batch = unsafe la_ordinal()
    unsafe batch.kind = la_ordinal_kind(rawValue: settings.kind.rawValue)!
    unsafe (batch.scores, batch.levels, batch.weights) = (rows.logits, rows.labels, rows.weights)
    unsafe (batch.levelType, batch.hasIgnoredLevel) = (rows.labelType, rows.hasIgnoredLabel)
    unsafe batch.ignoredLevel = rows.ignoredLabel
    unsafe batch.cutCount = Int64(settings.cuts.count)
    unsafe batch.scale = scale
    unsafe (batch.values, batch.gradient) = (rows.values, rows.gradient)
    unsafe product?.withUnsafeMutableBufferPointer { unsafe batch.product = UnsafeMutableRawPointer($0.baseAddress) }
    if let vector {
      unsafe vector.withUnsafeBufferPointer { unsafe batch.vector = UnsafeRawPointer($0.baseAddress) }
    }
    unsafe batch.cutSums = cutResult != nil
    let sums = unsafe settings.cuts.withUnsafeBufferPointer { cuts in
      unsafe batch.cuts = cuts.baseAddress
      guard let cutVector = settings.cutVector else { return unsafe run(batch, as: T.self, count: scores.count) }
      return unsafe cutVector.withUnsafeBufferPointer {
        unsafe batch.cutVector = $0.baseAddress
        return unsafe run(batch, as: T.self, count: scores.count)
      }
    }
    for cut in settings.cuts.indices where cutResult != nil {
      cutResult?[cut] = (sums[2 * cut + 2] + sums[2 * cut + 3]) * scale
    }
    let sum = sums[0].isFinite ? sums[0] + sums[1] : sums[0]
    return .value(settings.reduction == .mean ? sum / total * settings.scale : sum * settings.scale, weight: total)
  }

  /// High and low parts of the weighted sum and of the cuts' sums, chunk by chunk and added in their order.
  private static func run<T: Scalar>(_ batch: la_ordinal, as type: T.Type, count: Int) -> [Double] {
    let length = unsafe 2 * Int(batch.cutCount) + 2
    let chunk = 1 << 14
    let shared = unsafe SharedBatch(batch: batch)
    let parts = Parallelism.mapChunks(count: Parallelism.chunkCount(of: count, chunkSize: chunk)) { index in
      let samples = Parallelism.range(ofChunk: index, of: count, chunkSize: chunk)
      var sums = [Double](repeating: 0, count: length)
      unsafe withUnsafePointer(to: shared.batch) { batch in
        unsafe sums.withUnsafeMutableBufferPointer {
          unsafe T._ordinal(batch, samples.lowerBound, samples.upperBound, $0.baseAddress!)
        }
      }
      return sums
    }
    return parts.dropFirst().reduce(into: parts[0]) { total, next in
      for k in stride(from: 0, to: length, by: 2) {
        let sum = total[k] + next[k], part = sum - total[k]
        total[k + 1] += ((total[k] - (sum - part)) + (next[k] - part)) + next[k + 1]
        total[k] = sum
      }
    }
  }
}
