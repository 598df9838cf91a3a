import LossAccel
import TestSupport

/// A loss of the group catalogue behind one call, on batches of its samples: what a sample is differs, but every batch is a list of them.
struct GroupLossProbe: Sendable {
  /// Value and gradient, by the samples' own predictions, sample after sample, and by those that all samples share.
  struct Result: Equatable {
    var value: Double
    var own, shared: [Double]
  }

  /// The predictions of a batch, or a direction.
  struct Point {
    var own, shared: [Double]
  }

  /// What a call beside the predictions takes. Masks are of samples.
  struct Batch {
    /// The numbers of the samples; their targets depend on these.
    var samples: [Int]
    var weights: [Double]?
    var mask: [Bool]?
    var reduction = RowReduction.sum

    init(_ samples: some Sequence<Int>, weights: [Double]? = nil, mask: [Bool]? = nil) {
      (self.samples, self.weights, self.mask) = (Array(samples), weights, mask)
    }
  }

  let name: String
  /// How many predictions a sample has of its own, and all have together.
  let own, shared: Int
  /// Where predictions may lie.
  var range = -2.0...2
  /// Whether a sample of weight 2 is the sample twice; not where samples are each other's alternatives.
  var weightsRepeat = true
  /// What a mean divides by counts the samples for which this is so.
  var isCounted: @Sendable (Int) -> Bool = { _ in true }
  /// Where kinks may be that lines between random predictions do not meet: at predictions of 0, and for regions at the true ones.
  var corners: @Sendable (Batch) -> [[Double]] = { _ in [] }
  let evaluate: @Sendable (Batch, Point) throws -> Result
  let product: @Sendable (Batch, Point, Point) throws -> [Double]

  func point(_ batch: Batch, seed: UInt64) -> Point {
    var random = SeededGenerator(seed: seed)
    return Point(
      own: (0..<batch.samples.count * own).map { _ in .random(in: range, using: &random) },
      shared: (0..<shared).map { _ in .random(in: range, using: &random) })
  }
}

extension GroupLossProbe {
  /// Every loss of the catalogue.
  static let all: [GroupLossProbe] =
    [PairLoss.cosine(), .contrastive(margin: 4), .hinge(margin: 4)].map(pairs)
    + [TripletLoss(margin: 4), TripletLoss(margin: 4, distance: .squaredEuclidean)].map(triplets)
    + [infoNCE()]
    + [GroupedEmbeddingLoss.supervisedContrastive(), .circle(scale: 8)].map(grouped)
    + [AngularMarginLoss.arcFace(scale: 8), .cosFace(scale: 8)].map(angular)
    + [marginRanking()]
    + [
      RankingLoss.logistic, .lambda, .hinge(), .squaredHinge(), .listwiseSoftmax, .orderLikelihood(),
      .approximateNDCG(),
    ].map(ranking)
    + [
      SegmentationLoss.dice(), .jaccard(), .tversky(), .focalTversky(), .generalizedDice(classes: 2), .lovaszHinge,
      .lovaszSoftmax,
    ].map(segmentation)
    + [cox()]

  /// Losses that are differentiable more often than the catalogue's of the same kind, with what they say of themselves.
  static let smoother: [(probe: GroupLossProbe, traits: LossTraits)] =
    [
      SegmentationLoss.dice(smoothing: 1), .jaccard(smoothing: 0.5), .tversky(alpha: 0.5, beta: 0, smoothing: 1),
      .focalTversky(gamma: 1.5, smoothing: 1), .focalTversky(gamma: 2, smoothing: 1),
      .focalTversky(gamma: 2.5, smoothing: 1), .generalizedDice(classes: 2, smoothing: 1),
    ].map { (segmentation($0), $0.traits) }
    + [(infoNCE(.dot), InfoNCE(similarity: .dot).traits)]
    + [GroupedEmbeddingLoss.supervisedContrastive(similarity: .dot)].map { (grouped($0), $0.traits) }

  private static let width = 3

  /// Part `k` of every sample's own predictions, as a matrix.
  private static func part(_ own: [Double], _ k: Int, of parts: Int) -> Matrix<Double> {
    Matrix(rows: own.count / (parts * width), columns: width) { own[($0 * parts + k) * width + $1] }
  }

  private static func joined(_ parts: [Matrix<Double>]) -> [Double] {
    (0..<parts[0].rows).flatMap { row in parts.flatMap { Array($0.row(row)) } }
  }

  private static func pairs(_ loss: PairLoss) -> GroupLossProbe {
    @Sendable func labels(_ batch: Batch) -> [Int] { batch.samples.map { $0 % 2 } }
    return GroupLossProbe(name: loss.name, own: 2 * width, shared: 0) { batch, p in
      let (a, b) = (part(p.own, 0, of: 2), part(p.own, 1, of: 2))
      var (g, h) = (a, b)
      let value =
        try batch.reduction == .sum
        ? loss.sum(
          first: a, second: b, labels: labels(batch), weights: batch.weights, mask: batch.mask, firstGradient: &g,
          secondGradient: &h)
        : loss.mean(
          first: a, second: b, labels: labels(batch), weights: batch.weights, mask: batch.mask, firstGradient: &g,
          secondGradient: &h)
      return Result(value: value, own: joined([g, h]), shared: [])
    } product: { batch, p, v in
      let curvature = try loss.curvature(
        of: batch.reduction, first: part(p.own, 0, of: 2), second: part(p.own, 1, of: 2), labels: labels(batch),
        weights: batch.weights, mask: batch.mask)
      return joined(try curvature.product(with: [part(v.own, 0, of: 2), part(v.own, 1, of: 2)]))
    }
  }

  private static func triplets(_ loss: TripletLoss) -> GroupLossProbe {
    GroupLossProbe(name: loss.name, own: 3 * width, shared: 0) { batch, p in
      let m = (0..<3).map { part(p.own, $0, of: 3) }
      let (a, b, c) = (m[0].elements, m[1].elements, m[2].elements)
      var (g, h, k) = (a, b, c)
      let value =
        try batch.reduction == .sum
        ? loss.sum(
          anchors: a.span, positives: b.span, negatives: c.span, columns: width, weights: batch.weights?.span,
          mask: batch.mask?.span, anchorGradient: g.mutableSpan, positiveGradient: h.mutableSpan,
          negativeGradient: k.mutableSpan)
        : loss.mean(
          anchors: a.span, positives: b.span, negatives: c.span, columns: width, weights: batch.weights?.span,
          mask: batch.mask?.span, anchorGradient: g.mutableSpan, positiveGradient: h.mutableSpan,
          negativeGradient: k.mutableSpan)
      let rows = batch.samples.count
      return Result(
        value: value, own: joined([g, h, k].map { Matrix(rows: rows, columns: width, elements: $0) }), shared: [])
    } product: { batch, p, v in
      let m = (0..<3).map { part(p.own, $0, of: 3) }
      let curvature = try loss.curvature(
        of: batch.reduction, anchors: m[0], positives: m[1], negatives: m[2], weights: batch.weights, mask: batch.mask)
      return joined(try curvature.product(with: (0..<3).map { part(v.own, $0, of: 3) }))
    }
  }

  private static func infoNCE(_ similarity: EmbeddingSimilarity = .cosine) -> GroupLossProbe {
    let keys = 5, loss = InfoNCE(temperature: 0.5, similarity: similarity)
    @Sendable func shared(_ p: Point) -> Matrix<Double> { Matrix(rows: keys, columns: width, elements: p.shared) }
    @Sendable func positives(_ batch: Batch) -> [Int] { batch.samples.map { $0 % keys } }
    return GroupLossProbe(name: loss.name, own: width, shared: keys * width) { batch, p in
      let (a, b) = (part(p.own, 0, of: 1), shared(p))
      var (g, h) = (a, b)
      let value =
        try batch.reduction == .sum
        ? loss.sum(
          queries: a, keys: b, positives: positives(batch), weights: batch.weights, mask: batch.mask, queryGradient: &g,
          keyGradient: &h)
        : loss.mean(
          queries: a, keys: b, positives: positives(batch), weights: batch.weights, mask: batch.mask, queryGradient: &g,
          keyGradient: &h)
      return Result(value: value, own: g.elements, shared: h.elements)
    } product: { batch, p, v in
      let curvature = try loss.curvature(
        of: batch.reduction, queries: part(p.own, 0, of: 1), keys: shared(p), positives: positives(batch),
        weights: batch.weights, mask: batch.mask)
      return try curvature.product(with: [part(v.own, 0, of: 1), shared(v)]).flatMap(\.elements)
    }
  }

  private static func grouped(_ loss: GroupedEmbeddingLoss) -> GroupLossProbe {
    @Sendable func labels(_ batch: Batch) -> [Int] { batch.samples.map { $0 % 3 } }
    return GroupLossProbe(name: loss.name, own: width, shared: 0, weightsRepeat: false) { batch, p in
      let a = part(p.own, 0, of: 1)
      var g = a
      let value =
        try batch.reduction == .sum
        ? loss.sum(embeddings: a, labels: labels(batch), weights: batch.weights, mask: batch.mask, gradient: &g)
        : loss.mean(embeddings: a, labels: labels(batch), weights: batch.weights, mask: batch.mask, gradient: &g)
      return Result(value: value, own: g.elements, shared: [])
    } product: { batch, p, v in
      try loss.curvature(
        of: batch.reduction, embeddings: part(p.own, 0, of: 1), labels: labels(batch), weights: batch.weights,
        mask: batch.mask
      ).product(with: [part(v.own, 0, of: 1)])[0].elements
    }
  }

  private static func angular(_ loss: AngularMarginLoss) -> GroupLossProbe {
    let classes = 4
    @Sendable func centers(_ p: Point) -> Matrix<Double> { Matrix(rows: classes, columns: width, elements: p.shared) }
    @Sendable func labels(_ batch: Batch) -> [Int] { batch.samples.map { $0 % classes } }
    return GroupLossProbe(name: loss.name, own: width, shared: classes * width) { batch, p in
      let (a, b) = (part(p.own, 0, of: 1).elements, p.shared)
      var (g, h) = (a, b)
      let value =
        try batch.reduction == .sum
        ? loss.sum(
          embeddings: a.span, centers: b.span, columns: width, labels: labels(batch), weights: batch.weights?.span,
          mask: batch.mask?.span, embeddingGradient: g.mutableSpan, centerGradient: h.mutableSpan)
        : loss.mean(
          embeddings: a.span, centers: b.span, columns: width, labels: labels(batch), weights: batch.weights?.span,
          mask: batch.mask?.span, embeddingGradient: g.mutableSpan, centerGradient: h.mutableSpan)
      return Result(value: value, own: g, shared: h)
    } product: { batch, p, v in
      let curvature = try loss.curvature(
        of: batch.reduction, embeddings: part(p.own, 0, of: 1), centers: centers(p), labels: labels(batch),
        weights: batch.weights, mask: batch.mask)
      return try curvature.product(with: [part(v.own, 0, of: 1), centers(v)]).flatMap(\.elements)
    }
  }

  private static func marginRanking() -> GroupLossProbe {
    let loss = JointLoss.marginRanking(margin: 0.5)
    @Sendable func run(_ batch: Batch, _ p: Point) throws -> (value: Double, gradient: [Double], hessian: [Double]) {
      let targets = batch.samples.map { $0 % 2 == 0 ? 1.0 : -1 }
      var gradient = p.own, hessian = [Double](repeating: 0, count: 3 * batch.samples.count)
      let value =
        try batch.reduction == .sum
        ? loss.sum(
          predictions: p.own.span, targets: targets.span, weights: batch.weights?.span, mask: batch.mask?.span,
          gradient: gradient.mutableSpan, curvature: hessian.mutableSpan)
        : loss.mean(
          predictions: p.own.span, targets: targets.span, weights: batch.weights?.span, mask: batch.mask?.span,
          gradient: gradient.mutableSpan, curvature: hessian.mutableSpan)
      return (value, gradient, hessian)
    }
    return GroupLossProbe(name: loss.name, own: 2, shared: 0) { batch, p in
      let result = try run(batch, p)
      return Result(value: result.value, own: result.gradient, shared: [])
    } product: { batch, p, v in
      let h = try run(batch, p).hessian
      var product: [Double] = []
      for i in batch.samples.indices {
        let (a, b, c) = (h[3 * i], h[3 * i + 1], h[3 * i + 2]), (x, y) = (v.own[2 * i], v.own[2 * i + 1])
        product += [a * x + b * y, b * x + c * y]
      }
      return product
    }
  }

  private static func ranking(_ loss: RankingLoss) -> GroupLossProbe {
    let length = 4
    @Sendable func relevance(_ batch: Batch) -> [Int] {
      batch.samples.flatMap { sample in (0..<length).map { (sample + 3 * $0 * $0) % 4 } }
    }
    @Sendable func items(_ mask: [Bool]?) -> [Bool]? { mask.map { $0.flatMap { Array(repeating: $0, count: length) } } }
    @Sendable func lists(_ batch: Batch) -> [Int] { batch.samples.map { _ in length } }
    return GroupLossProbe(name: loss.name, own: length, shared: 0) { batch, p in
      var gradient = p.own
      let value =
        try batch.reduction == .sum
        ? loss.sum(
          predictions: p.own, targets: relevance(batch), lists: lists(batch), weights: batch.weights,
          mask: items(batch.mask), gradient: &gradient)
        : loss.mean(
          predictions: p.own, targets: relevance(batch), lists: lists(batch), weights: batch.weights,
          mask: items(batch.mask), gradient: &gradient)
      return Result(value: value, own: gradient, shared: [])
    } product: { batch, p, v in
      try loss.curvature(
        of: batch.reduction, predictions: p.own, targets: relevance(batch), lists: lists(batch), weights: batch.weights,
        mask: items(batch.mask)
      ).product(with: v.own)
    }
  }

  private static func segmentation(_ loss: SegmentationLoss) -> GroupLossProbe {
    let pixels = 5, maps = loss.name == "generalized-dice" ? 2 : 1
    @Sendable func targets(_ batch: Batch) -> [Int] {
      batch.samples.flatMap { sample in (0..<maps * pixels).map { ($0 * (sample + 2) + $0 / pixels) % 3 == 1 ? 1 : 0 } }
    }
    @Sendable func all(_ mask: [Bool]?) -> [Bool]? {
      mask.map { $0.flatMap { Array(repeating: $0, count: maps * pixels) } }
    }
    @Sendable func matrix(_ own: [Double]) -> Matrix<Double> {
      Matrix(rows: own.count / pixels, columns: pixels, elements: own)
    }
    let range = loss.name == "lovasz-hinge" ? -2.0...2 : 0.05...0.95
    let corners: @Sendable (Batch) -> [[Double]] = { [targets($0).map(Double.init)] }
    return GroupLossProbe(name: loss.name, own: maps * pixels, shared: 0, range: range, corners: corners) { batch, p in
      let predictions = matrix(p.own)
      var gradient = predictions
      let value =
        try batch.reduction == .sum
        ? loss.sum(
          predictions: predictions, targets: targets(batch), weights: batch.weights, mask: all(batch.mask),
          gradient: &gradient)
        : loss.mean(
          predictions: predictions, targets: targets(batch), weights: batch.weights, mask: all(batch.mask),
          gradient: &gradient)
      return Result(value: value, own: gradient.elements, shared: [])
    } product: { batch, p, v in
      try loss.curvature(
        of: batch.reduction, predictions: matrix(p.own), targets: targets(batch), weights: batch.weights,
        mask: all(batch.mask)
      ).product(with: v.own)
    }
  }

  private static func cox() -> GroupLossProbe {
    let loss = CoxPartialLikelihood(ties: .breslow)
    let isEvent: @Sendable (Int) -> Bool = { $0 % 3 != 2 }
    @Sendable func times(_ batch: Batch) throws -> SurvivalTimes {
      try SurvivalTimes(times: batch.samples.map { ($0 * 7 + 3) % 11 }, events: batch.samples.map(isEvent))
    }
    return GroupLossProbe(name: loss.name, own: 1, shared: 0, isCounted: isEvent) { batch, p in
      var gradient = p.own
      let value =
        try batch.reduction == .sum
        ? loss.sum(
          predictions: p.own, targets: times(batch), weights: batch.weights, mask: batch.mask, gradient: &gradient)
        : loss.mean(
          predictions: p.own, targets: times(batch), weights: batch.weights, mask: batch.mask, gradient: &gradient)
      return Result(value: value, own: gradient, shared: [])
    } product: { batch, p, v in
      try loss.curvature(
        of: batch.reduction, predictions: p.own, targets: times(batch), weights: batch.weights, mask: batch.mask
      ).product(with: v.own)
    }
  }
}
