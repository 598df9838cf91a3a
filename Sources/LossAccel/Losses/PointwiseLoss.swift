/// A loss of one prediction and one target, written as one formula.
///
/// From the formula come the value, the gradient with respect to the prediction, and the curvature (the second derivative), all
/// computed in one pass over a batch at the speed of the memory it reads:
///
/// ```swift
/// let pseudoHuber = PointwiseLoss("pseudo-huber") { prediction, target in
///   squareRoot(1 + square(prediction - target)) - 1
/// }
/// var gradient = [Float](repeating: 0, count: predictions.count)
/// let value = try pseudoHuber.mean(predictions: predictions, targets: targets, gradient: &gradient)
/// ```
///
/// A user's own loss takes the same path, at the same speed, as every loss of the ``LossCatalogue``.
public struct PointwiseLoss: Sendable {
  /// The name that it goes by in the catalogue and on the command line.
  public let name: String

  /// What it is, in one sentence.
  public let summary: String

  /// The loss of one sample.
  public let formula: Formula

  /// Its derivative with respect to the prediction.
  public let gradient: Formula

  /// Its second derivative with respect to the prediction; where the loss has a kink, that of the pieces.
  public let curvature: Formula

  /// The targets it is defined for; batches with others are refused. `nil` if every number will do.
  public let targetDomain: ClosedRange<Double>?

  /// The predictions it is defined for; batches with others are refused, save NaN, which propagates. `nil` if every number
  /// will do.
  public let predictionDomain: ClosedRange<Double>?

  /// Its convexity and constants, where they were stated; those of the catalogue's losses are tested.
  public let traits: LossTraits?

  /// argmin ℓ(p, y) + (p − v)²/(2t), the proximal operator at the point v with step t, where a closed form was stated. It reads v in
  /// the place of the prediction.
  public let proximalOperator: Formula?

  /// sup u·p − ℓ(p, y), the convex conjugate at the dual variable u, where a closed form was stated. It reads u in the place of the
  /// prediction.
  public let conjugate: Formula?

  /// The curvatures other than the exact one.
  let surrogates: [CurvatureKind: Formula]
  let statedParameters: [(name: String, value: Double)]
  let programs: ProgramCache

  /// A loss by its formula.
  ///
  /// - Parameters:
  ///   - name: The name to print.
  ///   - summary: What it is, in one sentence.
  ///   - parameters: Its parameters with their values, where they may vanish from the formula; those in the formula need not be
  ///     listed.
  ///   - targetDomain: The valid targets, if not all.
  ///   - predictionDomain: The valid predictions, if not all.
  ///   - traits: Its convexity and constants, if they are known.
  ///   - gradient: The derivative, where a form is known that is more accurate than the one derived from the formula.
  ///   - curvature: The second derivative, likewise.
  ///   - fisher: The expectation of the second derivative over targets that follow the likelihood whose negative logarithm the loss
  ///     is, if it is one.
  ///   - gaussNewton: The curvature that leaves out how the model inside the loss bends, if there is a model inside.
  ///   - majorizer: m(p, y) with ℓ(q, y) ≤ ℓ(p, y) + ℓ′(p, y)·(q − p) + ½·m(p, y)·(q − p)² for every q, if one is known that is
  ///     better than the smoothness constant of the traits.
  ///   - proximalOperator: argmin ℓ(p, y) + (p − v)²/(2t) as a formula of the point v, the target y and the step t > 0.
  ///   - conjugate: sup u·p − ℓ(p, y) as a formula of the dual variable u and the target y; infinite outside its domain.
  ///   - formula: The loss of one sample, from its prediction and its target.
  @inline(never)  // or every loss of the catalogue would compile it again for its closures
  public init(
    _ name: String,
    summary: String = "",
    parameters: KeyValuePairs<String, Double> = [:],
    targetDomain: ClosedRange<Double>? = nil,
    predictionDomain: ClosedRange<Double>? = nil,
    traits: LossTraits? = nil,
    gradient: ((_ prediction: Formula, _ target: Formula) -> Formula)? = nil,
    curvature: ((_ prediction: Formula, _ target: Formula) -> Formula)? = nil,
    fisher: ((_ prediction: Formula, _ target: Formula) -> Formula)? = nil,
    gaussNewton: ((_ prediction: Formula, _ target: Formula) -> Formula)? = nil,
    majorizer: ((_ prediction: Formula, _ target: Formula) -> Formula)? = nil,
    proximalOperator: ((_ point: Formula, _ target: Formula, _ step: Formula) -> Formula)? = nil,
    conjugate: ((_ dual: Formula, _ target: Formula) -> Formula)? = nil,
    _ formula: (_ prediction: Formula, _ target: Formula) -> Formula
  ) {
    let prediction = Formula.input(.prediction(0))
    let target = Formula.input(.target(0))
    let value = formula(prediction, target)
    let slope = gradient?(prediction, target) ?? value.derivative(withRespectTo: .prediction(0))
    var surrogates: [CurvatureKind: Formula] = [:]
    surrogates[.fisher] = fisher?(prediction, target)
    surrogates[.gaussNewton] = gaussNewton?(prediction, target)
    surrogates[.majorizer] = majorizer?(prediction, target) ?? traits?.smoothness.map { Formula($0) }
    self.init(
      name: name, summary: summary, parameters: parameters.map { (name: $0.key, value: $0.value) },
      targetDomain: targetDomain, predictionDomain: predictionDomain, traits: traits, formula: value, gradient: slope,
      curvature: curvature?(prediction, target) ?? slope.derivative(withRespectTo: .prediction(0)),
      surrogates: surrogates,
      proximalOperator: proximalOperator?(prediction, target, .input(.covariate(0))),
      conjugate: conjugate?(prediction, target))
  }

  init(
    name: String, summary: String, parameters: [(name: String, value: Double)], targetDomain: ClosedRange<Double>?,
    predictionDomain: ClosedRange<Double>?, traits: LossTraits?, formula: Formula, gradient: Formula,
    curvature: Formula, surrogates: [CurvatureKind: Formula], proximalOperator: Formula?, conjugate: Formula?
  ) {
    self.name = name
    self.summary = summary
    self.targetDomain = targetDomain
    self.predictionDomain = predictionDomain
    self.traits = traits
    self.formula = formula
    self.gradient = gradient
    self.curvature = curvature
    self.surrogates = surrogates
    self.proximalOperator = proximalOperator
    self.conjugate = conjugate
    statedParameters = parameters
    programs = ProgramCache(
      value: formula, gradient: gradient, curvature: curvature, surrogates: surrogates,
      proximalOperator: proximalOperator, conjugate: conjugate, predictionDomain: predictionDomain,
      targetDomain: targetDomain)
  }

  /// Its parameters, by name, such as `delta` of the Huber loss.
  public var parameters: [(name: String, value: Double)] {
    statedParameters
      + formula.parameters.filter { parameter in !statedParameters.contains { $0.name == parameter.name } }
  }

  /// The curvatures that it has: the exact one always, others where they were stated or follow.
  public var curvatureKinds: [CurvatureKind] {
    CurvatureKind.allCases.filter { curvature($0) != nil }
  }

  /// The curvature of that kind as a formula, `nil` if the loss has none of it. The majorizer of a loss for which no better one was
  /// stated is the smoothness constant of its traits.
  public func curvature(_ kind: CurvatureKind) -> Formula? {
    kind == .exact ? curvature : surrogates[kind]
  }
}

extension PointwiseLoss {
  /// The loss of one sample, computed in `Double` one operation after the other.
  ///
  /// This is the plain evaluation of the formula, for looking at single values and for checks; batches take the other calls.
  public func value(prediction: Double, target: Double) -> Double {
    Self.evaluate(programs.lowered.value, prediction, target)
  }

  /// The derivative at one sample, computed in `Double` one operation after the other.
  public func gradient(prediction: Double, target: Double) -> Double {
    Self.evaluate(programs.lowered.gradient, prediction, target)
  }

  /// The second derivative at one sample, computed in `Double` one operation after the other.
  public func curvature(prediction: Double, target: Double) -> Double {
    Self.evaluate(programs.lowered.curvature, prediction, target)
  }

  private static func evaluate(_ formula: Formula, _ prediction: Double, _ target: Double) -> Double {
    formula.evaluate { input in
      switch input {
      case .prediction: prediction
      case .target: target
      case .covariate: preconditionFailure("a pointwise loss reads one prediction and one target")
      }
    }
  }
}
