/// How the rows of a system are presented to the dense factorisations: [1 | (A − shift)·scale | B·scale], times √w, all in Double.
///
/// The scales are powers of two; the shifts are zero unless there is an intercept. Nothing here needs to be exact except the scales: the
/// factor of a slightly different matrix serves as well, since the refinement works on the matrix as it was given.
struct PackedRows: Sendable {
  let system: LeastSquaresSystem
  let targets: LeastSquaresTargets?
  var shift: [Double]
  var scale: [Double]
  var targetShift: [Double]
  var targetScale: [Double]

  var targetCount: Int { targets?.count ?? 0 }
  /// The columns of a packed row.
  var width: Int { system.unknowns + targetCount }

  /// Shifts and scales from up to 256 rows, evenly spread: near enough to the mean and to the largest magnitude of every column.
  init(sampling system: LeastSquaresSystem, _ targets: LeastSquaresTargets?) {
    self.system = system
    self.targets = targets
    func constants(_ elements: _ScalarArray, _ columns: Int) -> (shift: [Double], scale: [Double]) {
      var shifts = [Double](repeating: 0, count: columns)
      func sample() -> (sums: [Double], counts: [Int64], largest: [Double]) {
        LeastSquaresKernels.sampleColumns(elements, columns: columns, rows: system.rows, count: 256, center: shifts)
      }
      var sampled = sample()
      if system.centers {
        for (column, sum) in sampled.sums.enumerated() where sum.isFinite && sampled.counts[column] > 0 {
          shifts[column] = sum / Double(sampled.counts[column])
        }
        sampled = sample()
      }
      return (shifts, sampled.largest.map(PowerOfTwo.reciprocal))
    }
    (shift, scale) = constants(system.matrix, system.columns)
    (targetShift, targetScale) = targets.map { constants($0.elements, $0.count) } ?? ([], [])
  }

  /// Scales from the largest magnitudes (as bits, of A's and then B's columns), no shifts.
  init(_ system: LeastSquaresSystem, _ targets: LeastSquaresTargets?, scaledToLargest largest: [Int64]) {
    (self.system, self.targets) = (system, targets)
    (shift, scale, targetShift, targetScale) = ([], [], [], [])
    scale(toLargest: largest)
  }

  /// Scales from the true largest magnitudes (as bits, of A's and then B's columns), no shifts.
  mutating func scale(toLargest largest: [Int64]) {
    let magnitudes = largest.map { Double(bitPattern: UInt64($0)) }
    shift = [Double](repeating: 0, count: system.columns)
    scale = magnitudes[..<system.columns].map(PowerOfTwo.reciprocal)
    targetShift = [Double](repeating: 0, count: targetCount)
    targetScale = magnitudes[system.columns...].map(PowerOfTwo.reciprocal)
  }

  /// Packs a range of rows into `block` from its row `place` on, row-major with `stride` ≥ width, and raises `largest` (A's columns, then
  /// B's).
  func pack(
    _ rows: Range<Int>, into block: inout [Double], stride: Int, largest: inout [Int64], at place: Int = 0
  ) {
    let first = place * stride
    var span = block.mutableSpan
    if system.hasIntercept {
      for row in rows { span[first + (row - rows.lowerBound) * stride] = system.rootWeights?[row] ?? 1 }
    }
    let count = largest.count
    var largestSpan = largest.mutableSpan
    largestSpan.withSlice(0..<system.columns) { ofMatrix in
      LeastSquaresKernels.pack(
        system.matrix, columns: system.columns, rows: rows, shift: shift.span, scale: scale.span,
        rowScale: system.rootWeights, into: &span, offset: first + system.offset, outputStride: stride,
        largest: &ofMatrix)
    }
    guard let targets else { return }
    largestSpan.withSlice(system.columns..<count) { ofTargets in
      LeastSquaresKernels.pack(
        targets.elements, columns: targets.count, rows: rows, shift: targetShift.span, scale: targetScale.span,
        rowScale: system.rootWeights, into: &span, offset: first + system.unknowns, outputStride: stride,
        largest: &ofTargets)
    }
  }

  /// The largest magnitudes, as bits, of the columns of A and then of B, in a pass of their own; throws where one is not finite.
  func largestMagnitudes() throws(LeastSquaresError) -> [Int64] {
    let chunkRows = 4096
    let parts = Parallelism.mapChunks(count: Parallelism.chunkCount(of: system.rows, chunkSize: chunkRows)) { chunk in
      let rows = Parallelism.range(ofChunk: chunk, of: system.rows, chunkSize: chunkRows)
      var largest = [Int64](repeating: 0, count: system.columns + targetCount)
      var block = [Double](repeating: 0, count: min(64, rows.count) * width)
      for start in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: 64) {
        pack(start..<min(start + 64, rows.upperBound), into: &block, stride: width, largest: &largest)
      }
      return largest
    }
    let largest = parts.dropFirst().reduce(parts[0]) { zip($0, $1).map { max($0, $1) } }
    try checkFinite(largest)
    return largest
  }

  /// Throws where a largest magnitude is not finite, naming the first element that is to blame.
  func checkFinite(_ largest: [Int64]) throws(LeastSquaresError) {
    let infinity = Int64(bitPattern: Double.infinity.bitPattern)
    if largest[..<system.columns].contains(where: { $0 >= infinity }),
      let bad = system.firstNonFinite(system.matrix, columns: system.columns)
    {
      throw .nonFiniteElement(row: bad.row, column: bad.column, value: bad.value)
    }
    if let targets, largest[system.columns...].contains(where: { $0 >= infinity }),
      let bad = system.firstNonFinite(targets.elements, columns: targets.count)
    {
      throw .nonFiniteTarget(row: bad.row, column: bad.column, value: bad.value)
    }
  }

  /// Scales of the right-hand sides from their largest magnitudes, in a pass over them alone; throws where an element is not finite.
  func exactTargetScales() throws(LeastSquaresError) -> [Double] {
    guard let targets else { return [] }
    let (chunkRows, blockRows) = (16_384, 256)
    let parts = Parallelism.mapChunks(count: Parallelism.chunkCount(of: system.rows, chunkSize: chunkRows)) { chunk in
      let rows = Parallelism.range(ofChunk: chunk, of: system.rows, chunkSize: chunkRows)
      var largest = [Int64](repeating: 0, count: targets.count)
      var block = [Double](repeating: 0, count: min(blockRows, rows.count) * targets.count)
      for start in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: blockRows) {
        var span = block.mutableSpan
        var largestSpan = largest.mutableSpan
        LeastSquaresKernels.pack(
          targets.elements, columns: targets.count, rows: start..<min(start + blockRows, rows.upperBound),
          shift: targetShift.span, scale: targetScale.span, rowScale: nil, into: &span, offset: 0,
          outputStride: targets.count, largest: &largestSpan)
      }
      return largest
    }
    let largest = parts.dropFirst().reduce(parts[0]) { zip($0, $1).map { max($0, $1) } }
    try checkFinite([Int64](repeating: 0, count: system.columns) + largest)
    return largest.map { PowerOfTwo.reciprocal(of: Double(bitPattern: UInt64($0))) }
  }

  /// A system to be factored column-major: scaled by the largest magnitudes, which takes a pass, and checked in it.
  init(scaling system: LeastSquaresSystem) throws(LeastSquaresError) {
    self.init(sampling: system, nil)
    let largest = try largestMagnitudes()
    // Shifted columns keep the scale of the sample: their largest magnitude says nothing about what the shift leaves.
    if !system.centers { scale = largest.map { PowerOfTwo.reciprocal(of: Double(bitPattern: UInt64($0))) } }
  }

  /// Throws where a column is so small that the penalty in its unit leaves the range of a double.
  func checkPenalties() throws(LeastSquaresError) {
    guard (0..<system.columns).allSatisfy({ penalty($0) < 0x1p900 }) else { throw .outOfRange }
  }

  /// All packed rows, and below them √penalty for every penalised column, column-major.
  func withPenaltyRows() throws(LeastSquaresError) -> [Double] {
    try checkPenalties()
    let (rows, order) = (system.rows, system.unknowns)
    let matrix = TallSkinnyQR.columnMajor(self, 0..<rows)
    guard system.ridge > 0 else { return matrix }
    let height = rows + system.columns
    var result = [Double](repeating: 0, count: height * order)
    for column in 0..<order {
      result.replaceSubrange(
        column * height..<column * height + rows, with: matrix[column * rows..<(column + 1) * rows])
      if column >= system.offset {
        result[column * height + rows + column - system.offset] = penalty(column - system.offset).squareRoot()
      }
    }
    return result
  }

  /// Scales the columns of a column-major factor of this (without an intercept's, which is left alone) to lengths in 1..<2.
  mutating func rescaleToUnitColumns(_ matrix: inout [Double], rows: Int) {
    for column in 0..<system.columns {
      let range = (column + system.offset) * rows..<(column + system.offset + 1) * rows
      let factor = PowerOfTwo.reciprocal(of: range.reduce(0) { $0 + matrix[$1] * matrix[$1] }.squareRoot())
      for index in range { matrix[index] *= factor }
      scale[column] *= factor
    }
  }

  /// The right-hand sides, scaled and weighted, column-major, with zeros below to the given height.
  func columnMajor(_ targets: LeastSquaresTargets, scales: [Double], height: Int) -> [Double] {
    var result = [Double](repeating: 0, count: height * targets.count)
    for target in 0..<targets.count {
      for row in 0..<system.rows {
        let weight = system.rootWeights?[row] ?? 1
        result[target * height + row] = targets.elements[row * targets.count + target] * scales[target] * weight
      }
    }
    return result
  }

  /// The lengths of A's columns before the shift, in the units of the packed ones, from the lengths after it.
  func unshiftedLengths(_ lengths: [Double]) -> [Double] {
    let total = system.weights.map { $0.reduce(0, +) } ?? Double(system.rows)
    return lengths.enumerated().map { index, length in
      let column = index - system.offset
      guard column >= 0 else { return length }
      let mean = mean(column)
      return (length * length + total * mean * mean).squareRoot()
    }
  }

  /// What the shift takes from every element of A's column `column`, in units of the packed one.
  func mean(_ column: Int) -> Double { shift[column] * scale[column] }

  /// The penalty on the scaled coefficient of A's column `column`: its penalty times scale².
  func penalty(_ column: Int) -> Double { system.penalty(column) * scale[column] * scale[column] }
}
