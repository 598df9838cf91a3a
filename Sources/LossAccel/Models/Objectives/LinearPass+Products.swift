extension LinearPass {
  /// Σ hᵢ·mᵢ·[xᵢ − shift, 1] for every pass, in one go through the features: hᵢ the curvatures that an evaluation kept, mᵢ = what the pass
  /// predicts, its coefficients being a direction.
  ///
  /// - Parameters:
  ///   - passes: Of the directions, over the same features.
  ///   - curvatures: What the evaluations kept, by pass and chunk.
  static func products(_ passes: [LinearPass], _ curvatures: [[[Double]]]) -> [[Double]] {
    let features = passes[0].features
    // The chunks of the evaluation: all but the last have the first one's length.
    let chunkRows = max(curvatures[0][0].count, 1)
    let parts = Parallelism.mapChunks(count: curvatures[0].count) { chunk in
      let rows = Parallelism.range(ofChunk: chunk, of: features.rows, chunkSize: chunkRows)
      let size = min(LinearBlocks.blockRows(of: features), rows.count)
      var sums = passes.map { _ in [Double](repeating: 0, count: features.columns + 1) }
      var moves = [Double](repeating: 0, count: size)
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: size) {
        let block = start..<min(start + size, rows.upperBound)
        let first = start - rows.lowerBound
        let next = block.upperBound..<min(block.upperBound + size, rows.upperBound)
        for (number, pass) in passes.enumerated() {
          let bends = curvatures[number][chunk]
          pass.addProduct(
            block, curvatures: bends.span.extracting(first..<first + block.count), ahead: next, &moves,
            to: &sums[number])
        }
      }
      return sums
    }
    return parts.dropFirst().reduce(into: parts[0]) { total, part in
      for number in total.indices {
        for index in total[number].indices { total[number][index] += part[number][index] }
      }
    }
  }

  /// Adds the sum over a block; `moves` is workspace for it.
  private func addProduct(
    _ block: Range<Int>, curvatures: Span<Double>, ahead: Range<Int>, _ moves: inout [Double], to sums: inout [Double]
  ) {
    var all = moves.mutableSpan
    all.withSlice(0..<block.count) { slice in
      features.predict(
        block, coefficients: coefficients.span, shift: shift?.span, constant: constant, offsets: nil, into: &slice)
    }
    var output = sums.mutableSpan
    features.addTransposed(
      block, factors: moves.span.extracting(0..<block.count), weights: curvatures, shift: shift?.span, ahead: ahead,
      to: &output)
  }
}
