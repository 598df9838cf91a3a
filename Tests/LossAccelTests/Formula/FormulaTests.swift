import LossAccel
import TestSupport
import Testing

/// Expressions: derivatives, simplification, printing, and a user's own loss.
struct FormulaTests {
  let x = Formula.input(.prediction(0))
  let y = Formula.input(.target(0))

  /// One formula for every operation, and the interval in which it is smooth.
  static let functions: [(String, ClosedRange<Double>, @Sendable (Formula) -> Formula)] = [
    ("negate", -2...2, { -$0 }), ("square", -2...2, { square($0) }), ("quotient", 0.5...2, { 3 / $0 }),
    ("root", 0.5...2, { squareRoot($0) }), ("power", 0.5...2, { power($0, 1.7) }),
    ("exponent", 0.5...2, { power(1.7, $0) }), ("abs", 0.5...2, { abs(-$0) * $0 }),
    ("sign", 0.5...2, { sign($0) * $0 }),
    ("step", 0.5...2, { step($0) * $0 }), ("positivePart", 0.5...2, { square(positivePart($0)) }),
    ("min", 0.5...1, { min($0, 2 - square($0)) }), ("max", 0.5...0.9, { max($0, 2 - square($0)) }),
    ("copySign", 0.5...2, { copySign(square($0), sign: -$0) }), ("select", -2...2, { select($0 .< 3, square($0), $0) }),
    ("exp", -2...2, { exp($0) }), ("expMinusOne", -2...2, { expMinusOne($0) }), ("log", 0.5...2, { log($0) }),
    ("logOnePlus", -0.5...2, { logOnePlus($0) }), ("logOneMinusExp", 0.3...3, { logOneMinusExp($0) }),
    ("xLogY", 0.5...2, { xLogY($0, square($0)) }), ("xLogOnePlusY", 0.5...2, { xLogOnePlusY($0, square($0)) }),
    ("tanh", -2...2, { tanh($0) }), ("logCosh", -2...2, { logCosh($0) }), ("softplus", -3...3, { softplus($0) }),
    ("sechSquare", -3...3, { sechSquare($0) }), ("exponentialRatio", 0.2...9, { exponentialRatio($0) }),
    ("sigmoid", -3...3, { sigmoid($0) }), ("sine", -4...4, { sine($0) }), ("cosine", -4...4, { cosine($0) }),
    ("arcTangent", -3...3, { arcTangent($0) }), ("erf", -3...3, { errorFunction($0) }),
    ("erfc", -3...3, { errorFunctionComplement($0) }), ("gaussian", -3...3, { expNegativeSquare($0) }),
    ("density", -3...3, { normalDensity($0) }), ("normal", -3...3, { normalCumulative($0) }),
    ("logNormal", -9...3, { logNormalCumulative($0) }), ("mills", -9...3, { inverseMillsRatio($0) }),
    ("weightedLogNormal", 0.2...3, { Operation.weightedLogNormal(square($0), 1 - $0) }),
    ("weightedMills", 0.2...3, { Operation.weightedMills(square($0), 1 - $0) }),
    ("weightedMillsFall", 0.2...3, { Operation.weightedMillsFall(square($0), 1 - $0) }),
    ("excess", -9...3, { inverseMillsExcess($0) }), ("logGamma", 0.5...12, { logGamma($0) }),
    ("root", -3...3, { rootOfOnePlusSquare($0) }), ("rootMinusOne", -3...3, { rootOfOnePlusSquareMinusOne($0) }),
    ("algebraic", -3...3, { algebraicSigmoid($0) }), ("logOnePlusSquare", -3...3, { logOnePlusSquare($0) }),
    ("expExcess", -3...3, { expExcess($0) }), ("logRatio", 0.3...3, { logRatio($0, 1 + square($0)) }),
    ("ratioDeficit", 0.3...3, { ratioDeficit($0, 1 + square($0)) }),
    ("ratioDeficit", 0.3...3, { ratioDeficit(1 + square($0), $0) }),
    ("deficit", -0.7...3, { logOnePlusDeficit($0) }), ("logAddExp", -3...3, { logAddExp($0, 1 - $0) }),
    ("chain", 0.3...1, { exp(-square(sigmoid($0)) / logOnePlus($0)) }),
  ]

  @Test(arguments: functions.indices) func derivativesMatchDifferences(_ index: Int) {
    let (name, interval, function) = Self.functions[index]
    let formula = function(x)
    let first = formula.derivative(withRespectTo: .prediction(0))
    let second = first.derivative(withRespectTo: .prediction(0))
    var random = SeededGenerator(seed: 3)
    for _ in 0..<20 {
      let at = Double.random(in: interval, using: &random)
      let h = 1e-5
      // Symmetric differences: h²·f‴/6 + ε·f/h, here below 1e-8 for functions of order 10.
      for (function, derivative) in [(formula, first), (first, second)] {
        let slope = (function.evaluate { _ in at + h } - function.evaluate { _ in at - h }) / (2 * h)
        #expect(Swift.abs(slope - derivative.evaluate { _ in at }) < 1e-7, "\(name) at \(at)")
      }
    }
  }

  @Test(arguments: functions.indices) func loweringKeepsTheFunction(_ index: Int) {
    let (name, interval, function) = Self.functions[index]
    let formula = function(x)
    let lowered = formula.lowered()
    for at in stride(from: interval.lowerBound, through: interval.upperBound, by: 0.125) {
      let (before, after) = (formula.evaluate { _ in at }, lowered.evaluate { _ in at })
      #expect(Swift.abs(before - after) <= 1e-14 * (1 + Swift.abs(before)), "\(name) at \(at)")
    }
  }

  @Test(arguments: functions.indices) func kernelsComputeWhatTheFormulaSays(_ index: Int) throws {
    let (name, interval, function) = Self.functions[index]
    let loss = PointwiseLoss(name) { x, _ in function(x) }
    var random = SeededGenerator(seed: 5)
    let at = (0..<100).map { _ in Double.random(in: interval, using: &random) }
    var gradient = at
    var curvature = at
    var values = at
    try loss.values(
      predictions: at.span, targets: at.span, into: values.mutableSpan, gradient: gradient.mutableSpan,
      curvature: curvature.mutableSpan)
    for (i, x) in at.enumerated() {
      for (kernel, scalar) in [
        (values[i], loss.value(prediction: x, target: 0)), (gradient[i], loss.gradient(prediction: x, target: 0)),
        (curvature[i], loss.curvature(prediction: x, target: 0)),
      ] {
        // A few operations of at most 4 ulp each, on terms of at most this size.
        #expect(Swift.abs(kernel - scalar) <= 1e-14 * (1 + Swift.abs(scalar)), "\(name) at \(x)")
      }
    }
  }

  #if arch(x86_64)
    @Test(arguments: functions.indices) func kernelsAgreeWithHigherPrecision(_ index: Int) throws {
      let (name, interval, function) = Self.functions[index]
      let loss = PointwiseLoss(name) { x, _ in function(x) }
      var random = SeededGenerator(seed: 6)
      let at = (0..<100).map { _ in Double.random(in: interval, using: &random) }
      var gradient = at
      var values = at
      try loss.values(
        predictions: at.span, targets: at.span, into: values.mutableSpan, gradient: gradient.mutableSpan)
      for (i, x) in at.enumerated() {
        for (formula, actual) in [(loss.formula, values[i]), (loss.gradient, gradient[i])] {
          let exact = Double(formula.extended { _ in Float80(x) })
          // As above: a few operations of at most 6 ulp each, on terms of at most this size.
          #expect(Swift.abs(actual - exact) <= 1e-14 * (1 + Swift.abs(exact)), "\(formula) at \(x)")
        }
      }
    }
  #endif

  @Test func simplifiesDerivatives() {
    let squared = square(x - y)
    #expect(squared.derivative(withRespectTo: .prediction(0)) == 2 * (x - y))
    #expect(squared.derivative(withRespectTo: .prediction(0)).derivative(withRespectTo: .prediction(0)) == 2)
    let entropy = softplus(x) - y * x
    #expect(entropy.derivative(withRespectTo: .prediction(0)) == sigmoid(x) - y)
    #expect((0.5 * square(x)).derivative(withRespectTo: .prediction(0)) == x)
    #expect(x + 0 == x && 1 * x == x && x - x == 0 && -(-x) == x && x / 1 == x && (0 * x).constant == 0)
    #expect(2 * (3 * x) == 6 * x && x / 4 == 0.25 * x && -(x - y) == y - x && x + (-y) == x - y)
  }

  @Test func printsMathematics() {
    #expect((softplus(x) - y * x).description == "softplus(ŷ) − y·ŷ")
    #expect(square(x - y).description == "(ŷ − y)²")
    #expect((x - (y - 1)).description == "ŷ − (y − 1)")
    #expect((x / (y * x)).description == "ŷ / (y·ŷ)")
    #expect(select(abs(x - y) .<= 1, 0.5 * square(x), -y).description == "{ 0.5·ŷ² if |ŷ − y| ≤ 1, else −y }")
    #expect(PointwiseLoss.huber(delta: 2).parameters.map(\.name) == ["delta"])
    #expect(PointwiseLoss.huber(delta: 2).parameters.map(\.value) == [2])
  }

  @Test func sharesWhatResultsHaveInCommon() {
    let gradient = sigmoid(x) - y
    let program = Program(
      [softplus(x) - y * x, gradient, gradient.derivative(withRespectTo: .prediction(0))],
      inputs: [.prediction(0), .target(0)])
    #expect(program.instructions.map(\.operation) == ["stepSubtract", "logistic", "absolute", "subtract"])
    #expect(program.results.map(\.form) == [.multiplyAdd, .difference, .product])
    #expect(program.temporaryCount == 5)
  }

  @Test func aUsersLossIsComputedLikeAnyOther() throws {
    let pseudoHuber = PointwiseLoss("pseudo-huber") { prediction, target in
      squareRoot(1 + square(prediction - target)) - 1
    }
    var gradient = [0.0, 0]
    var curvature = [0.0, 0]
    let mean = try pseudoHuber.mean(
      predictions: [3.0, 0], targets: [0.0, 0], gradient: &gradient, curvature: &curvature)
    #expect(ulpDistance(mean, (Double(10).squareRoot() - 1) / 2) <= 2)
    #expect(ulpDistance(gradient[0], 3 / Double(10).squareRoot() / 2) <= 4 && gradient[1] == 0)
    #expect(ulpDistance(curvature[0], 1 / (10 * Double(10).squareRoot()) / 2) <= 16)
    #expect(curvature[1] == 0.5)
  }
}
