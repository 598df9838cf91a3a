import LossAccel
import TestSupport
import Testing

/// Losses that fall without end for some targets: that there is no minimum must be said, however small the gradient.
struct RecessionTests {
  /// A loss, a target, and the direction in which the loss of that target falls without end.
  struct Fall: Sendable, CustomTestStringConvertible {
    var loss: String
    var target: Double
    var direction: Double

    var testDescription: String { "\(loss) of \(target), \(direction > 0 ? "up" : "down")" }
  }

  /// From the formulas: likelihoods at the edge of their targets, which a link takes to infinity; margins; and the divergence whose other half is
  /// missing.
  static let falls: [Fall] =
    [
      "bce-logits", "weighted-bce-logits", "brier-logits", "logistic", "exponential", "sigmoid", "savage", "dwd",
      "focal", "generalized-cross-entropy", "poly-1", "probit", "cloglog",
    ].flatMap { [Fall(loss: $0, target: 1, direction: 1), Fall(loss: $0, target: 0, direction: -1)] }
    + ["poisson", "poisson-deviance", "tweedie", "negative-binomial"].map { Fall(loss: $0, target: 0, direction: -1) }
    + [0.5, 1, 3].map { Fall(loss: "kl", target: $0, direction: 1) }

  /// Every loss that falls along 1, 2 and 4 and rises at none of 8, … 64 for one of these targets is in the list: a new one must be added.
  @Test func theListIsComplete() throws {
    for loss in LossCatalogue.all where loss.traits?.differentiability != LossTraits.Differentiability.none {
      for target in [0, 0.5, 1, 3] where loss.targetDomain?.contains(target) ?? true {
        for direction in [1.0, -1] where loss.predictionDomain?.contains(direction * 64) ?? true {
          let values = (0...6).map { loss.value(prediction: direction * Double(1 << $0), target: target) }
          // Soon nothing that a number can hold is left of some.
          let falls = values[0] > values[1] && values[1] > values[2] && zip(values, values.dropFirst()).allSatisfy(>=)
          let isListed = Self.falls.contains {
            $0.loss == loss.name && $0.target == target && $0.direction == direction
          }
          #expect(falls == isListed, "\(loss.name) of \(target): \(values)")
        }
      }
    }
  }

  private static func columns(_ result: Result<LinearModel, ModelError>, _ loss: String) -> [String]? {
    guard case .failure(.lossHasNoMinimum(loss, let columns)) = result else {
      if case .success(let model) = result {
        Issue.record("a fit: \(model.intercept), \(model.coefficients), \(model.stop)")
      } else {
        Issue.record("\(result)")
      }
      return nil
    }
    return columns
  }

  private static func fit(
    _ features: Matrix<Double>, _ targets: [Double], _ fall: Fall, penalty: Penalty = .none,
    weights: [Double]? = nil, optimizer: any Optimizer = AutomaticOptimizer()
  ) throws -> Result<LinearModel, ModelError> {
    let loss = try LossCatalogue.loss(named: fall.loss)
    return Result { () throws(ModelError) in
      try LinearModel.fit(
        features: features, targets: targets, loss: loss, weights: weights, penalty: penalty, optimizer: optimizer)
    }
  }

  /// All rows fall the same way, and the intercept goes there.
  @Test(arguments: falls) func interceptsGoWhereEveryRowFalls(fall: Fall) throws {
    let features = SmoothLosses.matrix(rows: 200)
    let targets = [Double](repeating: fall.target, count: 200)
    _ = Self.columns(try Self.fit(features, targets, fall), fall.loss)
    // A ridge or a lasso holds the columns, and not the intercept.
    for penalty in [Penalty(ridge: 0.1), Penalty(lasso: 0.1)] {
      #expect(Self.columns(try Self.fit(features, targets, fall, penalty: penalty), fall.loss) == [])
    }
    for method in [NewtonMethod(), LBFGS(), TrustRegionNewton()] as [any Optimizer] {
      #expect(
        Self.columns(try Self.fit(features, targets, fall, penalty: Penalty(ridge: 0.1), optimizer: method), fall.loss)
          == [], "\(method.name)")
    }
  }

  /// A mark that only rows with that target have, in a table whose other rows hold all else.
  private static func marked(_ fall: Fall) -> (features: Matrix<Double>, targets: [Double]) {
    let plain = SmoothLosses.matrix(rows: 200)
    let features = Matrix<Double>(rows: 200, columns: 3) { row, column in
      column == 1 ? (row % 8 == 0 ? 1 : 0) : plain[row, column]
    }
    let usual: [Double] =
      fall.loss == "kl" || fall.target == 0 && fall.direction < 0 && isCount(fall.loss) ? [0, 1, 3] : [0, 1]
    return (features, (0..<200).map { $0 % 8 == 0 ? fall.target : usual[$0 * 7 / 3 % usual.count] })
  }

  private static func isCount(_ loss: String) -> Bool {
    ["poisson", "poisson-deviance", "tweedie", "negative-binomial"].contains(loss)
  }

  /// Not the divergence, of which every row falls, nor the sigmoid loss, which in the limit counts errors: no column needs an end.
  @Test(arguments: falls.filter { $0.loss != "kl" && $0.loss != "sigmoid" }) func columnsThatSeparateAreNamed(
    fall: Fall
  ) throws {
    let (features, targets) = Self.marked(fall)
    #expect(Self.columns(try Self.fit(features, targets, fall), fall.loss) == ["x2"])
    // One row among many is enough, and rows of weight 0 are none.
    let weights = (0..<200).map { $0 == 8 ? 1e-3 : $0 % 8 == 0 ? 0.0 : 1 }
    #expect(Self.columns(try Self.fit(features, targets, fall, weights: weights), fall.loss) == ["x2"])
    // With a ridge on that column there is a minimum.
    let model = try Self.fit(features, targets, fall, penalty: Penalty(ridge: .perColumn([0, 0.01, 0]))).get()
    #expect(model.coefficients.allSatisfy { abs($0) < 100 })
    // A lasso on the other columns holds those.
    #expect(
      Self.columns(
        try Self.fit(features, targets, fall, penalty: Penalty(lasso: .perColumn([0.01, 0, 0.01]))), fall.loss)
        == ["x2"])
  }

  @Test(arguments: falls.filter { $0.loss == "kl" }) func theDivergenceWithoutItsOtherHalf(fall: Fall) throws {
    let (features, targets) = Self.marked(fall)
    let loss = PointwiseLoss.kullbackLeibler
    for penalty in [Penalty.none, Penalty(ridge: 1), Penalty(lasso: 0.5)] {
      _ = Self.columns(try Self.fit(features, targets, fall, penalty: penalty), "kl")
    }
    // In any unit.
    for unit in [1e-12, 1e12] {
      let result = Result { () throws(ModelError) in
        try LinearModel.fit(features: features, targets: targets.map { unit * $0 }, loss: loss)
      }
      _ = Self.columns(result, "kl")
    }
  }

  /// Flat where the rows are told apart, or hardly rising: these have minima.
  @Test func minimaThatAreReachedAreNoFalls() throws {
    let line = Matrix<Double>(column: (0..<60).map { Double($0 - 30) + 0.5 })
    let classes = (0..<60).map { $0 < 30 ? 0.0 : 1 }
    for name in ["squared-hinge", "smooth-hinge", "modified-huber"] {
      let model = try LinearModel.fit(features: line, targets: classes, loss: LossCatalogue.loss(named: name))
      #expect(model.loss <= 1e-12, "\(name): \(model.loss)")
    }
    // One class, which a ridge leaves to the intercept: far enough there is nothing left to fall.
    for name in ["squared-hinge", "smooth-hinge", "modified-huber"] {
      let model = try LinearModel.fit(
        features: line, targets: classes.map { _ in 1.0 }, loss: LossCatalogue.loss(named: name),
        penalty: Penalty(ridge: 0.1))
      #expect(model.loss <= 1e-12 && model.intercept >= 0.99, "\(name): \(model.intercept)")
    }
    // Two rows on the wrong side, and coefficients that are large for it.
    var nearly = classes
    (nearly[29], nearly[30]) = (1, 0)
    for name in ["bce-logits", "exponential", "probit", "cloglog", "logistic", "dwd"] {
      let model = try LinearModel.fit(features: line, targets: nearly, loss: LossCatalogue.loss(named: name))
      #expect(model.stop.isConvergence && model.coefficients[0] > 0.1, "\(name)")
    }
    // Without a curvature at its minimum.
    let fourth = PointwiseLoss("fourth") { square(square($0 - $1)) }
    let exact = try LinearModel.fit(features: line, targets: line.column(0).map { 2 * $0 + 1 }, loss: fourth)
    #expect(abs(exact.coefficients[0] - 2) < 0.01)
  }

  /// A search that ends on its way to a minimum is not one to infinity.
  @Test func searchesThatEndEarlySaySo() throws {
    let targets = (0..<100).map { $0 == 50 ? 0.0 : 1 }
    let result = Result { () throws(ModelError) in
      try LinearModel.fit(
        features: SmoothLosses.matrix(rows: 100), targets: targets, loss: .binaryCrossEntropyFromLogits,
        penalty: Penalty(ridge: 10), control: OptimizerControl(maximumIterations: 1))
    }
    guard case .failure(.notConverged(.iterationLimit(1), iterations: 1)) = result else {
      Issue.record("\(result)")
      return
    }
  }

  /// A user's own losses say nothing of themselves.
  @Test func ownLossesThatFallAreErrors() throws {
    let features = SmoothLosses.matrix(rows: 100)
    let targets = (0..<100).map { Double($0 % 5 + 1) }
    let losses = [
      PointwiseLoss("line") { $1 - $0 },
      PointwiseLoss("decay") { exp(-$0) * $1 },
      PointwiseLoss("logarithm", predictionDomain: 0 ... .infinity) { -$1 * log($0) },
    ]
    for loss in losses {
      let result = Result { () throws(ModelError) in
        try LinearModel.fit(features: features, targets: targets, loss: loss)
      }
      _ = Self.columns(result, loss.name)
    }
  }

  @Test func logisticRegressionsOfOneClassToo() throws {
    let features = SmoothLosses.matrix(rows: 100)
    let result = Result { () throws(ModelError) in
      try LogisticRegression.fit(
        features: features, labels: [Int](repeating: 1, count: 100), penalty: Penalty(lasso: 0.1))
    }
    guard case .failure(.lossHasNoMinimum("bce-logits", columns: [])) = result else {
      Issue.record("\(result)")
      return
    }
    let text = ModelError.lossHasNoMinimum("kl", columns: ["a", "b"]).description
    #expect(text.contains("a and b let the loss kl fall without end") && text.contains("ridge"))
  }
}
