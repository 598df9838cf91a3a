extension PointwiseLoss {
  /// The proximal operator of the loss at every sample: argmin ℓ(p, yᵢ) + (p − vᵢ)²/(2t), by its closed form.
  ///
  /// - Parameters:
  ///   - points: v, in the place of predictions.
  ///   - targets: y, as many, of any numeric type.
  ///   - step: t ≥ 0; for a weighted sample, t times its weight: see the call with one step each.
  ///   - result: Where the minimisers go: a buffer of the batch's length.
  /// - Throws: ``LossError/closedFormNotAvailable(loss:what:)`` for a loss without a closed form, and errors of the
  ///   batch as the mean throws them. The buffer then holds NaN.
  /// - Precondition: the step is finite and not negative.
  public func proximalPoints<T: Scalar, Target: TargetElement>(
    _ points: Span<T>, targets: Span<Target>, step: Double, into result: consuming MutableSpan<T>
  ) throws(LossError) {
    precondition(step >= 0 && step.isFinite, "the step is \(step), it must be finite and not negative")
    let steps: [1 of T] = [T(step)]
    try proximalPoints(points, targets, steps.span, stride: 0, &result)
  }

  /// The proximal operator with a step for every sample, tᵢ ≥ 0: for a weighted loss w·ℓ and the step t it is that of ℓ with
  /// tᵢ = t·wᵢ.
  public func proximalPoints<T: Scalar, Target: TargetElement>(
    _ points: Span<T>, targets: Span<Target>, steps: Span<T>, into result: consuming MutableSpan<T>
  ) throws(LossError) {
    requireSameCount(points.count, steps.count, "steps")
    if points.count > 0, let index = Weights.sum(steps).invalid {
      result.update(repeating: .nan)
      throw .invalidStep(index: index, value: Double(steps[index]))
    }
    try proximalPoints(points, targets, steps, stride: 1, &result)
  }

  /// The proximal operator of arrays, as a new array.
  public func proximalPoints<T: Scalar, Target: TargetElement>(
    _ points: [T], targets: [Target], step: Double
  ) throws(LossError) -> [T] {
    defer { keepAlive(points, targets) }
    var result = [T](repeating: 0, count: points.count)
    try proximalPoints(points.span, targets: targets.span, step: step, into: result.mutableSpan)
    return result
  }

  /// The weighted sum of the convex conjugates, Σ wᵢ·ℓ*(uᵢ, yᵢ) with ℓ*(u, y) = sup u·p − ℓ(p, y), by their closed form.
  ///
  /// Infinite where a dual variable lies outside the conjugate's domain. For every p it is at least Σ wᵢ·(uᵢ·pᵢ − ℓ(pᵢ, yᵢ)), with
  /// equality where uᵢ is the gradient at pᵢ: so it bounds how far a solution is from the best one.
  ///
  /// - Parameters:
  ///   - duals: u, in the place of predictions.
  ///   - targets: y, as many, of any numeric type.
  ///   - weights: w ≥ 0, 1 each if left out.
  ///   - values: Where the weighted conjugates of the samples go, if they are wanted: a buffer of the batch's length.
  /// - Throws: as ``proximalPoints(_:targets:step:into:)``, and for weights that are negative or not finite.
  public func conjugateSum<T: Scalar, Target: TargetElement>(
    duals: Span<T>, targets: Span<Target>, weights: Span<T>? = nil, into values: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    requireSameCount(duals.count, targets.count, "targets")
    if let weights { requireSameCount(duals.count, weights.count, "weights") }
    if let length = values?.count { requireSameCount(duals.count, length, "values") }
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(duals)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(values)
    }
    do throws(LossError) {
      guard duals.count > 0 else { throw .emptyBatch }
      guard conjugate != nil else { throw .closedFormNotAvailable(loss: name, what: "convex conjugate") }
      if let weights, let index = Weights.sum(weights).invalid {
        throw .invalidWeight(index: index, value: Double(weights[index]))
      }
      var batch = KernelBatch<T>(count: duals.count)
      batch.read(0, duals)
      batch.read(1, targets)
      if let weights { batch.weigh(by: weights) }
      batch.store(0, ifWanted: &values)
      batch.sum(0)
      let outcome = programs.program(for: .conjugate).run(batch)
      if let violation = outcome.violation { throw error(violation, duals, targets) }
      return outcome.sum
    } catch {
      values?.update(repeating: .nan)
      throw error
    }
  }

  /// The weighted sum of the convex conjugates of arrays.
  public func conjugateSum<T: Scalar, Target: TargetElement>(
    duals: [T], targets: [Target], weights: [T]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(duals, targets, weights) }
    return try conjugateSum(duals: duals.span, targets: targets.span, weights: weights?.span)
  }

  private func proximalPoints<T: Scalar, Target: TargetElement>(
    _ points: Span<T>, _ targets: Span<Target>, _ steps: Span<T>, stride: Int, _ result: inout MutableSpan<T>
  ) throws(LossError) {
    requireSameCount(points.count, targets.count, "targets")
    requireSameCount(points.count, result.count, "results")
    defer {
      extendLifetime(points)
      extendLifetime(targets)
      extendLifetime(steps)
    }
    do throws(LossError) {
      guard points.count > 0 else { throw .emptyBatch }
      guard proximalOperator != nil else {
        throw .closedFormNotAvailable(loss: name, what: "proximal operator")
      }
      var batch = KernelBatch<T>(count: points.count)
      batch.read(0, points)
      batch.read(1, targets)
      batch.read(2, steps, stride: stride)
      batch.store(0, in: &result)
      let outcome = programs.program(for: .proximalPoint).run(batch)
      if let violation = outcome.violation { throw error(violation, points, targets) }
    } catch {
      result.update(repeating: .nan)
      throw error
    }
  }
}
