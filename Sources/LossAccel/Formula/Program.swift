/// What the kernels run: a formula's value, gradient and curvature (or some of them) as one list of instructions with shared
/// subexpressions, numbers folded, and as few temporaries as their lifetimes allow.
package struct Program: Sendable, Equatable {
  /// Where an instruction reads or writes.
  package enum Slot: Hashable, Sendable {
    case input(Int)
    case constant(Int)
    case temporary(Int)
  }

  package struct Instruction: Equatable, Sendable {
    /// The kernels' name of the operation.
    package var operation: String
    package var arguments: [Slot]
    /// One, or as many as a ``SharedOperation`` has.
    package var results: [Slot]
  }

  /// How a result comes from its slots, in the kernel's last loop over a block.
  package enum Form: Sendable {
    /// a
    case single
    /// a²
    case square
    /// a·b
    case product
    /// a − b
    case difference
    /// (a − b)²
    case squaredDifference
    /// a·b + c
    case multiplyAdd
  }

  /// A result for each sample: `factor` times the form of the slots. The factor is applied to sums and scales, once a call.
  package struct Result: Equatable, Sendable {
    package var factor: Double
    package var form: Form
    package var slots: [Slot]
  }

  package var inputs: [Input]
  package var constants: [Double]
  package var instructions: [Instruction]
  package var results: [Result]
  package var temporaryCount: Int

  /// Compiles formulas of the given inputs into one program with a result for each of them.
  package init(_ formulas: [Formula], inputs: [Input]) {
    var graph = ValueGraph(inputs: inputs)
    let roots = formulas.map { graph.root($0.lowered()) }
    graph.contract(keeping: roots.flatMap(\.values))
    self = SlotAllocation.program(for: graph, roots: roots)
  }

  package init(
    inputs: [Input], constants: [Double], instructions: [Instruction], results: [Result], temporaryCount: Int
  ) {
    self.inputs = inputs
    self.constants = constants
    self.instructions = instructions
    self.results = results
    self.temporaryCount = temporaryCount
  }
}
