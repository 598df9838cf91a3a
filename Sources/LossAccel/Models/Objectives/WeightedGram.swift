/// Σ wᵢ·zᵢzᵢᵀ over blocks of rows, z = [(x − shift)·scale, 1], for weights of either sign: the Hessian of a linear model.
///
/// Rows are multiplied by √|w| while they are copied into a panel in the cache, and the panel is multiplied with itself; rows of negative
/// weight go into a second matrix, which is subtracted at the end.
struct WeightedGram: Sendable {
  private let columns: Int
  /// Row-major, upper triangle.
  private var positive: [Double]
  private var negative: [Double] = []
  /// In place of `positive` where BLAS multiplies, and may round.
  private var rounded: [Float] = []
  private var roundedPanel: [Float] = []
  /// shift·scale of the columns, where rows were added without being shifted.
  private var centre: [Double] = []

  /// Rows are padded to whole vectors.
  static func stride(_ columns: Int) -> Int { (columns + 1 + 7) / 8 * 8 }

  /// Beyond this order BLAS is faster than our own kernel.
  static let ownKernelLimit = 256

  /// - Parameter isRounded: Whether sums may be those of `Float`s, where these are faster.
  init(columns: Int, isRounded: Bool = false) {
    self.columns = columns
    let stride = Self.stride(columns)
    positive = [Double](repeating: 0, count: stride * stride)
    if isRounded && stride > Self.ownKernelLimit { rounded = [Float](repeating: 0, count: stride * stride) }
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
    let othersLeft = Self.weigh(features, block, weights, 1, coordinates, &panel)
    if rounded.isEmpty {
      try Self.multiply(panel, block.count, stride, addTo: &positive)
    } else {
      try addRounded(panel.span.extracting(0..<size), block.count, stride)
    }
    if othersLeft {
      if negative.isEmpty { negative = [Double](repeating: 0, count: positive.count) }
      _ = Self.weigh(features, block, weights, -1, coordinates, &panel)
      try Self.multiply(panel, block.count, stride, addTo: &negative)
    }
  }

  private mutating func addRounded(
    _ panel: Span<Double>, _ rows: Int, _ stride: Int
  ) throws(ObjectiveError) {
    // Out of its place, since a span of one property and a change of another are for variables of their own.
    var single = roundedPanel
    roundedPanel = []
    if single.count < panel.count { single = [Float](repeating: 0, count: panel.count) }
    var output = single.mutableSpan
    RowKernels.round(panel, into: &output)
    try Self.multiplyByBLAS(single.span, rows, stride, addTo: &rounded)
    roundedPanel = single
  }

  /// Returns whether rows of the other sign are left.
  private static func weigh<A: Scalar>(
    _ features: any FeatureRows, _ block: Range<Int>, _ weights: Span<A>, _ sign: Double,
    _ coordinates: ColumnCoordinates, _ panel: inout [Double]
  ) -> Bool {
    var rows = panel.mutableSpan
    return features.weightedRows(
      block, shift: coordinates.shift.span, scale: coordinates.scale.span, weights: weights, sign: sign, into: &rows,
      stride: stride(features.columns))
  }

  /// gram += panelᵀ·panel
  private static func multiply(
    _ panel: [Double], _ rows: Int, _ stride: Int, addTo gram: inout [Double]
  ) throws(ObjectiveError) {
    if stride > ownKernelLimit { return try multiplyByBLAS(panel.span, rows, stride, addTo: &gram) }
    var output = gram.mutableSpan
    LeastSquaresKernels.gram(panel.span, rows: rows, order: stride, into: &output)
  }

  private static func multiplyByBLAS<T: Scalar>(
    _ panel: Span<T>, _ rows: Int, _ stride: Int, addTo gram: inout [T]
  ) throws(ObjectiveError) {
    var output = gram.mutableSpan
    do throws(LinearAlgebraError) {
      try BLAS.syrk(size: stride, inner: rows, a: panel, aStride: stride, transposeA: true, beta: 1, c: &output)
    } catch {
      throw .linearAlgebra(error)
    }
  }

  /// Adds the sums over other rows.
  mutating func add(_ other: WeightedGram) {
    for index in positive.indices { positive[index] += other.positive[index] }
    for index in rounded.indices { rounded[index] += other.rounded[index] }
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
        let sum =
          positive[index] + (rounded.isEmpty ? 0 : Double(rounded[index])) - (negative.isEmpty ? 0 : negative[index])
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
