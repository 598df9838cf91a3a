/// What a margin makes of the cosine of an embedding and its own class's centre.
struct AngularMargin: Sendable, Hashable {
  var scale: Double
  var margin: Double
  /// Whether the margin is added to the angle, or else subtracted from the cosine.
  var isAngle: Bool

  /// The problem with the positives' logits, from their distances, which have more digits than cosines near 1.
  func applied<T: Scalar>(to problem: SimilarityProblem, _ a: UnitRows<T>, _ b: UnitRows<T>) -> SimilarityProblem {
    var problem = problem
    let labels = zip(problem.rowLabels, problem.positiveCounts).map { $1 == 0 ? -1 : $0 }
    for distance in a.halfSquaredDistances(to: b, labels: labels) {
      let (value, slope, bend) = curve(distance)
      problem.targetLogits.append(scale * value)
      problem.targetSlopes.append(slope)
      problem.targetBends.append(bend / scale)
    }
    return problem
  }

  /// The margin's function of the cosine 1 − distance, and its derivatives by the cosine.
  ///
  /// Where angle and margin exceed π it continues as −2 − cos(θ + m), with the same value and slope: cos(θ + m) would rise again. At
  /// angles of exactly 0 and π the derivatives by the cosine are infinite, but those of the embeddings' directions are 0: any
  /// finite number stands for them.
  func curve(_ distance: Double) -> (value: Double, slope: Double, bend: Double) {
    let cosine = 1 - distance
    guard isAngle else { return (cosine - margin, 1, 0) }
    let sine = max(0, distance * (2 - distance)).squareRoot()
    let (s, c) = (ElementaryFunctions.sin(margin), ElementaryFunctions.cos(margin))
    let turned = cosine * c - sine * s
    if sine == 0 { return (cosine > 0 ? turned : -2 - turned, c, 0) }
    let slope = (sine * c + cosine * s) / sine, bend = s / (sine * sine * sine)
    return cosine > -c ? (turned, slope, bend) : (-2 - turned, -slope, -bend)
  }
}
