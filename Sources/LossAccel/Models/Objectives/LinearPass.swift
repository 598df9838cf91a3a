/// One pass over the rows for a linear objective: predictions, losses, and the sums that value, gradient and Hessian are made of.
///
/// Rows are cut into chunks, whose number depends on the shape alone and whose sums are added in their order, so the bits do not depend
/// on the number of threads. In a chunk, blocks of rows stay in the second cache from the prediction to the last product.
struct LinearPass<A: Scalar>: Sendable {
  var features: any FeatureRows
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
    var predictions: [A]
    var curvatures: [A]
  }

  /// The pass over all rows.
  func run() throws(ObjectiveError) -> (sums: Sums, memory: [Memory]) { try Self.run([self])[0] }

  /// Several passes over the same features as one: each block of rows goes through all of them while it is in the cache.
  static func run(_ passes: [LinearPass]) throws(ObjectiveError) -> [(sums: Sums, memory: [Memory])] {
    let features = passes[0].features
    let grams = passes.count { $0.wants.contains(.hessian) }
    let chunkRows = LinearBlocks.chunkRows(of: features, grams: grams)
    let count = Parallelism.chunkCount(of: features.rows, chunkSize: chunkRows)
    let parts = try Parallelism.mapChunks(count: count) { (chunk) throws(ObjectiveError) in
      try run(passes, Parallelism.range(ofChunk: chunk, of: features.rows, chunkSize: chunkRows))
    }
    return passes.indices.map { number in
      var total = parts[0][number].sums
      for part in parts.dropFirst() { total.add(part[number].sums) }
      return (total, parts.map { $0[number].memory })
    }
  }

  /// The passes over a range of rows, on the calling thread.
  static func run(_ passes: [LinearPass], _ rows: Range<Int>) throws(ObjectiveError) -> [(sums: Sums, memory: Memory)] {
    let wantsHessian = passes.contains { $0.wants.contains(.hessian) }
    let size = min(LinearBlocks.blockRows(of: passes[0].features, wantsHessian: wantsHessian), rows.count)
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
    var derivatives: [A]
    var blockSums: [A]
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
      if wants.contains(.hessian) { sums.gram = WeightedGram(columns: columns) }
      memory = Memory(
        predictions: [A](repeating: 0, count: rows.count),
        curvatures: [A](repeating: 0, count: wantsCurvature ? rows.count : 0))
      derivatives = [A](repeating: 0, count: wants.isEmpty ? 0 : blockRows)
      blockSums = [A](repeating: 0, count: columns + 1)
    }
  }

  /// One block of rows: predictions, losses, and their products with the rows.
  private func step(_ block: Range<Int>, _ work: inout Work) throws(ObjectiveError) {
    let first = block.lowerBound - work.rows.lowerBound
    // Spans of one array and changes of another are for variables of their own.
    var (predictions, curvatures) = (Self.taken(&work.memory.predictions), Self.taken(&work.memory.curvatures))
    var allPredictions = predictions.mutableSpan
    allPredictions.withSlice(first..<first + block.count) { slice in
      features.predict(
        block, coefficients: coefficients.span, shift: shift?.span, constant: constant,
        offsets: offsets?.span.extracting(block), into: &slice)
    }
    var derivatives = Self.taken(&work.derivatives)
    work.sums.loss += try lossSum(work.program, block, first, predictions.span, &derivatives, &curvatures)
    if wants.contains(.gradient) {
      let next = block.upperBound..<min(block.upperBound + work.blockRows, work.rows.upperBound)
      var blockSums = Self.taken(&work.blockSums)
      for index in blockSums.indices { blockSums[index] = 0 }
      var output = blockSums.mutableSpan
      features.addTransposed(
        block, factors: derivatives.span.extracting(0..<block.count), weights: nil, shift: shift?.span, ahead: next,
        to: &output)
      for index in blockSums.indices { work.sums.gradient[index] += Double(blockSums[index]) }
      work.blockSums = blockSums
    }
    if wants.contains(.hessian) {
      try work.sums.gram?.add(
        features, block, weights: curvatures.span.extracting(first..<first + block.count), coordinates, &work.panel)
    }
    work.derivatives = derivatives
    work.memory = Memory(predictions: predictions, curvatures: curvatures)
  }

  /// An array out of its place, which is empty then: two owners would mean a copy.
  private static func taken<Element>(_ array: inout [Element]) -> [Element] {
    let elements = array
    array = []
    return elements
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
