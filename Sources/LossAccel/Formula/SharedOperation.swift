/// A kernel operation with several results that share work, each of which is an operation of its own in formulas.
///
/// Where a program needs more than one of them for the same argument, they come from one call.
package struct SharedOperation: Sendable {
  /// The kernels' name for it.
  package let name: String

  /// The operations that its results are, in their order.
  package let results: [String]

  /// Whether the kernels have the results in no other way.
  package let isOnlyWay: Bool

  private init(_ name: String, _ results: [Operation], isOnlyWay: Bool = false) {
    self.name = name
    self.results = results.map(\.name)
    self.isOnlyWay = isOnlyWay
  }

  /// All of them; of those with the same results the cheaper ones first.
  package static let all = [
    SharedOperation("logistic", [.logisticTail, .logisticSide]),
    SharedOperation("exponentialRatios", [.exponentialRatio, .exponentialRatioExcess], isOnlyWay: true),
    SharedOperation("exponentials", [.exp, .expMinusOne]),
    SharedOperation("logCoshAndTanh", [.logCosh, .tanh]),
    SharedOperation("hyperbolic", [.logCosh, .tanh, .sechSquare]),
    SharedOperation("sineAndCosine", [.sine, .cosine]),
    SharedOperation("logNormalAndMills", [.logNormalCumulative, .inverseMillsRatio]),
    SharedOperation("normal", [.logNormalCumulative, .inverseMillsRatio, .inverseMillsExcess]),
  ]

  /// The one that gives the most of what is needed, if that is more than the kernels' operations of one result would.
  static func best(for needed: Set<String>) -> SharedOperation? {
    var best: (operation: SharedOperation, count: Int)?
    for operation in all {
      let count = operation.results.count { needed.contains($0) }
      guard count > 1 || (count == 1 && operation.isOnlyWay) else { continue }
      if count > best?.count ?? 0 { best = (operation, count) }
    }
    return best?.operation
  }
}
