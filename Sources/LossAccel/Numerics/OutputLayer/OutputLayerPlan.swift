/// How an output layer's work is cut so that its memory stays within a budget: some tokens at a time, with all of their logits.
package struct OutputLayerPlan: Equatable, Sendable {
  /// Tokens of a chunk, at least 1.
  package var tokens: Int
  /// The distance between the logits of two tokens.
  package var stride: Int
  /// Rows of the classifier that are converted at a time; all of them where none have to be.
  package var panelRows: Int

  /// - Parameters:
  ///   - elementSize: Bytes of a number that is computed with.
  ///   - logits: How many numbers are kept of each logit: 1 for gradients, 2 for products.
  ///   - states: How many copies of hidden states, or gradients of them, a chunk may need.
  ///   - convertsClassifier: Whether the classifier is stored in another type.
  ///   - memory: The budget in bytes.
  package init(
    tokens: Int, width: Int, classes: Int, elementSize: Int, logits: Int, states: Int, convertsClassifier: Bool,
    memory: Int
  ) {
    // Whole vectors; and rows a power of two apart would compete for the same few lines of the caches.
    let padded = (classes + 15) / 16 * 16
    stride = padded % 1024 == 0 ? padded + 16 : padded
    panelRows = classes
    // The sums of the bias's gradient.
    var rest = memory - classes * MemoryLayout<Double>.stride
    if convertsClassifier {
      let rowBytes = max(width * elementSize, 1)
      panelRows = max(1, min(classes, (memory / 8 / rowBytes + 15) / 16 * 16))
      rest -= panelRows * rowBytes
    }
    // Beside the logits a token has its place, label and weight.
    let tokenBytes = (logits * stride + states * width) * elementSize + 20
    let most = max(1, min(rest / tokenBytes, tokens))
    // Chunks of the same size, so that the last is not so small that the products are slow.
    let chunks = Parallelism.chunkCount(of: max(tokens, 1), chunkSize: most)
    let equal = Parallelism.chunkCount(of: max(tokens, 1), chunkSize: chunks)
    let whole = (equal + 15) / 16 * 16
    self.tokens = whole <= most ? whole : equal
  }
}
