import LossAccel
func median(_ f: () -> Void, reps: Int) -> Double {
  var t: [Double] = []
  for _ in 0..<reps { let c = ContinuousClock(); let d = c.measure { f() }; t.append(Double(d.components.attoseconds) * 1e-18 + Double(d.components.seconds)) }
  t.sort(); return t[t.count / 2]
}
@main struct Main {
  static func bench<T: Scalar>(_ type: T.Type, _ n: Int, _ reps: Int) throws {
    let p = (0..<n).map { T(Double(($0 &* 2654435761) & 0xffff) / 8192 - 4) }
    let y = (0..<n).map { T($0 % 2) }
    var g = [T](repeating: 0, count: n), h = g
    func triad() { var gs = g.mutableSpan; let ps = p.span, ys = y.span; for i in 0..<n { gs[i] = ps[i] + 3 * ys[i] } }
    try Parallelism.withThreads(1) {
      for loss in [PointwiseLoss.squaredError, .binaryCrossEntropyFromLogits, .huber(), .logCosh] {
        let t = try median({ _ = try! loss.mean(predictions: p, targets: y, gradient: &g) }, reps: reps)
        let t2 = try median({ _ = try! loss.mean(predictions: p, targets: y, gradient: &g, curvature: &h) }, reps: reps)
        let tri = median(triad, reps: reps)
        print(T.self, n, loss.name, "ns/el", t / Double(n) * 1e9, "with curvature", t2 / Double(n) * 1e9, "triad", tri / Double(n) * 1e9)
      }
    }
  }
  static func main() throws {
    for n in [8, 4096, 65536, 1 << 25] {
      try bench(Float.self, n, n < 100 ? 20001 : n < 100000 ? 501 : 7)
      if n < 1 << 25 { try bench(Double.self, n, n < 100 ? 20001 : n < 100000 ? 501 : 7) }
    }
    print(PointwiseLoss.binaryCrossEntropyFromLogits.gradient, PointwiseLoss.binaryCrossEntropyFromLogits.curvature)
    print(PointwiseLoss.binaryCrossEntropy.formula)
    print(PointwiseLoss.huber().formula, PointwiseLoss.logCosh.curvature)
    print(try PointwiseLoss.squaredError.mean(predictions: [2.0, 3.5, 1.5, 4.0], targets: [1.8, 3.2, 1.4, 3.9]))
    print(try PointwiseLoss.binaryCrossEntropy.mean(predictions: [0.8,0.2,0.7,0.3], targets: [1,0,1,0]))
  }
}
