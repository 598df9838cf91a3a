/// Which second-order quantity a call hands out. They are never exchanged for one another in silence: a loss that lacks the one asked
/// for says so.
public enum CurvatureKind: String, Sendable, Hashable, CaseIterable {
  /// The second derivative.
  case exact
  /// Its expectation under the likelihood that the loss stands for.
  case fisher
  /// That of the outer loss, with the model inside taken as linear.
  case gaussNewton
  /// That of a parabola which touches the loss here and lies above it everywhere.
  case majorizer
}
