extension PointwiseLoss {
  /// A loss φ(m) of the margin m = (2y − 1)·z of a score z whose label y is 0 or 1: positive where the score has the label's sign. A label
  /// in between shrinks the margin.
  ///
  /// ```swift
  /// let logistic = PointwiseLoss.margin("logistic") { margin in softplus(-margin) }
  /// ```
  ///
  /// - Parameters:
  ///   - name: The name to print.
  ///   - summary: What it is, in one sentence.
  ///   - traits: What is known of φ, which is then known of the loss.
  ///   - slope: φ′, where a form is known that is more accurate than the derived one.
  ///   - bend: φ″, likewise.
  ///   - bound: A majorizer of φ, better than the smoothness constant of the traits.
  ///   - pull: How far a step t of the proximal operator of φ goes, divided by t: minus the slope at the margin where it ends.
  ///   - dual: The convex conjugate of φ, as a function of a slope.
  ///   - formula: φ, as a formula of the margin.
  public static func margin(
    _ name: String, summary: String = "", traits: LossTraits? = nil,
    slope: ((_ margin: Formula) -> Formula)? = nil, bend: ((_ margin: Formula) -> Formula)? = nil,
    bound: ((_ margin: Formula) -> Formula)? = nil, pull: ((_ margin: Formula, _ step: Formula) -> Formula)? = nil,
    dual: ((_ slope: Formula) -> Formula)? = nil,
    _ formula: (_ margin: Formula) -> Formula
  ) -> PointwiseLoss {
    func label(_ target: Formula) -> Formula { 2 * target - 1 }
    return PointwiseLoss(
      name, summary: summary, targetDomain: 0...1, traits: traits,
      gradient: slope.map { slope in { score, target in label(target) * slope(label(target) * score) } },
      // In this order nothing has to be stored on the way.
      curvature: bend.map { bend in
        { score, target in label(target) * (label(target) * bend(label(target) * score)) }
      },
      majorizer: bound.map { bound in { score, target in square(label(target)) * bound(label(target) * score) } },
      proximalOperator: pull.map { pull in
        { point, target, step in
          let label = label(target)
          // A label of ½ has no margin, and a step of 0 goes nowhere.
          let length = step * square(label)
          return select(length .== 0, point, point + step * (label * pull(label * point, length)))
        }
      },
      conjugate: dual.map { dual in { slope, target in dual(slope / label(target)) } }
    ) { score, target in
      formula(label(target) * score)
    }
  }

  /// The conjugate of a loss whose slopes lie in that range: infinite elsewhere.
  static func conjugate(of slope: Formula, within range: ClosedRange<Double>, _ inside: Formula) -> Formula {
    select(
      min(slope - Formula(range.lowerBound), Formula(range.upperBound) - slope) .>= 0, inside, Formula(.infinity))
  }
}
