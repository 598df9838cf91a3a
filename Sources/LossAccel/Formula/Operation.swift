/// One operation that formulas are made of: its name in the kernels, how it prints, what it computes, how it is derived.
///
/// Every operation is defined in one place, in one of the `Operation+….swift` files, and has one line in the kernels'
/// `operations.def` (or is lowered to operations that have, or is one result of a ``SharedOperation``).
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

  package init(
    _ name: String,
    _ notation: Notation = .function,
    lowered: (@Sendable ([Formula]) -> Formula)? = nil,
    evaluate: @escaping @Sendable (Double, Double, Double) -> Double,
    partials: @escaping @Sendable ([Formula], Formula) -> [Formula]
  ) {
    self.name = name
    self.notation = notation
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
