/// How far the automatic method refines coefficients.
public enum LeastSquaresAccuracy: Sendable, Equatable {
  /// Until what is left is below the rounding to the element type: the coefficients are those of the problem as stored, correctly rounded
  /// in nearly all cases. The default.
  case exact

  /// One refinement in the working precision: errors as small as those of Householder QR, at the price of the normal equations and
  /// one more pass over the rows.
  case fast
}

/// What refinement works towards.
package enum RefinementGoal: Sendable {
  /// Coefficients to be rounded to Double.
  case double
  /// Coefficients to be rounded to Float.
  case float
  /// One pass in the working precision.
  case onePass

  /// The goal for results in `Element`.
  init<Element: Scalar>(_ accuracy: LeastSquaresAccuracy, for element: Element.Type) {
    switch accuracy {
    case .fast: self = .onePass
    case .exact: self = Element.self == Float.self ? .float : .double
    }
  }

  /// The relative change that no coefficient may still make: a sixteenth of the unit in the last place of the result.
  var tolerance: Double { self == .float ? 0x1p-28 : 0x1p-57 }
}
