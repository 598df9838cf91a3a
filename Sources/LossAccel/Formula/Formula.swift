/// A real function of a prediction, a target and parameters, written as ordinary Swift arithmetic.
///
/// A formula is not evaluated where it is written: it is kept as an expression, from which LossAccel derives the gradient and
/// the curvature, compiles one vector program for all that a call asks for, and prints the mathematics.
///
/// ```swift
/// let pseudoHuber = PointwiseLoss("pseudo-huber") { prediction, target in
///   squareRoot(1 + square(prediction - target)) - 1
/// }
/// ```
///
/// Formulas are values; equal parts are computed once, wherever they stand.
public struct Formula: Sendable {
  package let node: Node

  package init(_ node: Node) { self.node = node }

  /// The formula that is the same number everywhere.
  @inline(never)  // literals stand all over the catalogue
  public init(_ value: Double) { node = Node(.constant(value)) }

  /// A number with a name: it prints as its name and computes as its value.
  public static func parameter(_ name: String, _ value: Double) -> Formula {
    Formula(Node(.parameter(name: name, value: value)))
  }

  package static func input(_ input: Input) -> Formula { Formula(Node(.input(input))) }
}

/// What a formula reads for each sample.
package enum Input: Hashable, Sendable {
  case prediction(Int)
  case target(Int)
  /// Something else that is known of the sample: an offset, an exposure, a scale.
  case covariate(Int)
}

extension Formula {
  /// One node of the expression. Nodes are immutable and shared, so an expression is a graph without cycles.
  package final class Node: Sendable {
    package enum Kind: Sendable {
      case constant(Double)
      case parameter(name: String, value: Double)
      case input(Input)
      case operation(Operation, [Formula])
    }

    package let kind: Kind
    /// Of the structure: equal expressions have equal hashes wherever they were made.
    package let structuralHash: Int

    package init(_ kind: Kind) {
      self.kind = kind
      var hasher = Hasher()
      switch kind {
      case .constant(let value): hasher.combine(value.bitPattern)
      case .parameter(let name, let value):
        hasher.combine(name)
        hasher.combine(value.bitPattern)
      case .input(let input): hasher.combine(input)
      case .operation(let operation, let arguments):
        hasher.combine(operation.name)
        for argument in arguments { hasher.combine(argument.node.structuralHash) }
      }
      structuralHash = hasher.finalize()
    }
  }

  /// Which node it is, for tables of what is known about nodes. It keeps the node alive: the address of one that is gone may come
  /// back as another's.
  package struct Identity: Hashable {
    private let node: Node
    package init(_ formula: Formula) { node = formula.node }
    package static func == (left: Identity, right: Identity) -> Bool { left.node === right.node }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(node)) }
  }

  /// The number, if the formula is one that has no name.
  package var constant: Double? {
    if case .constant(let value) = node.kind { value } else { nil }
  }

  /// The operation and its arguments, if the formula is one.
  package var operation: (operation: Operation, arguments: [Formula])? {
    if case .operation(let operation, let arguments) = node.kind { (operation, arguments) } else { nil }
  }

  /// The arguments, if the formula is that operation.
  package func arguments(of operation: Operation) -> [Formula]? {
    if case .operation(let own, let arguments) = node.kind, own == operation { arguments } else { nil }
  }
}

extension Formula: Equatable {
  /// Whether the expressions are the same, part by part (not whether they are equal functions).
  public static func == (left: Formula, right: Formula) -> Bool {
    if left.node === right.node { return true }
    guard left.node.structuralHash == right.node.structuralHash else { return false }
    switch (left.node.kind, right.node.kind) {
    case (.constant(let a), .constant(let b)): return a.bitPattern == b.bitPattern
    case (.parameter(let a, let x), .parameter(let b, let y)): return a == b && x.bitPattern == y.bitPattern
    case (.input(let a), .input(let b)): return a == b
    case (.operation(let a, let x), .operation(let b, let y)): return a == b && x == y
    default: return false
    }
  }
}

extension Formula: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The formula that is the same number everywhere.
  public init(floatLiteral value: Double) { self.init(value) }
  /// The formula that is the same number everywhere.
  public init(integerLiteral value: Int) { self.init(Double(value)) }
}
