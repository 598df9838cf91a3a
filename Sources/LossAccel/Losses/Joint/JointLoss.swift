/// A loss of several predictions for each sample (a mean and a variance, the two ends of an interval), or of several targets (an
/// interval that a survival time lies in), written as one formula.
///
/// From the formula come the value, the gradient and the Hessian of every sample, all computed in one pass over a batch. A batch
/// of n samples is row-major: predictions and gradient are n × P. The symmetric Hessians are n × P(P + 1)/2, their upper triangles
/// packed by columns as in LAPACK: element i + j(j + 1)/2 of a row is ∂²ℓ/∂ŷᵢ∂ŷⱼ for i ≤ j, so for two predictions a row is
/// (∂²/∂ŷ₁², ∂²/∂ŷ₁∂ŷ₂, ∂²/∂ŷ₂²).
///
/// ```swift
/// let gaussian = JointLoss("my-gaussian", predictions: ["mean", "log variance"]) { prediction, target in
///   0.5 * (prediction[1] + square(prediction[0] - target[0]) * exp(-prediction[1]))
/// }
/// var gradient = [Double](repeating: 0, count: 2 * targets.count)
/// let value = try gaussian.mean(predictions: predictions, targets: targets, gradient: &gradient)
/// ```
public struct JointLoss: Sendable {
  /// The name that it goes by in the ``JointLossCatalogue``.
  public let name: String

  /// What it is, in one sentence.
  public let summary: String

  /// What the predictions of a sample are, in their order.
  public let predictions: [Variable]

  /// What the targets of a sample are, in their order.
  public let targets: [Variable]

  /// The loss of one sample.
  public let formula: Formula

  /// Its derivative with respect to each prediction.
  public let gradient: [Formula]

  /// Its second derivatives, packed; where the loss has a kink, those of the pieces.
  public let hessian: [Formula]

  /// The expectation of the Hessian under the distribution that the predictions describe, packed likewise: positive semidefinite
  /// everywhere. `nil` if the loss is not the logarithm of a density, or none was stated.
  public let fisher: [Formula]?

  /// What is known of it as a function of all its predictions, where that was stated; tested for the catalogue's losses. The
  /// Lipschitz constant bounds the gradient's Euclidean norm, smoothness the greatest eigenvalue of the Hessian.
  public let traits: LossTraits?

  let programs: JointPrograms

  /// One of the numbers of a sample: its name, and the values that it may have.
  public struct Variable: Sendable, Hashable, ExpressibleByStringLiteral {
    /// What to call it.
    public let name: String
    /// The values that the loss is defined for; batches with others are refused. `nil` if every number will do.
    public let domain: ClosedRange<Double>?

    /// A variable with that name, of the given values.
    public init(_ name: String, domain: ClosedRange<Double>? = nil) {
      self.name = name
      self.domain = domain
    }

    /// A variable with that name that may be any number.
    public init(stringLiteral name: String) { self.init(name) }
  }

  /// A loss by its formula.
  ///
  /// - Parameters:
  ///   - name: The name to print.
  ///   - summary: What it is, in one sentence.
  ///   - predictions: What the predictions are. NaN always propagates, whatever their domain.
  ///   - targets: What the targets are.
  ///   - traits: Its convexity and constants, if they are known.
  ///   - gradient: The derivatives, where forms are known that are more accurate than the derived ones.
  ///   - hessian: The second derivatives, packed, likewise.
  ///   - fisher: The expected second derivatives, packed, where they are known.
  ///   - formula: The loss of one sample, from its predictions and its targets.
  /// - Precondition: up to seven numbers per sample, and as many derivatives as there are predictions, or pairs of them. Where the curvature
  ///   is asked for, up to four predictions.
  public init(
    _ name: String,
    summary: String = "",
    predictions: [Variable],
    targets: [Variable] = ["target"],
    traits: LossTraits? = nil,
    gradient: ((_ predictions: [Formula], _ targets: [Formula]) -> [Formula])? = nil,
    hessian: ((_ predictions: [Formula], _ targets: [Formula]) -> [Formula])? = nil,
    fisher: ((_ predictions: [Formula], _ targets: [Formula]) -> [Formula])? = nil,
    _ formula: (_ predictions: [Formula], _ targets: [Formula]) -> Formula
  ) {
    let p = predictions.indices.map { Formula.input(.prediction($0)) }
    let t = targets.indices.map { Formula.input(.target($0)) }
    let value = formula(p, t)
    let slopes = gradient?(p, t) ?? predictions.indices.map { value.derivative(withRespectTo: .prediction($0)) }
    let bends =
      hessian?(p, t)
      ?? predictions.indices.flatMap { j in
        (0...j).map { i in slopes[i].derivative(withRespectTo: .prediction(j)) }
      }
    let expected = fisher?(p, t)
    let pairs = predictions.count * (predictions.count + 1) / 2
    precondition(
      slopes.count == predictions.count && bends.count == pairs && (expected?.count ?? pairs) == pairs,
      """
      \(predictions.count) predictions have \(predictions.count) derivatives and \(pairs) second derivatives, not \
      \(slopes.count), \(bends.count) and \(expected?.count ?? pairs)
      """)
    self.name = name
    self.summary = summary
    self.predictions = predictions
    self.targets = targets
    self.traits = traits
    self.formula = value
    self.gradient = slopes
    self.hessian = bends
    self.fisher = expected
    programs = JointPrograms(
      value: value, gradient: slopes, hessian: bends, fisher: expected, predictions: predictions, targets: targets)
  }

  /// The parameters in its formula, by name.
  public var parameters: [(name: String, value: Double)] { formula.parameters }

  /// The curvatures that it has.
  public var curvatureKinds: [CurvatureKind] { fisher == nil ? [.exact] : [.exact, .fisher] }

  /// How many numbers a sample's curvature is: P(P + 1)/2 for P predictions.
  public var curvatureCount: Int { hessian.count }
}

extension JointLoss {
  /// The loss of one sample, computed in `Double` one operation after the other.
  public func value(predictions: [Double], targets: [Double]) -> Double {
    evaluate([programs.value], predictions, targets)[0]
  }

  /// The derivatives at one sample, computed in `Double` one operation after the other.
  public func gradient(predictions: [Double], targets: [Double]) -> [Double] {
    evaluate(programs.gradient, predictions, targets)
  }

  /// The second derivatives at one sample, packed, computed in `Double` one operation after the other.
  public func hessian(predictions: [Double], targets: [Double]) -> [Double] {
    evaluate(programs.hessian, predictions, targets)
  }

  private func evaluate(_ formulas: [Formula], _ predictions: [Double], _ targets: [Double]) -> [Double] {
    precondition(
      predictions.count == self.predictions.count && targets.count == self.targets.count,
      """
      the loss \(name) has \(self.predictions.count) predictions and \(self.targets.count) targets, not \
      \(predictions.count) and \(targets.count)
      """)
    return formulas.map { formula in
      formula.evaluate { input in
        switch input {
        case .prediction(let index): predictions[index]
        case .target(let index): targets[index]
        case .covariate: preconditionFailure("a joint loss reads predictions and targets")
        }
      }
    }
  }
}
