/// The features of a linear model: one row per sample, one column per feature, in the type they are stored in.
///
/// Building one copies nothing: arrays and matrices are shared. Models compute in `Double` whatever the storage is; elements are
/// converted in registers while they are read.
///
/// ```swift
/// let dense = FeatureMatrix(matrix)                                    // Matrix<Float> or Matrix<Double>
/// let half = FeatureMatrix(rows: 1000, columns: 20, elements: halves)  // [Float16] or [BrainFloat16]
/// let sparse = FeatureMatrix(words)                                    // SparseMatrix<Float> or SparseMatrix<Double>
/// ```
public struct FeatureMatrix: Sendable {
  let storage: any FeatureRows

  /// The number of samples.
  public var rows: Int { storage.rows }
  /// The number of features.
  public var columns: Int { storage.columns }

  /// The rows of a matrix, shared with it.
  public init<T: Scalar>(_ matrix: Matrix<T>) {
    let stored: DenseRows.Storage =
      switch T._erase(matrix.elements) {
      case .single(let elements): .single(elements)
      case .double(let elements): .double(elements)
      }
    storage = DenseRows(stored, rows: matrix.rows, columns: matrix.columns)
  }

  /// The rows of a sparse matrix, shared with it.
  ///
  /// Every pass takes time in proportion to the elements that are stored, plus a few sums per column; columns are shifted and scaled by
  /// algebra, never filled in. A Hessian takes the sum of the rows' squared numbers of elements, and is dense: for more than a few thousand
  /// columns choose an optimiser that needs products only, as ``AutomaticOptimizer`` does.
  public init<T: Scalar>(_ matrix: SparseMatrix<T>) { storage = SparseRows(matrix) }

  /// Rows of brain floats, one after the other.
  ///
  /// - Precondition: `elements.count == rows * columns`.
  public init(rows: Int, columns: Int, elements: [BrainFloat16]) {
    storage = DenseRows(.brain(elements), rows: rows, columns: columns)
  }

  #if !(os(macOS) && arch(x86_64))
    /// Rows of half-precision numbers, one after the other.
    ///
    /// - Precondition: `elements.count == rows * columns`.
    public init(rows: Int, columns: Int, elements: [Float16]) {
      storage = DenseRows(.half(elements), rows: rows, columns: columns)
    }
  #endif

  /// One element, widened exactly.
  public subscript(row: Int, column: Int) -> Double {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "no element [\(row), \(column)] in \(rows) × \(columns)")
    return storage[row, column]
  }
}

extension FeatureMatrix {
  /// The first element that is infinite or NaN in a row that counts.
  func firstNonFinite(counts: (Int) -> Bool) -> (row: Int, column: Int, value: Double)? {
    storage.firstNonFinite(counts: counts)
  }
}
