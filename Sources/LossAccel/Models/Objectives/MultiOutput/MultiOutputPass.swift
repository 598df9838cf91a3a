/// One pass over the rows for an objective of several outputs: scores, losses, and the sums that value, gradient and Hessian are made of.
///
/// A block of rows is multiplied by the parameters, its scores go through the row loss, and it is multiplied back while it is in the
/// second cache. Chunks are cut by the shape alone and added in their order, so the bits do not depend on the number of threads.
struct MultiOutputPass: Sendable {
  let panels: RowPanels
  let loss: RowLoss
  let outputs: Int
  let targets: RowTargets
  let weights: [Double]?
  let offsets: [Double]?
  /// A row of one number per output for every column, and for the intercept.
  let parameters: [Double]
  let wants: ObjectiveRequest
  /// What stands for the second derivatives.
  let curvature: CurvatureKind

  /// What a chunk, or all of them, add up to; and the scores, by chunk.
  struct Sums: Sendable {
    var loss = 0.0
    /// By parameter.
    var gradient: [Double]
    var grams: OutputGrams?
    var scores: [[Double]]
  }

  func run() throws(ObjectiveError) -> Sums {
    let (rows, size) = (panels.features.rows, panels.chunkRows)
    return try Parallelism.combineChunks(count: Parallelism.chunkCount(of: rows, chunkSize: size)) {
      (chunk) throws(ObjectiveError) in
      try run(Parallelism.range(ofChunk: chunk, of: rows, chunkSize: size))
    } _: { total, next in
      total.loss += next.loss
      for index in total.gradient.indices { total.gradient[index] += next.gradient[index] }
      if let grams = next.grams { total.grams?.add(grams) }
      total.scores += next.scores
    }
  }

  /// The pass over a range of rows, on the calling thread.
  func run(_ rows: Range<Int>) throws(ObjectiveError) -> Sums {
    let (wantsSlopes, wantsHessian) = (wants.contains(.gradient), wants.contains(.hessian))
    var (loss, gradient) = (0.0, [Double](repeating: 0, count: wantsSlopes ? parameters.count : 0))
    var grams = wantsHessian ? OutputGrams(columns: panels.features.columns, outputs: outputs) : nil
    var workspace = wantsHessian ? OutputGrams.Workspace(panels, outputs: outputs) : nil
    var scores =
      offsets.map { Array($0[rows.lowerBound * outputs..<rows.upperBound * outputs]) }
      ?? [Double](repeating: 0, count: rows.count * outputs)
    var slopes = [Double](repeating: 0, count: wantsSlopes ? min(panels.blockRows, rows.count) * outputs : 0)
    try panels.forEachBlock(of: rows) { (block, panel) throws(ObjectiveError) in
      let places = (block.lowerBound - rows.lowerBound) * outputs..<(block.upperBound - rows.lowerBound) * outputs
      var all = scores.mutableSpan
      try all.withSlice(places) { (slice) throws(ObjectiveError) in
        try panels.multiply(panel, rows: block.count, by: parameters.span, count: outputs, addTo: &slice)
      }
      // Only the last block may be shorter.
      if wantsSlopes { slopes.removeLast(slopes.count - places.count) }
      loss += try lossSum(scores.span.extracting(places), block, &slopes)
      if wantsSlopes {
        var output = gradient.mutableSpan
        try panels.transposeMultiply(panel, rows: block.count, by: slopes.span, count: outputs, addTo: &output)
      }
      if wantsHessian, var space = workspace.take() {
        try grams?.add(panels, block, &space) { vector, product in
          self.loss.apply(
            .hessian, curvature, to: vector, at: scores.span.extracting(places), outputs: outputs, targets, rows: block,
            weights: weights,
            into: &product)
        }
        workspace = space
      }
    }
    return Sums(loss: loss, gradient: gradient, grams: grams, scores: [scores])
  }

  /// The losses of a block, and their slopes where there is a place for them.
  private func lossSum(
    _ scores: Span<Double>, _ block: Range<Int>, _ slopes: inout [Double]
  ) throws(ObjectiveError) -> Double {
    var gradient: MutableSpan<Double>?
    if !slopes.isEmpty { gradient = slopes.mutableSpan }
    return try loss.sum(scores, outputs: outputs, targets, rows: block, weights: weights, gradient: &gradient)
  }
}
