extension ColumnLosses {
  /// The exact curvature of the total of the columns' means or sums, as an operator: what it makes of a direction.
  ///
  /// It is a diagonal but for categorical columns, whose logits bend together: each row has a block of them, as of
  /// ``SoftmaxCrossEntropy``. No matrix is formed.
  ///
  /// ```swift
  /// let curvature = try losses.curvature(of: .mean, predictions: predictions, targets: targets)
  /// let product = curvature.product(with: direction)          // as many elements as predictions, row after row
  /// ```
  ///
  /// - Parameters:
  ///   - reduction: Sum or mean.
  ///   - predictions: One row for every row of the table, with ``predictionCount`` columns.
  ///   - targets: The table, read by ``targets(of:)``.
  ///   - weights: w ≥ 0, one per row, 1 each if left out.
  ///   - mask: The rows that count, all if left out.
  /// - Throws: ``ColumnLossError``, as the mean or the sum.
  public func curvature<T: Scalar>(
    of reduction: RowReduction, predictions: Matrix<T>, targets: ColumnTargets, weights: [T]? = nil,
    mask: [Bool]? = nil
  ) throws(ColumnLossError) -> BatchCurvature<T> {
    defer { keepAlive(predictions, weights, mask) }
    requireShape(predictions, targets.rowCount)
    var diagonal = [T](repeating: 0, count: predictions.elements.count)
    let span = predictions.elements.span
    switch reduction {
    case .mean:
      _ = try mean(
        predictions: span, targets: targets, weights: weights?.span, mask: mask?.span, curvature: diagonal.mutableSpan)
    case .sum:
      _ = try sum(
        predictions: span, targets: targets, weights: weights?.span, mask: mask?.span, curvature: diagonal.mutableSpan)
    }
    var blocks: [CategoricalBlocks<T>] = []
    for (column, elements) in zip(columns, targets.columns) {
      guard case .categorical(let width) = column.loss, case .levels(let codes) = elements else { continue }
      let place = ColumnPlace(
        rows: targets.rowCount, offset: column.predictions.lowerBound, stride: predictionCount)
      let logits = Matrix(rows: place.rows, columns: width, elements: place.gathered(span, width))
      do throws(LossError) {
        blocks.append(
          CategoricalBlocks(
            place: place, scale: column.scale,
            curvature: try ColumnLoss.unordered.curvature(
              of: reduction, logits: logits, labels: ColumnLoss.masked(codes, by: mask?.span), weights: weights)))
      } catch .nothingToAverage where reduction == .sum {
        // Then the diagonal, which is 0, is all of it.
      } catch {
        throw .loss(column: column.name, error: error)
      }
    }
    return BatchCurvature(kind: .exact, count: diagonal.count) { [diagonal, blocks] vector, result in
      var result = result
      for index in vector.indices { result[index] = diagonal[index] * vector[index] }
      for block in blocks { block.multiply(vector, &result) }
    }
  }
}

/// The curvature of a categorical column: one block for each row.
private struct CategoricalBlocks<T: Scalar>: Sendable {
  let place: ColumnPlace
  let scale: Double
  let curvature: SoftmaxCurvature<T>

  func multiply(_ vector: Span<T>, _ result: inout MutableSpan<T>) {
    let width = curvature.shares.columns
    let own = Matrix(rows: place.rows, columns: width, elements: place.gathered(vector, width))
    place.scatter(curvature.product(with: own).elements, width, scale: scale, into: &result)
  }
}
