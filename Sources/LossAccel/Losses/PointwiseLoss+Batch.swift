extension PointwiseLoss {
  /// The weighted mean of the losses, Σ wᵢℓᵢ / Σ wᵢ, and on request its derivatives.
  ///
  /// Gradient and curvature are those of the mean: element i is wᵢ·ℓ′(ŷᵢ, yᵢ) / Σw and wᵢ·ℓ″(ŷᵢ, yᵢ) / Σw. One pass over the
  /// batch computes all of it.
  ///
  /// - Parameters:
  ///   - predictions: ŷ. Infinities and NaN propagate as IEEE 754 says.
  ///   - targets: y, as many as predictions, of any numeric type; they are converted while they are read.
  ///   - weights: w ≥ 0, 1 each if left out. A sample of weight 0 is left out, even if it is not finite.
  ///   - gradient: Where the gradient goes, if it is wanted: a buffer of the batch's length.
  ///   - curvature: Where the curvature goes, likewise.
  /// - Returns: The mean, in `Double` for every batch type: within 2 ulp of the mean of the rounded elements for a million
  ///   samples. Results are the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, weights that are negative, not finite or all 0, and samples outside the loss's
  ///   domain. The buffers then hold NaN.
  @specialized(where T == Float, Target == Float)
  @specialized(where T == Double, Target == Double)
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: Span<T>,
    targets: Span<Target>,
    weights: Span<T>? = nil,
    gradient: consuming MutableSpan<T>? = nil,
    curvature: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try reduce(.mean, predictions, targets, weights, 1, gradient, curvature)
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
    scale: Double = 1,
    gradient: consuming MutableSpan<T>? = nil,
    curvature: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try reduce(.sum, predictions, targets, weights, scale, gradient, curvature)
  }

  /// The loss of every sample, times its weight, in a buffer of the batch's length; and on request the derivatives of their sum.
  @specialized(where T == Float, Target == Float)
  @specialized(where T == Double, Target == Double)
  public func values<T: Scalar, Target: TargetElement>(
    predictions: Span<T>,
    targets: Span<Target>,
    weights: Span<T>? = nil,
    into values: consuming MutableSpan<T>,
    gradient: consuming MutableSpan<T>? = nil,
    curvature: consuming MutableSpan<T>? = nil
  ) throws(LossError) {
    var values: MutableSpan<T>? = values
    var gradient = gradient
    var curvature = curvature
    _ = try evaluate(predictions, targets, weights, reduction: .sum, scale: 1, &values, &gradient, &curvature)
  }
}

extension PointwiseLoss {
  private enum Reduction { case sum, mean }

  private func reduce<T: Scalar, Target: TargetElement>(
    _ reduction: Reduction, _ predictions: Span<T>, _ targets: Span<Target>, _ weights: Span<T>?, _ scale: Double,
    _ gradient: consuming MutableSpan<T>?, _ curvature: consuming MutableSpan<T>?
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var curvature = curvature
    return try evaluate(
      predictions, targets, weights, reduction: reduction, scale: scale, &values, &gradient, &curvature)
  }

  /// One pass over the batch: what every public call comes to.
  private func evaluate<T: Scalar, Target: TargetElement>(
    _ predictions: Span<T>, _ targets: Span<Target>, _ weights: Span<T>?, reduction: Reduction, scale: Double,
    _ values: inout MutableSpan<T>?, _ gradient: inout MutableSpan<T>?, _ curvature: inout MutableSpan<T>?
  ) throws(LossError) -> Double {
    let count = predictions.count
    requireSameCount(count, targets.count, "targets")
    if let weights { requireSameCount(count, weights.count, "weights") }
    if let length = values?.count { requireSameCount(count, length, "values") }
    if let length = gradient?.count { requireSameCount(count, length, "elements of the gradient") }
    if let length = curvature?.count { requireSameCount(count, length, "elements of the curvature") }

    var request: ProgramCache.Request = [.value]
    if gradient != nil { request.insert(.gradient) }
    if curvature != nil { request.insert(.curvature) }
    let program = programs.program(for: request)

    do throws(LossError) {
      let total = try totalWeight(weights, count: count)
      if reduction == .mean && total == 0 { throw .nothingToAverage }
      // The kernels sum without the scale, so that the mean is one sum, right to the last bit or two, divided once.
      let factor = reduction == .mean ? 1 / total : scale
      let outcome = program.run(
        predictions: predictions, targets: targets, weights: weights, scale: factor,
        values: &values, gradient: &gradient, curvature: &curvature)
      if let violation = outcome.violation { throw error(violation, predictions, targets) }
      return reduction == .mean ? outcome.sum / total : outcome.sum * scale
    } catch {
      fillWithNaN(&values)
      fillWithNaN(&gradient)
      fillWithNaN(&curvature)
      throw error
    }
  }

  private func totalWeight<T: Scalar>(_ weights: Span<T>?, count: Int) throws(LossError) -> Double {
    guard count > 0 else { throw .emptyBatch }
    guard let weights else { return Double(count) }
    let (total, invalid) = Weights.sum(weights)
    if let invalid { throw .invalidWeight(index: invalid, value: Double(weights[invalid])) }
    return total
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

private func fillWithNaN<T: Scalar>(_ buffer: inout MutableSpan<T>?) {
  buffer?.update(repeating: .nan)
}
