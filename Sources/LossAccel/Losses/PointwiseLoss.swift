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

  let programs: ProgramCache

  /// A loss by its formula.
  ///
  /// - Parameters:
  ///   - name: The name to print.
  ///   - summary: What it is, in one sentence.
  ///   - targetDomain: The valid targets, if not all.
  ///   - predictionDomain: The valid predictions, if not all.
  ///   - traits: Its convexity and constants, if they are known.
  ///   - gradient: The derivative, where a form is known that is more accurate than the one derived from the formula.
  ///   - curvature: The second derivative, likewise.
  ///   - formula: The loss of one sample, from its prediction and its target.
  public init(
    _ name: String,
    summary: String = "",
    targetDomain: ClosedRange<Double>? = nil,
    predictionDomain: ClosedRange<Double>? = nil,
    traits: LossTraits? = nil,
    gradient: ((_ prediction: Formula, _ target: Formula) -> Formula)? = nil,
    curvature: ((_ prediction: Formula, _ target: Formula) -> Formula)? = nil,
    _ formula: (_ prediction: Formula, _ target: Formula) -> Formula
  ) {
    let prediction = Formula.input(.prediction(0))
    let target = Formula.input(.target(0))
    self.name = name
    self.summary = summary
    self.targetDomain = targetDomain
    self.predictionDomain = predictionDomain
    self.traits = traits
    self.formula = formula(prediction, target)
    self.gradient = gradient?(prediction, target) ?? self.formula.derivative(withRespectTo: .prediction(0))
    self.curvature = curvature?(prediction, target) ?? self.gradient.derivative(withRespectTo: .prediction(0))
    programs = ProgramCache(
      value: self.formula, gradient: self.gradient, curvature: self.curvature,
      predictionDomain: predictionDomain, targetDomain: targetDomain)
  }

  /// The parameters in its formula, by name, such as `delta` of the Huber loss.
  public var parameters: [(name: String, value: Double)] { formula.parameters }
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
