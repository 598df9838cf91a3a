extension ColumnLosses {
  /// What a batch of rows costs.
  public struct Value: Sendable, Hashable {
    /// The sum of the columns' losses, each divided by its null loss.
    public let total: Double
    /// The loss of every column, as it is.
    public let losses: [Double]
    /// The loss of every column divided by its null loss: of a mean 1 for the best constant, 0 for a perfect prediction.
    public let scaled: [Double]
  }

  /// The columns' mean losses, and on request the derivatives of their total.
  ///
  /// Column j costs mⱼ = Σ wᵢℓᵢⱼ / Σ wᵢ over its rows that count; the total is Σ mⱼ·``Column/scale``.
  ///
  /// A row is left out if its weight is 0 or its mask false; an element likewise if it is missing. It then counts nowhere, Σ w included; its
  /// gradient and curvature are 0, whatever its predictions are.
  ///
  /// - Parameters:
  ///   - predictions: n × ``predictionCount``, row after row. Infinities and NaN propagate as IEEE 754 says.
  ///   - targets: n rows of a table, read by ``targets(of:)``.
  ///   - weights: w ≥ 0, n of them, 1 each if left out.
  ///   - mask: The rows that count, all if left out.
  ///   - gradient: Where the gradient of the total goes, if it is wanted: as many elements as predictions.
  ///   - curvature: Where its second derivative by each prediction goes, likewise. Those of a categorical column are the diagonal of its
  ///     block; for all of it see ``curvature(of:predictions:targets:weights:mask:)``.
  /// - Returns: The losses; the same bits for any number of threads.
  /// - Throws: ``ColumnLossError`` for a batch without rows, a column of which nothing counts, and weights that are negative or not
  ///   finite. The buffers then hold NaN.
  /// - Precondition: the lengths fit.
  public func mean<T: Scalar>(
    predictions: Span<T>, targets: ColumnTargets, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil
  ) throws(ColumnLossError) -> Value {
    var gradient = gradient
    var curvature = curvature
    return try evaluate(predictions, targets, weights, mask, .mean, 1, &gradient, &curvature)
  }

  /// The columns' summed losses Σ wᵢℓᵢⱼ, and on request the derivatives of their total, times `scale`: what the parts of a table add up to.
  ///
  /// Parameters, result and errors are those of the mean, save that a column of which nothing counts costs 0: in a small batch of a table
  /// with gaps there may be some. Where nothing counts in any column, that is an error.
  public func sum<T: Scalar>(
    predictions: Span<T>, targets: ColumnTargets, weights: Span<T>? = nil, mask: Span<Bool>? = nil, scale: Double = 1,
    gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil
  ) throws(ColumnLossError) -> Value {
    var gradient = gradient
    var curvature = curvature
    return try evaluate(predictions, targets, weights, mask, .sum, scale, &gradient, &curvature)
  }

  private func evaluate<T: Scalar>(
    _ predictions: Span<T>, _ targets: ColumnTargets, _ weights: Span<T>?, _ mask: Span<Bool>?,
    _ reduction: RowReduction, _ scale: Double, _ gradient: inout MutableSpan<T>?, _ curvature: inout MutableSpan<T>?
  ) throws(ColumnLossError) -> Value {
    let rows = targets.rowCount, width = predictionCount
    precondition(
      targets.columns.count == columns.count, "targets of \(targets.columns.count) columns for \(columns.count) losses")
    requireCount(predictions.count, rows * width, "predictions", "rows times predictions of each")
    if let weights { requireCount(weights.count, rows, "weights", "rows") }
    if let mask { requireCount(mask.count, rows, "elements of the mask", "rows") }
    if let length = gradient?.count {
      requireCount(length, rows * width, "elements of the gradient", "predictions")
    }
    if let length = curvature?.count {
      requireCount(length, rows * width, "elements of the curvature", "predictions")
    }
    do throws(ColumnLossError) {
      guard rows > 0 && width > 0 else { throw .emptyTable }
      if reduction == .sum { try requireSomething(targets, weights, mask) }
      var losses: [Double] = []
      for (column, elements) in zip(columns, targets.columns) {
        do throws(LossError) {
          losses.append(
            try column.loss.evaluate(
              elements, predictions, ColumnPlace(rows: rows, offset: column.predictions.lowerBound, stride: width),
              weights: weights, mask: mask, reduction, scale: scale * column.scale, &gradient, &curvature))
        } catch {
          switch error {
          case .nothingToAverage: throw .nothingIn(column: column.name)
          case .invalidWeight(let row, let value): throw .invalidWeight(row: row, value: value)
          default: throw .loss(column: column.name, error: error)
          }
        }
      }
      losses = losses.map { $0 * scale }
      let scaled = zip(losses, columns).map { $1.nullLoss > 0 ? $0 / $1.nullLoss : 0 }
      return Value(total: scaled.reduce(0, +), losses: losses, scaled: scaled)
    } catch {
      gradient?.update(repeating: .nan)
      curvature?.update(repeating: .nan)
      throw error
    }
  }

  /// An element that counts, in whatever column.
  private func requireSomething<T: Scalar>(
    _ targets: ColumnTargets, _ weights: Span<T>?, _ mask: Span<Bool>?
  ) throws(ColumnLossError) {
    for row in 0..<targets.rowCount {
      if let mask, !mask[row] { continue }
      if let weights, weights[row] == 0 { continue }
      if targets.columns.contains(where: { $0.isPresent(row) }) { return }
    }
    throw .nothingIn(column: columns.map(\.name).joined(separator: ", "))
  }
}
