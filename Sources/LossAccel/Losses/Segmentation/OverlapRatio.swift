/// 1 − (n·TP + ε)/(n·TP + α·FP + β·FN + ε), to the power γ: what the Dice family is.
struct OverlapRatio: Sendable, Hashable {
  var alpha: Double
  var beta: Double
  var both = 1.0
  var smoothing: Double
  var power = 1.0

  /// A map's loss, and its gradient at pixels inside and outside the true region: pixels between are between.
  struct Slopes {
    var loss: Double
    var inside: Double
    var outside: Double
  }

  func slopes(_ sums: OverlapKernel.Sums) -> Slopes {
    let missing = alpha * sums.falsePositive + beta * sums.falseNegative
    let numerator = both * sums.both + smoothing, denominator = numerator + missing
    // Neither a true nor a predicted pixel.
    if denominator == 0 { return Slopes(loss: 0, inside: 0, outside: 0) }
    let loss = missing / denominator
    // dN = n·t, dD = n·t + α(1 − t) − β·t; d(1 − N/D) = (N·dD − D·dN)/D².
    let outer = outerSlope(loss)
    let square = denominator * denominator
    return Slopes(
      loss: raised(loss), inside: -outer * (both * missing + beta * numerator) / square,
      outside: outer * alpha * numerator / square)
  }

  /// The product of the Hessian with a direction, at pixels inside and outside.
  func product(_ sums: OverlapKernel.Sums) -> (inside: Double, outside: Double) {
    let missing = alpha * sums.falsePositive + beta * sums.falseNegative
    let numerator = both * sums.both + smoothing, denominator = numerator + missing
    if denominator == 0 { return (0, 0) }
    let (inside, outside) = (sums.directionInside, sums.directionOutside)
    let changeOfNumerator = both * inside, changeOfDenominator = (both - beta) * inside + alpha * outside
    let square = denominator * denominator
    // (dN·dDᵀ + dD·dNᵀ)/D² − 2N·dD·dDᵀ/D³.
    let alongDenominator =
      changeOfNumerator / square - 2 * numerator / denominator * (changeOfDenominator / square)
    let alongNumerator = changeOfDenominator / square
    var result = (
      inside: (both - beta) * alongDenominator + both * alongNumerator, outside: alpha * alongDenominator
    )
    guard power != 1 else { return result }
    // (f∘L)″ = f′·L″ + f″·L′·L′ᵀ.
    let loss = missing / denominator, outer = outerSlope(loss)
    let plain = OverlapRatio(alpha: alpha, beta: beta, both: both, smoothing: smoothing).slopes(sums)
    let change = plain.inside * inside + plain.outside * outside
    let bend = outerBend(loss) * change
    result.inside = outer * result.inside + bend * plain.inside
    result.outside = outer * result.outside + bend * plain.outside
    return result
  }

  /// γ·(γ − 1)·L^(γ − 2). At a perfect overlap only γ = 2 leaves something; for γ < 2 there is no finite value.
  private func outerBend(_ loss: Double) -> Double {
    if loss == 0 { return power == 2 ? 2 : 0 }
    return power * (power - 1) * raised(loss) / loss / loss
  }

  private func raised(_ loss: Double) -> Double {
    power == 1 ? loss : loss == 0 ? 0 : ElementaryFunctions.exp(power * ElementaryFunctions.log(loss))
  }

  /// γ·L^(γ − 1); 0 at a perfect overlap, where it has no finite value if γ < 1.
  private func outerSlope(_ loss: Double) -> Double {
    power == 1 ? 1 : loss == 0 ? 0 : power * raised(loss) / loss
  }
}
