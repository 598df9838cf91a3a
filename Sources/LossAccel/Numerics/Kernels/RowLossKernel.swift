import CKernelInterface

/// A row loss of the kernels, by its number, and runs of it over batches, chunk by chunk.
package struct RowLossKernel: Sendable, Hashable {
  let number: Int32

  /// The loss of that name in `row_losses.def`.
  package init(_ name: String) {
    number = unsafe name.withCString { unsafe la_row_loss_number($0) }
    precondition(number >= 0, "the kernels have no row loss “\(name)”")
  }

  /// The names of all losses that the kernels have; a test holds them against the catalogue.
  package static var names: [String] {
    var names: [String] = []
    while let name = unsafe la_row_loss_name(Int32(names.count)) { unsafe names.append(String(cString: name)) }
    return names
  }

  /// The name of this one.
  package var name: String { Self.names[Int(number)] }

  /// What a run is to compute besides what its buffers ask for; the numbers are the kernels'.
  package enum Operator: UInt32, Sendable {
    case hessian = 0
    case factor = 1
    case factorTransposed = 2
    case diagonal = 3
  }

  /// Which matrix a product is formed with; the numbers are the kernels'.
  package enum Matrix: UInt32, Sendable {
    case exact = 0
    case gaussNewton = 1
    case majorizer = 2
  }

  /// The loss's parameters, and how it treats class weights.
  package struct Settings: Sendable {
    package var parameters: [Double]
    package var weighsClasses: Bool
    package var options: SoftmaxKernel.Options
    package var reduction: RowReduction
    package var scale: Double
  }

  /// Runs over all rows: the losses, times their weights, go to `values`, the gradient of the reduction, times `scale`, to
  /// `gradient`. The buffers' lengths fit each other: the caller has checked.
  package func run<T: Scalar, Target: TargetElement>(
    scores: Span<T>, targets: Span<Target>, weights: Span<T>?, settings: Settings,
    values: inout MutableSpan<T>?, gradient: inout MutableSpan<T>?
  ) -> SoftmaxKernel.Outcome {
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(scores)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(values)
      extendLifetime(gradient)
    }
    var batch = unsafe la_row_loss()
    unsafe batch.rows = SoftmaxKernel.rows(
      of: scores, targets: targets, weights: weights, options: settings.options, values: &values, gradient: &gradient)
    unsafe batch.rows.streaming = scores.count * MemoryLayout<T>.stride > KernelProgram.streamingThreshold
    return unsafe run(batch, as: T.self, rows: scores.count / settings.options.classes, settings: settings)
  }

  /// Runs over all rows: `product` becomes the operator's product with `vector`, row by row. A diagonal needs no vector.
  package func multiply<T: Scalar, Target: TargetElement>(
    _ operation: Operator, of matrix: Matrix, with vector: Span<T>?, scores: Span<T>, targets: Span<Target>,
    weights: Span<T>?, settings: Settings, product: inout MutableSpan<T>
  ) -> SoftmaxKernel.Outcome {
    defer {
      extendLifetime(vector)
      extendLifetime(scores)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(product)
    }
    var values: MutableSpan<T>?
    var gradient: MutableSpan<T>?
    var batch = unsafe la_row_loss()
    unsafe batch.rows = SoftmaxKernel.rows(
      of: scores, targets: targets, weights: weights, options: settings.options, values: &values, gradient: &gradient)
    unsafe batch.computesProduct = true
    unsafe batch.curvature = la_row_curvature(rawValue: matrix.rawValue)!
    unsafe batch.operation = la_row_operator(rawValue: operation.rawValue)!
    if let vector {
      unsafe vector.withUnsafeBufferPointer { unsafe batch.vector = UnsafeRawPointer($0.baseAddress) }
    }
    unsafe product.withUnsafeMutableBufferPointer { unsafe batch.product = UnsafeMutableRawPointer($0.baseAddress) }
    return unsafe run(batch, as: T.self, rows: scores.count / settings.options.classes, settings: settings)
  }

  private func run<T: Scalar>(
    _ batch: la_row_loss, as type: T.Type, rows: Int, settings: Settings
  ) -> SoftmaxKernel.Outcome {
    var batch = unsafe batch
    unsafe batch.loss = number
    unsafe batch.weighsClasses = settings.weighsClasses
    return unsafe settings.parameters.withUnsafeBufferPointer { parameters in
      unsafe batch.parameters = parameters.baseAddress
      guard let classWeights = settings.options.classWeights else {
        return unsafe runChecked(batch, as: type, rows: rows, settings: settings)
      }
      return unsafe classWeights.withUnsafeBufferPointer {
        unsafe batch.rows.classWeights = $0.baseAddress
        return unsafe runChecked(batch, as: type, rows: rows, settings: settings)
      }
    }
  }

  private func runChecked<T: Scalar>(
    _ batch: la_row_loss, as type: T.Type, rows: Int, settings: Settings
  ) -> SoftmaxKernel.Outcome {
    var batch = unsafe batch
    var counted = unsafe batch.rows
    if settings.weighsClasses { unsafe counted.classWeights = nil }
    let (total, problem) = unsafe SoftmaxKernel.weigh(counted, as: type, rows: rows, reduction: settings.reduction)
    if let problem { return problem }
    unsafe batch.rows.gradientScale = settings.reduction == .mean ? settings.scale / total : settings.scale
    let shared = unsafe SharedBatch(batch: batch)
    let (sums, row, column) = RowChunks.run(rows: rows, width: unsafe Int(counted.classes)) { begin, end, result in
      unsafe withUnsafePointer(to: shared.batch) { unsafe T._rowLoss($0, begin, end, &result) }
    }
    if row >= 0 { return .invalidTarget(row: row, column: column) }
    let sum = sums.total(0)
    return .value(settings.reduction == .mean ? sum / total * settings.scale : sum * settings.scale, weight: total)
  }
}
