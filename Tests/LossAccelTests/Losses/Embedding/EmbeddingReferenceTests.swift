import LossAccel
import TestSupport
import Testing

/// All losses of embeddings behind one call: value, and gradient and curvature product of all matrices, one after the other.
struct EmbeddingCase {
  let name: Substring
  let parameter: Double
  let scale: Double
  let similarity: EmbeddingSimilarity
  let labels: [Int]

  init(_ reference: ReferenceCase) {
    name = reference.name.prefix { $0 != "," }
    parameter = reference.options["parameter"]!
    scale = reference.options["scale"]!
    similarity = reference.options["similarity"] == 0 ? .dot : .cosine
    labels = reference.integers("labels")
  }

  func evaluate<T: Scalar>(
    _ m: [Matrix<T>], _ direction: [Matrix<T>], weights: [T], mask: [Bool], kind: CurvatureKind = .exact
  ) throws -> (value: Double, gradient: [T], product: [T]) {
    var g = m.map { Matrix<T>(repeating: .nan, rows: $0.rows, columns: $0.columns) }
    var value = 0.0
    let curvature: EmbeddingCurvature<T>
    switch name {
    case "pair_cosine", "pair_contrastive", "pair_hinge":
      let loss: PairLoss =
        switch name {
        case "pair_cosine": .cosine(margin: parameter)
        case "pair_contrastive": .contrastive(margin: parameter)
        default: .hinge(margin: parameter)
        }
      var (a, b) = (g[0], g[1])
      value = try loss.sum(
        first: m[0], second: m[1], labels: labels, weights: weights, mask: mask, firstGradient: &a, secondGradient: &b)
      g = [a, b]
      curvature = try loss.curvature(of: .sum, first: m[0], second: m[1], labels: labels, weights: weights, mask: mask)
    case "triplet", "squared_triplet":
      let loss = TripletLoss(margin: parameter, distance: name == "triplet" ? .euclidean : .squaredEuclidean)
      var (a, p, n) = (g[0], g[1], g[2])
      let total = Double(zip(weights, mask).reduce(T(0)) { $0 + ($1.1 ? $1.0 : 0) })
      value =
        total
        * (try loss.mean(
          anchors: m[0], positives: m[1], negatives: m[2], weights: weights, mask: mask, anchorGradient: &a,
          positiveGradient: &p, negativeGradient: &n))
      g = [a, p, n].map { matrix in
        Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map { $0 * T(total) })
      }
      curvature = try loss.curvature(
        of: .sum, anchors: m[0], positives: m[1], negatives: m[2], weights: weights, mask: mask)
    case "info_nce":
      let loss = InfoNCE(temperature: parameter, similarity: similarity)
      var (a, b) = (g[0], g[1])
      value = try loss.sum(
        queries: m[0], keys: m[1], positives: labels, weights: weights, mask: mask, queryGradient: &a, keyGradient: &b)
      g = [a, b]
      curvature = try loss.curvature(
        kind, of: .sum, queries: m[0], keys: m[1], positives: labels, weights: weights, mask: mask)
    case "supervised_contrastive", "circle":
      let loss: GroupedEmbeddingLoss =
        name == "circle"
        ? .circle(scale: scale, margin: parameter)
        : .supervisedContrastive(temperature: parameter, similarity: similarity)
      var a = g[0]
      value = try loss.sum(embeddings: m[0], labels: labels, weights: weights, mask: mask, gradient: &a)
      g = [a]
      curvature = try loss.curvature(
        kind, of: .sum, embeddings: m[0], labels: labels, weights: weights, mask: mask)
    default:
      let loss: AngularMarginLoss =
        name == "arc_face" ? .arcFace(scale: scale, margin: parameter) : .cosFace(scale: scale, margin: parameter)
      var (a, b) = (g[0], g[1])
      value = try loss.sum(
        embeddings: m[0].elements.span, centers: m[1].elements.span, columns: m[0].columns, labels: labels,
        weights: weights.span, mask: mask.span, embeddingGradient: a.elements.mutableSpan,
        centerGradient: b.elements.mutableSpan)
      extendLifetime(weights)
      extendLifetime(mask)
      g = [a, b]
      curvature = try loss.curvature(
        kind, of: .sum, embeddings: m[0], centers: m[1], labels: labels, weights: weights, mask: mask)
    }
    let product = try curvature.product(with: direction)
    return (value, g.flatMap(\.elements), product.flatMap(\.elements))
  }

  /// The matrices that the elements of a case make.
  static func matrices<T: Scalar>(_ elements: [T], _ shapes: [Int]) -> [Matrix<T>] {
    var start = 0
    return stride(from: 0, to: shapes.count, by: 2).map { at in
      let (rows, columns) = (shapes[at], shapes[at + 1])
      defer { start += rows * columns }
      return Matrix(rows: rows, columns: columns, elements: Array(elements[start..<start + rows * columns]))
    }
  }
}

@Suite("Losses of embeddings against their definitions")
struct EmbeddingReferenceTests {
  static let references: [ReferenceCase] = ReferenceCase.all("embedding")

  /// Errors are measured in ulp of the terms that are added: similarities over the temperature (or times the scale) up to `steep`, whose
  /// rounding changes shares by as much relatively; gradients carry another factor of it, products two.
  private func check<T: Scalar>(_ reference: ReferenceCase, _ type: T.Type) throws {
    let embedding = EmbeddingCase(reference), shapes = reference.integers("shapes")
    let matrices = EmbeddingCase.matrices(reference.input("predictions") as [T], shapes)
    let direction = EmbeddingCase.matrices(reference.input("direction") as [T], shapes)
    let result = try embedding.evaluate(
      matrices, direction, weights: reference.input("weights"), mask: reference.flags("mask"))
    let usesProducts = ["info_nce", "supervised_contrastive", "circle", "arc_face", "cos_face"].contains(embedding.name)
    let largest = Double(matrices.flatMap(\.elements).map { abs($0) }.max()!)
    let steep =
      embedding.name.hasSuffix("e") && embedding.name != "cos_face" && embedding.name != "arc_face" && usesProducts
        && embedding.name != "circle" || embedding.name == "supervised_contrastive"
      ? (embedding.similarity == .dot ? 3 * largest * largest : 1) / embedding.parameter
      : usesProducts ? 2 * embedding.scale : 8
    // Differences of elements and matrix products are formed in the precision of the batch; the cosine of near neighbours in double,
    // where the rounding of unit vectors is multiplied by how far they are apart.
    let isNear = reference.name == "pair_cosine, nearly equal"
    let bound = GroupBound.embedding
    let ulps = T.self == Double.self || isNear ? bound.value : bound.value * 0x1p29
    let scale = isNear ? reference.value.squareRoot() : max(steep, 4)
    reference.expect(value: result.value, ulps: ulps, scale: scale)
    // Derivatives by short embeddings are large, and parts of them cancel.
    let slope = reference.gradient.reduce(0) { max($0, abs($1)) },
      bend = reference.product.reduce(0) { max($0, abs($1)) }
    reference.expect(result.gradient, \.gradient, ulps: bound.gradient, scale: max(steep * steep, 8, slope))
    reference.expect(result.product, \.product, ulps: bound.product, scale: max(steep * steep * steep, 32, bend))
  }

  @Test("value, gradients and curvature to 100 digits", arguments: references)
  func definition(_ reference: ReferenceCase) throws {
    try check(reference, Double.self)
    try check(reference, Float.self)
  }

  @Test("Gauss-Newton products are positive semidefinite and symmetric", arguments: references)
  func gaussNewton(_ reference: ReferenceCase) throws {
    let embedding = EmbeddingCase(reference), shapes = reference.integers("shapes")
    guard ["info_nce", "supervised_contrastive", "circle", "arc_face", "cos_face"].contains(embedding.name) else {
      return
    }
    let matrices = EmbeddingCase.matrices(reference.input("predictions") as [Double], shapes)
    let weights: [Double] = reference.input("weights"), mask = reference.flags("mask")
    var random = SeededGenerator(seed: 61)
    let directions = (0..<4).map { _ in
      matrices.map { random.matrix(rows: $0.rows, columns: $0.columns, in: -1...1) as Matrix<Double> }
    }
    let products = try directions.map {
      try embedding.evaluate(matrices, $0, weights: weights, mask: mask, kind: .gaussNewton).product
    }
    func dot(_ x: [Matrix<Double>], _ y: [Double]) -> Double {
      zip(x.flatMap(\.elements), y).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for i in 0..<4 {
      #expect(dot(directions[i], products[i]) >= -1e-12)
      for j in 0..<i {
        let (a, b) = (dot(directions[i], products[j]), dot(directions[j], products[i]))
        #expect(abs(a - b) <= 1e-11 * (1 + abs(a)))
      }
    }
  }
}
