// Counts with more zeros than a Poisson distribution has. Two numbers are predicted: the logarithm η of the Poisson mean μ, and the logit z
// of the share of samples that are 0 for a reason of their own.
extension JointLoss {
  /// The negative log-likelihood of a zero-inflated Poisson distribution: with the probability π = σ(z) a count is 0, and otherwise it is
  /// Poisson with mean μ = e^η, which may be 0, too.
  ///
  /// - Predictions: log mean η, zero logit z; every number will do. Target: a count y ≥ 0. The constant log y! is left out.
  /// - Loss: −log(π + (1 − π)·e^−μ) of a 0, and ζ(z) + μ − yη of other counts, with ζ(z) = log(1 + e^z).
  /// - Gradient of a 0, with ρ = σ(z + μ) the probability that it is one of its own kind: μ·(1 − ρ) and π − ρ; of others: μ − y and π.
  /// - Properties: not convex; proper for these distributions. Source: Lambert (1992).
  public static let zeroInflatedPoisson = JointLoss(
    "zero-inflated-poisson", summary: "Counts that are Poisson, or 0 for a reason of their own.",
    predictions: ["log mean", "zero logit"], targets: [Variable("count", domain: 0 ... .greatestFiniteMagnitude)],
    traits: LossTraits(
      convexity: .none, differentiability: .smooth, robustness: LossTraits.Robustness.none,
      elicits: .named("log mean and zero logit")),
    gradient: { prediction, target in
      let m = ZeroInflation(prediction)
      return m.select(
        target, zero: [m.pull, m.own * (m.kept * m.lost)], else: [exp(prediction[0]) - target[0], m.share])
    },
    hessian: { prediction, target in
      let m = ZeroInflation(prediction)
      return m.select(
        target,
        zero: [
          LossAccel.select(m.pull .== 0, 0, m.pull * (1 - m.mean * m.own)), -(m.pull * m.own),
          m.own * (m.kept * m.lost) * m.turn,
        ],
        else: [exp(prediction[0]), 0, m.share * m.kept])
    },
    fisher: { prediction, _ in
      let m = ZeroInflation(prediction), rest = exp(-m.mean)
      let ones = LossAccel.select(rest .== 0, 0, m.mean * rest)
      return [
        mixedMean(prediction) * (1 - ones * m.own), -(m.kept * ones * m.own),
        m.share * m.kept * (m.own * -m.lost),
      ]
    }
  ) { prediction, target in
    let m = ZeroInflation(prediction), z = prediction[1]
    // The probability of a 0 from the side on which it is not near 1.
    let chance = m.kept * -m.lost
    let zero = LossAccel.select(chance .< 0.5, -logOnePlus(-chance), softplus(z) - logAddExp(z, -m.mean))
    return LossAccel.select(target[0] .== 0, zero, softplus(z) + (exp(prediction[0]) - target[0] * prediction[0]))
  }

  /// The negative log-likelihood of a Poisson hurdle: a count is 0 with the probability π = σ(z), and otherwise follows a Poisson
  /// distribution with mean parameter μ = e^η from which 0 has been cut off.
  ///
  /// - Predictions: log mean η, zero logit z; every number will do. Target: a count y ≥ 0. The constant log y! is left out.
  /// - Loss: ζ(−z) of a 0, and ζ(z) + μ + log(1 − e^−μ) − yη of other counts, with ζ(z) = log(1 + e^z).
  /// - Gradient by η: 0 of a 0, and μ/(1 − e^−μ) − y of others; by z: π − 1 and π.
  /// - Properties: convex in both together; proper for these distributions. Source: Mullahy (1986).
  public static let poissonHurdle = JointLoss(
    "poisson-hurdle", summary: "Counts that are 0 with a probability of their own, and truncated Poisson otherwise.",
    predictions: ["log mean", "zero logit"], targets: [Variable("count", domain: 0 ... .greatestFiniteMagnitude)],
    traits: LossTraits(
      convexity: .convex, differentiability: .smooth, robustness: LossTraits.Robustness.none,
      elicits: .named("log mean and zero logit")),
    gradient: { prediction, target in
      let p = TruncatedPoisson(prediction[0]), z = prediction[1], isZero = target[0] .== 0
      return [select(isZero, 0, p.meanLess(target[0])), select(isZero, -sigmoid(-z), sigmoid(z))]
    },
    hessian: { prediction, target in
      let p = TruncatedPoisson(prediction[0]), z = prediction[1]
      return [select(target[0] .== 0, 0, p.variance), 0, sigmoid(z) * sigmoid(-z)]
    },
    fisher: { prediction, _ in
      let p = TruncatedPoisson(prediction[0]), z = prediction[1]
      let spread = select(p.isLarge, mixedMean(prediction), sigmoid(-z) * p.variance)
      return [spread, 0, sigmoid(z) * sigmoid(-z)]
    }
  ) { prediction, target in
    let p = TruncatedPoisson(prediction[0]), z = prediction[1]
    return select(target[0] .== 0, softplus(-z), softplus(z) + p.loss(target[0]))
  }
}

/// (1 − π)·μ, also where one factor is infinite and the other 0.
private func mixedMean(_ prediction: [Formula]) -> Formula {
  let (logMean, z) = (prediction[0], prediction[1]), kept = sigmoid(-z)
  return select(kept .== 0, exp(logMean - softplus(z)), kept * exp(logMean))
}

/// What the derivatives of a zero-inflated Poisson distribution are made of.
private struct ZeroInflation {
  let mean: Formula
  /// π and 1 − π.
  let share, kept: Formula
  /// ρ and 1 − ρ.
  let own, other: Formula
  /// μ·(1 − ρ): 0 where a 0 can only be of its own kind, also where μ is infinite.
  let pull: Formula
  /// e^−μ − 1.
  let lost: Formula
  /// 1 − π − ρ, which crosses 0 where z + μ = −z: from the side on which no exponential is large.
  let turn: Formula

  init(_ prediction: [Formula]) {
    let z = prediction[1]
    mean = exp(prediction[0])
    let moved = z + mean, sum = moved + z
    share = sigmoid(z)
    kept = sigmoid(-z)
    own = sigmoid(moved)
    other = sigmoid(-moved)
    pull = LossAccel.select(other .== 0, 0, mean * other)
    lost = expMinusOne(-mean)
    turn = LossAccel.select(
      sum .< 0, -(kept * other) * expMinusOne(sum), share * own * expMinusOne(-sum))
  }

  func select(_ target: [Formula], zero: [Formula], else others: [Formula]) -> [Formula] {
    zip(zero, others).map { LossAccel.select(target[0] .== 0, $0, $1) }
  }
}

/// A Poisson distribution from which 0 has been cut off: its mean is R = μ/(1 − e^−μ), with 1 + ½μ near μ = 0.
private struct TruncatedPoisson {
  let logMean, parameter, excess: Formula
  /// Where e^−μ is nothing beside 1.
  let isLarge: Formula

  init(_ logMean: Formula) {
    self.logMean = logMean
    parameter = exp(logMean)
    excess = exponentialRatioExcess(parameter)
    isLarge = (parameter .> 500)
  }

  /// μ + log(1 − e^−μ) − yη, where log(1 − e^−μ) is η − log R.
  func loss(_ target: Formula) -> Formula {
    select(
      isLarge, parameter - target * logMean, (1 - target) * logMean + (parameter - logOnePlus(excess)))
  }

  /// R − y.
  func meanLess(_ target: Formula) -> Formula {
    select(isLarge, parameter - target, (1 - target) + excess)
  }

  /// dR/dη = R·(1 + μ − R).
  var variance: Formula {
    let near = (1 + excess) * (parameter - excess)
    let far = (1 + excess) * (1 - exponentialRatio(parameter))
    return select(isLarge, parameter, select(parameter .< 1, near, far))
  }
}
