/// A direction of hidden states, classifier and bias: what is left out is 0.
struct OutputLayerDirection<A: Scalar> {
  var hidden: StoredRows<A>?
  var classifier: StoredRows<A>?
  /// One row.
  var bias: StoredRows<A>?
}

extension OutputLayerPass {
  /// The product of the Hessian (or Gauss-Newton matrix) of the weighted sum, times the rows' scale, with a direction. With U and S the
  /// direction of hidden states and classifier, the logits change by D = U·Wᵀ + H·Sᵀ and the bias's direction, and the gradient of the
  /// logits G by what the loss makes of D, G′. The products are G′·W + G·S and G′ᵀ·H + Gᵀ·U, without the second terms in
  /// Gauss-Newton's.
  func product(
    gaussNewton: Bool, _ direction: OutputLayerDirection<A>, hiddenProduct: inout MutableSpan<A>?,
    classifierProduct: inout MutableSpan<A>?, biasProduct: inout MutableSpan<A>?
  ) throws(LossError) {
    let products = products
    var tokens = CountingTokens(capacity: plan.tokens), states = TokenStates(hidden)
    var moves = direction.hidden.map { TokenStates($0) }
    var logits = [A](uninitialized: plan.tokens * plan.stride)
    var changes = [A](uninitialized: plan.tokens * plan.stride)
    var panel = products.panel(of: classifier), slopes: [A] = [], none: [A] = []
    var biasSums = [Double](repeating: 0, count: biasProduct == nil ? 0 : rows.classes)
    var values: MutableSpan<A>?
    var next = 0, isFirst = true
    hiddenProduct?.update(repeating: 0)
    while next < targets.count {
      next = targets.take(from: next, into: &tokens)
      guard tokens.count > 0 else { break }
      states.take(tokens)
      moves?.take(tokens)
      try multiply(states, classifier, &panel, added: 0, into: &logits)
      if let moves { try multiply(moves, classifier, &panel, added: 0, into: &changes) }
      if let classifierMove = direction.classifier {
        try multiply(states, classifierMove, &none, added: moves == nil ? 0 : 1, into: &changes)
      } else if moves == nil {
        var span = changes.mutableSpan
        span.update(repeating: 0)
      }
      try change(&logits, &changes, tokens, gaussNewton, direction, &values)

      if biasProduct != nil {
        var sums = biasSums.mutableSpan
        rows.addColumns(of: changes.span, tokens: tokens.count, to: &sums)
      }
      if hiddenProduct != nil {
        try addStates(of: changes, tokens, classifier, &panel, &slopes, added: 0, to: &hiddenProduct!)
        if let classifierMove = direction.classifier, !gaussNewton {
          try addStates(of: logits, tokens, classifierMove, &none, &slopes, added: 1, to: &hiddenProduct!)
        }
      }
      if classifierProduct != nil {
        try addClassifierRows(of: changes, states, added: isFirst ? 0 : 1, to: &classifierProduct!)
        if let moves, !gaussNewton { try addClassifierRows(of: logits, moves, added: 1, to: &classifierProduct!) }
      }
      isFirst = false
    }
    if isFirst { classifierProduct?.update(repeating: 0) }
    biasProduct?.round(biasSums.span)
  }

  /// Turns logits into their gradient, and changes of the logits into those of the gradient.
  private func change(
    _ logits: inout [A], _ changes: inout [A], _ tokens: CountingTokens, _ gaussNewton: Bool,
    _ direction: OutputLayerDirection<A>, _ values: inout MutableSpan<A>?
  ) throws(LossError) {
    var chunk = logits.mutableSpan
    var moved: MutableSpan<A>? = changes.mutableSpan
    let outcome = rows.run(
      .product(gaussNewton: gaussNewton), tokens, logits: &chunk, bias: bias, changes: &moved,
      biasChange: direction.bias, values: &values)
    guard let improper = outcome.improper else { return }
    guard improper.isChange else { throw error(improper, tokens) }
    throw error(
      improper, tokens, hidden: direction.hidden, classifier: direction.classifier, bias: direction.bias,
      of: "direction of the ")
      ?? .inputNotFinite(
        "changes of the logits", row: Int(tokens.samples[improper.row]), column: improper.label, value: .infinity)
  }
}
