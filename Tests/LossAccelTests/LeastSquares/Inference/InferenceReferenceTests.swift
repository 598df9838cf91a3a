import LossAccel
import Testing

/// Every number of inference against computations that share nothing with ours (References/Regression): 60-digit arithmetic by mpmath, R
/// with its packages sandwich, car and lmtest, and statsmodels.
@Suite struct InferenceReferenceTests {
  /// The largest difference, relative to each value, or to a thousandth of the largest one where a value is smaller.
  private func distance(_ actual: [Double], _ expected: [Double]) -> Double {
    let scale = expected.reduce(0) { max($0, abs($1)) } / 1000
    return zip(actual, expected).reduce(0) { max($0, $1.0 == $1.1 ? 0 : abs($1.0 - $1.1) / max(abs($1.1), scale)) }
  }

  private func compare(_ name: String, with file: String, within bound: Double) throws {
    let example = try RegressionCase(name)
    let expected = try example.expectations(file)
    #expect(expected.count > 15)
    let new = expected.first { $0.key == "new" }?.values ?? []
    let computed = try example.computed(expected.map(\.key), new: new)
    // Singular values of columns as they are, large means included, have an absolute error.
    let largestIndex = computed["condition"]?.last ?? 1
    let inherent = [
      "condition": 64 * Double.ulpOfOne * largestIndex, "proportions": 64 * Double.ulpOfOne * largestIndex,
      // Quotients of quantities that have the bound themselves; without FMA they need twice of it.
      "dfbetas": 16384 * Double.ulpOfOne,
    ]
    for (key, values) in expected {
      let actual = try #require(computed[key], "\(name) \(key)")
      guard actual.count == values.count else {
        Issue.record("\(name) \(key): \(actual.count) numbers instead of \(values.count)")
        continue
      }
      let error = distance(actual, values)
      #expect(error <= max(bound, inherent[key] ?? 0), "\(name) \(key): relative error \(error)")
    }
  }

  /// 4096 ε, for sums over up to 111 rows and the condition of Longley's columns.
  @Test(arguments: RegressionCase.names) func highPrecision(name: String) throws {
    try compare(name, with: "exact.txt", within: 0x1p-40)
  }

  /// What the packages themselves lose: where columns depend on one another (longley) or have large means (panel, where their sandwiches
  /// come from normal equations of columns as they are), half of the digits and more.
  private func lost(_ name: String, otherwise bound: Double) -> Double {
    switch name {
    case "longley": 1e-7
    case "panel": 1e-4
    default: bound
    }
  }

  @Test(arguments: RegressionCase.names) func packagesOfR(name: String) throws {
    try compare(name, with: "r.txt", within: lost(name, otherwise: 1e-11))
  }

  @Test(arguments: RegressionCase.names) func statsmodels(name: String) throws {
    try compare(name, with: "statsmodels.txt", within: lost(name, otherwise: 1e-9))
  }
}
