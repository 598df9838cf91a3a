extension JointLoss {
  /// The weighted mean of the losses, Σ wᵢℓᵢ / Σ wᵢ, and on request its derivatives.
  ///
  /// Gradient and curvature are those of the mean: row i is that of ℓᵢ, times wᵢ / Σw. One pass over the batch computes all of it.
  ///
  /// A sample is left out if its weight is 0, its mask false or a target missing. It then counts nowhere, Σ w included; its gradient and
  /// curvature are 0, even if its numbers are not finite.
  ///
  /// - Parameters:
  ///   - predictions: n × P, row after row. Infinities and NaN propagate as IEEE 754 says.
  ///   - targets: n × M, row after row, of any numeric type; they are converted while they are read.
  ///   - weights: w ≥ 0, n of them, 1 each if left out.
  ///   - mask: The samples that count, n of them, all if left out.
  ///   - offsets: n numbers that are added to the samples' first predictions before the loss is taken of them, such as the logarithms of
  ///     exposures; nothing if left out. For losses of any first prediction only.
  ///   - missingTargets: What stands for a missing target, NaN or a number; `nil` if none is missing. A sample that lacks one of several
  ///     targets is left out.
  ///   - gradient: Where the gradient goes, if it is wanted: n × P.
  ///   - curvature: Where the curvature goes, if it is wanted: n × P(P + 1)/2, packed as ``JointLoss`` says.
  ///   - kind: Which curvature: the Hessian itself, or the Fisher information of losses that have one.
  /// - Returns: The mean, in `Double` for every batch type. Results are the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, one of which no sample counts, weights that are negative or not finite, samples outside the loss's domain
  ///   (the index is that of the element in its buffer), and a curvature that the loss does not have. The buffers then hold NaN.
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: Span<T>, targets: Span<Target>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    offsets: Span<T>? = nil, missingTargets: Double? = nil,
    gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil,
    as kind: CurvatureKind = .exact
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var curvature = curvature
    return try evaluate(
      predictions, targets, Span<Target>?.none, weights, mask, offsets, missingTargets, .mean, 1, kind, &values,
      &gradient, &curvature)
  }

  /// The weighted mean, of a loss with two targets that lie in columns of their own, each of its own type: times and whether they
  /// are events, lower and upper ends.
  public func mean<T: Scalar, First: TargetElement, Second: TargetElement>(
    predictions: Span<T>, targets first: Span<First>, _ second: Span<Second>, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil,
    offsets: Span<T>? = nil, missingTargets: Double? = nil,
    gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil,
    as kind: CurvatureKind = .exact
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var curvature = curvature
    return try evaluate(
      predictions, first, second, weights, mask, offsets, missingTargets, .mean, 1, kind, &values, &gradient, &curvature
    )
  }

  /// The weighted sum of the losses, Σ wᵢℓᵢ, and on request its derivatives; all of it times `scale`.
  ///
  /// Parameters, result and errors are those of the mean, save that weights may be all 0: the sum is then 0.
  public func sum<T: Scalar, Target: TargetElement>(
    predictions: Span<T>, targets: Span<Target>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    offsets: Span<T>? = nil, missingTargets: Double? = nil, scale: Double = 1,
    gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil,
    as kind: CurvatureKind = .exact
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var curvature = curvature
    return try evaluate(
      predictions, targets, Span<Target>?.none, weights, mask, offsets, missingTargets, .sum, scale, kind, &values,
      &gradient, &curvature)
  }

  /// The weighted sum, of a loss with two targets that lie in columns of their own.
  public func sum<T: Scalar, First: TargetElement, Second: TargetElement>(
    predictions: Span<T>, targets first: Span<First>, _ second: Span<Second>, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil,
    offsets: Span<T>? = nil, missingTargets: Double? = nil,
    scale: Double = 1, gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil,
    as kind: CurvatureKind = .exact
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var curvature = curvature
    return try evaluate(
      predictions, first, second, weights, mask, offsets, missingTargets, .sum, scale, kind, &values, &gradient,
      &curvature)
  }

  /// The loss of every sample, times its weight, in a buffer of n elements; and on request the derivatives of their sum.
  public func values<T: Scalar, Target: TargetElement>(
    predictions: Span<T>, targets: Span<Target>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    offsets: Span<T>? = nil, missingTargets: Double? = nil, into values: consuming MutableSpan<T>,
    gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil,
    as kind: CurvatureKind = .exact
  ) throws(LossError) {
    var values: MutableSpan<T>? = values
    var gradient = gradient
    var curvature = curvature
    _ = try evaluate(
      predictions, targets, Span<Target>?.none, weights, mask, offsets, missingTargets, .sum, 1, kind, &values,
      &gradient, &curvature)
  }

  /// The same, of a loss with two targets that lie in columns of their own.
  public func values<T: Scalar, First: TargetElement, Second: TargetElement>(
    predictions: Span<T>, targets first: Span<First>, _ second: Span<Second>, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil,
    offsets: Span<T>? = nil, missingTargets: Double? = nil,
    into values: consuming MutableSpan<T>, gradient: consuming MutableSpan<T>? = nil,
    curvature: consuming MutableSpan<T>? = nil, as kind: CurvatureKind = .exact
  ) throws(LossError) {
    var values: MutableSpan<T>? = values
    var gradient = gradient
    var curvature = curvature
    _ = try evaluate(
      predictions, first, second, weights, mask, offsets, missingTargets, .sum, 1, kind, &values, &gradient, &curvature)
  }
}

extension JointLoss {
  private enum Reduction { case sum, mean }

  /// One pass over the batch: what every public call comes to. The targets are one buffer of rows, or two columns.
  private func evaluate<T: Scalar, First: TargetElement, Second: TargetElement>(
    _ predictions: Span<T>, _ first: Span<First>, _ second: Span<Second>?, _ weights: Span<T>?,
    _ mask: Span<Bool>?, _ offsets: Span<T>?, _ missingTargets: Double?, _ reduction: Reduction, _ scale: Double,
    _ kind: CurvatureKind,
    _ values: inout MutableSpan<T>?, _ gradient: inout MutableSpan<T>?, _ curvature: inout MutableSpan<T>?
  ) throws(LossError) -> Double {
    // The batch holds their addresses.
    defer {
      extendLifetime(predictions)
      extendLifetime(first)
      extendLifetime(second)
      extendLifetime(weights)
      extendLifetime(mask)
      extendLifetime(offsets)
      extendLifetime(values)
      extendLifetime(gradient)
      extendLifetime(curvature)
    }
    let (width, pairs) = (self.predictions.count, curvatureCount)
    let stride = second == nil ? targets.count : 1
    precondition(second == nil || targets.count == 2, "the loss \(name) has \(targets.count) targets, not 2 columns")
    let count = first.count / stride
    requireCount(first.count, count * stride, "targets")
    requireCount(predictions.count, count * width, "predictions")
    if let second { requireCount(second.count, count, "targets") }
    if let weights { requireCount(weights.count, count, "weights") }
    if let mask { requireCount(mask.count, count, "elements of the mask") }
    if let offsets {
      requireCount(offsets.count, count, "offsets")
      precondition(
        self.predictions[0].domain == nil,
        "the loss \(name) is not defined for every \(self.predictions[0].name), so it takes no offsets")
    }
    if let length = values?.count { requireCount(length, count, "values") }
    if let length = gradient?.count { requireCount(length, count * width, "elements of the gradient") }
    if let length = curvature?.count { requireCount(length, count * pairs, "elements of the curvature") }

    do throws(LossError) {
      if curvature != nil && !curvatureKinds.contains(kind) {
        throw .curvatureNotAvailable(loss: name, kind: kind, available: curvatureKinds)
      }
      guard count > 0 else { throw .emptyBatch }
      var batch = KernelBatch<T>(count: count)
      for k in 0..<width { batch.read(k, predictions, offset: k, stride: width) }
      for k in targets.indices {
        if k == 1, let second {
          batch.read(width + k, second)
        } else {
          batch.read(width + k, first, offset: second == nil ? k : 0, stride: stride)
        }
      }
      if let offsets { batch.read(width + targets.count, offsets) }
      if let weights { batch.weigh(by: weights) }
      if let mask { batch.mask(by: mask) }
      if let missingTargets {
        for k in targets.indices {
          if k == 1, let second {
            batch.mask(by: second, absent: missingTargets)
          } else {
            batch.mask(by: first, absent: missingTargets, offset: second == nil ? k : 0, stride: stride)
          }
        }
      }
      var total = Double(count)
      if batch.isWeighted {
        let (sum, invalid) = Weights.sum(of: batch)
        if let invalid, let weights { throw .invalidWeight(index: invalid, value: Double(weights[invalid])) }
        total = sum
      }
      if total == 0 && (reduction == .mean || batch.isMasked) { throw .nothingToAverage }

      let factor = reduction == .mean ? 1 / total : scale
      if values == nil { batch.sum(0) } else { batch.store(0, in: &values!, scale: factor) }
      if gradient != nil {
        for k in 0..<width { batch.store(1 + k, in: &gradient!, offset: k, stride: width, scale: factor) }
      }
      if curvature != nil {
        let start = gradient == nil ? 1 : 1 + width
        for k in 0..<pairs { batch.store(start + k, in: &curvature!, offset: k, stride: pairs, scale: factor) }
      }
      let program = programs.program(
        for: .init(gradient: gradient != nil, curvature: curvature == nil ? nil : kind, hasOffset: offsets != nil))
      let outcome = program.run(batch)
      if let violation = outcome.violation { throw error(violation, predictions, first, second) }
      return reduction == .mean ? outcome.sum / total : outcome.sum * scale
    } catch {
      values?.update(repeating: .nan)
      gradient?.update(repeating: .nan)
      curvature?.update(repeating: .nan)
      throw error
    }
  }

  private func error<T: Scalar, First: TargetElement, Second: TargetElement>(
    _ violation: (sample: Int, check: Int), _ predictions: Span<T>, _ first: Span<First>, _ second: Span<Second>?
  ) -> LossError {
    let check = programs.check(violation.check)
    let (lowest, highest) = (check.valid.lowerBound, check.valid.upperBound)
    let width = self.predictions.count
    if check.input < width {
      let index = violation.sample * width + check.input
      return .predictionOutsideDomain(
        index: index, value: Double(predictions[index]), lowest: lowest, highest: highest)
    }
    let column = check.input - width
    if let second {
      let value = column == 0 ? first[violation.sample].asDouble : second[violation.sample].asDouble
      return .targetOutsideDomain(index: violation.sample, value: value, lowest: lowest, highest: highest)
    }
    let index = violation.sample * targets.count + column
    return .targetOutsideDomain(index: index, value: first[index].asDouble, lowest: lowest, highest: highest)
  }

  private func requireCount(_ count: Int, _ expected: Int, _ what: StaticString) {
    precondition(
      count == expected,
      "the loss \(name) was given \(count) \(what), not \(expected): \(predictions.count) predictions a sample")
  }
}
