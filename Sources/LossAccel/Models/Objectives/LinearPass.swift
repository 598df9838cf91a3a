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
  /// Shift and scale of the columns of the Hessian.
  let coordinates: ColumnCoordinates
  let wants: ObjectiveRequest
  /// What stands for the second derivatives.
  let curvature: CurvatureKind

  /// What a chunk, or all of them, add up to.
  struct Sums: Sendable {
    var loss = 0.0
    /// By column, and for the constant.
    var gradient: [Double]
    var gram: WeightedGram?
  }

  /// What is kept of the rows of a chunk.
  struct Memory: Sendable {
    var predictions: [A]
    var curvatures: [A]
  }

  func run() throws(ObjectiveError) -> (sums: Sums, memory: [Memory]) {
    let chunkRows = LinearBlocks.chunkRows(of: features, withGram: wants.contains(.hessian))
    let count = Parallelism.chunkCount(of: features.rows, chunkSize: chunkRows)
    let parts = try Parallelism.mapChunks(count: count) { (chunk) throws(ObjectiveError) in
      try run(Parallelism.range(ofChunk: chunk, of: features.rows, chunkSize: chunkRows))
    }
    var total = parts[0].sums
    for part in parts.dropFirst() {
      total.loss += part.sums.loss
      for index in total.gradient.indices { total.gradient[index] += part.sums.gradient[index] }
      if let gram = part.sums.gram { total.gram?.add(gram) }
    }
    return (total, parts.map(\.memory))
  }

  /// The pass over a range of rows, on the calling thread.
  func run(_ rows: Range<Int>) throws(ObjectiveError) -> (sums: Sums, memory: Memory) {
    let size = min(LinearBlocks.blockRows(of: features), rows.count)
    let wantsCurvature = !wants.isDisjoint(with: [.curvature, .hessian])
    var sums = Sums(gradient: [Double](repeating: 0, count: features.columns + 1))
    if wants.contains(.hessian) { sums.gram = WeightedGram(columns: features.columns) }
    var predictions = [A](repeating: 0, count: rows.count)
    var curvatures = [A](repeating: 0, count: wantsCurvature ? rows.count : 0)
    var derivatives = [A](repeating: 0, count: wants.isEmpty ? 0 : size)
    var blockSums = [A](repeating: 0, count: features.columns + 1)
    var panel = [Double](
      repeating: 0, count: wants.contains(.hessian) ? size * WeightedGram.stride(features.columns) : 0)
    let program = loss.programs.program(
      for: wantsCurvature ? [.value, .gradient, .curvature] : wants.isEmpty ? .value : [.value, .gradient],
      curvature: wantsCurvature ? curvature : .exact)
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: size) {
      let block = start..<min(start + size, rows.upperBound)
      let first = start - rows.lowerBound
      var allPredictions = predictions.mutableSpan
      allPredictions.withSlice(first..<first + block.count) { slice in
        features.predict(
          block, coefficients: coefficients.span, shift: shift?.span, constant: constant,
          offsets: offsets?.span.extracting(block), into: &slice)
      }
      sums.loss += try lossSum(program, block, first, predictions.span, &derivatives, &curvatures)
      if wants.contains(.gradient) {
        let next = block.upperBound..<min(block.upperBound + size, rows.upperBound)
        for index in blockSums.indices { blockSums[index] = 0 }
        var output = blockSums.mutableSpan
        features.addTransposed(
          block, factors: derivatives.span.extracting(0..<block.count), weights: nil, shift: shift?.span, ahead: next,
          to: &output)
        for index in blockSums.indices { sums.gradient[index] += Double(blockSums[index]) }
      }
      if wants.contains(.hessian) {
        try sums.gram?.add(
          features, block, weights: curvatures.span.extracting(first..<first + block.count), coordinates, &panel)
      }
    }
    return (sums, Memory(predictions: predictions, curvatures: curvatures))
  }

  /// The losses of a block, and their derivatives where there is a place for them.
  private func lossSum(
    _ program: KernelProgram, _ block: Range<Int>, _ first: Int, _ predictions: Span<A>, _ derivatives: inout [A],
    _ curvatures: inout [A]
  ) throws(ObjectiveError) -> Double {
    var slopes = derivatives.mutableSpan
    var bends = curvatures.mutableSpan
    defer {
      extendLifetime(predictions)
      extendLifetime(slopes)
      extendLifetime(bends)
    }
    var batch = KernelBatch<A>(count: block.count)
    batch.read(0, predictions, offset: first)
    batch.read(1, targets.span, offset: block.lowerBound)
    if let weights { batch.weigh(by: weights.span.extracting(block)) }
    batch.sum(0)
    if slopes.count > 0 { batch.store(1, in: &slopes) }
    if bends.count > 0 { batch.store(2, in: &bends, offset: first) }
    let outcome = program.run(batch)
    if let violation = outcome.violation {
      let row = block.lowerBound + violation.sample
      throw .loss(
        loss.programs.error(
          check: violation.check, index: row, prediction: Double(predictions[first + violation.sample]),
          target: targets[row]))
    }
    return outcome.sum
  }
}

extension ProgramCache {
  /// What a failed check says.
  func error(check number: Int, index: Int, prediction: Double, target: Double) -> LossError {
    let (isTarget, valid) = check(number)
    return isTarget
      ? .targetOutsideDomain(index: index, value: target, lowest: valid.lowerBound, highest: valid.upperBound)
      : .predictionOutsideDomain(index: index, value: prediction, lowest: valid.lowerBound, highest: valid.upperBound)
  }
}
