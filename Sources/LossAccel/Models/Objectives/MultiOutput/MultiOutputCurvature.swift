/// The curvature of an objective of several outputs at an evaluated point, never formed: products and diagonal, each in one pass over the
/// rows that take part.
struct MultiOutputCurvature: Sendable {
  let loss: RowLoss
  /// What stands for the second derivatives.
  let kind: CurvatureKind
  let outputs: Int
  var panels: RowPanels
  var targets: RowTargets
  var weights: [Double]?
  /// Of the rows, by chunk.
  var scores: [[Double]]

  /// Σᵢ zᵢ ⊗ (hᵢ·(Dᵀzᵢ)), with hᵢ the curvature of row i's loss: the direction D has a row of one number per output for every factor.
  ///
  /// - Complexity: O(rows · columns · outputs)
  func product(_ direction: [Double]) throws(ObjectiveError) -> [Double] {
    try sum { (chunk, rows, sums) throws(ObjectiveError) in
      var moves = [Double](repeating: 0, count: min(panels.blockRows, rows.count) * outputs)
      var slopes = moves
      try panels.forEachBlock(of: rows) { (block, panel) throws(ObjectiveError) in
        // Only the last block may be shorter.
        moves.removeLast(moves.count - block.count * outputs)
        slopes.removeLast(slopes.count - block.count * outputs)
        for index in moves.indices { moves[index] = 0 }
        var changes = moves.mutableSpan
        try panels.multiply(panel, rows: block.count, by: direction.span, count: outputs, addTo: &changes)
        var products = slopes.mutableSpan
        apply(.hessian, to: moves.span, chunk, rows, block, into: &products)
        var output = sums.mutableSpan
        try panels.transposeMultiply(panel, rows: block.count, by: slopes.span, count: outputs, addTo: &output)
      }
    }
  }

  /// Σᵢ zᵢⱼ²·hᵢ[k][k] for every factor j and output k.
  ///
  /// - Complexity: O(rows · columns · outputs)
  func diagonal() throws(ObjectiveError) -> [Double] {
    try sum { (chunk, rows, sums) throws(ObjectiveError) in
      var bends = [Double](repeating: 0, count: min(panels.blockRows, rows.count) * outputs)
      try panels.forEachBlock(of: rows, squared: true) { (block, squares) throws(ObjectiveError) in
        bends.removeLast(bends.count - block.count * outputs)
        var products = bends.mutableSpan
        apply(.diagonal, to: nil, chunk, rows, block, into: &products)
        var output = sums.mutableSpan
        try panels.transposeMultiply(squares, rows: block.count, by: bends.span, count: outputs, addTo: &output)
      }
    }
  }

  /// Without the rows that together carry at most `share` of Σ tr hᵢ; `nil` where that saves nothing.
  ///
  /// - Complexity: O(rows · outputs + rows · log rows)
  func thinned(share: Double) -> MultiOutputCurvature? {
    let chunkRows = panels.chunkRows
    let traces = Parallelism.mapChunks(count: scores.count) { chunk in
      let rows = rows(ofChunk: chunk)
      var diagonal = [Double](repeating: 0, count: rows.count * outputs)
      var products = diagonal.mutableSpan
      apply(.diagonal, to: nil, chunk, rows, rows, into: &products)
      return (0..<rows.count).map { row in
        diagonal[row * outputs..<(row + 1) * outputs].reduce(0) { $0 + abs($1) }
      }
    }
    guard
      let selection = SelectedRows(of: panels.features, carrying: Array(traces.joined()), allBut: share)
    else { return nil }
    var rest = self
    rest.panels = RowPanels(
      features: selection, coordinates: panels.coordinates,
      counted: panels.counted.map { counted in selection.numbers.map { counted[$0] } })
    rest.targets = targets.picked(selection.numbers, outputs: outputs)
    rest.weights = weights.map { weights in selection.numbers.map { weights[$0] } }
    rest.scores = selection.picked(
      { row in
        let place = row % chunkRows
        return scores[row / chunkRows][place * outputs..<(place + 1) * outputs]
      }, chunkRows: rest.panels.chunkRows)
    return rest
  }

  private func rows(ofChunk chunk: Int) -> Range<Int> {
    Parallelism.range(ofChunk: chunk, of: panels.features.rows, chunkSize: panels.chunkRows)
  }

  /// What all chunks add up to.
  private func sum(
    _ add: @Sendable (_ chunk: Int, _ rows: Range<Int>, _ sums: inout [Double]) throws(ObjectiveError) -> Void
  ) throws(ObjectiveError) -> [Double] {
    try Parallelism.sumChunks(count: scores.count) { (chunk) throws(ObjectiveError) in
      var sums = [Double](repeating: 0, count: panels.width * outputs)
      try add(chunk, rows(ofChunk: chunk), &sums)
      return sums
    }
  }

  /// The row loss's curvature applied to a block of a chunk's rows.
  private func apply(
    _ operation: RowLossKernel.Operator, to vector: Span<Double>?, _ chunk: Int, _ rows: Range<Int>,
    _ block: Range<Int>, into product: inout MutableSpan<Double>
  ) {
    let places = (block.lowerBound - rows.lowerBound) * outputs..<(block.upperBound - rows.lowerBound) * outputs
    let scores = scores[chunk]
    loss.apply(
      operation, kind, to: vector, at: scores.span.extracting(places), outputs: outputs, targets, rows: block,
      weights: weights, into: &product)
  }
}
