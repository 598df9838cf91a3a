extension LinearObjective {
  /// Hessian times direction, without forming the Hessian, in one pass over the features.
  ///
  /// - Complexity: O(rows · columns)
  public func curvatureProduct(
    _ direction: [Double], at evaluation: ObjectiveEvaluation
  ) throws(ObjectiveError) -> [Double] {
    precondition(
      direction.count == dimension, "a direction of \(direction.count) parameters, but the objective has \(dimension)")
    let (features, curvatures) = bending(of: evaluation)
    var pass = pass([], at: direction)
    pass.features = features
    return product(of: LinearPass.products([pass], [curvatures])[0], direction)
  }

  /// The diagonal of the Hessian, in one pass over the features; `nil` for sparse ones, whose rows it would fill with zeros.
  ///
  /// - Complexity: O(rows · columns)
  public func curvatureDiagonal(at evaluation: ObjectiveEvaluation) throws(ObjectiveError) -> [Double]? {
    let (features, curvatures) = bending(of: evaluation)
    guard features.fewestRowsPerBlock == 1 else { return nil }
    // Rows of weight 0 may hold anything.
    let counted = weights?.contains(0) == true ? curvatures.joined().map { $0 == 0 ? 0.0 : 1 } : nil
    let panels = RowPanels(features: features, coordinates: coordinates, counted: counted)
    // The chunks of the evaluation: all but the last have the first one's length.
    let chunkRows = max(curvatures[0].count, 1)
    var diagonal = try Parallelism.sumChunks(count: curvatures.count) { (chunk) throws(ObjectiveError) in
      let rows = Parallelism.range(ofChunk: chunk, of: features.rows, chunkSize: chunkRows)
      var sums = [Double](repeating: 0, count: dimension)
      try panels.forEachBlock(of: rows, squared: true) { (block, squares) throws(ObjectiveError) in
        let places = block.lowerBound - rows.lowerBound..<block.upperBound - rows.lowerBound
        let bends = curvatures[chunk]
        var output = sums.mutableSpan
        try panels.transposeMultiply(
          squares, rows: block.count, by: bends.span.extracting(places), count: 1, addTo: &output)
      }
      return sums
    }
    for index in diagonal.indices { diagonal[index] *= normaliser }
    smoothPenalty.addDiagonal(to: &diagonal)
    return diagonal
  }

  /// The evaluation with products over the rows that carry all but `share` of the losses' curvature, if the loss is convex: on a
  /// model that tells most rows apart these are few.
  ///
  /// - Complexity: O(rows · log rows)
  public func thinned(
    _ evaluation: ObjectiveEvaluation, share: Double
  ) throws(ObjectiveError) -> ObjectiveEvaluation {
    let (features, curvatures) = bending(of: evaluation)
    let all = curvatures.flatMap(\.self)
    guard isConvex, let rest = SelectedRows(of: features, carrying: all, allBut: share) else { return evaluation }
    var memory = memory(of: evaluation)
    memory.thinned = (rest, rest.picked({ all[$0...$0] }, chunkRows: LinearBlocks.chunkRows(of: rest, grams: 0)))
    return evaluation.remembering(memory)
  }

  /// The rows that take part in products, and their curvatures by chunk.
  private func bending(of evaluation: ObjectiveEvaluation) -> (features: any FeatureRows, curvatures: [[Double]]) {
    memory(of: evaluation).thinned ?? (features.storage, curvatures(at: evaluation))
  }

  /// The curvatures of all rows, by chunk, that an evaluation kept.
  func curvatures(at evaluation: ObjectiveEvaluation) -> [[Double]] {
    let parts = memory(of: evaluation).parts
    precondition(
      parts[0].curvatures.count == parts[0].predictions.count, "the evaluation was not asked for curvature")
    return parts.map(\.curvatures)
  }
}
