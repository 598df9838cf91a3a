extension ColumnLoss {
  /// The mean or the sum of the losses of a batch of rows, and on request its derivatives, times `scale`.
  ///
  /// - Throws: ``LossError``; in a mean over nothing that there is nothing to average.
  func evaluate<T: Scalar>(
    _ elements: ColumnElements, _ predictions: Span<T>, _ place: ColumnPlace, weights: Span<T>?, mask: Span<Bool>?,
    _ reduction: RowReduction, scale: Double, _ gradient: inout MutableSpan<T>?, _ curvature: inout MutableSpan<T>?
  ) throws(LossError) -> Double {
    switch (self, elements) {
    case (.pointwise(let loss), .numbers(let values, let hasMissing)):
      var request: ProgramCache.Request = [.value]
      if gradient != nil { request.insert(.gradient) }
      if curvature != nil { request.insert(.curvature) }
      return try run(
        loss.programs.program(for: request), values, events: nil, hasMissing: hasMissing, predictions, place, weights,
        mask, reduction, scale, &gradient, &curvature)
    case (.censored, .times(let times, let events, let hasMissing)):
      let program = JointLoss.censoredDeviance.programs.program(
        for: .init(gradient: gradient != nil, curvature: curvature == nil ? nil : .exact))
      return try run(
        program, times, events: events, hasMissing: hasMissing, predictions, place, weights, mask, reduction, scale,
        &gradient, &curvature)
    case (_, .levels(let codes)):
      return try run(codes, predictions, place, weights, mask, reduction, scale, &gradient, &curvature)
    default: preconditionFailure("elements of another column")
    }
  }

  /// A loss of one prediction: the kernels read and write the column where it stands.
  private func run<T: Scalar>(
    _ program: KernelProgram, _ values: [Double], events: [Bool]?, hasMissing: Bool, _ predictions: Span<T>,
    _ place: ColumnPlace, _ weights: Span<T>?, _ mask: Span<Bool>?, _ reduction: RowReduction, _ scale: Double,
    _ gradient: inout MutableSpan<T>?, _ curvature: inout MutableSpan<T>?
  ) throws(LossError) -> Double {
    // The batch holds their addresses.
    defer {
      keepAlive(values, events)
      extendLifetime(predictions)
      extendLifetime(weights)
      extendLifetime(mask)
      extendLifetime(gradient)
      extendLifetime(curvature)
    }
    var batch = KernelBatch<T>(count: place.rows)
    batch.read(0, predictions, offset: place.offset, stride: place.stride)
    batch.read(1, values.span)
    if let events { batch.read(2, events.span) }
    if let weights { batch.weigh(by: weights) }
    if let mask { batch.mask(by: mask) }
    if hasMissing { batch.mask(by: values.span, absent: .nan) }
    var total = Double(place.rows)
    if batch.isWeighted {
      let (sum, invalid) = Weights.sum(of: batch)
      if let invalid, let weights { throw .invalidWeight(index: invalid, value: Double(weights[invalid])) }
      total = sum
    }
    if reduction == .mean && total == 0 { throw .nothingToAverage }
    let factor = reduction == .mean ? scale / total : scale
    batch.sum(0)
    if gradient != nil {
      batch.store(1, in: &gradient!, offset: place.offset, stride: place.stride, scale: factor)
    }
    if curvature != nil {
      batch.store(gradient == nil ? 1 : 2, in: &curvature!, offset: place.offset, stride: place.stride, scale: factor)
    }
    let outcome = program.run(batch)
    // Elements were checked as `Double`; as `Float` they may be 0 or infinite.
    if let violation = outcome.violation {
      throw .targetOutsideDomain(
        index: violation.sample, value: values[violation.sample], lowest: Double(T.leastNonzeroMagnitude),
        highest: Double(T.greatestFiniteMagnitude))
    }
    return reduction == .mean ? outcome.sum / total : outcome.sum
  }

  /// A loss of levels: its predictions are copied to stand side by side, as the kernels of rows want them.
  private func run<T: Scalar>(
    _ codes: [Int32], _ predictions: Span<T>, _ place: ColumnPlace, _ weights: Span<T>?, _ mask: Span<Bool>?,
    _ reduction: RowReduction, _ scale: Double, _ gradient: inout MutableSpan<T>?, _ curvature: inout MutableSpan<T>?
  ) throws(LossError) -> Double {
    let width = predictionCount
    let own = place.gathered(predictions, width)
    let levels = Self.masked(codes, by: mask)
    let isBare = gradient == nil && curvature == nil
    var slopes = [T](repeating: 0, count: isBare ? 0 : own.count)
    var bends = slopes
    defer { keepAlive(own, levels, slopes, bends) }
    var value = 0.0
    do throws(LossError) {
      value =
        isBare
        ? try losses(own.span, levels.span, weights, reduction)
        : try losses(own.span, levels.span, weights, reduction, &slopes, &bends)
    } catch .nothingToAverage where reduction == .sum {
      slopes = [T](repeating: 0, count: slopes.count)
      bends = slopes
    }
    if gradient != nil { place.scatter(slopes, width, scale: scale, into: &gradient!) }
    if curvature != nil { place.scatter(bends, width, scale: scale, into: &curvature!) }
    return value
  }
}

extension ColumnLoss {
  /// The levels with those that a mask leaves out missing.
  static func masked(_ codes: [Int32], by mask: Span<Bool>?) -> [Int32] {
    guard let mask else { return codes }
    var levels = codes
    for row in levels.indices where !mask[row] { levels[row] = Int32(ColumnElements.missing) }
    return levels
  }

  /// The loss of levels alone.
  private func losses<T: Scalar>(
    _ predictions: Span<T>, _ levels: Span<Int32>, _ weights: Span<T>?, _ reduction: RowReduction
  ) throws(LossError) -> Double {
    switch (self, reduction) {
    case (.ordinal(let cuts), .mean):
      defer { extendLifetime(cuts) }
      return try Self.ordered.mean(scores: predictions, levels: levels, cuts: cuts.span, weights: weights)
    case (.ordinal(let cuts), .sum):
      defer { extendLifetime(cuts) }
      return try Self.ordered.sum(scores: predictions, levels: levels, cuts: cuts.span, weights: weights)
    case (_, .mean):
      return try Self.unordered.mean(logits: predictions, classes: predictionCount, labels: levels, weights: weights)
    case (_, .sum):
      return try Self.unordered.sum(logits: predictions, classes: predictionCount, labels: levels, weights: weights)
    }
  }

  /// The loss of levels with its derivatives.
  private func losses<T: Scalar>(
    _ predictions: Span<T>, _ levels: Span<Int32>, _ weights: Span<T>?, _ reduction: RowReduction,
    _ slopes: inout [T], _ bends: inout [T]
  ) throws(LossError) -> Double {
    defer { keepAlive(slopes, bends) }
    switch (self, reduction) {
    case (.ordinal(let cuts), .mean):
      defer { extendLifetime(cuts) }
      return try Self.ordered.mean(
        scores: predictions, levels: levels, cuts: cuts.span, weights: weights, gradient: slopes.mutableSpan,
        curvature: bends.mutableSpan)
    case (.ordinal(let cuts), .sum):
      defer { extendLifetime(cuts) }
      return try Self.ordered.sum(
        scores: predictions, levels: levels, cuts: cuts.span, weights: weights, gradient: slopes.mutableSpan,
        curvature: bends.mutableSpan)
    default:
      let curvature = try Self.unordered.curvature(
        of: reduction, logits: predictions, classes: predictionCount, labels: levels, weights: weights)
      curvature.diagonal(into: bends.mutableSpan)
      return reduction == .mean
        ? try Self.unordered.mean(
          logits: predictions, classes: predictionCount, labels: levels, weights: weights, gradient: slopes.mutableSpan)
        : try Self.unordered.sum(
          logits: predictions, classes: predictionCount, labels: levels, weights: weights, gradient: slopes.mutableSpan)
    }
  }

  private static let ordered = OrdinalLoss.cumulativeLogit.ignoring(level: ColumnElements.missing)
  static let unordered = SoftmaxCrossEntropy(ignoredLabel: ColumnElements.missing)
}
