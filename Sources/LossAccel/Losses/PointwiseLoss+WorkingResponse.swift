extension PointwiseLoss {
  /// What one step of iteratively reweighted least squares needs, in one pass: the weight ωᵢ = wᵢ·cᵢ and the residual
  /// rᵢ = −ℓ′(ŷᵢ, yᵢ)/cᵢ of every sample, with c the curvature of the kind that is asked for.
  ///
  /// The least-squares fit of the responses ŷᵢ + rᵢ with weights ωᵢ is the Newton step for `.exact`, Fisher scoring for `.fisher`, and
  /// the classical reweighting, which never increases the loss, for `.majorizer`. Samples that are left out have weight and
  /// residual 0.
  ///
  /// - Parameters:
  ///   - predictions: ŷ.
  ///   - targets: As those of the mean.
  ///   - weights: As those of the mean.
  ///   - mask: As that of the mean.
  ///   - offsets: As those of the mean.
  ///   - missingTargets: As those of the mean.
  ///   - kind: The curvature.
  ///   - fallback: The curvature that stands in where the first is not positive, such as `.majorizer`; without one, such a sample is an
  ///     error.
  ///   - workingWeights: Where ω goes: a buffer of the batch's length.
  ///   - residuals: Where r goes: likewise.
  /// - Returns: Σ wᵢℓᵢ.
  /// - Throws: as the sum, and ``LossError/curvatureNotPositive(index:loss:kind:)``. The buffers then hold NaN.
  public func workingResponse<T: Scalar, Target: TargetElement>(
    predictions: Span<T>,
    targets: Span<Target>,
    weights: Span<T>? = nil,
    mask: Span<Bool>? = nil,
    offsets: Span<T>? = nil,
    missingTargets: Double? = nil,
    as kind: CurvatureKind = .exact,
    whereNotPositive fallback: CurvatureKind? = nil,
    workingWeights: consuming MutableSpan<T>,
    residuals: consuming MutableSpan<T>
  ) throws(LossError) -> Double {
    requireSameCount(predictions.count, workingWeights.count, "working weights")
    requireSameCount(predictions.count, residuals.count, "residuals")
    var workingWeights = workingWeights
    var residuals = residuals
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(mask)
      extendLifetime(offsets)
    }
    do throws(LossError) {
      var batch = samples(predictions, targets, offsets, mask, missingTargets)
      var weighed = batch
      if let weights {
        requireSameCount(predictions.count, weights.count, "weights")
        weighed.weigh(by: weights)
      }
      if try totalWeight(weighed, weights) == 0 { throw .nothingToAverage }
      if let weights {
        // They enter as an input, since the residuals must not be multiplied by them, and as a mask, for those that are 0.
        batch.read(offsets == nil ? 2 : 3, weights)
        batch.mask(by: weights)
      }
      try require(kind)
      if let fallback { try require(fallback) }
      batch.sum(0)
      batch.sum(1)
      batch.store(2, in: &workingWeights)
      batch.store(3, in: &residuals)
      let outcome = programs.workingProgram(
        for: .init(kind: kind, fallback: fallback, hasOffset: offsets != nil, isWeighted: weights != nil)
      ).run(batch)
      if let violation = outcome.violation { throw error(violation, predictions, targets) }
      if outcome.sums.total(1) != 0 {
        // Samples that are left out have 0 in both.
        let index = (0..<predictions.count).first {
          workingWeights[$0] < 0 || workingWeights[$0] == 0 && residuals[$0] != 0
        }
        throw .curvatureNotPositive(index: index ?? 0, loss: name, kind: fallback ?? kind)
      }
      return outcome.sum
    } catch {
      workingWeights.update(repeating: .nan)
      residuals.update(repeating: .nan)
      throw error
    }
  }

  /// The working weights and residuals of arrays, with the weighted sum of the losses.
  public func workingResponse<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil, offsets: [T]? = nil,
    missingTargets: Double? = nil, as kind: CurvatureKind = .exact, whereNotPositive fallback: CurvatureKind? = nil
  ) throws(LossError) -> (sum: Double, workingWeights: [T], residuals: [T]) {
    defer { keepAlive(predictions, targets, weights, mask, offsets) }
    var workingWeights = [T](repeating: 0, count: predictions.count)
    var residuals = workingWeights
    let sum = try workingResponse(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets, as: kind, whereNotPositive: fallback,
      workingWeights: workingWeights.mutableSpan, residuals: residuals.mutableSpan)
    return (sum, workingWeights, residuals)
  }
}
