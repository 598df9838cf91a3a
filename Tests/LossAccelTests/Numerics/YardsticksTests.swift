import LossAccel
import Testing

@Suite struct YardsticksTests {
  @Test(arguments: [0, 1, 15, 16, 33, 70_000])
  func triadAndCopyReachEveryElement(count: Int) {
    let a = (0..<count).map { Float($0) }
    let b = (0..<count).map { Float(2 * $0) }
    var output = [Float](repeating: -1, count: count)
    for threads in [1, 3] {
      Parallelism.withThreads(threads) { Yardsticks.triad(a, b, into: &output) }
      #expect(output == b)
      Parallelism.withThreads(threads) { Yardsticks.copy(a, into: &output) }
      #expect(output == a)
    }
  }

  @Test(arguments: [8, 63, 4096])
  func fusedLoopsAgreeWithFormulas(count: Int) {
    let predictions = (0..<count).map { Double($0 % 17) - 8.25 }
    let targets = (0..<count).map { Double($0 % 2) }
    var gradient = [Double](repeating: 0, count: count)
    for loss in [PointwiseLoss.squaredError, .binaryCrossEntropyFromLogits] {
      let mean =
        loss.name == PointwiseLoss.squaredError.name
        ? Yardsticks.fusedSquaredError(predictions: predictions, targets: targets, gradient: &gradient)
        : Yardsticks.fusedBinaryCrossEntropyFromLogits(predictions: predictions, targets: targets, gradient: &gradient)
      // Each element is within 4 ulp and divided by the count; the losses here are below 100.
      let bound = 8 * 0x1p-52
      let sum = zip(predictions, targets).reduce(0) { $0 + loss.value(prediction: $1.0, target: $1.1) }
      #expect(abs(mean - sum / Double(count)) <= bound * 100)
      for i in 0..<count {
        let expected = loss.gradient(prediction: predictions[i], target: targets[i]) / Double(count)
        #expect(abs(gradient[i] - expected) <= bound * max(abs(expected), 1 / Double(count)))
      }
    }
  }

  /// The probe has to see even what is freed at once, or a report of “0 bytes” would say nothing. Other tests allocate and free in
  /// the meantime: a call that allocates nothing is seen to do so in some of the attempts, one that allocates by rare chance only.
  @Test func heapProbeSeesAllocationsThatAreFreedAgain() {
    guard Yardsticks.heapGrowth(during: {}) != nil else { return }  // this C library does not tell
    let idle = (0..<50).map { _ in Yardsticks.heapGrowth {} }
    #expect(idle.contains(0))
    let busy = (3..<53).map { length in
      Yardsticks.heapGrowth { #expect([Int](repeating: length, count: length).reduce(0, +) == length * length) }
    }
    #expect(busy.count { $0 == 0 } <= 2)
  }
}
