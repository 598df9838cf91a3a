/// A formula as numbered values: equal expressions have the same number, so what several results share is computed once.
struct ValueGraph {
  enum Value: Hashable {
    case input(Int)
    case constant(UInt64)
    case operation(String, [Int])
  }

  /// A result: a number times a form of one to three values.
  struct Root {
    var factor: Double
    var form: Program.Form
    var values: [Int]
  }

  let inputs: [Input]
  /// In an order in which arguments come before what uses them.
  private(set) var values: [Value] = []
  private var numbers: [Value: Int] = [:]
  private var visited: [Formula.Identity: Int] = [:]

  init(inputs: [Input]) { self.inputs = inputs }

  /// Adds the formula. Its leading number, and the operation at its root, are left to the kernel's last loop over the block.
  mutating func root(_ formula: Formula) -> Root {
    if let inner = formula.arguments(of: .negate) { return scaled(inner[0], by: -1) }
    if let (factor, rest) = formula.leadingNumber { return scaled(rest, by: factor) }
    if let parts = formula.arguments(of: .multiply) {
      guard parts[0] == parts[1] else { return root(.product, parts) }
      if let difference = parts[0].arguments(of: .subtract) { return root(.squaredDifference, difference) }
      return root(.square, [parts[0]])
    }
    if let parts = formula.arguments(of: .subtract) { return root(.difference, parts) }
    if let parts = formula.arguments(of: .add) {
      if let factors = parts[0].arguments(of: .multiply) { return root(.multiplyAdd, factors + [parts[1]]) }
      if let factors = parts[1].arguments(of: .multiply) { return root(.multiplyAdd, factors + [parts[0]]) }
    }
    return root(.single, [formula])
  }

  private mutating func scaled(_ formula: Formula, by factor: Double) -> Root {
    var root = root(formula)
    root.factor *= factor
    return root
  }

  private mutating func root(_ form: Program.Form, _ formulas: [Formula]) -> Root {
    Root(factor: 1, form: form, values: formulas.map { number(of: $0) })
  }

  private mutating func number(of formula: Formula) -> Int {
    switch formula.node.kind {
    case .constant(let value), .parameter(_, let value):
      return number(of: .constant(value.bitPattern))
    case .input(let input):
      guard let index = inputs.firstIndex(of: input) else {
        preconditionFailure("the formula reads \(input), but the program has only the inputs \(inputs)")
      }
      return number(of: .input(index))
    case .operation(let operation, let arguments):
      let key = Formula.Identity(formula)
      if let known = visited[key] { return known }
      let result = number(of: .operation(operation.name, arguments.map { number(of: $0) }))
      visited[key] = result
      return result
    }
  }

  private mutating func number(of value: Value) -> Int {
    if let known = numbers[value] { return known }
    values.append(value)
    numbers[value] = values.count - 1
    return values.count - 1
  }

  /// Two arithmetic operations become one where the kernels have it and nothing else needs the value between them: each
  /// instruction saved is one sweep over the block less.
  mutating func contract(keeping roots: [Int]) {
    var uses = Array(repeating: 0, count: values.count)
    for root in roots { uses[root] += 1 }
    for case .operation(_, let arguments) in values { for argument in arguments { uses[argument] += 1 } }

    for index in values.indices {
      guard case .operation(let name, let arguments) = values[index] else { continue }
      guard let contracted = contraction(of: name, arguments, uses: uses) else { continue }
      values[index] = contracted
    }
  }

  private func contraction(of name: String, _ arguments: [Int], uses: [Int]) -> Value? {
    // Of operations of one argument the second stands for nothing.
    let (left, right) = (arguments[0], arguments[arguments.count > 1 ? 1 : 0])
    func inner(_ operation: Operation, _ index: Int) -> [Int]? {
      guard case .operation(operation.name, let arguments) = values[index], uses[index] == 1 else { return nil }
      return arguments
    }
    let unit = Value.constant((1.0).bitPattern)
    switch name {
    case Operation.positivePart.name:
      if let argument = inner(.negate, left) { return .operation("negativePart", argument) }
    case Operation.add.name:
      if let parts = inner(.subtract, left), values[parts[0]] == unit, let argument = inner(.step, parts[1]) {
        return .operation("complementStepAdd", argument + [right])
      }
      if let factors = inner(.multiply, left) { return .operation("multiplyAdd", factors + [right]) }
      if let factors = inner(.multiply, right) { return .operation("multiplyAdd", factors + [left]) }
    case Operation.subtract.name:
      if let factors = inner(.multiply, left) { return .operation("multiplySubtract", factors + [right]) }
      if let factors = inner(.multiply, right) { return .operation("subtractProduct", factors + [left]) }
      if let argument = inner(.step, left) { return .operation("stepSubtract", argument + [right]) }
    case Operation.multiply.name:
      // |s|·(1 − |s|)
      if case .operation(Operation.subtract.name, let parts) = values[right], parts[1] == left,
        values[parts[0]] == unit,
        case .operation(Operation.absolute.name, let argument) = values[left]
      {
        return .operation("sideVariance", argument)
      }
      for (one, other) in [(left, right), (right, left)] {
        if let parts = inner(.subtract, one) {
          if values[parts[0]] == unit {
            return .operation("complementMultiply", [parts[1], other])
          }
          return .operation("subtractMultiply", parts + [other])
        }
        if let parts = inner(.add, one) { return .operation("addMultiply", parts + [other]) }
        if let parts = inner(.multiply, one) { return .operation("productMultiply", parts + [other]) }
      }
    case Operation.select.name:
      // Conditions that need no step of their own.
      let zero = Value.constant((0.0).bitPattern), branches = Array(arguments.dropFirst())
      if case .operation(Operation.equal.name, let sides) = values[left], values[sides[1]] == zero {
        return .operation("selectZero", [sides[0]] + branches)
      }
      if case .operation(Operation.less.name, let sides) = values[left], values[sides[0]] == zero {
        return .operation("selectPositive", [sides[1]] + branches)
      }
      // x < b && a ≤ x
      guard values[arguments[2]] == .constant((0.0).bitPattern), let upper = inner(.less, left),
        let lower = inner(.lessOrEqual, right), upper[0] == lower[1]
      else { break }
      return .operation("isWithin", [upper[0], lower[0], upper[1]])
    default: break
    }
    return nil
  }
}
