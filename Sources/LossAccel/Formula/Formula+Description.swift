extension Formula: CustomStringConvertible {
  /// The formula as mathematics in plain text, with `prediction` and `target` as ŷ and y.
  public var description: String { text(precedence: 0) }

  private func text(precedence: Int) -> String {
    switch node.kind {
    case .constant(let value): return Formula.number(value)
    case .parameter(let name, _): return name
    case .input(.prediction(let index)): return index == 0 ? "ŷ" : "ŷ\(index + 1)"
    case .input(.target(let index)): return index == 0 ? "y" : "y\(index + 1)"
    case .input(.covariate(let index)): return index == 0 ? "x" : "x\(index + 1)"
    case .operation(let operation, let arguments):
      return text(of: operation, arguments, precedence: precedence)
    }
  }

  private func text(of operation: Operation, _ arguments: [Formula], precedence: Int) -> String {
    func parenthesised(_ text: String, at own: Int) -> String { own < precedence ? "(\(text))" : text }
    switch operation.notation {
    case .function:
      return "\(operation.name)(\(arguments.map { $0.text(precedence: 0) }.joined(separator: ", ")))"
    case .bars: return "|\(arguments[0].text(precedence: 0))|"
    case .prefix(let symbol): return parenthesised(symbol + arguments[0].text(precedence: 2), at: 1)
    case .infix(let symbol, let own):
      if operation == .multiply, arguments[0] == arguments[1] {
        return parenthesised(arguments[0].text(precedence: 4) + "²", at: 3)
      }
      // The right side of − and / needs parentheses where it is of the same rank.
      let right = arguments[1].text(precedence: own + 1)
      return parenthesised(arguments[0].text(precedence: own) + symbol + right, at: own)
    case .cases:
      let parts = arguments.map { $0.text(precedence: 0) }
      return "{ \(parts[1]) if \(parts[0]), else \(parts[2]) }"
    }
  }

  private static func number(_ value: Double) -> String {
    let plain = value == value.rounded() && value.magnitude < 1e15 ? String(Int(value)) : "\(value)"
    return value < 0 ? "(−\(plain.dropFirst()))" : plain
  }
}

extension Formula {
  /// The named parameters in the formula, in the order in which they appear.
  package var parameters: [(name: String, value: Double)] {
    var found: [(name: String, value: Double)] = []
    var seen = Set<Identity>()
    func visit(_ formula: Formula) {
      guard seen.insert(Identity(formula)).inserted else { return }
      switch formula.node.kind {
      case .constant, .input: break
      case .parameter(let name, let value):
        if !found.contains(where: { $0.name == name }) { found.append((name, value)) }
      case .operation(_, let arguments): arguments.forEach(visit)
      }
    }
    visit(self)
    return found
  }
}

extension Formula {
  /// The names of the operations that the formula is made of.
  package var operationNames: Set<String> {
    var names: Set<String> = []
    _ = fold(constant: { _ in 0 }, input: { _ in 0 }) { operation, _ in
      names.insert(operation.name)
      return 0
    }
    return names
  }
}
