/// One pass over the rows for a linear objective: predictions, losses, and the sums that value, gradient and Hessian are made of.
///
/// Rows are cut into chunks, whose number depends on the shape alone and whose sums are added in their order, so the bits do not depend
/// on the number of threads. In a chunk, blocks of rows stay in the second cache from the prediction to the last product, or
/// in the first where the storage has a way of its own for all three.
struct LinearPass: Sendable {
  var features: any FeatureRows
  let loss: PointwiseLoss
  let targets: [Double]
  let weights: [Double]?
  let offsets: [Double]?
  /// The coefficients of the shifted columns, and the constant.
  let coefficients: [Double]
  let constant: Double
  let shift: [Double]?
  /// Shift and scale of the columns of the Hessian.
  let coordinates: ColumnCoordinates
  let wants: ObjectiveRequest
  /// What stands for the second derivatives.
  let curvature: CurvatureKind
  /// Whose pass it is, where there are several tasks.
  var task: String?

  /// What a chunk, or all of them, add up to.
  struct Sums: Sendable {
    var loss = 0.0
    /// By column, and for the constant.
    var gradient: [Double]
    var gram: WeightedGram?

    /// Adds the sums over other rows.
    mutating func add(_ other: Sums) {
      loss += other.loss
      for index in gradient.indices { gradient[index] += other.gradient[index] }
      if let more = other.gram { gram?.add(more) }
    }
  }

  /// What is kept of the rows of a chunk.
  struct Memory: Sendable {
    var predictions: [Double]
    var curvatures: [Double]
  }

  /// The pass over all rows.
  func run() throws(ObjectiveError) -> (sums: Sums, memory: [Memory]) { try Self.run([self])[0] }

  /// Several passes over the same features as one: each block of rows goes through all of them while it is in the cache.
  static func run(_ passes: [LinearPass]) throws(ObjectiveError) -> [(sums: Sums, memory: [Memory])] {
    let features = passes[0].features
    let grams = passes.count { $0.wants.contains(.hessian) }
    let chunkRows = LinearBlocks.chunkRows(of: features, grams: grams)
    let count = Parallelism.chunkCount(of: features.rows, chunkSize: chunkRows)
    // Sums are added as they come: each of them may be a large Gram matrix.
    return try Parallelism.combineChunks(
      count: count,
      { (chunk) throws(ObjectiveError) in
        let rows = Parallelism.range(ofChunk: chunk, of: features.rows, chunkSize: chunkRows)
        return try run(passes, rows).map { (sums: $0.sums, memory: [$0.memory]) }
      },
      { total, part in
        for number in total.indices {
          total[number].sums.add(part[number].sums)
          total[number].memory += part[number].memory
        }
      })
  }

  /// The passes over a range of rows, on the calling thread.
  static func run(_ passes: [LinearPass], _ rows: Range<Int>) throws(ObjectiveError) -> [(sums: Sums, memory: Memory)] {
    let wantsHessian = passes.contains { $0.wants.contains(.hessian) }
    let isReadOnce = passes.count == 1 && passes[0].wants == .gradient && passes[0].features.hasSteps
    let size = min(
      LinearBlocks.blockRows(of: passes[0].features, wantsHessian: wantsHessian, isReadOnce: isReadOnce), rows.count)
    var work = passes.map { Work($0, rows, blockRows: size) }
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: size) {
      let block = start..<min(start + size, rows.upperBound)
      for number in passes.indices {
        do throws(ObjectiveError) { try passes[number].step(block, &work[number]) } catch {
          throw passes[number].task.map { .task(name: $0, error) } ?? error
        }
      }
    }
    return work.map { ($0.sums, $0.memory) }
  }

  /// What a pass has in hand while it goes through a range of rows.
  private struct Work {
    let rows: Range<Int>
    let blockRows: Int
    let program: KernelProgram
    var sums: Sums
    var memory: Memory
    var derivatives: [Double]
    var blockSums: [Double]
    /// Workspace of the Gram matrix.
    var panel: [Double] = []

    init(_ pass: LinearPass, _ rows: Range<Int>, blockRows: Int) {
      let (columns, wants) = (pass.features.columns, pass.wants)
      let wantsCurvature = !wants.isDisjoint(with: [.curvature, .hessian])
      (self.rows, self.blockRows) = (rows, blockRows)
      program = pass.loss.programs.program(
        for: wantsCurvature ? [.value, .gradient, .curvature] : wants.isEmpty ? .value : [.value, .gradient],
        curvature: wantsCurvature ? pass.curvature : .exact)
      sums = Sums(gradient: [Double](repeating: 0, count: columns + 1))
      if wants.contains(.hessian) {
        sums.gram = WeightedGram(columns: columns, isRounded: wants.contains(.roundedHessian))
      }
      memory = Memory(
        predictions: [Double](repeating: 0, count: rows.count),
        curvatures: [Double](repeating: 0, count: wantsCurvature ? rows.count : 0))
      derivatives = [Double](repeating: 0, count: wants.isEmpty ? 0 : blockRows)
      blockSums = [Double](repeating: 0, count: columns + 1)
    }
  }

  /// One block of rows: predictions, losses, and their products with the rows.
  private func step(_ block: Range<Int>, _ work: inout Work) throws(ObjectiveError) {
    let first = block.lowerBound - work.rows.lowerBound
    // Spans of one array and changes of another are for variables of their own.
    var (predictions, curvatures) = (Self.taken(&work.memory.predictions), Self.taken(&work.memory.curvatures))
    var (derivatives, blockSums) = (Self.taken(&work.derivatives), Self.taken(&work.blockSums))
    for index in blockSums.indices { blockSums[index] = 0 }
    let next = block.upperBound..<min(block.upperBound + work.blockRows, work.rows.upperBound)
    work.sums.loss += try losses(
      work.program, block, first, ahead: next, &predictions, &derivatives, &curvatures, &blockSums)
    if wants.contains(.gradient) {
      for index in blockSums.indices { work.sums.gradient[index] += blockSums[index] }
    }
    if wants.contains(.hessian) {
      try work.sums.gram?.add(
        features, block, weights: curvatures.span.extracting(first..<first + block.count), coordinates, &work.panel)
    }
    (work.derivatives, work.blockSums) = (derivatives, blockSums)
    work.memory = Memory(predictions: predictions, curvatures: curvatures)
  }

  /// An array out of its place, which is empty then: two owners would mean a copy.
  private static func taken<Element>(_ array: inout [Element]) -> [Element] {
    let elements = array
    array = []
    return elements
  }

  /// The sum of the losses of a block, whose predictions and derivatives go where there is a place for them; the derivatives' products
  /// with the rows are added to `sums` if the gradient is wanted.
  private func losses(
    _ program: KernelProgram, _ block: Range<Int>, _ first: Int, ahead: Range<Int>, _ predictions: inout [Double],
    _ derivatives: inout [Double], _ curvatures: inout [Double], _ sums: inout [Double]
  ) throws(ObjectiveError) -> Double {
    var allPredictions = predictions.mutableSpan
    var slopes = derivatives.mutableSpan
    var bends = curvatures.mutableSpan
    var output = sums.mutableSpan
    defer {
      extendLifetime(slopes)
      extendLifetime(bends)
    }
    var batch = KernelBatch<Double>(count: block.count)
    batch.read(1, targets.span, offset: block.lowerBound)
    if let weights { batch.weigh(by: weights.span.extracting(block)) }
    batch.sum(0)
    if slopes.count > 0 { batch.store(1, in: &slopes) }
    if bends.count > 0 { batch.store(2, in: &bends, offset: first) }
    let outcome = allPredictions.withSlice(first..<first + block.count) { slice in
      let offsets = offsets?.span.extracting(block)
      if wants.contains(.gradient),
        let outcome = features.step(
          block, coefficients: coefficients.span, shift: shift?.span, constant: constant, offsets: offsets,
          program, batch, predictions: &slice, sums: &output)
      {
        return outcome
      }
      features.predict(
        block, coefficients: coefficients.span, shift: shift?.span, constant: constant, offsets: offsets, into: &slice)
      batch.read(0, slice.span)
      let outcome = program.run(batch)
      if wants.contains(.gradient) {
        features.addTransposed(
          block, factors: slopes.span.extracting(0..<block.count), weights: nil, shift: shift?.span, ahead: ahead,
          to: &output)
      }
      return outcome
    }
    if let violation = outcome.violation {
      let row = block.lowerBound + violation.sample
      throw .loss(
        loss.programs.error(
          check: violation.check, index: row, prediction: predictions[first + violation.sample],
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
