import LossAccel
import TestSupport
import Testing

@Suite("Multivariate normal likelihood")
struct MultivariateGaussianTests {
  private let loss = MultivariateGaussian()

  /// Small integers, so that everything but the determinant's logarithm is exact: L is 1 on and 2 below its diagonal.
  private func integers<T: Scalar>(size: Int, _ type: T.Type) -> (Matrix<T>, Matrix<T>, Matrix<Double>) {
    let predictions = Matrix<T>(rows: 11, columns: size, elements: smallIntegers(11 * size, seed: 1))
    let targets = Matrix<T>(rows: 11, columns: size, elements: smallIntegers(11 * size, seed: 2))
    // What is above the diagonal is not read.
    let factor = Matrix<Double>(rows: size, columns: size) { $0 == $1 ? 1 : $0 > $1 ? 2 : .nan }
    return (predictions, targets, factor)
  }

  @Test("Exact where everything is an integer", arguments: [1, 2, 5, 9, 40])
  func exact(size: Int) throws {
    try check(size: size, Double.self)
    try check(size: size, Float.self)
  }

  private func check<T: Scalar>(size: Int, _ type: T.Type) throws {
    let (predictions, targets, factor) = integers(size: size, type)
    let weights = (0..<11).map { T($0 % 3) }
    var gradient = Matrix<T>.zeros(rows: 11, columns: size),
      factorGradient = Matrix<Double>(repeating: 7, rows: size, columns: size)
    let value = try loss.sum(
      predictions: predictions.elements.span, targets: targets.elements.span, precisionFactor: factor,
      weights: weights.span, gradient: gradient.elements.mutableSpan,
      factorGradient: factorGradient.elements.mutableSpan)
    var expected = 0.0, expectedFactor = Matrix<Double>.zeros(rows: size, columns: size)
    for row in 0..<11 {
      let w = Double(weights[row])
      let r = (0..<size).map { Double(predictions[row, $0] - targets[row, $0]) }
      let white = (0..<size).map { j in (j..<size).reduce(0.0) { $0 + r[$1] * ($1 == j ? 1 : 2) } }
      expected += w / 2 * white.reduce(0) { $0 + $1 * $1 }
      for i in 0..<size {
        let slope = (0...i).reduce(0.0) { $0 + white[$1] * ($1 == i ? 1 : 2) }
        #expect(gradient[row, i] == T(w * slope))
        for j in 0...i { expectedFactor[i, j] += w * (r[i] * white[j] - (i == j ? 1 : 0)) }
      }
    }
    #expect(value == expected)
    #expect(factorGradient == expectedFactor)
  }

  @Test("The determinant and the means' derivatives")
  func differences() throws {
    let factor: Matrix<Double> = [[1.5, 0, 0], [-0.3, 0.7, 0], [0.2, 0.9, 2.5]]
    var random = SeededGenerator(seed: 61)
    let predictions: Matrix<Double> = random.matrix(rows: 7, columns: 3, in: -2...2)
    let targets: Matrix<Double> = random.matrix(rows: 7, columns: 3, in: -2...2)
    let weights = (0..<7).map { 0.5 + Double($0) }
    var gradient = predictions, factorGradient = factor
    _ = try loss.mean(
      predictions: predictions, targets: targets, precisionFactor: factor, weights: weights, gradient: &gradient,
      factorGradient: &factorGradient)
    let step = 1e-6
    for i in 0..<3 {
      for j in 0...i {
        func moved(_ step: Double) throws -> Double {
          var factor = factor
          factor[i, j] += step
          return try loss.mean(predictions: predictions, targets: targets, precisionFactor: factor, weights: weights)
        }
        #expect(try abs((moved(step) - moved(-step)) / (2 * step) - factorGradient[i, j]) < 1e-7)
      }
      func moved(_ step: Double) throws -> Double {
        var predictions = predictions
        predictions[4, i] += step
        return try loss.mean(predictions: predictions, targets: targets, precisionFactor: factor, weights: weights)
      }
      #expect(try abs((moved(step) - moved(-step)) / (2 * step) - gradient[4, i]) < 1e-8)
    }
    // H = B·Bᵀ.
    func apply(
      _ body: (Matrix<Double>, [Double], [Double], inout [Double]) -> Void, _ vector: [Double]
    ) -> [Double] {
      var result = vector
      body(factor, weights, vector, &result)
      return result
    }
    let vector = targets.elements
    let whole = apply(
      { loss.curvatureProduct(precisionFactor: $0, weights: $1.span, vector: $2.span, into: $3.mutableSpan) }, vector)
    let white = apply(
      { loss.transposedFactorProduct(precisionFactor: $0, weights: $1.span, vector: $2.span, into: $3.mutableSpan) },
      vector)
    let both = apply(
      { loss.factorProduct(precisionFactor: $0, weights: $1.span, vector: $2.span, into: $3.mutableSpan) }, white)
    for i in whole.indices { #expect(abs(whole[i] - both[i]) < 1e-12) }
  }

  @Test("Rows of weight 0 may hold anything; threads do not matter; errors leave NaN")
  func service() throws {
    var (predictions, targets, factor) = integers(size: 3, Double.self)
    for k in 0..<3 { (predictions[2, k], targets[2, k]) = (.nan, .infinity) }
    let weights = (0..<11).map { $0 == 2 ? 0.0 : 1 }
    var gradient = predictions
    let value = try loss.mean(
      predictions: predictions, targets: targets, precisionFactor: factor, weights: weights, gradient: &gradient)
    #expect(value.isFinite && gradient.row(2).allSatisfy { $0 == 0 })
    factor[1, 1] = 0
    #expect(throws: LossError.invalidPrecision(index: 1, value: 0)) {
      try loss.mean(
        predictions: predictions, targets: targets, precisionFactor: factor, weights: weights, gradient: &gradient)
    }
    #expect(gradient.elements.allSatisfy { $0.isNaN })
    factor[1, 1] = 1
    #expect(throws: LossError.nothingToAverage) {
      try loss.mean(
        predictions: predictions, targets: targets, precisionFactor: factor, weights: weights.map { _ in 0 })
    }

    var random = SeededGenerator(seed: 62)
    let many: Matrix<Float> = random.matrix(rows: 60_000, columns: 3, in: -2...2)
    let results = try [1, 3].map { threads in
      try Parallelism.withThreads(threads) {
        var gradient = many, factorGradient = factor
        let value = try loss.mean(
          predictions: many, targets: Matrix(repeating: 0.5, rows: 60_000, columns: 3), precisionFactor: factor,
          gradient: &gradient, factorGradient: &factorGradient)
        return (value, gradient, factorGradient)
      }
    }
    #expect(results[0].0 == results[1].0 && results[0].1 == results[1].1)
    // NaN above the diagonal is not carried over.
    #expect(results[0].2 == results[1].2 && results[0].2.elements.allSatisfy { $0.isFinite })
  }
}
