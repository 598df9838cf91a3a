/// The Hessian of a linear model of several outputs: for every pair of outputs k ≤ l the matrix Σ hᵢ[k][l]·zᵢzᵢᵀ, where hᵢ is the
/// curvature of row i's loss and zᵢ the row.
struct OutputGrams: Sendable {
  private let outputs: Int
  /// Of the pair (k, l) at l(l + 1)/2 + k.
  private var grams: [WeightedGram]

  init(columns: Int, outputs: Int) {
    self.outputs = outputs
    grams = [WeightedGram](repeating: WeightedGram(columns: columns), count: outputs * (outputs + 1) / 2)
  }

  /// Adds the rows of a block, whose curvatures `multiply` multiplies a vector with, row by row.
  mutating func add(
    _ panels: RowPanels, _ block: Range<Int>, _ workspace: inout Workspace,
    multiply: (_ vector: Span<Double>, _ product: inout MutableSpan<Double>) -> Void
  ) throws(ObjectiveError) {
    let count = block.count
    // The buffers are taken out for as long as they are written to: two fields of one value cannot be at once.
    var (unit, column, weights, panel) = ([Double](), [Double](), [Double](), [Double]())
    workspace.exchange(&unit, &column, &weights, &panel)
    defer { workspace.exchange(&unit, &column, &weights, &panel) }
    for second in 0..<outputs {
      for row in 0..<count { unit[row * outputs + second] = 1 }
      var all = column.mutableSpan
      all.withSlice(0..<count * outputs) { slice in multiply(unit.span.extracting(0..<count * outputs), &slice) }
      for row in 0..<count { unit[row * outputs + second] = 0 }
      for first in 0...second {
        for row in 0..<count { weights[row] = column[row * outputs + first] }
        try grams[second * (second + 1) / 2 + first].add(
          panels.features, block, weights: weights.span.extracting(0..<count), panels.coordinates, &panel)
      }
    }
  }

  /// Adds the sums over other rows.
  mutating func add(_ other: OutputGrams) {
    for index in grams.indices { grams[index].add(other.grams[index]) }
  }

  /// `factor` times the whole matrix: the parameter of factor i and output k is the (i·outputs + k)-th.
  func matrix(width: Int, times factor: Double) -> Matrix<Double> {
    let order = width * outputs
    var elements = [Double](repeating: 0, count: order * order)
    for second in 0..<outputs {
      for first in 0...second {
        let block = grams[second * (second + 1) / 2 + first].matrix(order: width, times: factor).elements
        for i in 0..<width {
          for j in 0..<width {
            let value = block[i * width + j]
            elements[(i * outputs + first) * order + j * outputs + second] = value
            elements[(i * outputs + second) * order + j * outputs + first] = value
          }
        }
      }
    }
    return Matrix(rows: order, columns: order, elements: elements)
  }

  /// Buffers for a block.
  struct Workspace {
    private var unit, column, weights, panel: [Double]

    init(_ panels: RowPanels, outputs: Int) {
      unit = [Double](repeating: 0, count: panels.blockRows * outputs)
      column = unit
      weights = [Double](repeating: 0, count: panels.blockRows)
      panel = [Double](repeating: 0, count: panels.blockRows * panels.stride)
    }

    fileprivate mutating func exchange(
      _ unit: inout [Double], _ column: inout [Double], _ weights: inout [Double], _ panel: inout [Double]
    ) {
      swap(&self.unit, &unit)
      swap(&self.column, &column)
      swap(&self.weights, &weights)
      swap(&self.panel, &panel)
    }
  }
}
