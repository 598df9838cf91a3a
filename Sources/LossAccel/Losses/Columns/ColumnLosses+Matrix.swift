// One row of a matrix is one sample. Each call is the Span-based one of the same name.
extension ColumnLosses {
  /// The columns' mean losses; see ``mean(predictions:targets:weights:mask:gradient:curvature:)-(Span<T>,_,_,_,_,_)``.
  public func mean<T: Scalar>(
    predictions: Matrix<T>, targets: ColumnTargets, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(ColumnLossError) -> Value {
    defer { keepAlive(predictions, weights, mask) }
    requireShape(predictions, targets.rowCount)
    return try mean(predictions: predictions.elements.span, targets: targets, weights: weights?.span, mask: mask?.span)
  }

  /// The columns' mean losses, with gradient and curvature of their total, in matrices of the predictions' shape that are reused.
  public func mean<T: Scalar>(
    predictions: Matrix<T>, targets: ColumnTargets, weights: [T]? = nil, mask: [Bool]? = nil,
    gradient: inout Matrix<T>, curvature: inout Matrix<T>
  ) throws(ColumnLossError) -> Value {
    defer { keepAlive(predictions, weights, mask, gradient, curvature) }
    for matrix in [predictions, gradient, curvature] { requireShape(matrix, targets.rowCount) }
    return try mean(
      predictions: predictions.elements.span, targets: targets, weights: weights?.span, mask: mask?.span,
      gradient: gradient.elements.mutableSpan, curvature: curvature.elements.mutableSpan)
  }

  /// The columns' summed losses; see ``sum(predictions:targets:weights:mask:scale:gradient:curvature:)-(Span<T>,_,_,_,_,_,_)``.
  public func sum<T: Scalar>(
    predictions: Matrix<T>, targets: ColumnTargets, weights: [T]? = nil, mask: [Bool]? = nil, scale: Double = 1
  ) throws(ColumnLossError) -> Value {
    defer { keepAlive(predictions, weights, mask) }
    requireShape(predictions, targets.rowCount)
    return try sum(
      predictions: predictions.elements.span, targets: targets, weights: weights?.span, mask: mask?.span, scale: scale)
  }

  /// The columns' summed losses, with gradient and curvature of their total, in matrices of the predictions' shape that are reused.
  public func sum<T: Scalar>(
    predictions: Matrix<T>, targets: ColumnTargets, weights: [T]? = nil, mask: [Bool]? = nil, scale: Double = 1,
    gradient: inout Matrix<T>, curvature: inout Matrix<T>
  ) throws(ColumnLossError) -> Value {
    defer { keepAlive(predictions, weights, mask, gradient, curvature) }
    for matrix in [predictions, gradient, curvature] { requireShape(matrix, targets.rowCount) }
    return try sum(
      predictions: predictions.elements.span, targets: targets, weights: weights?.span, mask: mask?.span, scale: scale,
      gradient: gradient.elements.mutableSpan, curvature: curvature.elements.mutableSpan)
  }

  /// The columns' mean losses of a table. It is read at every call: for many of them read it once, by ``targets(of:)``.
  public func mean<T: Scalar>(
    predictions: Matrix<T>, targets table: DataTable, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(ColumnLossError) -> Value {
    try mean(predictions: predictions, targets: targets(of: table), weights: weights, mask: mask)
  }

  /// The columns' mean losses of a table, with gradient and curvature of their total. Where the call throws these hold NaN.
  public func mean<T: Scalar>(
    predictions: Matrix<T>, targets table: DataTable, weights: [T]? = nil, mask: [Bool]? = nil,
    gradient: inout Matrix<T>, curvature: inout Matrix<T>
  ) throws(ColumnLossError) -> Value {
    let targets: ColumnTargets
    do throws(ColumnLossError) {
      targets = try self.targets(of: table)
    } catch {
      gradient = Matrix(repeating: .nan, rows: gradient.rows, columns: gradient.columns)
      curvature = Matrix(repeating: .nan, rows: curvature.rows, columns: curvature.columns)
      throw error
    }
    return try mean(
      predictions: predictions, targets: targets, weights: weights, mask: mask, gradient: &gradient,
      curvature: &curvature)
  }

  func requireShape<T: Scalar>(_ matrix: Matrix<T>, _ rows: Int) {
    precondition(
      matrix.rows == rows && matrix.columns == predictionCount,
      "a matrix of \(matrix.rows) × \(matrix.columns) for \(rows) rows with \(predictionCount) predictions each")
  }
}
