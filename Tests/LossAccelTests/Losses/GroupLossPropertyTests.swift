import LossAccel
import TestSupport
import Testing

@Suite("Losses of groups: what holds for all of them")
struct GroupLossPropertyTests {
  static let probes = GroupLossProbe.all

  private func moved(_ p: GroupLossProbe.Point, _ v: GroupLossProbe.Point, _ step: Double) -> GroupLossProbe.Point {
    .init(own: zip(p.own, v.own).map { $0 + step * $1 }, shared: zip(p.shared, v.shared).map { $0 + step * $1 })
  }

  private func largest(_ x: [Double]) -> Double { x.reduce(0) { max($0, abs($1)) } }

  /// Twelve samples with weights, two of them masked.
  private func batch(_ reduction: RowReduction) -> GroupLossProbe.Batch {
    var batch = GroupLossProbe.Batch(
      0..<12, weights: (0..<12).map { 0.5 + Double($0 % 4) }, mask: (0..<12).map { $0 != 4 && $0 != 9 })
    batch.reduction = reduction
    return batch
  }

  @Test("Every loss of the catalogue is among them")
  func complete() {
    #expect(Self.probes.map(\.name) == GroupLossCatalogue.all.map(\.name))
  }

  @Test("Gradients are slopes of values, and curvature products slopes of gradients", arguments: probes.indices)
  func derivatives(index: Int) throws {
    let probe = Self.probes[index], step = 1e-6
    for reduction in RowReduction.allCases {
      let batch = batch(reduction)
      for seed in 1...3 as ClosedRange<UInt64> {
        let p = probe.point(batch, seed: seed), v = probe.point(batch, seed: seed + 100)
        let here = try probe.evaluate(batch, p)
        let above = try probe.evaluate(batch, moved(p, v, step)), below = try probe.evaluate(batch, moved(p, v, -step))
        let gradient = here.own + here.shared, direction = v.own + v.shared
        let slope = (above.value - below.value) / (2 * step)
        let along = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
        // Third derivatives of at most some thousands, times h²; ε/h times the value.
        #expect(abs(slope - along) <= 1e-7 * (1 + largest(gradient)), "\(probe.name): \(along), not \(slope)")
        let product = try probe.product(batch, p, v)
        let bends = zip(above.own + above.shared, below.own + below.shared).map { ($0 - $1) / (2 * step) }
        for k in product.indices {
          #expect(
            abs(product[k] - bends[k]) <= 1e-6 * (1 + largest(product)),
            "\(probe.name), element \(k): \(product[k]), not \(bends[k])")
        }
        // Symmetric: u·Hv = v·Hu.
        let u = probe.point(batch, seed: seed + 200), other = try probe.product(batch, p, u)
        let (uv, vu) = (
          zip(u.own + u.shared, product).reduce(0) { $0 + $1.0 * $1.1 },
          zip(direction, other).reduce(0) { $0 + $1.0 * $1.1 }
        )
        #expect(abs(uv - vu) <= 1e-11 * (1 + largest(product) * Double(product.count)), "\(probe.name)")
      }
    }
  }

  @Test("A mean is the sum by the weights that count, with its derivatives", arguments: probes.indices)
  func reductions(index: Int) throws {
    let probe = Self.probes[index], sum = batch(.sum), mean = batch(.mean)
    let p = probe.point(sum, seed: 4), v = probe.point(sum, seed: 5)
    let total = sum.samples.reduce(0) { $0 + (sum.mask![$1] && probe.isCounted($1) ? sum.weights![$1] : 0) }
    let (whole, part) = try (probe.evaluate(sum, p), probe.evaluate(mean, p))
    #expect(abs(whole.value / total - part.value) <= 4e-15 * abs(part.value), "\(probe.name)")
    for (a, b) in zip(whole.own + whole.shared, part.own + part.shared) {
      #expect(abs(a / total - b) <= 4e-15 * largest(part.own), "\(probe.name)")
    }
    let (a, b) = try (probe.product(sum, p, v), probe.product(mean, p, v))
    for k in a.indices { #expect(abs(a[k] / total - b[k]) <= 1e-13 * largest(b), "\(probe.name)") }
  }

  @Test("Samples that are masked or of weight 0 are nowhere, whatever they hold", arguments: probes.indices)
  func leftOut(index: Int) throws {
    let probe = Self.probes[index]
    for reduction in RowReduction.allCases {
      let masked = batch(reduction)
      let gone = masked.samples.filter { !masked.mask![$0] }, kept = masked.samples.filter { masked.mask![$0] }
      var weighted = masked
      weighted.mask = nil
      for sample in gone { weighted.weights![sample] = 0 }
      var without = GroupLossProbe.Batch(kept, weights: kept.map { masked.weights![$0] })
      without.reduction = reduction
      var p = probe.point(masked, seed: 6), v = probe.point(masked, seed: 7)
      func own(_ x: [Double], _ samples: [Int]) -> [Double] {
        samples.flatMap { Array(x[$0 * probe.own..<($0 + 1) * probe.own]) }
      }
      let (q, u) = (
        GroupLossProbe.Point(own: own(p.own, kept), shared: p.shared),
        GroupLossProbe.Point(own: own(v.own, kept), shared: v.shared)
      )
      for sample in gone {
        for k in sample * probe.own..<(sample + 1) * probe.own {
          p.own[k] = k % 2 == 0 ? .nan : .infinity
          v.own[k] = 0
        }
      }
      let (expected, turned) = try (probe.evaluate(without, q), probe.product(without, q, u))
      let byMask = try probe.evaluate(masked, p)
      #expect(try probe.evaluate(weighted, p) == byMask, "\(probe.name)")
      #expect(abs(byMask.value - expected.value) <= 4e-15 * abs(expected.value), "\(probe.name)")
      #expect(own(byMask.own, gone).allSatisfy { $0 == 0 }, "\(probe.name)")
      for (a, b) in zip(own(byMask.own, kept) + byMask.shared, expected.own + expected.shared) {
        #expect(abs(a - b) <= 4e-15 * max(1, largest(expected.own)), "\(probe.name)")
      }
      let product = try probe.product(masked, p, v)
      #expect(own(product, gone).allSatisfy { $0 == 0 }, "\(probe.name)")
      for (a, b) in zip(own(product, kept) + product.suffix(probe.shared), turned) {
        #expect(abs(a - b) <= 1e-13 * max(1, largest(turned)), "\(probe.name)")
      }
    }
  }

  @Test("Weight 2 is the sample twice", arguments: probes.indices)
  func repeated(index: Int) throws {
    let probe = Self.probes[index]
    guard probe.weightsRepeat else { return }
    for reduction in RowReduction.allCases {
      var once = GroupLossProbe.Batch(0..<8, weights: [1, 1, 1, 2, 1, 1, 1, 1]),
        twice = GroupLossProbe.Batch([0, 1, 2, 3, 4, 5, 6, 7, 3])
      (once.reduction, twice.reduction) = (reduction, reduction)
      let p = probe.point(once, seed: 8)
      let copy = Array(p.own[3 * probe.own..<4 * probe.own])
      let weighted = try probe.evaluate(once, p)
      let doubled = try probe.evaluate(twice, .init(own: p.own + copy, shared: p.shared))
      #expect(abs(weighted.value - doubled.value) <= 4e-15 * abs(weighted.value), "\(probe.name)")
      for k in weighted.own.indices {
        let again = k / probe.own == 3 ? doubled.own[8 * probe.own + k % probe.own] : 0
        #expect(abs(weighted.own[k] - doubled.own[k] - again) <= 4e-15 * max(1, largest(weighted.own)), "\(probe.name)")
      }
    }
  }

  @Test("The number of threads does not change a bit", arguments: probes.indices)
  func threads(index: Int) throws {
    let probe = Self.probes[index]
    // Enough for several chunks; similarities of all with all are made in strips.
    var batch = GroupLossProbe.Batch(0..<(probe.weightsRepeat ? 9000 : 700), weights: nil)
    batch.reduction = .mean
    let p = probe.point(batch, seed: 9), v = probe.point(batch, seed: 10)
    let results = try [1, 2, 5].map { threads in
      try Parallelism.withThreads(threads) { try (probe.evaluate(batch, p), probe.product(batch, p, v)) }
    }
    for result in results.dropFirst() {
      #expect(result.0 == results[0].0 && result.1 == results[0].1, "\(probe.name)")
    }
  }

  @Test("Nothing is an error, weights of 0 are a sum of 0, and bad weights are named", arguments: probes.indices)
  func nothing(index: Int) throws {
    let probe = Self.probes[index]
    for reduction in RowReduction.allCases {
      var batch = GroupLossProbe.Batch(0..<6, mask: [Bool](repeating: false, count: 6))
      batch.reduction = reduction
      let p = probe.point(batch, seed: 11)
      #expect(throws: LossError.nothingToAverage, "\(probe.name)") { try probe.evaluate(batch, p) }
      #expect(throws: LossError.nothingToAverage, "\(probe.name)") { try probe.product(batch, p, p) }
      batch.mask = nil
      batch.weights = [Double](repeating: 0, count: 6)
      if reduction == .mean {
        #expect(throws: LossError.nothingToAverage, "\(probe.name)") { try probe.evaluate(batch, p) }
      } else {
        let result = try probe.evaluate(batch, p)
        #expect(result.value == 0 && (result.own + result.shared).allSatisfy { $0 == 0 }, "\(probe.name)")
      }
      batch.weights = [1, 1, 1, -1, 1, 1]
      #expect(throws: LossError.invalidWeight(index: 3, value: -1), "\(probe.name)") { try probe.evaluate(batch, p) }
      #expect(throws: LossError.invalidWeight(index: 3, value: -1), "\(probe.name)") { try probe.product(batch, p, p) }
      var empty = GroupLossProbe.Batch([])
      empty.reduction = reduction
      let none = GroupLossProbe.Point(own: [], shared: p.shared)
      #expect(throws: LossError.emptyBatch, "\(probe.name)") { try probe.evaluate(empty, none) }
    }
  }

  @Test("Claims of convexity and constants hold", arguments: probes.indices)
  func traits(index: Int) throws {
    let probe = Self.probes[index], loss = GroupLossCatalogue.all[index]
    // One sample; where samples are each other's alternatives, one sum over some.
    let batch = GroupLossProbe.Batch(0..<(probe.weightsRepeat && probe.name != "cox" ? 1 : 6))
    var (violations, least) = (0, Double.infinity)
    for seed in 1...300 as ClosedRange<UInt64> {
      let p = probe.point(batch, seed: seed), q = probe.point(batch, seed: seed + 1000)
      let way = GroupLossProbe.Point(
        own: zip(p.own, q.own).map { $1 - $0 }, shared: zip(p.shared, q.shared).map { $1 - $0 })
      let (start, end) = try (probe.evaluate(batch, p), probe.evaluate(batch, q))
      let middle = try probe.evaluate(batch, moved(p, way, 0.5)).value, chord = (start.value + end.value) / 2
      if middle > chord + 1e-13 * (1 + abs(chord)) { violations += 1 }
      let direction = way.own + way.shared, square = direction.reduce(0) { $0 + $1 * $1 }
      let bend = zip(direction, try probe.product(batch, p, way)).reduce(0) { $0 + $1.0 * $1.1 } / square
      least = min(least, bend)
      if let constant = loss.traits.smoothness { #expect(bend <= constant * (1 + 1e-13), "\(probe.name)") }
      if let constant = loss.traits.lipschitzConstant {
        let length = (start.own + start.shared).reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(length <= constant * (1 + 1e-13), "\(probe.name)")
      }
    }
    if loss.traits.convexity.isConvex {
      #expect(violations == 0 && least >= -1e-12, "\(probe.name) is not convex: \(violations), \(least)")
    } else {
      #expect(loss.traits.convexity == .none && violations > 0, "\(probe.name) is convex as far as can be seen")
    }
  }
}
