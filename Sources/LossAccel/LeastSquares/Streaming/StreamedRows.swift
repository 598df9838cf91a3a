/// Rows of a matrix with targets and weights, checked, and cut into blocks.
struct StreamedRows: Sendable {
  /// A chunk's share of the work does not depend on the number of threads.
  private static let chunkRows = 64 * WideBlock.capacity

  private let matrix: _ScalarArray
  private let targets: _ScalarArray
  private let weights: [Double]?
  private let rows: Int
  private let columns: Int
  private let intercept: Bool

  init<Element: Scalar>(
    _ matrix: Matrix<Element>, _ targets: [Element], _ weights: [Element]?, columns: Int, intercept: Bool
  ) throws(LeastSquaresError) {
    precondition(matrix.columns == columns, "rows of \(matrix.columns) columns, \(columns) are expected")
    precondition(targets.count == matrix.rows, "\(targets.count) targets for \(matrix.rows) rows")
    precondition(
      weights.map { $0.count == matrix.rows } ?? true, "\(weights?.count ?? 0) weights for \(matrix.rows) rows")
    if let weights, let bad = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .invalidWeight(row: bad, value: Double(weights[bad]))
    }
    self.matrix = Element._erase(matrix.elements)
    self.targets = Element._erase(targets)
    self.weights = weights.map { $0.map { Double($0) } }
    let erased = self.weights
    if let index = self.matrix.firstNonFinite(where: { erased?[$0 / columns] != 0 }) {
      throw .nonFiniteElement(row: index / columns, column: index % columns, value: self.matrix[index])
    }
    if let row = self.targets.firstNonFinite(where: { erased?[$0] != 0 }) {
      throw .nonFiniteTarget(row: row, column: 0, value: self.targets[row])
    }
    (rows, self.columns, self.intercept) = (matrix.rows, columns, intercept)
  }

  var chunks: Int { Parallelism.chunkCount(of: rows, chunkSize: Self.chunkRows) }

  /// Calls `body` with the blocks of a chunk, one after the other; it may change them.
  func forEachBlock(ofChunk chunk: Int, _ body: (inout WideBlock) -> Void) {
    var block = WideBlock(width: columns + (intercept ? 2 : 1))
    let range = Parallelism.range(ofChunk: chunk, of: rows, chunkSize: Self.chunkRows)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: WideBlock.capacity) {
      let rows = start..<min(start + WideBlock.capacity, range.upperBound)
      block.fill(matrix, columns: columns, targets, weights: weights, rows: rows, intercept: intercept)
      if block.rows > 0 { body(&block) }
    }
  }
}

extension _ScalarArray {
  /// The index of the first element that is not finite and counts.
  func firstNonFinite(where counts: (Int) -> Bool) -> Int? {
    func first<T: BinaryFloatingPoint>(_ elements: [T]) -> Int? {
      elements.indices.first { !elements[$0].isFinite && counts($0) }
    }
    return switch self {
    case .single(let elements): first(elements)
    case .double(let elements): first(elements)
    }
  }
}
