/// How the rows of a linear model are cut: into chunks for the threads, and chunks into blocks for the caches. By the shape alone.
enum LinearBlocks {
  /// The rows of a block: about 128 KiB, since it is read two or three times and should be in the second cache by then. With a Hessian for
  /// BLAS at least 256, so that its sums are not read and written again for every few rows; and many where it is read once.
  static func blockRows(of features: any FeatureRows, wantsHessian: Bool = false, isReadOnce: Bool = false) -> Int {
    if isReadOnce { return max(2048, features.fewestRowsPerBlock) }
    let fewest = wantsHessian && WeightedGram.stride(features.columns) > WeightedGram.ownKernelLimit ? 256 : 32
    return max(
      fewest, features.fewestRowsPerBlock, min(2048, (128 << 10) / max(features.bytesPerRow, 1) / 16 * 16))
  }

  /// The rows of a chunk: many chunks for balance, few where every one brings large Gram matrices.
  static func chunkRows(of features: any FeatureRows, grams: Int) -> Int {
    var chunks = 64
    if grams > 0 {
      let order = WeightedGram.stride(features.columns)
      let budget = max(64 << 20, features.rows * features.bytesPerRow / 4)
      chunks = max(2, min(chunks, budget / (8 * order * order * grams)))
    }
    let rows = (features.rows + chunks - 1) / chunks
    return max(1024, features.fewestRowsPerBlock, (rows + 31) / 32 * 32)
  }
}
