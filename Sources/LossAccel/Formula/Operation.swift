/// One operation that formulas are made of: its name in the kernels, how it prints, what it computes, how it is derived.
///
/// Every operation is defined in one place, in one of the `Operation+….swift` files, and has one line in the kernels'
/// `operations.def` (or is lowered to operations that have).
package final class Operation: Sendable {
  /// The kernels' name for it.
  package let name: String

  package let notation: Notation

  /// The value for given arguments, in `Double`; unused arguments are ignored.
  package let evaluate: @Sendable (Double, Double, Double) -> Double

  /// The partial derivative for each argument, given the arguments and the operation's own result.
  package let partials: @Sendable (_ arguments: [Formula], _ result: Formula) -> [Formula]

  /// The same function in terms of operations that the kernels have, where they do not have this one.
  package let lowered: (@Sendable (_ arguments: [Formula]) -> Formula)?

  /// Which result of which kernel operation this is, where that one has two.
  package let part: (of: String, index: Int)?

  package init(
    _ name: String,
    _ notation: Notation = .function,
    part: (of: String, index: Int)? = nil,
    lowered: (@Sendable ([Formula]) -> Formula)? = nil,
    evaluate: @escaping @Sendable (Double, Double, Double) -> Double,
    partials: @escaping @Sendable ([Formula], Formula) -> [Formula]
  ) {
    self.name = name
    self.notation = notation
    self.part = part
    self.lowered = lowered
    self.evaluate = evaluate
    self.partials = partials
  }

  /// How an operation prints.
  package enum Notation: Sendable {
    case function
    case prefix(String)
    case infix(String, precedence: Int)
    case bars
    case cases
  }

  // Formulas are written all over the catalogue: each use is a call, so that none of this is compiled there again.

  /// The formula that applies the operation, simplified.
  @inline(never)
  package func callAsFunction(_ x: Formula) -> Formula { Formula.simplified(self, [x]) }

  /// The formula that applies the operation, simplified.
  @inline(never)
  package func callAsFunction(_ x: Formula, _ y: Formula) -> Formula { Formula.simplified(self, [x, y]) }

  /// The formula that applies the operation, simplified.
  @inline(never)
  package func callAsFunction(_ x: Formula, _ y: Formula, _ z: Formula) -> Formula {
    Formula.simplified(self, [x, y, z])
  }
}

extension Operation: Equatable {
  package static func == (left: Operation, right: Operation) -> Bool { left.name == right.name }
}

extension Operation {
  /// The operations that are one result of a kernel operation with two.
  package static let parts: [String: (of: String, index: Int)] = Dictionary(
    uniqueKeysWithValues: [logisticTail, logisticSide].compactMap { operation in
      operation.part.map { (operation.name, $0) }
    })

  /// The operations that the kernels have by themselves, and cheaper as one result of an operation with two where both are needed.
  package static let twins: [String: (of: String, index: Int)] = [
    logCosh.name: (of: "logCoshAndTanh", index: 0), tanh.name: (of: "logCoshAndTanh", index: 1),
  ]
}
