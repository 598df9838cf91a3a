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
    let leaders = pairLeaders(among: needed)
    let followed = Set(leaders.values)
    // A value that comes with its partner is computed when the partner is.
    func time(of index: Int) -> Int { leaders[index] ?? index }
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
        guard let part = Operation.parts[name] ?? (followed.contains(index) ? Operation.twins[name] : nil) else {
          slots[index] = takeTemporary()
          instructions.append(.init(operation: name, arguments: operands, result: slots[index]!))
          continue
        }
        let results = [takeTemporary(), takeTemporary()]
        slots[index] = results[part.index]
        if let partner = needed.first(where: { leaders[$0] == index }) {
          slots[partner] = results[1 - part.index]
        } else {
          giveBack(results[1 - part.index])
        }
        instructions.append(.init(operation: part.of, arguments: operands, result: results[0], second: results[1]))
      }
    }
  }

  /// For each value that is the other result of an earlier value's kernel operation: that earlier value.
  private func pairLeaders(among needed: [Int]) -> [Int: Int] {
    var first: [ValueGraph.Value: Int] = [:]
    var leaders: [Int: Int] = [:]
    for index in needed {
      guard case .operation(let name, let arguments) = graph.values[index],
        let part = Operation.parts[name] ?? Operation.twins[name]
      else { continue }
      let shared = ValueGraph.Value.operation(part.of, arguments)
      if let leader = first[shared] { leaders[index] = leader } else { first[shared] = index }
    }
    return leaders
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
