extension LinearObjective {
  /// Hessian times direction, without forming the Hessian, in one pass over the features.
  ///
  /// - Complexity: O(rows · columns)
  public func curvatureProduct(
    _ direction: [Double], at evaluation: ObjectiveEvaluation
  ) throws(ObjectiveError) -> [Double] {
    precondition(
      direction.count == dimension, "a direction of \(direction.count) parameters, but the objective has \(dimension)")
    let (features, parts) = bending(of: evaluation)
    var pass = pass([], at: direction)
    pass.features = features
    return product(of: LinearPass.products([pass], [parts])[0], direction)
  }

  /// The diagonal of the Hessian, in one pass over the features; `nil` for sparse ones, whose rows it would fill with zeros.
  ///
  /// - Complexity: O(rows · columns)
  public func curvatureDiagonal(at evaluation: ObjectiveEvaluation) throws(ObjectiveError) -> [Double]? {
    let (features, parts) = bending(of: evaluation)
    guard features.fewestRowsPerBlock == 1 else { return nil }
    // Rows of weight 0 may hold anything.
    let counted = weights?.contains(0) == true ? parts.flatMap { $0.curvatures.map { $0 == 0 ? 0.0 : 1 } } : nil
    let panels = RowPanels(features: features, coordinates: coordinates, counted: counted)
    // The chunks of the evaluation: all but the last have the first one's length.
    let chunkRows = max(parts[0].curvatures.count, 1)
    var diagonal = try Parallelism.combineChunks(count: parts.count) { (chunk) throws(ObjectiveError) in
      let rows = Parallelism.range(ofChunk: chunk, of: features.rows, chunkSize: chunkRows)
      var sums = [Double](repeating: 0, count: dimension)
      try panels.forEachBlock(of: rows, squared: true) { (block, squares) throws(ObjectiveError) in
        let places = block.lowerBound - rows.lowerBound..<block.upperBound - rows.lowerBound
        let bends = parts[chunk].curvatures
        var output = sums.mutableSpan
        try panels.transposeMultiply(
          squares, rows: block.count, by: bends.span.extracting(places), count: 1, addTo: &output)
      }
      return sums
    } _: { total, next in
      for index in total.indices { total[index] += next[index] }
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
    let (features, parts) = bending(of: evaluation)
    let curvatures = parts.flatMap(\.curvatures)
    guard isConvex, let rest = SelectedRows(of: features, carrying: curvatures, allBut: share) else {
      return evaluation
    }
    let kept = rest.picked({ curvatures[$0...$0] }, chunkRows: LinearBlocks.chunkRows(of: rest, grams: 0))
    var memory = memory(of: evaluation)
    memory.thinned = (rest, kept.map { LinearPass.Memory(predictions: $0, curvatures: $0) })
    return evaluation.remembering(memory)
  }

  private func bending(
    of evaluation: ObjectiveEvaluation
  ) -> (features: any FeatureRows, parts: [LinearPass.Memory]) {
    let memory = memory(of: evaluation)
    precondition(
      memory.parts[0].curvatures.count == memory.parts[0].predictions.count,
      "the evaluation was not asked for curvature")
    return memory.thinned ?? (features.storage, memory.parts)
  }
}
