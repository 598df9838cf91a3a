import CKernelInterface

/// Rows scaled to length 1, and what that makes of directions and gradients. Rows that do not count become 0.
package struct UnitRows<T: Scalar>: Sendable {
  package let columns: Int
  /// The rows over their lengths, one after the other.
  package private(set) var elements: [T]
  /// One over the lengths; 0 for a row that is 0 or does not count.
  private var inverseNorms: [Double]

  /// The rows of `source` of which `counts` says so.
  package init(_ source: Span<T>, columns: Int, counts: Span<Bool>) {
    self.columns = columns
    let rows = source.count / columns
    var units = [T](repeating: 0, count: source.count), inverses = [Double](repeating: 0, count: rows)
    var output = units.mutableSpan, norms = inverses.mutableSpan
    let arrays = unsafe UnitArrays(
      type: T._kernelType, columns: columns, input: address(source),
      counts: address(counts)?.assumingMemoryBound(to: UInt8.self), output: address(&output),
      norms: address(&norms)?.assumingMemoryBound(to: Double.self))
    Parallelism.forEachRange(of: rows, chunkSize: RowChunks.rowsPerChunk(width: columns)) { _, rows in
      unsafe la_normalize_rows(
        arrays.type, arrays.input, arrays.counts, Int64(arrays.columns), arrays.output, arrays.norms,
        Int64(rows.lowerBound), Int64(rows.upperBound))
    }
    extendLifetime(source)
    extendLifetime(counts)
    extendLifetime(output)
    extendLifetime(norms)
    elements = units
    inverseNorms = inverses
  }

  /// How the unit rows move where the rows do along `direction`.
  package func change(along direction: Span<T>) -> [T] {
    var result = [T](repeating: 0, count: elements.count)
    var output = result.mutableSpan
    defer { extendLifetime(direction) }
    let arrays = unsafe UnitArrays(
      type: T._kernelType, columns: columns, input: address(direction), counts: nil, output: address(&output),
      norms: UnsafeMutablePointer(mutating: address(inverseNorms.span)?.assumingMemoryBound(to: Double.self)),
      unit: address(elements.span))
    Parallelism.forEachRange(of: inverseNorms.count, chunkSize: RowChunks.rowsPerChunk(width: columns)) { _, rows in
      unsafe la_normalize_direction(
        arrays.type, arrays.unit, arrays.norms, arrays.input, Int64(arrays.columns), arrays.output,
        Int64(rows.lowerBound), Int64(rows.upperBound))
    }
    extendLifetime(output)
    extendLifetime(self)
    return result
  }

  /// Makes of a gradient with respect to the unit rows that with respect to the rows. With `direction`, of a product with a Hessian: the
  /// change of the normalisation along it, for the gradient `unitGradient`, is added.
  package func pullBack(
    _ gradient: inout MutableSpan<T>, direction: Span<T>? = nil, unitGradient: Span<T>? = nil
  ) {
    defer {
      extendLifetime(self)
      extendLifetime(direction)
      extendLifetime(unitGradient)
    }
    let arrays = unsafe UnitArrays(
      type: T._kernelType, columns: columns, input: address(direction), counts: nil, output: address(&gradient),
      norms: UnsafeMutablePointer(mutating: address(inverseNorms.span)?.assumingMemoryBound(to: Double.self)),
      unit: address(elements.span), gradient: address(unitGradient))
    Parallelism.forEachRange(of: inverseNorms.count, chunkSize: RowChunks.rowsPerChunk(width: columns)) { _, rows in
      unsafe la_normalize_gradient(
        arrays.type, arrays.unit, arrays.norms, arrays.input, arrays.gradient, Int64(arrays.columns), arrays.output,
        Int64(rows.lowerBound), Int64(rows.upperBound))
    }
  }

  /// 1 − cos of each row and the row of `others` that its label names, without cancellation; 0 for negative labels.
  package func halfSquaredDistances(to others: UnitRows, labels: [Int32]) -> [Double] {
    var distances = [Double](repeating: 0, count: inverseNorms.count)
    var output = distances.mutableSpan
    defer {
      extendLifetime(self)
      extendLifetime(others)
      extendLifetime(labels)
    }
    unsafe la_half_distances(
      T._kernelType, address(elements.span), address(others.elements.span),
      address(labels.span)?.assumingMemoryBound(to: Int32.self), Int64(columns),
      address(&output)?.assumingMemoryBound(to: Double.self), 0, Int64(labels.count))
    extendLifetime(output)
    return distances
  }
}

// The threads write disjoint rows and are waited for by whoever made this.
@unsafe private struct UnitArrays: @unchecked Sendable {
  var type: UInt8
  var columns: Int
  var input: UnsafeRawPointer?
  var counts: UnsafePointer<UInt8>?
  var output: UnsafeMutableRawPointer?
  var norms: UnsafeMutablePointer<Double>?
  var unit: UnsafeRawPointer?
  var gradient: UnsafeRawPointer?
}
