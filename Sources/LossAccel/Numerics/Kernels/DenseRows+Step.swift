import CKernelInterface

extension DenseRows {
  /// Whether rows are of a length for which there is ``step(_:coefficients:shift:constant:offsets:_:_:predictions:sums:)``.
  package var hasSteps: Bool { (8...64).contains(columns) }

  /// Predictions, losses, and the slopes' products with the rows, for eight rows at a time; `nil`, and nothing done, for rows of fewer
  /// than 8 or more than 64 columns.
  ///
  /// - Parameters:
  ///   - batch: With targets as input 1, and a place for result 1, the slopes.
  ///   - predictions: constant + offsets[i] + Σⱼ (x[i][j] − shift[j])·coefficients[j], as ``predict(_:coefficients:shift:constant:offsets:into:)``.
  ///   - sums: sums[j] += Σᵢ slopes[i]·(x[i][j] − shift[j]), and the slopes' own sum in the last place.
  package func step(
    _ range: Range<Int>, coefficients: Span<Double>, shift: Span<Double>?, constant: Double, offsets: Span<Double>?,
    _ program: KernelProgram, _ batch: KernelBatch<Double>, predictions: inout MutableSpan<Double>,
    sums: inout MutableSpan<Double>
  ) -> KernelProgram.Outcome? {
    guard hasSteps, !range.isEmpty else { return nil }
    requireLengths(
      range.count, coefficients: coefficients.count, shift: shift?.count, offsets: offsets?.count,
      predictions: predictions.count)
    precondition(sums.count == columns + 1, "\(sums.count) sums for \(columns) columns and the constant")
    precondition(batch.count == range.count, "a batch of \(batch.count) for \(range.count) rows")
    precondition(batch.storesSideBySide(1), "the slopes need a place")
    defer {
      extendLifetime(coefficients)
      extendLifetime(shift)
      extendLifetime(offsets)
      extendLifetime(predictions)
      extendLifetime(sums)
    }
    var batch = batch
    batch.read(0, predictions.span)
    let target = unsafe predictions.withUnsafeMutableBufferPointer { unsafe $0.baseAddress.unsafelyUnwrapped }
    let total = unsafe sums.withUnsafeMutableBufferPointer { unsafe $0.baseAddress.unsafelyUnwrapped }
    var losses = ChunkSums()
    let violation = unsafe withBlock(range) { block, _ in
      unsafe withUnsafePointer(to: batch.batch) { batch in
        unsafe withUnsafeMutableBytes(of: &losses) { bytes in
          unsafe la_linear_step_f64(
            block.assumingMemoryBound(to: la_feature_rows.self).pointee, elementAddress(coefficients),
            elementAddress(shift), constant, elementAddress(offsets), target, program.program, batch, total,
            bytes.baseAddress!.assumingMemoryBound(to: Double.self))
        }
      }
    }
    var outcome = KernelProgram.Outcome(sums: losses)
    outcome.sum = losses.total(0) * program.factors[0]
    if violation.sample >= 0 { outcome.violation = (Int(violation.sample), Int(violation.check)) }
    return outcome
  }
}
