extension Formula {
  /// The derivative with respect to one input, as a formula of the same inputs. Where the function has a kink, the derivative
  /// is one from the left or the right, or 0 for |x| at 0: always an element of the subdifferential of a convex function.
  package func derivative(withRespectTo input: Input) -> Formula {
    var known: [Identity: Formula] = [:]
    return derivative(withRespectTo: input, known: &known)
  }

  private func derivative(withRespectTo input: Input, known: inout [Identity: Formula]) -> Formula {
    switch node.kind {
    case .constant, .parameter: return 0
    case .input(let own): return own == input ? 1 : 0
    case .operation(let operation, let arguments):
      let key = Identity(self)
      if let result = known[key] { return result }
      let inner = arguments.map { $0.derivative(withRespectTo: input, known: &known) }
      var result: Formula = 0
      if operation == .select {
        result = LossAccel.select(arguments[0], inner[1], inner[2])
      } else if inner.contains(where: { $0.constant != 0 }) {
        for (partial, derivative) in zip(operation.partials(arguments, self), inner) where derivative.constant != 0 {
          result = result + partial * derivative
        }
      }
      known[key] = result
      return result
    }
  }
}
