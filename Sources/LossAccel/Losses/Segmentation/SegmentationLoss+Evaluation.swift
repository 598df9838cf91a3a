extension SegmentationLoss {
  /// What the losses of a batch come to: by sample its loss, by map what a pixel inside and one outside the true region has.
  struct Outcome {
    var losses: [Double]
    var inside: [Double]
    var outside: [Double]
  }

  /// One evaluation of a batch: what every public call comes to.
  func evaluate<T: Scalar, Target: TargetElement>(
    _ reduction: RowReduction, _ predictions: Span<T>, _ targets: Span<Target>, _ pixels: Int, _ weights: Span<T>?,
    _ mask: Span<Bool>?, _ scale: Double, _ gradient: consuming MutableSpan<T>?
  ) throws(LossError) -> Double {
    var gradient = gradient
    requireMaps(predictions, targets, pixels, weights, mask)
    if let length = gradient?.count {
      requireCount(length, predictions.count, "elements of the gradient", "predictions")
    }
    do throws(LossError) {
      let sums = try sums(predictions, targets, pixels, mask)
      let factors = try factors(reduction, sums, weights, isMasked: mask != nil).map { $0 * scale }
      let losses: [Double]
      if case .lovasz(let fromLogits) = form {
        let results = OverlapKernel.lovasz(
          predictions: predictions, targets: targets, pixels: pixels, mask: mask, fromLogits: fromLogits,
          scales: factors, output: &gradient)
        try refuse(results.map(\.violation), factors, predictions, targets)
        losses = results.map(\.loss)
      } else {
        try refuse(sums.map(\.violation), factors, predictions, targets)
        let outcome = slopes(sums)
        losses = outcome.losses
        if gradient != nil { fill(&gradient!, outcome, factors, predictions, targets, pixels, mask) }
      }
      return zip(losses, factors).reduce(0) { $0 + ($1.1 == 0 ? 0 : $1.0 * $1.1) }
    } catch {
      gradient?.update(repeating: .nan)
      throw error
    }
  }

  func requireMaps<T: Scalar, Target: TargetElement>(
    _ predictions: Span<T>, _ targets: Span<Target>, _ pixels: Int, _ weights: Span<T>?, _ mask: Span<Bool>?
  ) {
    precondition(pixels >= 1, "maps of \(pixels) pixels; there must be at least 1")
    precondition(
      predictions.count % pixels == 0, "\(predictions.count) predictions are no whole maps of \(pixels) pixels")
    let maps = predictions.count / pixels
    precondition(maps % mapsPerSample == 0, "\(maps) maps are no whole images of \(mapsPerSample) classes")
    requireCount(targets.count, predictions.count, "targets", "predictions")
    if let mask { requireCount(mask.count, predictions.count, "elements of the mask", "predictions") }
    if let weights { requireCount(weights.count, maps / mapsPerSample, "weights", "maps or images") }
  }

  func sums<T: Scalar, Target: TargetElement>(
    _ predictions: Span<T>, _ targets: Span<Target>, _ pixels: Int, _ mask: Span<Bool>?, direction: Span<T>? = nil
  ) throws(LossError) -> [OverlapKernel.Sums] {
    guard predictions.count > 0 else { throw .emptyBatch }
    return OverlapKernel.sums(
      predictions: predictions, targets: targets, pixels: pixels, mask: mask, direction: direction)
  }

  /// What each sample's loss is multiplied by: 0 where it does not count.
  func factors<T: Scalar>(
    _ reduction: RowReduction, _ sums: [OverlapKernel.Sums], _ weights: Span<T>?, isMasked: Bool
  ) throws(LossError) -> [Double] {
    let samples = sums.count / mapsPerSample
    var factors = [Double](repeating: 0, count: samples)
    for sample in 0..<samples {
      var weight = 1.0
      if let weights { weight = Double(weights[sample]) }
      guard weight >= 0 && weight.isFinite else { throw .invalidWeight(index: sample, value: weight) }
      let counts = sums[sample * mapsPerSample..<(sample + 1) * mapsPerSample].contains { $0.counted > 0 }
      factors[sample] = counts ? weight : 0
    }
    let total = factors.reduce(0, +)
    if total == 0 && (reduction == .mean || isMasked) { throw .nothingToAverage }
    return reduction == .mean ? factors.map { $0 / total } : factors
  }

  func refuse<T: Scalar, Target: TargetElement>(
    _ violations: [OverlapKernel.Violation?], _ factors: [Double], _ predictions: Span<T>, _ targets: Span<Target>
  ) throws(LossError) {
    for (map, violation) in violations.enumerated() where factors[map / mapsPerSample] != 0 {
      guard let violation else { continue }
      if violation.isTarget {
        throw .targetOutsideDomain(
          index: violation.pixel, value: targets[violation.pixel].asDouble, lowest: 0, highest: 1)
      }
      throw .predictionOutsideDomain(
        index: violation.pixel, value: Double(predictions[violation.pixel]), lowest: 0, highest: 1)
    }
  }

  func fill<T: Scalar, Target: TargetElement>(
    _ output: inout MutableSpan<T>, _ outcome: Outcome, _ factors: [Double], _ predictions: Span<T>,
    _ targets: Span<Target>, _ pixels: Int, _ mask: Span<Bool>?
  ) {
    func scaled(_ values: [Double]) -> [Double] {
      values.indices.map { factors[$0 / mapsPerSample] == 0 ? 0 : values[$0] * factors[$0 / mapsPerSample] }
    }
    OverlapKernel.fill(
      predictions: predictions, targets: targets, pixels: pixels, mask: mask, inside: scaled(outcome.inside),
      outside: scaled(outcome.outside), output: &output)
  }

  /// Losses and gradients of all samples.
  func slopes(_ sums: [OverlapKernel.Sums]) -> Outcome {
    switch form {
    case .ratio(let ratio):
      let slopes = sums.map(ratio.slopes)
      return Outcome(losses: slopes.map(\.loss), inside: slopes.map(\.inside), outside: slopes.map(\.outside))
    case .generalizedDice(let classes, let smoothing):
      return combined(sums, classes) { GeneralizedDice(smoothing: smoothing).slopes($0) }
    case .lovasz:
      return Outcome(losses: [], inside: [], outside: [])
    }
  }

  /// Products of the samples' Hessians with a direction, whose sums are among the given.
  func products(_ sums: [OverlapKernel.Sums]) -> Outcome {
    switch form {
    case .ratio(let ratio):
      let products = sums.map(ratio.product)
      return Outcome(losses: [], inside: products.map(\.inside), outside: products.map(\.outside))
    case .generalizedDice(let classes, let smoothing):
      return combined(sums, classes) { GeneralizedDice(smoothing: smoothing).product($0) }
    case .lovasz:
      let zeros = [Double](repeating: 0, count: sums.count)
      return Outcome(losses: [], inside: zeros, outside: zeros)
    }
  }

  private func combined(
    _ sums: [OverlapKernel.Sums], _ classes: Int, _ evaluate: (ArraySlice<OverlapKernel.Sums>) -> Outcome
  ) -> Outcome {
    var result = Outcome(losses: [], inside: [], outside: [])
    for start in stride(from: 0, to: sums.count, by: classes) {
      let part = evaluate(sums[start..<start + classes])
      result.losses += part.losses
      result.inside += part.inside
      result.outside += part.outside
    }
    return result
  }
}
