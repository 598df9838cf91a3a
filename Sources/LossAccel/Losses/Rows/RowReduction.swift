/// How the losses of the rows of a batch become one number.
public enum RowReduction: Sendable, Hashable, CaseIterable {
  /// Σ wᵢℓᵢ.
  case sum
  /// The weighted mean; each loss says what it divides by.
  case mean
}
