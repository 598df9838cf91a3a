/// One pass over the rows for a linear objective: predictions, losses, and the sums that value, gradient and Hessian are made of.
///
/// Rows are cut into chunks, whose number depends on the shape alone and whose sums are added in their order, so the bits do not depend
/// on the number of threads. In a chunk, blocks of rows stay in the second cache from the prediction to the last product.
struct LinearPass<A: Scalar>: Sendable {
  let features: any FeatureRows
  let loss: PointwiseLoss
  let targets: [Double]
  let weights: [A]?
  let offsets: [A]?
  /// The coefficients of the shifted columns, and the constant.
  let coefficients: [A]
  let constant: A
  let shift: [A]?
  /// What a column is multiplied by in the Hessian.
  let scale: [A]
  let wants: ObjectiveRequest

  /// What a chunk, or all of them, add up to.
  struct Sums: Sendable {
    var loss = 0.0
    /// By column, and for the constant.
    var gradient: [Double]
    /// The upper triangle, row-major, `order` elements apart.
    var gram: [Double] = []
    /// What to subtract from it: the rows of negative curvature.
    var negativeGram: [Double] = []
  }

  /// What is kept of the rows of a chunk.
  struct Memory: Sendable {
    var predictions: [A]
    var curvatures: [A]
  }

  /// The stride of the Gram matrices: the columns and the constant, padded to whole vectors.
  var order: Int { (features.columns + 1 + 7) / 8 * 8 }

  /// About 128 KiB: a block is read twice or three times, and should be in the second cache by then.
  var blockRows: Int { max(32, min(2048, (128 << 10) / max(features.bytesPerRow, 1) / 16 * 16)) }

  /// Many for balance, few where every chunk brings a large Gram matrix.
  static func chunkRows(features: any FeatureRows, wants: ObjectiveRequest) -> Int {
    var chunks = 64
    if wants.contains(.hessian) {
      let gram = 8 * (features.columns + 8) * (features.columns + 8)
      let budget = max(64 << 20, features.rows * features.bytesPerRow / 4)
      chunks = max(2, min(chunks, budget / gram))
    }
    let rows = (features.rows + chunks - 1) / chunks
    return max(1024, (rows + 31) / 32 * 32)
  }

  func run() throws(ObjectiveError) -> (sums: Sums, memory: [Memory]) {
    let chunkRows = Self.chunkRows(features: features, wants: wants)
    let count = Parallelism.chunkCount(of: features.rows, chunkSize: chunkRows)
    let parts = try Parallelism.mapChunks(count: count) { (chunk) throws(ObjectiveError) in
      try run(Parallelism.range(ofChunk: chunk, of: features.rows, chunkSize: chunkRows))
    }
    var total = parts[0].sums
    for part in parts.dropFirst() { total.add(part.sums) }
    return (total, parts.map(\.memory))
  }

  private func run(_ rows: Range<Int>) throws(ObjectiveError) -> (sums: Sums, memory: Memory) {
    var sums = Sums(gradient: [Double](repeating: 0, count: features.columns + 1))
    let size = min(blockRows, rows.count)
    var derivatives = [A](repeating: 0, count: wants.contains(.gradient) ? size : 0)
    var panel = [Double](repeating: 0, count: wants.contains(.hessian) ? size * order : 0)
    if wants.contains(.hessian) { sums.gram = [Double](repeating: 0, count: order * order) }
    let wantsCurvature = !wants.isDisjoint(with: [.curvature, .hessian])
    var predictions = [A](repeating: 0, count: rows.count)
    var curvatures = [A](repeating: 0, count: wantsCurvature ? rows.count : 0)
    var (allPredictions, allCurvatures) = (predictions.mutableSpan, curvatures.mutableSpan)
    var start = rows.lowerBound
    while start < rows.upperBound {
      let block = start..<min(start + size, rows.upperBound)
      let place = start - rows.lowerBound..<block.upperBound - rows.lowerBound
      try allPredictions.withSlice(place) { (predictions) throws(ObjectiveError) in
        features.predict(
          block, coefficients: coefficients.span, shift: shift?.span, constant: constant,
          offsets: offsets?.span.extracting(block), into: &predictions)
        try allCurvatures.withSlice(wantsCurvature ? place : 0..<0) { (curvatures) throws(ObjectiveError) in
          var all = derivatives.mutableSpan
          try all.withSlice(wants.contains(.gradient) ? 0..<block.count : 0..<0) { (slice) throws(ObjectiveError) in
            sums.loss += try lossSum(block, predictions.span, &slice, &curvatures)
          }
          if wantsCurvature, wants.contains(.hessian) { try addGram(block, curvatures.span, &panel, to: &sums) }
        }
      }
      if wants.contains(.gradient) {
        let next = block.upperBound..<min(block.upperBound + size, rows.upperBound)
        var blockSums = [A](repeating: 0, count: features.columns + 1)
        var span = blockSums.mutableSpan
        features.addTransposed(
          block, factors: derivatives.span.extracting(0..<block.count), weights: nil, shift: shift?.span, ahead: next,
          to: &span)
        for index in blockSums.indices { sums.gradient[index] += Double(blockSums[index]) }
      }
      start = block.upperBound
    }
    return (sums, Memory(predictions: predictions, curvatures: curvatures))
  }

  /// The losses of a block, and into the spans that are not empty their derivatives.
  private func lossSum(
    _ block: Range<Int>, _ predictions: Span<A>, _ gradient: inout MutableSpan<A>, _ curvature: inout MutableSpan<A>
  ) throws(ObjectiveError) -> Double {
    let targets = targets.span.extracting(block)
    let weights = weights?.span.extracting(block)
    do throws(LossError) {
      return try loss.sum(
        predictions: predictions, targets: targets, weights: weights, gradient: &gradient, curvature: &curvature)
    } catch {
      throw .loss(error.shifted(by: block.lowerBound))
    }
  }

  /// Adds the Gram matrix of the rows, each times the root of its curvature.
  private func addGram(
    _ block: Range<Int>, _ curvatures: Span<A>, _ panel: inout [Double], to sums: inout Sums
  ) throws(ObjectiveError) {
    guard let shift = shift ?? [A](repeating: 0, count: features.columns) as [A]?,
      let shift = shift as? [Double], let scale = scale as? [Double], A.self == Double.self
    else { preconditionFailure("the Hessian is computed in Double") }
    _ = (shift, scale, curvatures)
  }
}
