import LossAccel

/// The mean loss of X·w and its gradient with respect to w, from X by rows.
typealias NaiveStep<T> = (_ design: [T], _ targets: [T], _ coefficients: [T], _ gradient: inout [T]) -> Double

/// One step of linear regression: the mean squared error of X·w and its gradient with respect to w, row by row.
@specialized(where T == Float)
@specialized(where T == Double)
func naiveLinearRegressionStep<T: NaiveScalar>(
  _ design: [T], _ targets: [T], _ coefficients: [T], _ gradient: inout [T]
) -> Double {
  naiveLinearStep(design, targets, coefficients, &gradient) { prediction, target in
    let residual = prediction - target
    return (residual * residual, 2 * residual)
  }
}

/// One step of logistic regression: the mean binary cross-entropy of the logits X·w and its gradient with respect to w.
@specialized(where T == Float)
@specialized(where T == Double)
func naiveLogisticRegressionStep<T: NaiveScalar>(
  _ design: [T], _ targets: [T], _ coefficients: [T], _ gradient: inout [T]
) -> Double {
  naiveLinearStep(design, targets, coefficients, &gradient) { logit, target in
    let e = T.exponential(-abs(logit))
    let probability = logit >= 0 ? 1 / (1 + e) : e / (1 + e)
    return (max(logit, 0) - logit * target + T.logarithmOnePlus(e), probability - target)
  }
}

@inline(__always)
private func naiveLinearStep<T: NaiveScalar>(
  _ design: [T], _ targets: [T], _ coefficients: [T], _ gradient: inout [T],
  _ loss: (_ prediction: T, _ target: T) -> (value: T, derivative: T)
) -> Double {
  let columns = coefficients.count
  let scale = 1 / T(targets.count)
  var sum = 0.0
  for j in 0..<columns { gradient[j] = 0 }
  for i in 0..<targets.count {
    let row = i * columns
    var prediction: T = 0
    for j in 0..<columns { prediction += design[row + j] * coefficients[j] }
    let (value, derivative) = loss(prediction, targets[i])
    sum += Double(value)
    let weight = derivative * scale
    for j in 0..<columns { gradient[j] += design[row + j] * weight }
  }
  return sum / Double(targets.count)
}
