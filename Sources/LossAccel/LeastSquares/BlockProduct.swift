/// Gram matrices of packed rows, block by block.
struct BlockProduct {
  /// Who multiplies.
  enum Kind: Sendable {
    /// Our own kernel, on blocks that stay in the nearest cache.
    case narrow
    /// BLAS, which wants longer blocks.
    case wide
    /// BLAS in single precision, which takes half the time.
    case coarse

    func blockRows(stride: Int) -> Int {
      switch self {
      // A block of about 32 KiB stays in the first-level cache between packing and multiplying.
      case .narrow: max(32, min(128, 4096 / stride / 8 * 8))
      case .wide, .coarse: 384
      }
    }
  }

  private let stride: Int
  private let kind: Kind
  /// Rows to be multiplied, `stride` apart.
  var block: [Double]
  private var double: [Double] = []
  private var single: [Float] = []
  private var singleBlock: [Float] = []

  init(stride: Int, blockRows: Int, kind: Kind) {
    (self.stride, self.kind) = (stride, kind)
    block = [Double](repeating: 0, count: blockRows * stride)
    if kind == .coarse {
      singleBlock = [Float](repeating: 0, count: block.count)
      single = [Float](repeating: 0, count: stride * stride)
    } else {
      double = [Double](repeating: 0, count: stride * stride)
    }
  }

  /// The sum so far; its upper triangle, row-major.
  var gram: [Double] { kind == .coarse ? single.map(Double.init) : double }

  /// Adds the products of the block's first rows.
  mutating func add(rows: Int) throws(LinearAlgebraError) {
    let packed = block
    defer { extendLifetime(packed) }
    switch kind {
    case .narrow:
      let size = stride
      var span = double.mutableSpan
      LeastSquaresKernels.gram(packed.span, rows: rows, order: size, into: &span)
    case .wide:
      let size = stride
      var span = double.mutableSpan
      try BLAS.syrk(size: size, inner: rows, a: packed.span, aStride: size, transposeA: true, beta: 1, c: &span)
    case .coarse:
      let size = stride
      // Taken out and put back: two spans of one structure's arrays would overlap.
      var narrow = singleBlock
      singleBlock = []
      let source = packed.span
      var target = narrow.mutableSpan
      for index in 0..<rows * size { target[index] = Float(source[index]) }
      var span = single.mutableSpan
      try BLAS.syrk(size: size, inner: rows, a: narrow.span, aStride: size, transposeA: true, beta: 1, c: &span)
      singleBlock = narrow
    }
  }
}
