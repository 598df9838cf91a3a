extension Formula {
  /// The value for given inputs, computed in `Double` one operation after the other: the plain loop that the kernels are
  /// measured against, and the reference that they are tested against.
  package func evaluate(_ value: (Input) -> Double) -> Double {
    fold(constant: { $0 }, input: value) { operation, arguments in
      let padded = arguments + [0, 0]
      return operation.evaluate(padded[0], padded[1], padded[2])
    }
  }

  /// Folds the expression from the leaves up; each shared part once. In tests this evaluates in higher precision.
  package func fold<Value>(
    constant: (Double) -> Value,
    input: (Input) -> Value,
    operation: (Operation, [Value]) -> Value
  ) -> Value {
    var known: [Identity: Value] = [:]
    func visit(_ formula: Formula) -> Value {
      switch formula.node.kind {
      case .constant(let value), .parameter(_, let value): return constant(value)
      case .input(let own): return input(own)
      case .operation(let own, let arguments):
        let key = Identity(formula)
        if let result = known[key] { return result }
        let result = operation(own, arguments.map(visit))
        known[key] = result
        return result
      }
    }
    return visit(self)
  }
}
