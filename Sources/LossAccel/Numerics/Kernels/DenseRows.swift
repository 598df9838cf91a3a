import CKernelInterface

/// Dense rows of features in the type they are stored in, and what a linear model does with a block of them. Nothing is copied.
package struct DenseRows: Sendable {
  /// The elements, row after row.
  package enum Storage: Sendable {
    case single([Float])
    case double([Double])
    case brain([BrainFloat16])
    #if !(os(macOS) && arch(x86_64))
      case half([Float16])
    #endif
    case mapped(MappedElements)
  }

  let storage: Storage
  package let rows: Int
  package let columns: Int

  package init(_ storage: Storage, rows: Int, columns: Int) {
    self.storage = storage
    self.rows = rows
    self.columns = columns
    precondition(
      rows >= 0 && columns >= 0 && rows * columns == count, "\(count) elements for \(rows) rows of \(columns)")
  }

  private var count: Int {
    switch storage {
    case .single(let elements): elements.count
    case .double(let elements): elements.count
    case .brain(let elements): elements.count
    #if !(os(macOS) && arch(x86_64))
      case .half(let elements): elements.count
    #endif
    case .mapped(let elements): elements.count
    }
  }

  /// How many bytes a row takes.
  package var bytesPerRow: Int { columns * elementSize }

  private var elementSize: Int {
    switch storage {
    case .single: 4
    case .double: 8
    case .mapped(let elements): elements.size
    default: 2
    }
  }

  private var elementType: UInt8 {
    switch storage {
    case .single: UInt8(LA_TYPE_F32)
    case .double: UInt8(LA_TYPE_F64)
    case .brain: UInt8(LA_TYPE_BF16)
    #if !(os(macOS) && arch(x86_64))
      case .half: UInt8(LA_TYPE_F16)
    #endif
    case .mapped(let elements): elements.type
    }
  }

  /// One element, widened exactly. Not for loops over many.
  package subscript(row: Int, column: Int) -> Double {
    let index = row * columns + column
    return switch storage {
    case .single(let elements): Double(elements[index])
    case .double(let elements): elements[index]
    case .brain(let elements): Double(elements[index])
    #if !(os(macOS) && arch(x86_64))
      case .half(let elements): Double(elements[index])
    #endif
    case .mapped(let elements): elements[index]
    }
  }

  private func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch storage {
    case .single(let elements): unsafe elements.withUnsafeBytes { unsafe body($0) }
    case .double(let elements): unsafe elements.withUnsafeBytes { unsafe body($0) }
    case .brain(let elements): unsafe elements.withUnsafeBytes { unsafe body($0) }
    #if !(os(macOS) && arch(x86_64))
      case .half(let elements): unsafe elements.withUnsafeBytes { unsafe body($0) }
    #endif
    case .mapped(let elements): unsafe elements.file.withBytes(from: elements.offset) { unsafe body($0) }
    }
  }

  /// Calls `body` with the rows as the kernels take them, and the address of those `ahead` of them.
  func withBlock<Result>(
    _ range: Range<Int>, ahead: Range<Int>? = nil,
    _ body: (_ block: UnsafeRawPointer, _ next: UnsafeRawPointer?) -> Result
  ) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return unsafe withBytes { bytes in
      let base = bytes.baseAddress
      var block = unsafe la_feature_rows(
        elements: base.map { unsafe $0 + range.lowerBound * bytesPerRow }, stride: columns, rows: range.count,
        columns: columns, type: elementType)
      var next: UnsafeRawPointer?
      // Only a block of the same shape may be asked for.
      if let ahead, ahead.count == range.count { unsafe next = base.map { unsafe $0 + ahead.lowerBound * bytesPerRow } }
      return unsafe withUnsafePointer(to: &block) { unsafe body(UnsafeRawPointer($0), next) }
    }
  }
}

extension DenseRows {
  /// predictions[i] = constant + offsets[i] + Σⱼ (x[i][j] − shift[j])·coefficients[j] for the rows of the range.
  package func predict<A: Scalar>(
    _ range: Range<Int>, coefficients: Span<A>, shift: Span<A>?, constant: A, offsets: Span<A>?,
    into predictions: inout MutableSpan<A>
  ) {
    requireLengths(
      range.count, coefficients: coefficients.count, shift: shift?.count, offsets: offsets?.count,
      predictions: predictions.count)
    defer {
      extendLifetime(coefficients)
      extendLifetime(shift)
      extendLifetime(offsets)
      extendLifetime(predictions)
    }
    guard !range.isEmpty else { return }
    let target = unsafe predictions.withUnsafeMutableBufferPointer { unsafe $0.baseAddress.unsafelyUnwrapped }
    // An array that is empty may have no address; without columns there is nothing to read at it.
    unsafe withBlock(range) { block, _ in
      unsafe A._rowsTimesVector(
        block, elementAddress(coefficients) ?? UnsafePointer(target), elementAddress(shift), constant,
        elementAddress(offsets), target)
    }
  }

  /// sums[j] += Σᵢ f[i]·(x[i][j] − shift[j]) and sums[columns] += Σ f[i] with f = factors, or factors·weights. Rows with factor 0, or
  /// else weight 0, are passed over, even if they are not finite.
  package func addTransposed<A: Scalar>(
    _ range: Range<Int>, factors: Span<A>, weights: Span<A>? = nil, shift: Span<A>?, ahead: Range<Int>?,
    to sums: inout MutableSpan<A>
  ) {
    requireLengths(
      range.count, factors: factors.count, weights: weights?.count, shift: shift?.count, sums: sums.count)
    defer {
      extendLifetime(factors)
      extendLifetime(weights)
      extendLifetime(shift)
      extendLifetime(sums)
    }
    guard !range.isEmpty else { return }
    let target = unsafe sums.withUnsafeMutableBufferPointer { unsafe $0.baseAddress.unsafelyUnwrapped }
    unsafe withBlock(range, ahead: ahead) { block, next in
      unsafe A._transposedTimesVector(
        block, elementAddress(factors).unsafelyUnwrapped, elementAddress(weights), elementAddress(shift), next, target)
    }
  }

  /// rows[i] = √max(sign·weights[i], 0)·[(x[i][j] − shift[j])·scale[j], 1, 0…], the one and the zeros filling up to `stride`. Returns
  /// whether sign·weights has negative elements.
  package func weightedRows<A: Scalar>(
    _ range: Range<Int>, shift: Span<Double>, scale: Span<Double>, weights: Span<A>?, sign: Double,
    into rows: inout MutableSpan<Double>, stride: Int
  ) -> Bool {
    precondition(shift.count == columns && scale.count == columns, "one shift and one scale per column")
    if let weights { precondition(weights.count == range.count, "\(weights.count) weights for \(range.count) rows") }
    precondition(stride >= columns && rows.count >= range.count * stride, "\(rows.count) elements for the rows")
    defer {
      extendLifetime(shift)
      extendLifetime(scale)
      extendLifetime(weights)
      extendLifetime(rows)
    }
    guard !range.isEmpty else { return false }
    let target = unsafe rows.withUnsafeMutableBufferPointer { unsafe $0.baseAddress.unsafelyUnwrapped }
    return unsafe withBlock(range) { block, _ in
      unsafe A._weightedRows(
        block, elementAddress(shift) ?? UnsafePointer(target), elementAddress(scale) ?? UnsafePointer(target),
        elementAddress(weights), sign,
        target, stride)
    }
  }
}
