extension PointwiseLoss {
  /// The weighted mean of the losses, Σ wᵢℓᵢ / Σ wᵢ over the samples that count, and on request its derivatives.
  ///
  /// Gradient and curvature are those of the mean: element i is wᵢ·ℓ′(ŷᵢ, yᵢ) / Σw and wᵢ·ℓ″(ŷᵢ, yᵢ) / Σw. One pass over the
  /// batch computes all of it.
  ///
  /// A sample is left out if its weight is 0, its mask false or its target missing. It then counts nowhere, Σ w included; its gradient and
  /// curvature are 0, even if its numbers are not finite.
  ///
  /// - Parameters:
  ///   - predictions: ŷ. Infinities and NaN propagate as IEEE 754 says.
  ///   - targets: y, as many as predictions, of any numeric type; they are converted while they are read.
  ///   - weights: w ≥ 0, 1 each if left out.
  ///   - mask: The samples that count, all if left out.
  ///   - offsets: What is added to the predictions before the loss is taken of them, such as the logarithms of exposures in a model of
  ///     counts; nothing if left out. For losses of any prediction only.
  ///   - missingTargets: What stands for a missing target, NaN or a number; `nil` if none is missing.
  ///   - gradient: Where the gradient goes, if it is wanted: a buffer of the batch's length.
  ///   - curvature: Where the curvature goes, likewise.
  ///   - kind: Which curvature it is.
  /// - Returns: The mean, in `Double` for every batch type: within 2 ulp of the mean of the rounded elements for a million
  ///   samples. Results are the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, one of which no sample counts, weights that are negative or not finite, samples outside
  ///   the loss's domain, and a curvature that the loss does not have. The buffers then hold NaN.
  @specialized(where T == Float, Target == Float)
  @specialized(where T == Double, Target == Double)
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: Span<T>,
    targets: Span<Target>,
    weights: Span<T>? = nil,
    mask: Span<Bool>? = nil,
    offsets: Span<T>? = nil,
    missingTargets: Double? = nil,
    gradient: consuming MutableSpan<T>? = nil,
    curvature: consuming MutableSpan<T>? = nil,
    as kind: CurvatureKind = .exact
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var curvature = curvature
    return try evaluate(
      predictions, targets, weights, mask, offsets, missingTargets, isMean: true, scale: 1, &values, &gradient,
      &curvature, kind)
  }

  /// The weighted sum of the losses, Σ wᵢℓᵢ, and on request its derivatives: element i is wᵢ·ℓ′(ŷᵢ, yᵢ) and wᵢ·ℓ″(ŷᵢ, yᵢ).
  ///
  /// Parameters, result and errors are those of the mean, save that weights may
  /// be all 0: the sum is then 0. All is multiplied by `scale`: the derivative of whatever the sum flows into.
  @specialized(where T == Float, Target == Float)
  @specialized(where T == Double, Target == Double)
  public func sum<T: Scalar, Target: TargetElement>(
    predictions: Span<T>,
    targets: Span<Target>,
    weights: Span<T>? = nil,
    mask: Span<Bool>? = nil,
    offsets: Span<T>? = nil,
    missingTargets: Double? = nil,
    scale: Double = 1,
    gradient: consuming MutableSpan<T>? = nil,
    curvature: consuming MutableSpan<T>? = nil,
    as kind: CurvatureKind = .exact
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var curvature = curvature
    return try evaluate(
      predictions, targets, weights, mask, offsets, missingTargets, isMean: false, scale: scale, &values, &gradient,
      &curvature, kind)
  }

  /// The loss of every sample, times its weight, in a buffer of the batch's length; and on request the derivatives of their sum.
  @specialized(where T == Float, Target == Float)
  @specialized(where T == Double, Target == Double)
  public func values<T: Scalar, Target: TargetElement>(
    predictions: Span<T>,
    targets: Span<Target>,
    weights: Span<T>? = nil,
    mask: Span<Bool>? = nil,
    offsets: Span<T>? = nil,
    missingTargets: Double? = nil,
    into values: consuming MutableSpan<T>,
    gradient: consuming MutableSpan<T>? = nil,
    curvature: consuming MutableSpan<T>? = nil,
    as kind: CurvatureKind = .exact
  ) throws(LossError) {
    var values: MutableSpan<T>? = values
    var gradient = gradient
    var curvature = curvature
    _ = try evaluate(
      predictions, targets, weights, mask, offsets, missingTargets, isMean: false, scale: 1, &values, &gradient,
      &curvature, kind)
  }
}

extension PointwiseLoss {
  /// One pass over the batch: what every public call comes to.
  private func evaluate<T: Scalar, Target: TargetElement>(
    _ predictions: Span<T>, _ targets: Span<Target>, _ weights: Span<T>?, _ mask: Span<Bool>?, _ offsets: Span<T>?,
    _ missingTargets: Double?, isMean: Bool, scale: Double, _ values: inout MutableSpan<T>?,
    _ gradient: inout MutableSpan<T>?, _ curvature: inout MutableSpan<T>?, _ kind: CurvatureKind
  ) throws(LossError) -> Double {
    let count = predictions.count
    if let length = values?.count { requireSameCount(count, length, "values") }
    if let length = gradient?.count { requireSameCount(count, length, "elements of the gradient") }
    if let length = curvature?.count { requireSameCount(count, length, "elements of the curvature") }
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(mask)
      extendLifetime(offsets)
      extendLifetime(values)
      extendLifetime(gradient)
      extendLifetime(curvature)
    }
    do throws(LossError) {
      var batch = samples(predictions, targets, offsets, mask, missingTargets)
      if let weights {
        requireSameCount(count, weights.count, "weights")
        batch.weigh(by: weights)
      }
      let total = try totalWeight(batch, weights)
      if total == 0 && (isMean || mask != nil || missingTargets != nil) { throw .nothingToAverage }
      if curvature != nil { try require(kind) }
      // The kernels sum without the scale, so that the mean is one sum, right to the last bit or two, divided once.
      let factor = isMean ? 1 / total : scale
      var request: ProgramCache.Request = [.value]
      if offsets != nil { request.insert(.offset) }
      if values != nil { batch.store(0, ifWanted: &values, scale: factor) } else { batch.sum(0) }
      if gradient != nil {
        request.insert(.gradient)
        batch.store(1, ifWanted: &gradient, scale: factor)
      }
      if curvature != nil {
        request.insert(.curvature)
        batch.store(gradient == nil ? 1 : 2, ifWanted: &curvature, scale: factor)
      }
      let outcome = programs.program(for: request, curvature: curvature == nil ? .exact : kind).run(batch)
      if let violation = outcome.violation { throw error(violation, predictions, targets) }
      return isMean ? outcome.sum / total : outcome.sum * scale
    } catch {
      fillWithNaN(&values)
      fillWithNaN(&gradient)
      fillWithNaN(&curvature)
      throw error
    }
  }

  /// The samples of a batch, without their weights.
  func samples<T: Scalar, Target: TargetElement>(
    _ predictions: Span<T>, _ targets: Span<Target>, _ offsets: Span<T>?, _ mask: Span<Bool>?,
    _ missingTargets: Double?
  ) -> KernelBatch<T> {
    requireSameCount(predictions.count, targets.count, "targets")
    var batch = KernelBatch<T>(count: predictions.count)
    batch.read(0, predictions)
    batch.read(1, targets)
    if let offsets {
      requireSameCount(predictions.count, offsets.count, "offsets")
      precondition(
        predictionDomain == nil, "the loss \(name) is not defined for every prediction, so it takes no offsets")
      batch.read(2, offsets)
    }
    if let mask {
      requireSameCount(predictions.count, mask.count, "elements of the mask")
      batch.mask(by: mask)
    }
    if let missingTargets { batch.mask(by: targets, absent: missingTargets) }
    return batch
  }

  /// The sum of the weights of the samples that count.
  func totalWeight<T: Scalar>(_ batch: KernelBatch<T>, _ weights: Span<T>?) throws(LossError) -> Double {
    guard batch.count > 0 else { throw .emptyBatch }
    guard batch.isWeighted else { return Double(batch.count) }
    let (total, invalid): (Double, Int?)
    if let weights, !batch.isMasked {
      (total, invalid) = Weights.sum(weights)
    } else {
      (total, invalid) = Weights.sum(of: batch)
    }
    if let invalid, let weights { throw .invalidWeight(index: invalid, value: Double(weights[invalid])) }
    return total
  }

  func require(_ kind: CurvatureKind) throws(LossError) {
    guard programs.curvature(kind) != nil else {
      throw .curvatureNotAvailable(loss: name, kind: kind, available: curvatureKinds)
    }
  }

  func error<T: Scalar, Target: TargetElement>(
    _ violation: (sample: Int, check: Int), _ predictions: Span<T>, _ targets: Span<Target>
  ) -> LossError {
    let (isTarget, valid) = programs.check(violation.check)
    let index = violation.sample
    return isTarget
      ? .targetOutsideDomain(
        index: index, value: targets[index].asDouble, lowest: valid.lowerBound, highest: valid.upperBound)
      : .predictionOutsideDomain(
        index: index, value: Double(predictions[index]), lowest: valid.lowerBound, highest: valid.upperBound)
  }
}

func requireSameCount(_ predictions: Int, _ count: Int, _ what: StaticString) {
  precondition(predictions == count, "\(predictions) predictions, but \(count) \(what)")
}

func fillWithNaN<T: Scalar>(_ buffer: inout MutableSpan<T>?) {
  buffer?.update(repeating: .nan)
}
