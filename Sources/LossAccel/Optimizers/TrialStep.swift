/// A step that a search tries, where not every point has a value.
///
/// Some losses take predictions of a range only: amounts that are positive, probabilities. A step that leads out of it is too long, like one to an
/// infinite value, and is shortened. A search that starts outside has no value to improve on, and ends with the error.
struct TrialStep {
  let evaluation: ObjectiveEvaluation
  /// As a part of the direction.
  let step: Double
  /// Passes over the data, those of steps that led outside among them.
  let passes: Int
}

extension Objective {
  /// The evaluation at the first of the steps longest, ½·longest, ¼·longest, … along a direction that stays where the losses take every
  /// prediction; `nil` if none of forty does, as where the search has come to the edge and the direction leads outwards.
  func trial(
    _ request: ObjectiveRequest, from origin: [Double], along direction: [Double], longest: Double = 1
  ) throws(ObjectiveError) -> TrialStep? {
    var step = longest
    for halvings in 0..<40 {
      if let evaluation = try inside(request, at: Vectors.sum(origin, direction, times: step)) {
        return TrialStep(evaluation: evaluation, step: step, passes: halvings + 1)
      }
      step *= 0.5
    }
    return nil
  }

  /// The evaluation at a point; `nil` where a prediction lies outside of its loss's domain.
  func inside(_ request: ObjectiveRequest, at point: [Double]) throws(ObjectiveError) -> ObjectiveEvaluation? {
    do throws(ObjectiveError) { return try evaluate(request, at: point) } catch {
      guard error.leavesDomain else { throw error }
      return nil
    }
  }
}

extension ObjectiveError {
  /// Whether nothing but the point is at fault, where the data have a value elsewhere: a prediction outside of its loss's domain.
  var leavesDomain: Bool {
    switch self {
    case .loss(.predictionOutsideDomain), .loss(.invalidProbability): true
    case .task(_, let error): error.leavesDomain
    default: false
    }
  }
}
