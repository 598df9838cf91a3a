/// Gives every value of a graph a place: inputs and constants their own, the rest temporaries that are reused as soon as the
/// last instruction that needs them has run. Fewer temporaries stay in the first-level cache more surely.
struct SlotAllocation {
  private let graph: ValueGraph
  private var slots: [Int: Program.Slot] = [:]
  private var constants: [Double] = []
  private var instructions: [Program.Instruction] = []
  private var free: [Int] = []
  private var temporaryCount = 0

  static func program(for graph: ValueGraph, roots: [ValueGraph.Root]) -> Program {
    var allocation = SlotAllocation(graph: graph)
    allocation.run(roots: roots)
    return Program(
      inputs: graph.inputs,
      constants: allocation.constants,
      instructions: allocation.instructions,
      results: roots.map { root in
        Program.Result(factor: root.factor, form: root.form, slots: root.values.map { allocation.slots[$0]! })
      },
      temporaryCount: allocation.temporaryCount
    )
  }

  private init(graph: ValueGraph) { self.graph = graph }

  private mutating func run(roots: [ValueGraph.Root]) {
    let needed = reachable(from: roots.flatMap(\.values))
    let calls = sharedCalls(among: needed)
    // A value that comes with others is computed when the first of them is.
    func time(of index: Int) -> Int { calls[index]?.first ?? index }
    var lastUse: [Int: Int] = [:]
    for index in needed {
      guard case .operation(_, let arguments) = graph.values[index] else { continue }
      for argument in arguments { lastUse[argument] = Swift.max(lastUse[argument] ?? 0, time(of: index)) }
    }
    for root in roots { for value in root.values { lastUse[value] = .max } }

    for index in needed where slots[index] == nil {
      switch graph.values[index] {
      case .input(let position): slots[index] = .input(position)
      case .constant(let bits):
        slots[index] = .constant(constants.count)
        constants.append(Double(bitPattern: bits))
      case .operation(let name, let arguments):
        let operands = arguments.map { slots[$0]! }
        for argument in Set(arguments).sorted() where lastUse[argument] == index { giveBack(slots[argument]!) }
        let call = calls[index] ?? SharedCall(operation: name, values: [index])
        let results = call.values.map { _ in takeTemporary() }
        for (value, slot) in zip(call.values, results) {
          if let value { slots[value] = slot } else { giveBack(slot) }
        }
        instructions.append(.init(operation: call.operation, arguments: operands, results: results))
      }
    }
  }

  /// A kernel operation and the values that are its results; nil where a result is not needed.
  private struct SharedCall {
    var operation: String
    var values: [Int?]
    var first: Int { values.compactMap(\.self).min()! }
  }

  /// For each value that comes from a ``SharedOperation``: its call.
  private func sharedCalls(among needed: [Int]) -> [Int: SharedCall] {
    var functions: [[Int]: [String: Int]] = [:]
    for index in needed {
      guard case .operation(let name, let arguments) = graph.values[index] else { continue }
      functions[arguments, default: [:]][name] = index
    }
    var calls: [Int: SharedCall] = [:]
    for var numbers in functions.values {
      while let shared = SharedOperation.best(for: Set(numbers.keys)) {
        let call = SharedCall(operation: shared.name, values: shared.results.map { numbers.removeValue(forKey: $0) })
        for value in call.values { if let value { calls[value] = call } }
      }
    }
    return calls
  }

  /// The values that the roots depend on, in the graph's order.
  private func reachable(from roots: [Int]) -> [Int] {
    var seen = Set<Int>()
    var pending = roots
    while let index = pending.popLast() {
      guard seen.insert(index).inserted else { continue }
      if case .operation(_, let arguments) = graph.values[index] { pending += arguments }
    }
    return seen.sorted()
  }

  private mutating func giveBack(_ slot: Program.Slot) {
    if case .temporary(let index) = slot { free.append(index) }
  }

  private mutating func takeTemporary() -> Program.Slot {
    // The one freed last is the one most likely still in the cache.
    if let index = free.popLast() { return .temporary(index) }
    temporaryCount += 1
    return .temporary(temporaryCount - 1)
  }
}
