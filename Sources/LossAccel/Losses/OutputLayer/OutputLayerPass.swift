/// The evaluation of an output layer's loss: some tokens at a time, whose logits are made by one matrix product, turned into the loss's
/// gradient G in place, and multiplied into both gradients, G·W and Gᵀ·H. Of the logits no more exists than those of these tokens.
struct OutputLayerPass<A: Scalar> {
  let hidden: StoredRows<A>
  let classifier: StoredRows<A>
  /// One row, if there is one.
  let bias: StoredRows<A>?
  let targets: TokenTargets
  let rows: LogitRows
  let plan: OutputLayerPlan

  /// What is wanted of the loss, a buffer for each. They are overwritten.
  ///
  /// - Returns: The weighted sum of the losses; gradients are those of the sum times the rows' scale, and values are times their weights.
  func run(
    values: inout MutableSpan<A>?, hiddenGradient: inout MutableSpan<A>?,
    classifierGradient: inout MutableSpan<A>?, biasGradient: inout MutableSpan<A>?
  ) throws(LossError) -> Double {
    let wantsGradient = hiddenGradient != nil || classifierGradient != nil || biasGradient != nil
    let products = products
    var tokens = CountingTokens(capacity: plan.tokens), states = TokenStates(hidden)
    var logits = [A](uninitialized: plan.tokens * plan.stride)
    var panel = products.panel(of: classifier), slopes: [A] = []
    var biasSums = [Double](repeating: 0, count: biasGradient == nil ? 0 : rows.classes)
    var sum = ChunkSums(), next = 0, isFirst = true
    // Tokens that do not count keep these zeros.
    values?.update(repeating: 0)
    hiddenGradient?.update(repeating: 0)
    while next < targets.count {
      next = targets.take(from: next, into: &tokens)
      guard tokens.count > 0 else { break }
      states.take(tokens)
      try multiply(states, classifier, &panel, added: 0, into: &logits)
      var chunk = logits.mutableSpan
      let outcome = rows.run(
        wantsGradient ? .gradient : .losses, tokens, logits: &chunk, bias: bias, values: &values)
      if let improper = outcome.improper { throw error(improper, tokens) }
      sum.add(outcome.sum)
      if biasGradient != nil {
        var sums = biasSums.mutableSpan
        rows.addColumns(of: logits.span, tokens: tokens.count, to: &sums)
      }
      if hiddenGradient != nil {
        try addStates(of: logits, tokens, classifier, &panel, &slopes, added: 0, to: &hiddenGradient!)
      }
      if classifierGradient != nil {
        try addClassifierRows(of: logits, states, added: isFirst ? 0 : 1, to: &classifierGradient!)
      }
      isFirst = false
    }
    if isFirst { classifierGradient?.update(repeating: 0) }
    biasGradient?.round(biasSums.span)
    return sum.total(0)
  }
}

extension OutputLayerPass {
  var products: ClassifierProducts<A> {
    ClassifierProducts(
      width: hidden.columns, classes: classifier.rows, stride: plan.stride, panelRows: plan.panelRows)
  }

  /// logits ← states·Wᵀ + added·logits.
  func multiply(
    _ states: TokenStates<A>, _ classifier: StoredRows<A>, _ panel: inout [A], added: A, into logits: inout [A]
  ) throws(LossError) {
    do throws(LinearAlgebraError) {
      var span = logits.mutableSpan
      try products.logits(of: states, classifier, &panel, added: added, into: &span)
    } catch {
      throw .linearAlgebra(error)
    }
  }

  /// The tokens' rows of `output` ← slopes·W + added·rows. Where these do not lie side by side they are made in `copy`, which keeps them
  /// from one call to the next.
  func addStates(
    of slopes: [A], _ tokens: CountingTokens, _ classifier: StoredRows<A>, _ panel: inout [A], _ copy: inout [A],
    added: A, to output: inout MutableSpan<A>
  ) throws(LossError) {
    let width = hidden.columns
    defer { extendLifetime(slopes) }
    do throws(LinearAlgebraError) {
      if let range = tokens.range {
        try output.withSlice(range.lowerBound * width..<range.upperBound * width) { (c) throws(LinearAlgebraError) in
          try products.states(of: slopes.span, tokens: tokens.count, classifier, &panel, added: added, into: &c)
        }
        return
      }
      if copy.isEmpty { copy = [A](repeating: 0, count: plan.tokens * width) }
      var span = copy.mutableSpan
      try products.states(of: slopes.span, tokens: tokens.count, classifier, &panel, added: added, into: &span)
      output.scatter(copy.span, width: width, to: tokens.samples.span.extracting(0..<tokens.count))
    } catch {
      throw .linearAlgebra(error)
    }
  }

  /// output ← slopesᵀ·states + added·output.
  func addClassifierRows(
    of slopes: [A], _ states: TokenStates<A>, added: A, to output: inout MutableSpan<A>
  ) throws(LossError) {
    defer { extendLifetime(slopes) }
    do throws(LinearAlgebraError) {
      try products.classifierRows(of: slopes.span, states, added: added, into: &output)
    } catch {
      throw .linearAlgebra(error)
    }
  }

  /// What is not finite: an element of the inputs, or a logit that is the sum of finite products.
  func error(
    _ improper: LogitRows.Improper, _ tokens: CountingTokens, hidden: StoredRows<A>?, classifier: StoredRows<A>?,
    bias: StoredRows<A>?, of what: String = ""
  ) -> LossError? {
    let token = Int(tokens.samples[improper.row]), label = improper.label
    if let found = hidden?.firstNonFinite(inRow: token) {
      return .inputNotFinite(what + "hidden states", row: token, column: found.column, value: found.value)
    }
    if let found = classifier?.firstNonFinite(inRow: label) {
      return .inputNotFinite(what + "classifier", row: label, column: found.column, value: found.value)
    }
    if let bias, !bias[0, label].isFinite {
      return .inputNotFinite(what + "bias", row: 0, column: label, value: bias[0, label])
    }
    return nil
  }

  func error(_ improper: LogitRows.Improper, _ tokens: CountingTokens) -> LossError {
    error(improper, tokens, hidden: hidden, classifier: classifier, bias: bias)
      ?? .inputNotFinite(
        "logits", row: Int(tokens.samples[improper.row]), column: improper.label, value: .infinity)
  }
}
