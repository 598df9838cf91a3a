/// The generalised Dice loss of one image: its classes' overlaps with weights 1/(Σt)², added up before they are compared.
struct GeneralizedDice {
  var smoothing: Double

  /// A class without true pixels has no weight, and is left out.
  private func weight(_ sums: OverlapKernel.Sums) -> Double {
    let size = sums.both + sums.falseNegative
    return size > 0 ? 1 / (size * size) : 0
  }

  private func totals(_ classes: ArraySlice<OverlapKernel.Sums>) -> (numerator: Double, missing: Double) {
    var numerator = smoothing, missing = 0.0
    for sums in classes {
      let weight = weight(sums)
      if weight == 0 { continue }
      numerator += 2 * weight * sums.both
      missing += weight * (sums.falsePositive + sums.falseNegative)
    }
    return (numerator, missing)
  }

  func slopes(_ classes: ArraySlice<OverlapKernel.Sums>) -> SegmentationLoss.Outcome {
    let (numerator, missing) = totals(classes)
    let denominator = numerator + missing, square = denominator * denominator
    if denominator == 0 { return zero(classes.count) }
    // dN = 2w·t, dD = w.
    return SegmentationLoss.Outcome(
      losses: [missing / denominator],
      inside: classes.map { -weight($0) * (2 * missing + numerator) / square },
      outside: classes.map { weight($0) * numerator / square })
  }

  func product(_ classes: ArraySlice<OverlapKernel.Sums>) -> SegmentationLoss.Outcome {
    let (numerator, missing) = totals(classes)
    let denominator = numerator + missing, square = denominator * denominator
    if denominator == 0 { return zero(classes.count) }
    var changeOfNumerator = 0.0, changeOfDenominator = 0.0
    for sums in classes {
      let weight = weight(sums)
      if weight == 0 { continue }
      changeOfNumerator += 2 * weight * sums.directionInside
      changeOfDenominator += weight * (sums.directionInside + sums.directionOutside)
    }
    let alongDenominator = changeOfNumerator / square - 2 * numerator / denominator * (changeOfDenominator / square)
    let alongNumerator = changeOfDenominator / square
    return SegmentationLoss.Outcome(
      losses: [], inside: classes.map { weight($0) * (alongDenominator + 2 * alongNumerator) },
      outside: classes.map { weight($0) * alongDenominator })
  }

  private func zero(_ classes: Int) -> SegmentationLoss.Outcome {
    let zeros = [Double](repeating: 0, count: classes)
    return SegmentationLoss.Outcome(losses: [0], inside: zeros, outside: zeros)
  }
}
