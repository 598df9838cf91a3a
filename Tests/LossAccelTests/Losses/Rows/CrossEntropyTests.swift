import LossAccel
import TestSupport
import Testing

@Suite("Cross-entropy of probabilities")
struct CrossEntropyTests {
  private let loss = CrossEntropy()

  @Test("Losses within 4 ulp of 40 digits")
  func references() throws {
    let lines = try reference(
      "Rows/cross_entropy.txt", from: String(#filePath.dropLast("Rows/".count + "CrossEntropyTests.swift".count)) + "_"
    )
    .split(separator: "\n").map { $0.split(separator: " ").map { Double($0)! } }
    for at in stride(from: 0, to: lines.count, by: 4) {
      if lines[at][0] == 32 { try check(lines[at...], Float.self) } else { try check(lines[at...], Double.self) }
    }
  }

  private func check<T: Scalar>(_ lines: ArraySlice<[Double]>, _ type: T.Type) throws {
    let at = lines.startIndex, rows = Int(lines[at][1]), columns = Int(lines[at][2])
    let targets = Matrix(rows: rows, columns: columns, elements: lines[at + 1].map { T($0) })
    let predictions = Matrix(rows: rows, columns: columns, elements: lines[at + 2].map { T($0) })
    var gradient = Matrix<T>.zeros(rows: rows, columns: columns), curvature = gradient
    let mean = try loss.mean(
      predictions: predictions, targets: targets, gradient: &gradient, curvature: &curvature)
    let values = try loss.values(predictions: predictions, targets: targets)
    let sum = lines[at + 3].reduce(0, +)
    #expect(abs(mean - sum / Double(rows)) <= 4 * Double(T(1).ulp) * mean)
    for row in 0..<rows {
      #expect(ulpDistance(values[row], T(lines[at + 3][row])) <= 4, "\(rows) × \(columns) row \(row)")
      for k in 0..<columns {
        let p = Double(targets[row, k]) / Double(rows), q = Double(predictions[row, k])
        #expect(ulpDistance(gradient[row, k], T(p == 0 ? 0 : -p / q)) <= 2)
        #expect(ulpDistance(curvature[row, k], T(p == 0 ? 0 : p / q / q)) <= 3)
      }
    }
  }

  @Test("0·log 0 = 0, and a certain prediction that is wrong costs infinity", arguments: [3, 50])
  func edges(columns: Int) throws {
    func row(_ first: [Double]) -> Matrix<Double> {
      Matrix(row: first + [Double](repeating: 0, count: columns - first.count))
    }
    var gradient = Matrix<Double>.zeros(rows: 1, columns: columns), curvature = gradient
    let certain = try loss.mean(
      predictions: row([0, 1, 0]), targets: row([0, 1, 0]), gradient: &gradient, curvature: &curvature)
    #expect(certain == 0)
    #expect(Array(gradient.elements.prefix(3)) == [0, -1, 0])
    #expect(Array(curvature.elements.prefix(3)) == [0, 1, 0])
    let wrong = try loss.mean(predictions: row([0, 1, 0]), targets: row([0.5, 0.5, 0]), gradient: &gradient)
    #expect(wrong == .infinity)
    #expect(gradient.elements[0] == -.infinity)
    #expect(try loss.mean(predictions: row([.nan, 1, 0]), targets: row([0, 1, 0])).isNaN)
    // The uniform distribution of 4 against itself: its entropy, log 4.
    let uniform: Matrix<Float> = [[0.25, 0.25, 0.25, 0.25]]
    #expect(try abs(loss.sum(predictions: uniform, targets: uniform) - 1.386_294_361_119_890_6) < 1e-7)
  }

  @Test("Weights: 2 is the row twice, 0 leaves a row out whatever it holds", arguments: [3, 60])
  func weights(columns: Int) throws {
    var random = SeededGenerator(seed: 21)
    let q: Matrix<Double> = random.distributions(rows: 4, columns: columns)
    let p: Matrix<Double> = random.distributions(rows: 4, columns: columns)
    let twice = try loss.mean(
      predictions: Matrix(rows: 5, columns: columns, elements: q.elements + Array(q.row(0))),
      targets: Matrix(rows: 5, columns: columns, elements: p.elements + Array(p.row(0))))
    #expect(try abs(loss.mean(predictions: q, targets: p, weights: [2, 1, 1, 1]) - twice) < 1e-14)
    var bad = q
    for k in 0..<columns { bad[2, k] = k % 2 == 0 ? .nan : 7 }
    var gradient = Matrix<Double>(repeating: 1, rows: 4, columns: columns), curvature = gradient
    let value = try loss.mean(
      predictions: bad, targets: p, weights: [1, 3, 0, 2], gradient: &gradient, curvature: &curvature)
    #expect(try abs(value - loss.mean(predictions: q, targets: p, weights: [1, 3, 0, 2])) < 1e-15)
    #expect(gradient.row(2).allSatisfy { $0 == 0 } && curvature.row(2).allSatisfy { $0 == 0 })
    #expect(try loss.values(predictions: bad, targets: p, weights: [1, 3, 0, 2])[2] == 0)
    #expect(try loss.sum(predictions: q, targets: p, weights: [0, 0, 0, 0]) == 0)
  }

  @Test("The bits do not depend on the number of threads", arguments: [(5000, 10), (3000, 70)])
  func threads(rows: Int, columns: Int) throws {
    var random = SeededGenerator(seed: 22)
    let q: Matrix<Float> = random.distributions(rows: rows, columns: columns)
    let p: Matrix<Float> = random.distributions(rows: rows, columns: columns)
    var results: [(Double, [Float])] = []
    for threads in [1, 2, 3] {
      var gradient = Matrix<Float>.zeros(rows: rows, columns: columns)
      let value = try Parallelism.withThreads(threads) {
        try loss.mean(predictions: q, targets: p, gradient: &gradient)
      }
      results.append((value, gradient.elements))
    }
    #expect(results.allSatisfy { $0.0 == results[0].0 && sameBits($0.1, results[0].1) })
  }

  @Test("Errors say what and where, and leave NaN behind")
  func errors() throws {
    for columns in [3, 50] {
      let good = Matrix<Double>(repeating: 0.25, rows: 2, columns: columns)
      func check(_ expected: LossError, _ change: (inout Matrix<Double>, inout Matrix<Double>, inout [Double]) -> Void)
      {
        var q = good, p = good, weights = [1.0, 1], gradient = good
        change(&q, &p, &weights)
        #expect(throws: expected) { try loss.mean(predictions: q, targets: p, weights: weights, gradient: &gradient) }
        #expect(gradient.elements.allSatisfy { $0.isNaN })
      }
      check(.invalidProbability(row: 1, column: 2, value: 1.5)) { q, _, _ in q[1, 2] = 1.5 }
      check(.invalidProbability(row: 0, column: 1, value: -0.5)) { _, p, _ in p[0, 1] = -0.5 }
      check(.invalidWeight(index: 1, value: -1)) { _, _, w in w[1] = -1 }
      check(.nothingToAverage) { _, _, w in w = [0, 0] }
    }
    #expect(throws: LossError.emptyBatch) {
      try loss.mean(predictions: Matrix<Float>.zeros(rows: 0, columns: 3), targets: .zeros(rows: 0, columns: 3))
    }
  }
}
