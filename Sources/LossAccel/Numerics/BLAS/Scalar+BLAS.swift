import COpenBLAS

/// The BLAS calls of one precision, row-major. An implementation detail of ``Scalar``.
///
/// Nothing is checked here; ``BLAS`` does that, once. Every call takes a ``_BLASAccess``, which only a BLAS that passed
/// its self-test hands out.
public protocol _ScalarBLAS {
  /// `cblas_?gemm`.
  static func _gemm(
    _ access: _BLASAccess, transposeA: Bool, transposeB: Bool, _ m: Int32, _ n: Int32, _ k: Int32,
    _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int32, _ b: UnsafePointer<Self>, _ ldb: Int32,
    _ beta: Self, _ c: UnsafeMutablePointer<Self>, _ ldc: Int32)
  /// `cblas_?gemv`.
  static func _gemv(
    _ access: _BLASAccess, transposeA: Bool, _ m: Int32, _ n: Int32,
    _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int32, _ x: UnsafePointer<Self>,
    _ beta: Self, _ y: UnsafeMutablePointer<Self>)
  /// `cblas_?syrk`.
  static func _syrk(
    _ access: _BLASAccess, lower: Bool, transposeA: Bool, _ n: Int32, _ k: Int32,
    _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int32, _ beta: Self, _ c: UnsafeMutablePointer<Self>, _ ldc: Int32)
  /// `cblas_?trsm`.
  static func _trsm(
    _ access: _BLASAccess, right: Bool, lower: Bool, transposeA: Bool, unitDiagonal: Bool, _ m: Int32, _ n: Int32,
    _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int32, _ b: UnsafeMutablePointer<Self>, _ ldb: Int32)
  /// `cblas_?trsv`.
  static func _trsv(
    _ access: _BLASAccess, lower: Bool, transposeA: Bool, unitDiagonal: Bool, _ n: Int32,
    _ a: UnsafePointer<Self>, _ lda: Int32, _ x: UnsafeMutablePointer<Self>)
  /// `cblas_?dot`.
  static func _dot(_ access: _BLASAccess, _ n: Int32, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Self
  /// `cblas_?axpy`.
  static func _axpy(
    _ access: _BLASAccess, _ n: Int32, _ alpha: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// `cblas_?nrm2`.
  static func _nrm2(_ access: _BLASAccess, _ n: Int32, _ x: UnsafePointer<Self>) -> Self
}

private func op(_ transposed: Bool) -> CBLAS_TRANSPOSE { transposed ? CblasTrans : CblasNoTrans }
private func triangle(_ lower: Bool) -> CBLAS_UPLO { lower ? CblasLower : CblasUpper }
private func side(_ right: Bool) -> CBLAS_SIDE { right ? CblasRight : CblasLeft }
private func diagonal(_ unit: Bool) -> CBLAS_DIAG { unit ? CblasUnit : CblasNonUnit }

extension Float: _ScalarBLAS {
  /// `cblas_sgemm`.
  public static func _gemm(
    _ access: _BLASAccess, transposeA: Bool, transposeB: Bool, _ m: Int32, _ n: Int32, _ k: Int32,
    _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32, _ b: UnsafePointer<Float>, _ ldb: Int32,
    _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int32
  ) {
    unsafe cblas_sgemm(CblasRowMajor, op(transposeA), op(transposeB), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
  }

  /// `cblas_sgemv`.
  public static func _gemv(
    _ access: _BLASAccess, transposeA: Bool, _ m: Int32, _ n: Int32,
    _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32, _ x: UnsafePointer<Float>,
    _ beta: Float, _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe cblas_sgemv(CblasRowMajor, op(transposeA), m, n, alpha, a, lda, x, 1, beta, y, 1)
  }

  /// `cblas_ssyrk`.
  public static func _syrk(
    _ access: _BLASAccess, lower: Bool, transposeA: Bool, _ n: Int32, _ k: Int32,
    _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32, _ beta: Float, _ c: UnsafeMutablePointer<Float>,
    _ ldc: Int32
  ) {
    unsafe cblas_ssyrk(CblasRowMajor, triangle(lower), op(transposeA), n, k, alpha, a, lda, beta, c, ldc)
  }

  /// `cblas_strsm`.
  public static func _trsm(
    _ access: _BLASAccess, right: Bool, lower: Bool, transposeA: Bool, unitDiagonal: Bool, _ m: Int32, _ n: Int32,
    _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32, _ b: UnsafeMutablePointer<Float>, _ ldb: Int32
  ) {
    unsafe cblas_strsm(
      CblasRowMajor, side(right), triangle(lower), op(transposeA), diagonal(unitDiagonal), m, n, alpha, a, lda, b, ldb)
  }

  /// `cblas_strsv`.
  public static func _trsv(
    _ access: _BLASAccess, lower: Bool, transposeA: Bool, unitDiagonal: Bool, _ n: Int32,
    _ a: UnsafePointer<Float>, _ lda: Int32, _ x: UnsafeMutablePointer<Float>
  ) {
    unsafe cblas_strsv(CblasRowMajor, triangle(lower), op(transposeA), diagonal(unitDiagonal), n, a, lda, x, 1)
  }

  /// `cblas_sdot`.
  public static func _dot(
    _ access: _BLASAccess, _ n: Int32, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>
  ) -> Float {
    unsafe cblas_sdot(n, x, 1, y, 1)
  }

  /// `cblas_saxpy`.
  public static func _axpy(
    _ access: _BLASAccess, _ n: Int32, _ alpha: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe cblas_saxpy(n, alpha, x, 1, y, 1)
  }

  /// `cblas_snrm2`.
  public static func _nrm2(_ access: _BLASAccess, _ n: Int32, _ x: UnsafePointer<Float>) -> Float {
    unsafe cblas_snrm2(n, x, 1)
  }
}

extension Double: _ScalarBLAS {
  /// `cblas_dgemm`.
  public static func _gemm(
    _ access: _BLASAccess, transposeA: Bool, transposeB: Bool, _ m: Int32, _ n: Int32, _ k: Int32,
    _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int32, _ b: UnsafePointer<Double>, _ ldb: Int32,
    _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int32
  ) {
    unsafe cblas_dgemm(CblasRowMajor, op(transposeA), op(transposeB), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
  }

  /// `cblas_dgemv`.
  public static func _gemv(
    _ access: _BLASAccess, transposeA: Bool, _ m: Int32, _ n: Int32,
    _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int32, _ x: UnsafePointer<Double>,
    _ beta: Double, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe cblas_dgemv(CblasRowMajor, op(transposeA), m, n, alpha, a, lda, x, 1, beta, y, 1)
  }

  /// `cblas_dsyrk`.
  public static func _syrk(
    _ access: _BLASAccess, lower: Bool, transposeA: Bool, _ n: Int32, _ k: Int32,
    _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int32, _ beta: Double, _ c: UnsafeMutablePointer<Double>,
    _ ldc: Int32
  ) {
    unsafe cblas_dsyrk(CblasRowMajor, triangle(lower), op(transposeA), n, k, alpha, a, lda, beta, c, ldc)
  }

  /// `cblas_dtrsm`.
  public static func _trsm(
    _ access: _BLASAccess, right: Bool, lower: Bool, transposeA: Bool, unitDiagonal: Bool, _ m: Int32, _ n: Int32,
    _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int32, _ b: UnsafeMutablePointer<Double>, _ ldb: Int32
  ) {
    unsafe cblas_dtrsm(
      CblasRowMajor, side(right), triangle(lower), op(transposeA), diagonal(unitDiagonal), m, n, alpha, a, lda, b, ldb)
  }

  /// `cblas_dtrsv`.
  public static func _trsv(
    _ access: _BLASAccess, lower: Bool, transposeA: Bool, unitDiagonal: Bool, _ n: Int32,
    _ a: UnsafePointer<Double>, _ lda: Int32, _ x: UnsafeMutablePointer<Double>
  ) {
    unsafe cblas_dtrsv(CblasRowMajor, triangle(lower), op(transposeA), diagonal(unitDiagonal), n, a, lda, x, 1)
  }

  /// `cblas_ddot`.
  public static func _dot(
    _ access: _BLASAccess, _ n: Int32, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>
  ) -> Double {
    unsafe cblas_ddot(n, x, 1, y, 1)
  }

  /// `cblas_daxpy`.
  public static func _axpy(
    _ access: _BLASAccess, _ n: Int32, _ alpha: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe cblas_daxpy(n, alpha, x, 1, y, 1)
  }

  /// `cblas_dnrm2`.
  public static func _nrm2(_ access: _BLASAccess, _ n: Int32, _ x: UnsafePointer<Double>) -> Double {
    unsafe cblas_dnrm2(n, x, 1)
  }
}
