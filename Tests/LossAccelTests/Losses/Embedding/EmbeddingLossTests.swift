import LossAccel
import TestSupport
import Testing

@Suite("Losses of embeddings")
struct EmbeddingLossTests {
  @Test("Equal embeddings have no cosine loss; opposite ones the largest; zero vectors count as orthogonal")
  func cosineSign() throws {
    let a: Matrix<Float> = [[1, 2, 2], [1, 2, 2], [0, 0, 0]],
      b: Matrix<Float> = [[2, 4, 4], [-1, -2, -2], [1, 0, 0]]
    var (g, h) = (a, b)
    let loss = PairLoss.cosine()
    let values = try [0, 1, 2].map { row in
      try loss.mean(first: a[rows: row..<row + 1], second: b[rows: row..<row + 1], labels: [1])
    }
    #expect(values[0] == 0 && abs(values[1] - 2) < 1e-7 && values[2] == 1)
    _ = try loss.mean(first: a, second: b, labels: [1, 1, 1], firstGradient: &g, secondGradient: &h)
    #expect(g.row(2).allSatisfy { $0 == 0 } && h.row(2).allSatisfy { $0 == 0 })
    // Going down the gradient brings a pair that belongs together nearer.
    let p: Matrix<Float> = [[1, 0]], q: Matrix<Float> = [[0.6, 0.8]]
    var (s, t) = (p, q)
    _ = try loss.mean(first: p, second: q, labels: [1], firstGradient: &s, secondGradient: &t)
    #expect(s[0, 1] < 0 && t[0, 0] < 0)
  }

  @Test("Distances of 0 have gradient 0, and no NaN", arguments: [true, false])
  func zeroDistance(together: Bool) throws {
    let a: Matrix<Double> = [[1, 2]]
    for loss in [PairLoss.contrastive(), .hinge(), .cosine(margin: 0.5)] {
      var (g, h) = (a, a)
      let value = try loss.mean(
        first: a, second: a, labels: [together], firstGradient: &g, secondGradient: &h)
      #expect(value == (together ? 0 : loss.name == "pair-cosine" ? 0.5 : 1))
      #expect(g.elements.allSatisfy { $0 == 0 } && h.elements.allSatisfy { $0 == 0 })
      let curvature = try loss.curvature(of: .sum, first: a, second: a, labels: [together])
      let product = try curvature.product(with: [[[1, 0]], [[0, 1]]])
      #expect(product.allSatisfy { $0.elements.allSatisfy { $0.isFinite } })
    }
    for distance in TripletLoss.Distance.allCases {
      var (x, y, z) = (a, a, a)
      let value = try TripletLoss(margin: 2, distance: distance).mean(
        anchors: a, positives: a, negatives: a, anchorGradient: &x, positiveGradient: &y, negativeGradient: &z)
      #expect(value == 2)
      #expect([x, y, z].allSatisfy { $0.elements.allSatisfy { $0 == 0 } })
    }
  }

  /// The definition, one pair after the other.
  private func naive(_ a: Matrix<Double>, _ b: Matrix<Double>, _ positives: [Int], _ temperature: Double) -> Double {
    let (x, y, width) = (a.elements, b.elements, a.columns)
    var total = 0.0
    for i in 0..<a.rows {
      var logits = [Double](repeating: 0, count: b.rows)
      for j in 0..<b.rows {
        for k in 0..<width { logits[j] += x[i * width + k] * y[j * width + k] / temperature }
      }
      // Below 12 each: nothing overflows.
      var sum = 0.0
      for logit in logits { sum += ElementaryFunctions.exp(logit) }
      total += ElementaryFunctions.log(sum) - logits[positives[i]]
    }
    return total / Double(a.rows)
  }

  @Test("InfoNCE over several strips of queries and tiles of keys is the whole")
  func strips() throws {
    var random = SeededGenerator(seed: 62)
    let queries: Matrix<Double> = random.matrix(rows: 270, columns: 3, in: -1...1)
    let keys: Matrix<Double> = random.matrix(rows: 8300, columns: 3, in: -1...1)
    let positives = (0..<270).map { _ in Int.random(in: 0..<8300, using: &random) }
    let loss = InfoNCE(temperature: 0.25, similarity: .dot)
    var (g, h) = (queries, keys)
    let value = try loss.mean(
      queries: queries, keys: keys, positives: positives, queryGradient: &g, keyGradient: &h)
    #expect(abs(value - naive(queries, keys, positives, 0.25)) < 1e-12)
    // The gradient along a direction, and the product with the Hessian, by differences.
    let u: Matrix<Double> = random.matrix(rows: 270, columns: 3, in: -1...1)
    let v: Matrix<Double> = random.matrix(rows: 8300, columns: 3, in: -1...1)
    let step = 1e-5
    func moved(_ x: Matrix<Double>, _ d: Matrix<Double>, _ t: Double) -> Matrix<Double> {
      Matrix(rows: x.rows, columns: x.columns, elements: zip(x.elements, d.elements).map { $0 + t * $1 })
    }
    var (g1, h1, g2, h2) = (g, h, g, h)
    let above = try loss.mean(
      queries: moved(queries, u, step), keys: moved(keys, v, step), positives: positives, queryGradient: &g1,
      keyGradient: &h1)
    let below = try loss.mean(
      queries: moved(queries, u, -step), keys: moved(keys, v, -step), positives: positives, queryGradient: &g2,
      keyGradient: &h2)
    let slope = zip(g.elements + h.elements, u.elements + v.elements).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs((above - below) / (2 * step) - slope) < 1e-8)
    let curvature = try loss.curvature(of: .mean, queries: queries, keys: keys, positives: positives)
    let product = try curvature.product(with: [u, v])
    for (index, expected) in zip(g1.elements + h1.elements, g2.elements + h2.elements).enumerated() {
      let actual = index < g.elements.count ? product[0].elements[index] : product[1].elements[index - g.elements.count]
      if abs((expected.0 - expected.1) / (2 * step) - actual) > 1e-8 {
        Issue.record("product \(index): \(actual), by differences \((expected.0 - expected.1) / (2 * step))")
        break
      }
    }
  }

  @Test("Huge similarities: no overflow, and a query far from its key costs what it should")
  func huge() throws {
    let queries: Matrix<Float> = [[100, 0], [0, 100]], keys: Matrix<Float> = [[100, 0], [100, 0.5]]
    var (g, h) = (queries, keys)
    let value = try InfoNCE(temperature: 1, similarity: .dot).mean(
      queries: queries, keys: keys, queryGradient: &g, keyGradient: &h)
    // ½·(log 2 + log(1 + e⁻⁵⁰)): the first query has two equal keys.
    #expect(abs(value - 0.5 * 0.693_147_180_559_945_3) < 1e-7)
    let opposite = try InfoNCE(temperature: 0.01, similarity: .dot).mean(
      queries: [[100, 0]], keys: [[-100, 0], [1, 0]] as Matrix<Float>, positives: [0])
    #expect(opposite == 1_010_000)
    #expect(g.elements.allSatisfy { $0.isFinite } && h.elements.allSatisfy { $0.isFinite })
  }

  @Test("Embeddings that do not count are nowhere, even with NaN; weight 2 is the query twice")
  func leftOut() throws {
    let queries: Matrix<Double> = [[1, 2], [.nan, 1], [0.5, -1], [3, .infinity]],
      keys: Matrix<Double> = [[1, 1], [2, -1], [0, 1]]
    for similarity in EmbeddingSimilarity.allCases {
      let loss = InfoNCE(similarity: similarity)
      var (g, h) = (queries, keys), (p, q) = (Matrix<Double>.zeros(rows: 3, columns: 2), keys)
      let value = try loss.mean(
        queries: queries, keys: keys, positives: [0, 99, 1, 2], weights: [2, 0, 1, 1], mask: [true, true, true, false],
        queryGradient: &g, keyGradient: &h)
      let plain = try loss.mean(
        queries: [[1, 2], [1, 2], [0.5, -1]], keys: keys, positives: [0, 0, 1], queryGradient: &p, keyGradient: &q)
      #expect(abs(value - plain) <= 1e-14)
      #expect(g.row(1).allSatisfy { $0 == 0 } && g.row(3).allSatisfy { $0 == 0 })
      #expect(zip(h.elements, q.elements).allSatisfy { abs($0 - $1) < 1e-14 })
      #expect(abs(g[0, 0] - p[0, 0] - p[1, 0]) < 1e-14 && abs(g[2, 1] - p[2, 1]) < 1e-14)
    }
    let embeddings: Matrix<Double> = [[1, 2], [.nan, 1], [0.5, -1], [1, 1], [0, 2]]
    for loss in [GroupedEmbeddingLoss.supervisedContrastive(), .circle(scale: 2)] {
      var g = embeddings, p = Matrix<Double>.zeros(rows: 4, columns: 2)
      let value = try loss.mean(
        embeddings: embeddings, labels: [5, 5, 5, 9, 9], weights: [1, 0, 1, 1, 1], gradient: &g)
      let plain = try loss.mean(
        embeddings: [[1, 2], [0.5, -1], [1, 1], [0, 2]], labels: [1, 1, 0, 0], gradient: &p)
      #expect(abs(value - plain) <= 1e-14)
      #expect(g.row(1).allSatisfy { $0 == 0 })
      let kept = [0, 2, 3, 4].flatMap { g.row($0) }
      #expect(zip(kept, p.elements).allSatisfy { abs($0 - $1) < 1e-14 })
    }
  }

  @Test("Errors say what is wrong, and leave NaN")
  func errors() throws {
    let a: Matrix<Double> = [[1, 2], [0, 1]]
    var (g, h) = (a, a)
    #expect(throws: LossError.targetOutsideDomain(index: 1, value: 3, lowest: -1, highest: 1)) {
      try PairLoss.hinge().mean(first: a, second: a, labels: [1, 3], firstGradient: &g, secondGradient: &h)
    }
    #expect(g.elements.allSatisfy { $0.isNaN } && h.elements.allSatisfy { $0.isNaN })
    #expect(throws: LossError.nothingToAverage) {
      try PairLoss.hinge().mean(first: a, second: a, labels: [1, 3], mask: [false, false])
    }
    #expect(throws: LossError.invalidWeight(index: 0, value: .infinity)) {
      try TripletLoss().mean(anchors: a, positives: a, negatives: a, weights: [.infinity, 1])
    }
    #expect(throws: LossError.labelOutOfRange(row: 1, label: 2, classes: 2)) {
      try InfoNCE().mean(queries: a, keys: a, positives: [0, 2], queryGradient: &g, keyGradient: &h)
    }
    #expect(throws: LossError.nothingToAverage) {
      try GroupedEmbeddingLoss.circle().mean(embeddings: a, labels: [1, 1])
    }
    #expect(throws: LossError.labelOutOfRange(row: 0, label: -1, classes: 2)) {
      try AngularMarginLoss.cosFace().mean(embeddings: a, centers: a, labels: [-1, 0])
    }
    #expect(
      throws: LossError.curvatureNotAvailable(loss: "info-nce", kind: .fisher, available: [.exact, .gaussNewton])
    ) {
      try InfoNCE().curvature(.fisher, of: .mean, queries: a, keys: a)
    }
    #expect(throws: LossError.emptyBatch) {
      let none = Matrix<Double>.zeros(rows: 0, columns: 2)
      return try InfoNCE().mean(queries: none, keys: none)
    }
  }

  @Test("Same bits for any number of threads")
  func threads() throws {
    var random = SeededGenerator(seed: 63)
    let a: Matrix<Float> = random.matrix(rows: 900, columns: 24, in: -1...1)
    let b: Matrix<Float> = random.matrix(rows: 900, columns: 24, in: -1...1)
    let labels = (0..<900).map { $0 % 40 }
    let results = try [1, 2, 3].map { threads in
      try Parallelism.withThreads(threads) {
        var (g, h, k) = (a, b, a)
        let contrast = try InfoNCE().mean(queries: a, keys: b, queryGradient: &g, keyGradient: &h)
        let circle = try GroupedEmbeddingLoss.circle(scale: 8).mean(embeddings: a, labels: labels, gradient: &k)
        var (m, n) = (a, b)
        let pairs = try PairLoss.cosine().mean(
          first: a, second: b, labels: labels.map { $0 % 2 }, firstGradient: &m, secondGradient: &n)
        return g.elements + h.elements + k.elements + m.elements + n.elements
          + [Float(contrast), Float(circle), Float(pairs)]
      }
    }
    #expect(sameBits(results[0], results[1]) && sameBits(results[0], results[2]))
    #expect(results[0].allSatisfy { $0.isFinite })
  }

  @Test("Lipschitz constants hold")
  func constants() throws {
    var random = SeededGenerator(seed: 64)
    func length(_ matrices: [Matrix<Double>]) -> Double {
      matrices.flatMap(\.elements).reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    for _ in 0..<30 {
      let m = (0..<3).map { _ in random.matrix(rows: 1, columns: 4, in: -1...1) as Matrix<Double> }
      var (a, b, c) = (m[0], m[1], m[2])
      let pair = PairLoss.hinge(margin: 4), triplet = TripletLoss(margin: 4)
      for label in [0, 1] {
        _ = try pair.sum(first: m[0], second: m[1], labels: [label], firstGradient: &a, secondGradient: &b)
        #expect(length([a, b]) <= pair.traits.lipschitzConstant! * (1 + 1e-15))
      }
      _ = try triplet.mean(
        anchors: m[0], positives: m[1], negatives: m[2], anchorGradient: &a, positiveGradient: &b, negativeGradient: &c)
      #expect(length([a, b, c]) <= triplet.traits.lipschitzConstant! * (1 + 1e-15))
    }
  }
}
