import LossAccel

/// Mean loss and its gradient, as a competent Swift programmer writes them: arrays, one loop, the C library's functions, the
/// stable form of each formula, everything in the batch's own type. Only the sum is a `Double`: a `Float` sum of 32 Mi losses
/// has no correct digits, and costs the loop just as much.
typealias NaiveLoss<T> = (_ predictions: [T], _ targets: [T], _ gradient: inout [T]) -> Double

/// The naive loops by the name of the loss in the catalogue; nil for a loss that has none.
func naiveLoss<T: NaiveScalar>(named name: String, of type: T.Type = T.self) -> NaiveLoss<T>? {
  switch name {
  case "squared-error": naiveSquaredError
  case "bce-logits": naiveBinaryCrossEntropyFromLogits
  case "bce": naiveBinaryCrossEntropy
  case "huber": naiveHuber
  case "log-cosh": naiveLogCosh
  default: nil
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
func naiveSquaredError<T: NaiveScalar>(_ predictions: [T], _ targets: [T], _ gradient: inout [T]) -> Double {
  let count = predictions.count
  let scale = 2 / T(count)
  var sum = 0.0
  for i in 0..<count {
    let residual = predictions[i] - targets[i]
    sum += Double(residual * residual)
    gradient[i] = residual * scale
  }
  return sum / Double(count)
}

// log(1 + e) instead of log1p(e) would halve the time of this loop in `Float`, but it gives 0 for every confident and right
// prediction (e below 6e-8), and no more than a few digits long before.
@specialized(where T == Float)
@specialized(where T == Double)
func naiveBinaryCrossEntropyFromLogits<T: NaiveScalar>(_ logits: [T], _ targets: [T], _ gradient: inout [T]) -> Double {
  let count = logits.count
  let scale = 1 / T(count)
  var sum = 0.0
  for i in 0..<count {
    let logit = logits[i]
    let e = T.exponential(-abs(logit))
    sum += Double(max(logit, 0) - logit * targets[i] + T.logarithmOnePlus(e))
    let probability = logit >= 0 ? 1 / (1 + e) : e / (1 + e)
    gradient[i] = (probability - targets[i]) * scale
  }
  return sum / Double(count)
}

@specialized(where T == Float)
@specialized(where T == Double)
func naiveBinaryCrossEntropy<T: NaiveScalar>(_ probabilities: [T], _ targets: [T], _ gradient: inout [T]) -> Double {
  let count = probabilities.count
  let scale = 1 / T(count)
  var sum = 0.0
  for i in 0..<count {
    let p = probabilities[i], y = targets[i]
    sum -= Double(y * T.logarithm(p) + (1 - y) * T.logarithmOnePlus(-p))
    gradient[i] = (p - y) / (p * (1 - p)) * scale
  }
  return sum / Double(count)
}

@specialized(where T == Float)
@specialized(where T == Double)
func naiveHuber<T: NaiveScalar>(_ predictions: [T], _ targets: [T], _ gradient: inout [T]) -> Double {
  let count = predictions.count
  let scale = 1 / T(count)
  let delta: T = 1
  var sum = 0.0
  for i in 0..<count {
    let residual = predictions[i] - targets[i]
    if abs(residual) <= delta {
      sum += Double(residual * residual / 2)
      gradient[i] = residual * scale
    } else {
      sum += Double(delta * (abs(residual) - delta / 2))
      gradient[i] = (residual < 0 ? -delta : delta) * scale
    }
  }
  return sum / Double(count)
}

@specialized(where T == Float)
@specialized(where T == Double)
func naiveLogCosh<T: NaiveScalar>(_ predictions: [T], _ targets: [T], _ gradient: inout [T]) -> Double {
  let count = predictions.count
  let scale = 1 / T(count)
  let log2 = T.logarithm(2)
  var sum = 0.0
  for i in 0..<count {
    let residual = predictions[i] - targets[i]
    sum += Double(abs(residual) + T.logarithmOnePlus(T.exponential(-2 * abs(residual))) - log2)
    gradient[i] = T.hyperbolicTangent(residual) * scale
  }
  return sum / Double(count)
}
