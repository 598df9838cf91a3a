extension OrdinalLoss {
  /// The weighted mean of the losses, Σ wᵢℓᵢ / Σ wᵢ, and on request its derivatives.
  ///
  /// - Parameters:
  ///   - scores: η, one per sample.
  ///   - levels: y, one per sample, integers of any width in 0...`cuts.count`, or the ignored level.
  ///   - cuts: b, strictly increasing.
  ///   - weights: w ≥ 0, one per sample, 1 each if left out.
  ///   - mask: The samples that count, all if left out.
  ///   - gradient: Where the derivatives of the mean with respect to the scores go, if they are wanted.
  ///   - cutGradient: Where those with respect to the cuts go, likewise.
  ///   - curvature: Where the second derivatives with respect to each score go, likewise; for all of the curvature see
  ///     ``hessianProduct(of:scores:levels:cuts:weights:mask:vector:cutVector:into:cuts:)``.
  /// - Returns: The mean, in `Double` for every batch type; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, a level or cut that is not valid, and weights that are negative, not finite or all 0.
  ///   The buffers then hold NaN.
  /// - Precondition: the lengths fit.
  public func mean<T: Scalar, Level: LabelElement>(
    scores: Span<T>, levels: Span<Level>, cuts: Span<Double>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    gradient: consuming MutableSpan<T>? = nil, cutGradient: consuming MutableSpan<Double>? = nil,
    curvature: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var cutGradient = cutGradient
    var curvature = curvature
    return try evaluate(
      scores, levels, cuts, weights, mask, .mean, 1, nil, nil, &values, &gradient, &curvature, &cutGradient)
  }

  /// The weighted sum of the losses, Σ wᵢℓᵢ, and on request its derivatives; all multiplied by `scale`. As
  /// ``mean(scores:levels:cuts:weights:mask:gradient:cutGradient:curvature:)``, save that weights may be all 0: the sum is then 0.
  public func sum<T: Scalar, Level: LabelElement>(
    scores: Span<T>, levels: Span<Level>, cuts: Span<Double>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    scale: Double = 1,
    gradient: consuming MutableSpan<T>? = nil, cutGradient: consuming MutableSpan<Double>? = nil,
    curvature: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var cutGradient = cutGradient
    var curvature = curvature
    return try evaluate(
      scores, levels, cuts, weights, mask, .sum, scale, nil, nil, &values, &gradient, &curvature, &cutGradient)
  }

  /// The loss of every sample, times its weight, in a buffer with one element per sample.
  public func values<T: Scalar, Level: LabelElement>(
    scores: Span<T>, levels: Span<Level>, cuts: Span<Double>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    into values: consuming MutableSpan<T>
  ) throws(LossError) {
    var values: MutableSpan<T>? = values
    var gradient: MutableSpan<T>?
    var curvature: MutableSpan<T>?
    var cutGradient: MutableSpan<Double>?
    _ = try evaluate(
      scores, levels, cuts, weights, mask, .sum, 1, nil, nil, &values, &gradient, &curvature, &cutGradient)
  }

  /// What the exact Hessian of the reduction, of scores and cuts together, makes of a direction.
  ///
  /// - Parameters:
  ///   - reduction: Sum or mean.
  ///   - scores: As those of the mean.
  ///   - levels: As those of the mean.
  ///   - cuts: As those of the mean.
  ///   - weights: As those of the mean.
  ///   - mask: As that of the mean.
  ///   - vector: The scores' part of the direction.
  ///   - cutVector: The cuts' part.
  ///   - product: Where the scores' part of the product goes.
  ///   - cutProduct: Where the cuts' part goes.
  /// - Throws: as ``mean(scores:levels:cuts:weights:mask:gradient:cutGradient:curvature:)``.
  public func hessianProduct<T: Scalar, Level: LabelElement>(
    of reduction: RowReduction, scores: Span<T>, levels: Span<Level>, cuts: Span<Double>, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil,
    vector: Span<T>, cutVector: Span<Double>, into product: consuming MutableSpan<T>,
    cuts cutProduct: consuming MutableSpan<Double>
  ) throws(LossError) {
    requireCount(vector.count, scores.count, "elements of the vector", "scores")
    requireCount(cutVector.count, cuts.count, "elements of the cut vector", "cuts")
    var values: MutableSpan<T>?
    var gradient: MutableSpan<T>?
    var product: MutableSpan<T>? = product
    var cutProduct: MutableSpan<Double>? = cutProduct
    _ = try evaluate(
      scores, levels, cuts, weights, mask, reduction, 1, vector, cutVector.copied(), &values, &gradient, &product,
      &cutProduct
    )
  }

  /// One pass over the batch: what every public call comes to.
  private func evaluate<T: Scalar, Level: LabelElement>(
    _ scores: Span<T>, _ levels: Span<Level>, _ cuts: Span<Double>, _ weights: Span<T>?, _ mask: Span<Bool>?,
    _ reduction: RowReduction,
    _ scale: Double, _ vector: Span<T>?, _ cutVector: [Double]?, _ values: inout MutableSpan<T>?,
    _ gradient: inout MutableSpan<T>?, _ product: inout MutableSpan<T>?, _ cutResult: inout MutableSpan<Double>?
  ) throws(LossError) -> Double {
    let count = scores.count
    requireCount(levels.count, count, "levels", "scores")
    if let weights { requireCount(weights.count, count, "weights", "scores") }
    if let length = values?.count { requireCount(length, count, "values", "scores") }
    if let length = gradient?.count { requireCount(length, count, "elements of the gradient", "scores") }
    if let length = product?.count { requireCount(length, count, "elements of the curvature", "scores") }
    if let length = cutResult?.count { requireCount(length, cuts.count, "elements for the cuts", "cuts") }
    do throws(LossError) {
      guard count > 0 else { throw .emptyBatch }
      for index in cuts.indices where !(cuts[index].isFinite && (index == 0 || cuts[index] > cuts[index - 1])) {
        throw .invalidCut(index: index, value: cuts[index])
      }
      if let mask {
        let counted = try maskedWeights(weights, by: mask, rows: count)
        defer { extendLifetime(counted) }
        return try evaluate(
          scores, levels, cuts, counted.span, nil, reduction, scale, vector, cutVector, &values, &gradient, &product,
          &cutResult)
      }
      let outcome = OrdinalKernel.run(
        scores: scores, levels: levels, weights: weights,
        settings: OrdinalKernel.Settings(
          kind: kind, cuts: cuts.copied(), ignoredLevel: ignoredLevel, reduction: reduction, scale: scale,
          cutVector: cutVector),
        vector: vector, values: &values, gradient: &gradient, product: &product, cutResult: &cutResult)
      switch outcome {
      case .value(let value, let weight):
        if weight == 0 && ignoredLevel != nil { throw .nothingToAverage }
        return value
      case .invalidWeight(let row): throw .invalidWeight(index: row, value: Double(weights![row]))
      case .invalidLabel(let row):
        throw .labelOutOfRange(row: row, label: levels[row].asLabel, classes: cuts.count + 1)
      case .nothingToAverage, .invalidTarget: throw .nothingToAverage
      }
    } catch {
      values?.update(repeating: .nan)
      gradient?.update(repeating: .nan)
      product?.update(repeating: .nan)
      cutResult?.update(repeating: .nan)
      throw error
    }
  }
}

extension OrdinalLoss {
  /// The weighted mean of the losses of arrays; see ``mean(scores:levels:cuts:weights:mask:gradient:cutGradient:curvature:)``.
  public func mean<T: Scalar, Level: LabelElement>(
    scores: [T], levels: [Level], cuts: [Double], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, levels, cuts, weights, mask) }
    return try mean(scores: scores.span, levels: levels.span, cuts: cuts.span, weights: weights?.span, mask: mask?.span)
  }

  /// The weighted mean and its gradient with respect to scores and cuts, in arrays that are reused.
  public func mean<T: Scalar, Level: LabelElement>(
    scores: [T], levels: [Level], cuts: [Double], weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout [T],
    cutGradient: inout [Double]
  ) throws(LossError) -> Double {
    defer {
      keepAlive(scores, levels, cuts, weights, mask)
      keepAlive(gradient, cutGradient)
    }
    return try mean(
      scores: scores.span, levels: levels.span, cuts: cuts.span, weights: weights?.span, mask: mask?.span,
      gradient: gradient.mutableSpan,
      cutGradient: cutGradient.mutableSpan)
  }

  /// The weighted sum of the losses of arrays.
  public func sum<T: Scalar, Level: LabelElement>(
    scores: [T], levels: [Level], cuts: [Double], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, levels, cuts, weights, mask) }
    return try sum(scores: scores.span, levels: levels.span, cuts: cuts.span, weights: weights?.span, mask: mask?.span)
  }

  /// The loss of every sample, times its weight, as a new array.
  public func values<T: Scalar, Level: LabelElement>(
    scores: [T], levels: [Level], cuts: [Double], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> [T] {
    defer { keepAlive(scores, levels, cuts, weights, mask) }
    var result = [T](repeating: 0, count: scores.count)
    try values(
      scores: scores.span, levels: levels.span, cuts: cuts.span, weights: weights?.span, mask: mask?.span,
      into: result.mutableSpan)
    return result
  }
}
