extension PointwiseLoss {
  /// The logistic loss log(1 + e^(−m)) of the margin m = (2y − 1)·z. For labels 0 and 1 it is
  /// ``binaryCrossEntropyFromLogits``; also called soft margin.
  ///
  /// - Gradient −(2y − 1)·σ(−m), curvature σ(m)·σ(−m), in both tails to the last digits, without overflow.
  /// - Domain: every score z; labels 0 and 1 (Bool will do).
  /// - Properties: strictly convex, Lipschitz 1, smooth ¼, classification-calibrated, strictly proper.
  public static let logistic = margin(
    "logistic", summary: "Binary cross-entropy as a loss of the margin.",
    traits: LossTraits(
      convexity: .strict, lipschitzConstant: 1, smoothness: 0.25, differentiability: .smooth, robustness: .bounded,
      classificationCalibrated: true, properness: .strictlyProper, elicits: .mean, link: .logit),
    slope: { margin in -sigmoid(-margin) },
    bound: { margin in select(margin .== 0, 0.25, tanh(0.5 * margin) / (2 * margin)) },
    dual: { slope in
      conjugate(of: slope, within: -1...0, xLogY(-slope, -slope) + xLogOnePlusY(1 + slope, slope))
    }
  ) { margin in
    softplus(-margin)
  }

  /// The sigmoid loss σ(−m) of the margin m = (2y − 1)·z, the probability of the wrong label: a smooth 0–1 loss.
  ///
  /// - Gradient −(2y − 1)·σ(m)·σ(−m), curvature σ(m)·σ(−m)·(σ(m) − σ(−m)).
  /// - Domain: every score z; labels 0 and 1 (Bool will do).
  /// - Properties: not convex, bounded by 1, Lipschitz ¼, smooth √3/18 ≈ 0.0962, classification-calibrated, robust to mislabelled
  ///   samples.
  public static let sigmoidLoss = margin(
    "sigmoid", summary: "The probability of the wrong label: bounded, robust to mislabelled samples.",
    traits: LossTraits(
      convexity: .none, lipschitzConstant: 0.25, smoothness: 0.09622504486493763, differentiability: .smooth,
      robustness: .redescending, classificationCalibrated: true),
    slope: { margin in -Logistic(margin).variance },
    bend: { margin in
      let logistic = Logistic(margin)
      return logistic.variance * logistic.lead
    }
  ) { margin in
    sigmoid(-margin)
  }

  /// The Savage loss σ(−m)² of the margin m = (2y − 1)·z: the Brier score of σ(z), halved over both labels.
  ///
  /// - Gradient −2(2y − 1)·σ(−m)²·σ(m), curvature 2σ(−m)²·σ(m)·(2σ(m) − σ(−m)).
  /// - Domain: every score z; labels 0 and 1 (Bool will do).
  /// - Properties: not convex, bounded by 1, Lipschitz 8/27, smooth 0.154, classification-calibrated, strictly proper. Source: Masnadi-Shirazi and
  ///   Vasconcelos, NIPS 2008.
  public static let savage = margin(
    "savage", summary: "The squared probability of the wrong label: bounded, proper.",
    traits: LossTraits(
      convexity: .none, lipschitzConstant: 0.2962962962962963, smoothness: 0.15405857012135051,
      differentiability: .smooth, robustness: .redescending, classificationCalibrated: true,
      properness: .strictlyProper, elicits: .mean, link: .logit),
    slope: { margin in
      let logistic = Logistic(margin)
      return -2 * (logistic.wrong * logistic.variance)
    },
    bend: { margin in
      let logistic = Logistic(margin)
      return 2 * ((logistic.wrong * logistic.variance) * (2 * logistic.right - logistic.wrong))
    }
  ) { margin in
    square(Logistic(margin).wrong)
  }
}

/// The probabilities σ(m) and σ(−m) of the right and the wrong label, both from the smaller of the two, which is relatively
/// accurate however far out.
struct Logistic {
  let right, wrong, variance: Formula
  /// right − wrong.
  let lead: Formula

  init(_ margin: Formula) {
    let side = Operation.logisticSide(margin), small = abs(side)
    right = step(margin) - side
    wrong = (1 - step(margin)) + side
    variance = small * (1 - small)
    lead = copySign(1 - 2 * small, sign: side)
  }
}
