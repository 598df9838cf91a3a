/// The negative log-likelihood of rows under a multivariate normal distribution, ½·rᵀΛr − Σ log Lᵢᵢ with r = prediction − target and the
/// precision Λ = L·Lᵀ.
///
/// ```swift
/// let loss = MultivariateGaussian()
/// var gradient = Matrix<Double>.zeros(rows: means.rows, columns: means.columns)
/// let value = try loss.mean(predictions: means, targets: observed, precisionFactor: factor, gradient: &gradient)
/// ```
///
/// L is lower triangular with a positive diagonal: a Cholesky factor of the precision, which all rows share, so that the loss couples the
/// components of a row (several tasks, say) as their errors are correlated. What is above its diagonal is not read. The constant
/// ½·d·log 2π is left out.
///
/// - Gradient: Λr with respect to the prediction; with respect to L the lower triangle of r·(Lᵀr)ᵀ − diag(1/Lᵢᵢ).
/// - Curvature: Λ with respect to the prediction, whatever the data, with the factor B = L; exact and Fisher are the same.
/// - Weights: rows of weight 0 are left out, whatever they hold. The mean is Σ wᵢℓᵢ / Σ wᵢ.
/// - Computed in `Double` for every batch type. L and its gradient are `Double`.
/// - Properties: convex in the prediction, strictly proper.
public struct MultivariateGaussian: Sendable, Hashable {
  /// The loss; it has no options.
  public init() {}
}

extension MultivariateGaussian {
  /// The weighted mean of the losses, Σ wᵢℓᵢ / Σ wᵢ, and on request its derivatives.
  ///
  /// - Parameters:
  ///   - predictions: The means, row after row.
  ///   - targets: As many.
  ///   - precisionFactor: L.
  ///   - weights: w ≥ 0, one per row, 1 each if left out.
  ///   - mask: The rows that count, all if left out.
  ///   - gradient: Where the gradient of the mean with respect to the predictions goes, if it is wanted.
  ///   - factorGradient: Where that with respect to L goes, likewise: as many elements as L, 0 above the diagonal.
  /// - Returns: The mean; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, a diagonal element of L that is not positive
  ///   (``LossError/invalidPrecision(index:value:)``), and weights that are negative, not finite or all 0. The buffers then hold NaN.
  /// - Precondition: the lengths fit.
  public func mean<T: Scalar>(
    predictions: Span<T>, targets: Span<T>, precisionFactor: Matrix<Double>, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil,
    gradient: consuming MutableSpan<T>? = nil, factorGradient: consuming MutableSpan<Double>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var factorGradient = factorGradient
    return try evaluate(
      predictions, targets, precisionFactor, weights, mask, .mean, 1, &values, &gradient, &factorGradient)
  }

  /// The weighted sum of the losses, Σ wᵢℓᵢ, and on request its derivatives; all multiplied by `scale`. Otherwise as the mean; weights
  /// may be all 0.
  public func sum<T: Scalar>(
    predictions: Span<T>, targets: Span<T>, precisionFactor: Matrix<Double>, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, scale: Double = 1,
    gradient: consuming MutableSpan<T>? = nil, factorGradient: consuming MutableSpan<Double>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var factorGradient = factorGradient
    return try evaluate(
      predictions, targets, precisionFactor, weights, mask, .sum, scale, &values, &gradient, &factorGradient)
  }

  /// The loss of every row, times its weight, in a buffer with one element per row.
  public func values<T: Scalar>(
    predictions: Span<T>, targets: Span<T>, precisionFactor: Matrix<Double>, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil,
    into values: consuming MutableSpan<T>
  ) throws(LossError) {
    var values: MutableSpan<T>? = values
    var gradient: MutableSpan<T>?
    var factorGradient: MutableSpan<Double>?
    _ = try evaluate(
      predictions, targets, precisionFactor, weights, mask, .sum, 1, &values, &gradient, &factorGradient)
  }

  /// The curvature of the sum with respect to the predictions, w·Λ for every row, times `vector`.
  public func curvatureProduct<T: Scalar>(
    precisionFactor: Matrix<Double>, weights: Span<T>? = nil, vector: Span<T>, into product: consuming MutableSpan<T>
  ) {
    multiply(.hessian, precisionFactor, weights, vector, &product)
  }

  /// The curvature's factor √w·L for every row, times `vector`.
  public func factorProduct<T: Scalar>(
    precisionFactor: Matrix<Double>, weights: Span<T>? = nil, vector: Span<T>, into product: consuming MutableSpan<T>
  ) {
    multiply(.factor, precisionFactor, weights, vector, &product)
  }

  /// The transpose of the curvature's factor, √w·Lᵀ for every row, times `vector`: whitened residuals, for residuals as vector.
  public func transposedFactorProduct<T: Scalar>(
    precisionFactor: Matrix<Double>, weights: Span<T>? = nil, vector: Span<T>, into product: consuming MutableSpan<T>
  ) {
    multiply(.factorTransposed, precisionFactor, weights, vector, &product)
  }

  private func multiply<T: Scalar>(
    _ operation: RowLossKernel.Operator, _ factor: Matrix<Double>, _ weights: Span<T>?, _ vector: Span<T>,
    _ product: inout MutableSpan<T>
  ) {
    defer { extendLifetime(factor) }
    let rows = requireRows(vector.count, requireSquare(factor))
    requireCount(product.count, vector.count, "elements of the product", "elements of the vector")
    if let weights { requireCount(weights.count, rows, "weights", "rows") }
    GaussianKernel.multiply(
      operation, factor: factor.elements.span, size: factor.rows, weights: weights, scale: 1, vector: vector,
      product: &product)
  }

  private func requireSquare(_ factor: Matrix<Double>) -> Int {
    precondition(factor.rows == factor.columns, "a precision factor of \(factor.rows) × \(factor.columns)")
    return factor.rows
  }

  private func evaluate<T: Scalar>(
    _ predictions: Span<T>, _ targets: Span<T>, _ factor: Matrix<Double>, _ weights: Span<T>?,
    _ mask: Span<Bool>?,
    _ reduction: RowReduction, _ scale: Double, _ values: inout MutableSpan<T>?, _ gradient: inout MutableSpan<T>?,
    _ factorGradient: inout MutableSpan<Double>?
  ) throws(LossError) -> Double {
    defer { extendLifetime(factor) }
    let size = requireSquare(factor), rows = requireRows(predictions.count, size)
    requireCount(targets.count, predictions.count, "targets", "predictions")
    if let weights { requireCount(weights.count, rows, "weights", "rows") }
    if let length = values?.count { requireCount(length, rows, "values", "rows") }
    if let length = gradient?.count {
      requireCount(length, predictions.count, "elements of the gradient", "predictions")
    }
    if let length = factorGradient?.count {
      requireCount(length, size * size, "elements of the factor's gradient", "elements of the factor")
    }
    do throws(LossError) {
      guard rows > 0 else { throw .emptyBatch }
      if let mask {
        let counted = try maskedWeights(weights, by: mask, rows: rows)
        defer { extendLifetime(counted) }
        return try evaluate(
          predictions, targets, factor, counted.span, nil, reduction, scale, &values, &gradient, &factorGradient)
      }
      var logDeterminant = 0.0
      for index in 0..<size {
        let value = factor[index, index]
        guard value > 0 && value.isFinite else { throw .invalidPrecision(index: index, value: value) }
        logDeterminant += ElementaryFunctions.log(value)
      }
      var total = Double(rows)
      if let weights {
        let (sum, invalid) = Weights.sum(weights)
        if let invalid { throw .invalidWeight(index: invalid, value: Double(weights[invalid])) }
        total = sum
      }
      if reduction == .mean && total == 0 { throw .nothingToAverage }
      let scale = reduction == .mean ? 1 / total : scale
      let result = GaussianKernel.run(
        predictions: predictions, targets: targets, factor: factor.elements.span, size: size,
        logDeterminant: logDeterminant, weights: weights, scale: scale, wantsFactorSums: factorGradient != nil,
        values: &values, gradient: &gradient)
      if factorGradient != nil {
        for index in 0..<size * size {
          let (i, j) = index.quotientAndRemainder(dividingBy: size)
          let own = i == j ? total / factor[i, i] : 0
          factorGradient?[index] = (result.factorSums[index] - own) * scale
        }
      }
      return result.sum * scale
    } catch {
      values?.update(repeating: .nan)
      gradient?.update(repeating: .nan)
      factorGradient?.update(repeating: .nan)
      throw error
    }
  }
}

extension MultivariateGaussian {
  /// The weighted mean of the losses of the rows of matrices.
  public func mean<T: Scalar>(
    predictions: Matrix<T>, targets: Matrix<T>, precisionFactor: Matrix<Double>, weights: [T]? = nil,
    mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask) }
    requireShape(of: targets, as: predictions)
    return try mean(
      predictions: predictions.elements.span, targets: targets.elements.span, precisionFactor: precisionFactor,
      weights: weights?.span, mask: mask?.span)
  }

  /// The weighted mean of the losses of the rows of matrices, and its gradient with respect to the predictions.
  public func mean<T: Scalar>(
    predictions: Matrix<T>, targets: Matrix<T>, precisionFactor: Matrix<Double>, weights: [T]? = nil,
    mask: [Bool]? = nil,
    gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, gradient) }
    requireShape(of: targets, as: predictions)
    requireShape(of: gradient, as: predictions)
    return try mean(
      predictions: predictions.elements.span, targets: targets.elements.span, precisionFactor: precisionFactor,
      weights: weights?.span, mask: mask?.span, gradient: gradient.elements.mutableSpan)
  }

  /// The weighted mean of the losses of the rows of matrices, and its gradient with respect to predictions and precision factor.
  public func mean<T: Scalar>(
    predictions: Matrix<T>, targets: Matrix<T>, precisionFactor: Matrix<Double>, weights: [T]? = nil,
    mask: [Bool]? = nil,
    gradient: inout Matrix<T>, factorGradient: inout Matrix<Double>
  ) throws(LossError) -> Double {
    defer {
      keepAlive(predictions, targets, weights, mask, gradient)
      extendLifetime(factorGradient)
    }
    requireShape(of: targets, as: predictions)
    requireShape(of: gradient, as: predictions)
    requireShape(of: factorGradient, as: precisionFactor)
    return try mean(
      predictions: predictions.elements.span, targets: targets.elements.span, precisionFactor: precisionFactor,
      weights: weights?.span, mask: mask?.span, gradient: gradient.elements.mutableSpan,
      factorGradient: factorGradient.elements.mutableSpan)
  }
}
