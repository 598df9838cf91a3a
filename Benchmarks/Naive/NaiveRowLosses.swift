import LossAccel

/// Mean softmax cross-entropy of rows with labels and its gradient: the largest logit is taken off first, and each exponential is
/// computed once. Sums are `Double`s, as in the other naive loops.
@specialized(where T == Float)
@specialized(where T == Double)
func naiveSoftmaxCrossEntropy<T: NaiveScalar>(
  _ logits: [T], _ labels: [Int32], classes: Int, _ gradient: inout [T]
) -> Double {
  let rows = labels.count
  var total = 0.0
  for row in 0..<rows {
    let start = row * classes
    var largest = logits[start]
    for k in start..<start + classes { largest = max(largest, logits[k]) }
    var sum = 0.0
    for k in start..<start + classes {
      let e = T.exponential(logits[k] - largest)
      gradient[k] = e
      sum += Double(e)
    }
    let label = start + Int(labels[row])
    total += Double(largest) + Double.logarithm(sum) - Double(logits[label])
    let scale = T(1 / (sum * Double(rows)))
    for k in start..<start + classes { gradient[k] *= scale }
    gradient[label] -= 1 / T(rows)
  }
  return total / Double(rows)
}

/// Mean cross-entropy of distributions and its gradient with respect to the predicted ones.
@specialized(where T == Float)
@specialized(where T == Double)
func naiveCrossEntropy<T: NaiveScalar>(
  _ predictions: [T], _ targets: [T], classes: Int, _ gradient: inout [T]
) -> Double {
  let rows = predictions.count / classes
  let scale = 1 / T(rows)
  var sum = 0.0
  for k in 0..<predictions.count {
    let target = targets[k]
    if target > 0 {
      sum -= Double(target * T.logarithm(predictions[k]))
      gradient[k] = -target / predictions[k] * scale
    } else {
      gradient[k] = 0
    }
  }
  return sum / Double(rows)
}
