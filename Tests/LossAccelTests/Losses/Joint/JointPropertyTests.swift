import LossAccel
import TestSupport
import Testing

/// What must hold for every loss of several predictions or targets, whatever it computes.
struct JointPropertyTests {
  /// Samples inside the loss's domain, away from its boundaries.
  static func batch<T: Scalar>(
    _ loss: JointLoss, count: Int, seed: UInt64 = 1, as type: T.Type = T.self
  ) -> (predictions: [T], targets: [T]) {
    var random = SeededGenerator(seed: seed)
    func number(_ variable: JointLoss.Variable) -> Double {
      guard let domain = variable.domain else { return .random(in: -2...2, using: &random) }
      if variable.name == "count" { return Double(Int.random(in: 0...3, using: &random)) }
      if domain.upperBound == 1 { return Bool.random(using: &random) ? 1 : 0 }
      return .random(in: 0.25...4, using: &random)
    }
    var (predictions, targets): ([T], [T]) = ([], [])
    for _ in 0..<count {
      predictions += loss.predictions.map { T(number($0)) }
      var target = loss.targets.map { T(number($0)) }
      if loss.targets.last?.name == "upper end" { target = ends(target, kind: .random(in: 0..<4, using: &random)) }
      targets += target
    }
    return (predictions, targets)
  }

  /// An event, an interval, or one that is open to one side.
  private static func ends<T: Scalar>(_ target: [T], kind: Int) -> [T] {
    switch kind {
    case 0: [target[0], target[0]]
    case 1: [target[0], target[0] + target[1]]
    case 2: [target[0], .infinity]
    default: [0, target[1]]
    }
  }

  @Test(arguments: JointLossCatalogue.all) func derivativesAreSlopes(_ loss: JointLoss) {
    // Symmetric differences: off by the third derivative times h²/6, plus rounding ε/h.
    let h = 1e-5
    let (p, t) = Self.batch(loss, count: 100, as: Double.self)
    let (width, m) = (loss.predictions.count, loss.targets.count)
    for i in 0..<100 {
      let (x, y) = (Array(p[i * width..<(i + 1) * width]), Array(t[i * m..<(i + 1) * m]))
      let gradient = loss.gradient(predictions: x, targets: y)
      let hessian = loss.hessian(predictions: x, targets: y)
      let scale = 1 + hessian.reduce(0) { $0 + Swift.abs($1) } + gradient.reduce(0) { $0 + Swift.abs($1) }
      for j in 0..<width {
        var (above, below) = (x, x)
        above[j] += h
        below[j] -= h
        let slope =
          (loss.value(predictions: above, targets: y) - loss.value(predictions: below, targets: y)) / (2 * h)
        #expect(Swift.abs(slope - gradient[j]) <= 1e-8 * scale * scale, "\(x), \(y): \(slope), not \(gradient[j])")
        let (up, down) = (
          loss.gradient(predictions: above, targets: y), loss.gradient(predictions: below, targets: y)
        )
        for k in 0...j {
          let bend = (up[k] - down[k]) / (2 * h)
          let stated = hessian[k + j * (j + 1) / 2]
          #expect(Swift.abs(bend - stated) <= 1e-7 * scale * scale, "\(x), \(y): \(bend), not \(stated)")
        }
      }
    }
  }

  @Test(arguments: JointLossCatalogue.all) func statedDerivativesAreTheDerivedOnes(_ loss: JointLoss) {
    let derived = JointLoss(loss.name, predictions: loss.predictions, targets: loss.targets) { _, _ in loss.formula }
    let (p, t) = Self.batch(loss, count: 100, as: Double.self)
    let (width, m) = (loss.predictions.count, loss.targets.count)
    for i in 0..<100 {
      let (x, y) = (Array(p[i * width..<(i + 1) * width]), Array(t[i * m..<(i + 1) * m]))
      // Derived forms of failure times are ∞/∞ where an end is open.
      if y.last == .infinity || (y[0] == 0 && m == 2) { continue }
      for (one, other) in zip(
        derived.gradient(predictions: x, targets: y) + derived.hessian(predictions: x, targets: y),
        loss.gradient(predictions: x, targets: y) + loss.hessian(predictions: x, targets: y)
      ) {
        // Derived forms may cancel in narrow intervals, by a factor of some hundreds.
        #expect(Swift.abs(one - other) <= 1e-11 * (1 + Swift.abs(other)), "\(x), \(y)")
      }
    }
  }

  @Test(arguments: JointLossCatalogue.all) func convexityAndConstantsHold(_ loss: JointLoss) throws {
    let traits = try #require(loss.traits)
    let (p, t) = Self.batch(loss, count: 2000, seed: 4, as: Double.self)
    let (width, m) = (loss.predictions.count, loss.targets.count)
    var (least, greatest, steepest) = (Double.infinity, -Double.infinity, 0.0)
    for i in 0..<2000 {
      let (x, y) = (Array(p[i * width..<(i + 1) * width]), Array(t[i * m..<(i + 1) * m]))
      let hessian = loss.hessian(predictions: x, targets: y)
      let eigenvalues = Self.eigenvalues(hessian)
      // A determinant of 0 comes out as the rounding of the products in it.
      let rounding = 1e-7 * Swift.abs(eigenvalues.highest)
      least = Swift.min(least, eigenvalues.lowest + rounding)
      greatest = Swift.max(greatest, eigenvalues.highest)
      let far = x.map { 40 * $0 }
      for point in [x, far] {
        let gradient = loss.gradient(predictions: point, targets: y)
        steepest = Swift.max(steepest, gradient.reduce(0) { $0 + $1 * $1 }.squareRoot())
      }
    }
    if traits.convexity.isConvex { #expect(least >= 0) } else { #expect(least < 0) }
    if let bound = traits.lipschitzConstant {
      #expect(steepest <= bound * (1 + 1e-15) && steepest > 0.9 * bound)
    } else {
      #expect(steepest > 10)
    }
    if let bound = traits.smoothness { #expect(greatest <= bound * (1 + 1e-14) && greatest >= 0.9 * bound) }
  }

  /// Of a packed matrix, by Jacobi's rotations.
  private static func eigenvalues(_ packed: [Double]) -> (lowest: Double, highest: Double) {
    let size = (1...packed.count).first { $0 * ($0 + 1) / 2 == packed.count }!
    var a = Matrix<Double>(rows: size, columns: size) { i, j in
      let (least, greatest) = (Swift.min(i, j), Swift.max(i, j))
      return packed[least + greatest * (greatest + 1) / 2]
    }
    for _ in 0..<20 {
      for p in 0..<size {
        for q in p + 1..<Swift.max(size, p + 1) where a[p, q] != 0 {
          let theta = (a[q, q] - a[p, p]) / (2 * a[p, q])
          let t = (theta < 0 ? -1 : 1) / (Swift.abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot(), s = t * c
          for k in 0..<size { (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]) }
          for k in 0..<size { (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]) }
        }
      }
    }
    let diagonal = (0..<size).map { a[$0, $0] }
    return (diagonal.min()!, diagonal.max()!)
  }

  @Test func fisherInformationOfCountsIsTheExpectedHessian() throws {
    for loss in [JointLoss.zeroInflatedPoisson, .poissonHurdle] {
      for (eta, z) in [(0.25, -0.5), (-1.5, 1.25), (1.5, 0.75)] {
        let mu = ElementaryFunctions.exp(eta), share = 1 / (1 + ElementaryFunctions.exp(-z))
        // Beyond forty the probabilities are below the last place of everything.
        var poisson = [ElementaryFunctions.exp(-mu)]
        for y in 1...40 { poisson.append(poisson[y - 1] * mu / Double(y)) }
        var chances = poisson.map { (1 - share) * $0 }
        if loss.name == "poisson-hurdle" {
          chances = chances.map { $0 / (1 - poisson[0]) }
          chances[0] = share
        } else {
          chances[0] += share
        }
        var expected = [0.0, 0, 0]
        for (y, chance) in chances.enumerated() {
          let hessian = loss.hessian(predictions: [eta, z], targets: [Double(y)])
          for k in 0..<3 { expected[k] += chance * hessian[k] }
        }
        var fisher = [0.0, 0, 0]
        let (p, t) = ([eta, z], [1.0])
        _ = try loss.sum(predictions: p.span, targets: t.span, curvature: fisher.mutableSpan, as: .fisher)
        for k in 0..<3 { #expect(Swift.abs(fisher[k] - expected[k]) < 1e-13, "\(loss.name), element \(k)") }
      }
    }
  }

  @Test func fisherInformationIsTheExpectedSquareOfTheGradient() throws {
    // The mean over targets at the quantiles (i + ½)/n of the distribution: the tails, with fourth moments in them, cost the rule
    // less than a hundredth.
    let n = 20_000
    let quantiles: [(loss: JointLoss, quantile: (Double) -> Double)] = [
      (.gaussianLikelihood, { Self.normalQuantile($0) }),
      (.laplaceLikelihood, { $0 < 0.5 ? ElementaryFunctions.log(2 * $0) : -ElementaryFunctions.log(2 - 2 * $0) }),
      // With two degrees of freedom the quantile has a closed form.
      (.studentLikelihood(degrees: 2), { (2 * $0 - 1) / (2 * $0 * (1 - $0)).squareRoot() }),
    ]
    for (loss, quantile) in quantiles {
      let spread = 0.5
      let prediction = [0.75, loss.name == "gaussian-nll" ? 2 * spread : spread]
      let targets = (0..<n).map { 0.75 + ElementaryFunctions.exp(spread) * quantile((Double($0) + 0.5) / Double(n)) }
      let predictions = (0..<n).flatMap { _ in prediction }
      var fisher = [Double](repeating: 0, count: 3 * n)
      var gradient = [Double](repeating: 0, count: 2 * n)
      _ = try loss.sum(
        predictions: predictions.span, targets: targets.span, gradient: gradient.mutableSpan,
        curvature: fisher.mutableSpan, as: .fisher)
      for (k, (i, j)) in [(0, 0), (0, 1), (1, 1)].enumerated() {
        let expected = (0..<n).reduce(0) { $0 + gradient[2 * $1 + i] * gradient[2 * $1 + j] } / Double(n)
        #expect(Swift.abs(expected - fisher[k]) < 0.01, "\(loss.name), element \(k)")
      }
    }
  }

  /// By bisection of the kernels' Φ: good to 1e-12 where it matters here.
  private static func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-9.0, 9.0)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if VectorPrimitive.normalCumulative(middle) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  @Test(arguments: JointLossCatalogue.all) func allCallsAgree(_ loss: JointLoss) throws {
    let count = 1037
    let (p, t) = Self.batch(loss, count: count, as: Double.self)
    let weights = (0..<count).map { Double($0 % 4) }
    let values = try loss.values(predictions: p, targets: t, weights: weights)
    var gradient = p
    var alone = p
    var curvature = [Double](repeating: 0, count: count * loss.curvatureCount)
    let mean = try loss.mean(
      predictions: p, targets: t, weights: weights, gradient: &gradient, curvature: &curvature)
    #expect(try loss.mean(predictions: p, targets: t, weights: weights, gradient: &alone) == mean)
    #expect(try loss.mean(predictions: p, targets: t, weights: weights) == mean)
    #expect(alone == gradient)
    let total = weights.reduce(0, +)
    // In order and in plain double precision: n roundings of partial sums.
    let plain = values.reduce(0, +) / total
    let magnitude = values.reduce(0) { $0 + Swift.abs($1) } / total
    #expect(Swift.abs(mean - plain) <= 1100 * magnitude * Double.ulpOfOne)
    if loss.targets.count == 2 {
      let (first, second) = (
        stride(from: 0, to: t.count, by: 2).map { t[$0] }, stride(from: 1, to: t.count, by: 2).map { t[$0] }
      )
      #expect(try loss.mean(predictions: p, targets: first, second, weights: weights) == mean)
      #expect(try loss.values(predictions: p, targets: first, second, weights: weights) == values)
    }
  }

  @Test(arguments: JointLossCatalogue.all) func threadsDoNotChangeABit(_ loss: JointLoss) throws {
    let (p, t) = Self.batch(loss, count: 140_001, as: Float.self)
    var gradient = p
    let one = try Parallelism.withThreads(1) { try loss.mean(predictions: p, targets: t, gradient: &gradient) }
    var other = p
    let many = try Parallelism.withThreads(3) { try loss.mean(predictions: p, targets: t, gradient: &other) }
    #expect(one == many && gradient == other)
  }

  @Test(arguments: JointLossCatalogue.all) func weightZeroRemovesASample(_ loss: JointLoss) throws {
    var (p, t) = Self.batch(loss, count: 40, as: Double.self)
    let (width, m) = (loss.predictions.count, loss.targets.count)
    let without = try loss.sum(
      predictions: Array(p[width...]).span, targets: Array(t[m...]).span)
    for k in 0..<width { p[k] = .nan }
    for k in 0..<m { t[k] = -7 }
    let weights = (0..<40).map { $0 == 0 ? 0.0 : 1.0 }
    var gradient = p
    let with = try loss.sum(
      predictions: p.span, targets: t.span, weights: weights.span, gradient: gradient.mutableSpan)
    #expect(ulpDistance(with, without) <= 2)
    #expect(gradient[..<width].allSatisfy { $0 == 0 })
    if m > 1 || loss.targets[0].domain != nil {
      #expect(throws: LossError.self) { try loss.mean(predictions: p, targets: t) }
    }
  }

  @Test func badBatchesAreErrors() throws {
    let crps = JointLoss.gaussianRankedProbability
    var gradient = [Float](repeating: 0, count: 4)
    #expect(throws: LossError.emptyBatch) { try crps.mean(predictions: [Double](), targets: [Double]()) }
    let outside = #expect(throws: LossError.self) {
      try crps.mean(predictions: [1, 2, 3, 0] as [Float], targets: [1, 2] as [Float], gradient: &gradient)
    }
    guard case .predictionOutsideDomain(index: 3, value: 0, _, _) = outside else {
      Issue.record("\(String(describing: outside))")
      return
    }
    #expect(gradient.allSatisfy { $0.isNaN })
    // The smallest positive number of the batch's type is positive.
    let smallest = try crps.mean(predictions: [1, .leastNonzeroMagnitude] as [Float], targets: [1] as [Float])
    #expect(smallest >= 0)
    var curvature = [Float](repeating: 0, count: 6)
    #expect(
      throws: LossError.curvatureNotAvailable(loss: "crps-gaussian", kind: .fisher, available: [.exact])
    ) {
      try crps.mean(
        predictions: [1, 2, 3, 4] as [Float], targets: [1, 2] as [Float], gradient: &gradient, curvature: &curvature,
        as: .fisher)
    }
  }
}
