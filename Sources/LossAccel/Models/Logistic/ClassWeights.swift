/// How much the samples of either class of a ``LogisticRegression`` count.
public enum ClassWeights: Sendable, Hashable, Codable {
  /// As they are.
  case equal
  /// In inverse proportion to the weight of their class, so that both classes count as much: n/(2·n of the class).
  case balanced
  /// Those of the first class and of the second times these.
  case fixed(Double, Double)
}
