/// How much the samples of each class of a ``LogisticRegression`` or a ``MultinomialRegression`` count.
public enum ClassWeights: Sendable, Hashable, Codable {
  /// As they are.
  case equal
  /// In inverse proportion to the weight of their class, so that all K classes count as much: n/(K·n of the class).
  case balanced
  /// Those of the first class and of the second times these: of two classes.
  case fixed(Double, Double)
  /// Those of every class times its number.
  case perClass([Double])
}

extension ClassWeights {
  /// What the samples of each class are multiplied by, from the sum of the weights of each; `nil` for ones.
  ///
  /// - Precondition: as many as classes, finite and not negative.
  func factors(_ totals: [Double]) -> [Double]? {
    let chosen: [Double]
    switch self {
    case .equal: return nil
    case .balanced:
      // With an empty class there is nothing to balance.
      guard totals.allSatisfy({ $0 > 0 }) else { return nil }
      let all = totals.reduce(0, +)
      return totals.map { all / (Double(totals.count) * $0) }
    case .fixed(let first, let second): chosen = [first, second]
    case .perClass(let weights): chosen = weights
    }
    precondition(chosen.count == totals.count, "\(chosen.count) class weights for \(totals.count) classes")
    precondition(
      chosen.allSatisfy { $0 >= 0 && $0.isFinite },
      "the class weights are \(chosen), they must be finite and not negative")
    return chosen
  }
}
