extension Formula {
  /// The same function in terms of what the kernels have: parameters become numbers, softplus and sigmoid become their shared
  /// pair, the two logarithms of cross-entropy one function, and differences that would cancel are written so that they do not.
  package func lowered() -> Formula {
    var known: [Identity: Formula] = [:]
    return lowered(known: &known)
  }

  private func lowered(known: inout [Identity: Formula]) -> Formula {
    switch node.kind {
    case .constant, .input: return self
    case .parameter(_, let value): return Formula(value)
    case .operation(let operation, let arguments):
      let key = Identity(self)
      if let result = known[key] { return result }
      let stable = Formula.withoutCancellation(operation, arguments)
      let result: Formula
      if let stable {
        result = stable.lowered(known: &known)
      } else {
        let inner = arguments.map { $0.lowered(known: &known) }
        result = operation.lowered?(inner).lowered(known: &known) ?? Formula.simplified(operation, inner)
      }
      known[key] = result
      return result
    }
  }

  /// Softplus is max(x, 0) plus a small tail, the sigmoid is 0 or 1 minus a small side. What is added to them or subtracted
  /// from them belongs to the large part: softplus(z) − y·z = (step(z) − y)·z + tail(z) keeps every digit for y = 1 and large
  /// z, where the left side as it stands keeps none; σ(z) − y = (step(z) − y) − side(z) likewise.
  private static func withoutCancellation(_ operation: Operation, _ a: [Formula]) -> Formula? {
    switch operation {
    case .subtract:
      if let present = a[0].arguments(of: .negate)?[0].arguments(of: .xLogY),
        let absent = a[1].arguments(of: .xLogOnePlusY), absent[0] == 1 - present[0], absent[1] == -present[1]
      {
        return Operation.binaryEntropy(present[0], present[1])
      }
      if let z = a[0].arguments(of: .softplus)?[0], let factor = a[1].factor(of: z) {
        return (step(z) - factor) * z + Operation.logisticTail(z)
      }
      if let z = a[0].arguments(of: .sigmoid)?[0] {
        if let x = z.arguments(of: .negate)?[0] { return ((1 - step(x)) - a[1]) + Operation.logisticSide(x) }
        return (step(z) - a[1]) - Operation.logisticSide(z)
      }
      if let z = a[1].arguments(of: .sigmoid)?[0] {
        if let x = z.arguments(of: .negate)?[0] { return (a[0] - (1 - step(x))) - Operation.logisticSide(x) }
        return (a[0] - step(z)) + Operation.logisticSide(z)
      }
    case .add:
      for (first, second) in [(a[0], a[1]), (a[1], a[0])] {
        if let z = first.arguments(of: .softplus)?[0], let factor = second.factor(of: z) {
          return (step(z) + factor) * z + Operation.logisticTail(z)
        }
      }
    default: break
    }
    return nil
  }

  /// k, if the formula is k·x.
  private func factor(of x: Formula) -> Formula? {
    if self == x { return 1 }
    if let inner = arguments(of: .negate) { return inner[0].factor(of: x).map { -$0 } }
    guard let parts = arguments(of: .multiply) else { return nil }
    if let factor = parts[1].factor(of: x) { return parts[0] * factor }
    if let factor = parts[0].factor(of: x) { return factor * parts[1] }
    return nil
  }
}
