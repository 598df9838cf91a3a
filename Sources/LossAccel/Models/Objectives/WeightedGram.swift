/// Σ wᵢ·zᵢzᵢᵀ over blocks of rows, z = [(x − shift)·scale, 1], for weights of either sign: the Hessian of a linear model.
///
/// Rows are multiplied by √|w| while they are copied into a panel in the cache, and the panel is multiplied with itself; rows of negative
/// weight go into a second matrix, which is subtracted at the end.
struct WeightedGram: Sendable {
  private let columns: Int
  /// Row-major, upper triangle.
  private var positive: [Double]
  private var negative: [Double] = []
  /// shift·scale of the columns, where rows were added without being shifted.
  private var centre: [Double] = []

  /// Rows are padded to whole vectors.
  static func stride(_ columns: Int) -> Int { (columns + 1 + 7) / 8 * 8 }

  /// Beyond this order BLAS is faster than our own kernel.
  static let ownKernelLimit = 256

  init(columns: Int) {
    self.columns = columns
    positive = [Double](repeating: 0, count: Self.stride(columns) * Self.stride(columns))
  }

  /// Adds the rows of a block. `panel` is workspace for them.
  mutating func add<A: Scalar>(
    _ features: any FeatureRows, _ block: Range<Int>, weights: Span<A>, _ coordinates: ColumnCoordinates,
    _ panel: inout [Double]
  ) throws(ObjectiveError) {
    let stride = Self.stride(columns)
    var output = positive.mutableSpan
    let isDone = features.addProducts(
      block, scale: coordinates.scale.span, weights: weights, to: &output, stride: stride)
    if isDone {
      if centre.isEmpty { centre = zip(coordinates.shift, coordinates.scale).map { $0 * $1 } }
      return
    }
    let size = block.count * stride
    if panel.count < size { panel = [Double](repeating: 0, count: size) }
    if try Self.add(features, block, weights, 1, coordinates, &panel, to: &positive) {
      if negative.isEmpty { negative = [Double](repeating: 0, count: positive.count) }
      _ = try Self.add(features, block, weights, -1, coordinates, &panel, to: &negative)
    }
  }

  /// Returns whether rows of the other sign are left.
  private static func add<A: Scalar>(
    _ features: any FeatureRows, _ block: Range<Int>, _ weights: Span<A>, _ sign: Double,
    _ coordinates: ColumnCoordinates, _ panel: inout [Double], to gram: inout [Double]
  ) throws(ObjectiveError) -> Bool {
    let stride = stride(features.columns)
    var rows = panel.mutableSpan
    let othersLeft = features.weightedRows(
      block, shift: coordinates.shift.span, scale: coordinates.scale.span, weights: weights, sign: sign, into: &rows,
      stride: stride)
    var output = gram.mutableSpan
    if stride <= ownKernelLimit {
      LeastSquaresKernels.gram(panel.span, rows: block.count, order: stride, into: &output)
    } else {
      do throws(LinearAlgebraError) {
        try BLAS.syrk(
          size: stride, inner: block.count, a: panel.span, aStride: stride, transposeA: true, beta: 1, c: &output)
      } catch {
        throw .linearAlgebra(error)
      }
    }
    return othersLeft
  }

  /// Adds the sums over other rows.
  mutating func add(_ other: WeightedGram) {
    for index in positive.indices { positive[index] += other.positive[index] }
    if centre.isEmpty { centre = other.centre }
    if other.negative.isEmpty { return }
    if negative.isEmpty { negative = [Double](repeating: 0, count: positive.count) }
    for index in negative.indices { negative[index] += other.negative[index] }
  }

  /// Both triangles of `factor` times the sum, without the constant's row and column unless it is a parameter.
  func matrix(order: Int, times factor: Double) -> Matrix<Double> {
    let stride = Self.stride(columns)
    var matrix = Matrix<Double>.zeros(rows: order, columns: order)
    for row in 0..<order {
      for column in row..<order {
        let index = row * stride + column
        let sum = positive[index] - (negative.isEmpty ? 0 : negative[index])
        let value = factor * (sum - shifted(row, column))
        matrix.elements[row * order + column] = value
        matrix.elements[column * order + row] = value
      }
    }
    return matrix
  }

  /// What shifting rows that were added without would take from a sum: Σ w·zzᵀ for z = [a − c, 1] is that for [a, 1] less this, with the
  /// sums Σ w·a and Σ w in the constant's column.
  private func shifted(_ row: Int, _ column: Int) -> Double {
    guard !centre.isEmpty, row < columns else { return 0 }
    let stride = Self.stride(columns)
    let total = positive[columns * stride + columns]
    if column == columns { return centre[row] * total }
    let (first, second) = (positive[row * stride + columns], positive[column * stride + columns])
    return centre[row] * second + centre[column] * (first - centre[row] * total)
  }
}
