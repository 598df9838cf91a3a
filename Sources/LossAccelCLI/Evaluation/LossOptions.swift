import LossAccel

/// What can be said to `lossaccel evaluate` beside a loss's parameters, of which every loss takes only some.
struct LossOptions {
  /// The cuts between the levels of ordinal losses.
  var cuts: [Double]?
  /// The factor of a normal distribution's precision.
  var precisionFactor: NumericArray?
  /// One per class.
  var classWeights: [Double]?
  /// The share of a label that is spread over all classes.
  var labelSmoothing: Double?
  /// Samples of this label or level are left out.
  var ignoredLabel: Int?
  /// What stands for a target that is missing.
  var missingTargets: Double?
  /// Whether something is added to the predictions.
  var hasOffsets = false

  enum Name: String, CaseIterable {
    case cuts, offsets
    case precisionFactor = "precision-factor"
    case classWeights = "class-weights"
    case labelSmoothing = "label-smoothing"
    case ignoredLabel = "ignored-label"
    case missingTargets = "missing-targets"

    fileprivate var purpose: String {
      switch self {
      case .cuts: "ordinal losses"
      case .offsets: "losses that are defined for every prediction"
      case .precisionFactor: GaussianEvaluation.name
      case .classWeights: "losses of classes"
      case .labelSmoothing: "losses of classes whose targets may be distributions"
      case .ignoredLabel: "losses of labels and levels"
      case .missingTargets: "losses whose targets are numbers; labels have --\(Name.ignoredLabel.rawValue)"
      }
    }
  }

  /// A usage error for an option that the loss does not take.
  func require(within taken: [Name], of loss: String) throws {
    for name in Name.allCases where isGiven(name) && !taken.contains(name) {
      throw UsageError("\(loss) takes no --\(name.rawValue), which is for \(name.purpose).")
    }
  }

  private func isGiven(_ name: Name) -> Bool {
    switch name {
    case .cuts: cuts != nil
    case .offsets: hasOffsets
    case .precisionFactor: precisionFactor != nil
    case .classWeights: classWeights != nil
    case .labelSmoothing: labelSmoothing != nil
    case .ignoredLabel: ignoredLabel != nil
    case .missingTargets: missingTargets != nil
    }
  }
}

extension PointwiseLoss {
  /// The options that `lossaccel evaluate` takes for it.
  var options: [LossOptions.Name] {
    [.missingTargets] + (predictionDomain == nil ? [.offsets] : [])
      + (targetDomain == 0...1 ? [.classWeights, .labelSmoothing] : [])
  }
}

extension JointLoss {
  /// The options that `lossaccel evaluate` takes for it.
  var options: [LossOptions.Name] { [.missingTargets] + (predictions[0].domain == nil ? [.offsets] : []) }
}

extension RowLoss {
  /// The options that `lossaccel evaluate` takes for it.
  var options: [LossOptions.Name] {
    [.classWeights, .ignoredLabel] + (targets.contains(.distributions) ? [.labelSmoothing] : [])
  }
}

extension OrdinalLoss {
  /// The options that `lossaccel evaluate` takes for it.
  var options: [LossOptions.Name] { [.cuts, .ignoredLabel] }
}
