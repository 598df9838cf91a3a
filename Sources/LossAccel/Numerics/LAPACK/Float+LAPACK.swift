internal import COpenBLAS

extension Float: _ScalarLAPACK {
  /// LAPACK's `spotrf`.
  public static func _potrf(
    _ access: _BLASAccess, uplo: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ lda: Int32
  ) -> Int32 {
    unsafe LAPACKE_spotrf_work(
      LAPACK_COL_MAJOR, uplo, n, a, lda)
  }

  /// LAPACK's `strtri`.
  public static func _trtri(
    _ access: _BLASAccess, uplo: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ lda: Int32
  ) -> Int32 {
    unsafe LAPACKE_strtri_work(
      LAPACK_COL_MAJOR, uplo, ascii("N"), n, a, lda)
  }

  /// LAPACK's `strcon`.
  public static func _trcon(
    _ access: _BLASAccess, _ n: Int32, _ a: UnsafePointer<Float>, _ lda: Int32, _ rcond: UnsafeMutablePointer<Float>,
    _ work: UnsafeMutablePointer<Float>, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    unsafe LAPACKE_strcon_work(
      LAPACK_COL_MAJOR, ascii("1"), ascii("U"), ascii("N"), n, a, lda, rcond, work, iwork)
  }

  /// LAPACK's `sgetrf`.
  public static func _getrf(
    _ access: _BLASAccess, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ lda: Int32,
    _ pivots: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    unsafe LAPACKE_sgetrf_work(
      LAPACK_COL_MAJOR, n, n, a, lda, pivots)
  }

  /// LAPACK's `sgetrs`.
  public static func _getrs(
    _ access: _BLASAccess, trans: CChar, _ n: Int32, _ nrhs: Int32, _ a: UnsafePointer<Float>, _ lda: Int32,
    _ pivots: UnsafePointer<Int32>, _ b: UnsafeMutablePointer<Float>, _ ldb: Int32
  ) -> Int32 {
    unsafe LAPACKE_sgetrs_work(
      LAPACK_COL_MAJOR, trans, n, nrhs, a, lda, pivots, b, ldb)
  }

  /// LAPACK's `sgecon`.
  public static func _gecon(
    _ access: _BLASAccess, _ n: Int32, _ a: UnsafePointer<Float>, _ lda: Int32, norm: Float,
    _ rcond: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    unsafe LAPACKE_sgecon_work(
      LAPACK_COL_MAJOR, ascii("I"), n, a, lda, norm, rcond, work, iwork)
  }

  /// LAPACK's `sgeqrf`.
  public static func _geqrf(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ lda: Int32,
    _ tau: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_sgeqrf_work(
      LAPACK_COL_MAJOR, m, n, a, lda, tau, work, lwork)
  }

  /// LAPACK's `sgeqp3`.
  public static func _geqp3(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ lda: Int32,
    _ pivots: UnsafeMutablePointer<Int32>, _ tau: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>,
    _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_sgeqp3_work(
      LAPACK_COL_MAJOR, m, n, a, lda, pivots, tau, work, lwork)
  }

  /// LAPACK's `sormqr`.
  public static func _ormqr(
    _ access: _BLASAccess, trans: CChar, _ m: Int32, _ n: Int32, _ k: Int32, _ a: UnsafePointer<Float>, _ lda: Int32,
    _ tau: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ ldc: Int32, _ work: UnsafeMutablePointer<Float>,
    _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_sormqr_work(
      LAPACK_COL_MAJOR, ascii("L"), trans, m, n, k, a, lda, tau, c, ldc, work, lwork)
  }

  /// LAPACK's `stzrzf`.
  public static func _tzrzf(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ lda: Int32,
    _ tau: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_stzrzf_work(
      LAPACK_COL_MAJOR, m, n, a, lda, tau, work, lwork)
  }

  /// LAPACK's `sormrz`.
  public static func _ormrz(
    _ access: _BLASAccess, trans: CChar, _ m: Int32, _ n: Int32, _ k: Int32, _ l: Int32, _ a: UnsafePointer<Float>,
    _ lda: Int32, _ tau: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ ldc: Int32,
    _ work: UnsafeMutablePointer<Float>, _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_sormrz_work(
      LAPACK_COL_MAJOR, ascii("L"), trans, m, n, k, l, a, lda, tau, c, ldc, work, lwork)
  }

  /// LAPACK's `sgesdd`.
  public static func _gesdd(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ lda: Int32,
    _ s: UnsafeMutablePointer<Float>, _ u: UnsafeMutablePointer<Float>, _ ldu: Int32,
    _ vt: UnsafeMutablePointer<Float>, _ ldvt: Int32, _ work: UnsafeMutablePointer<Float>, _ lwork: Int32,
    _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    unsafe LAPACKE_sgesdd_work(
      LAPACK_COL_MAJOR, ascii("S"), m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork)
  }

  /// LAPACK's `sgels`.
  public static func _gels(
    _ access: _BLASAccess, trans: CChar, _ m: Int32, _ n: Int32, _ nrhs: Int32, _ a: UnsafeMutablePointer<Float>,
    _ lda: Int32, _ b: UnsafeMutablePointer<Float>, _ ldb: Int32, _ work: UnsafeMutablePointer<Float>, _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_sgels_work(
      LAPACK_COL_MAJOR, trans, m, n, nrhs, a, lda, b, ldb, work, lwork)
  }

  /// LAPACK's `sgglse`.
  public static func _gglse(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ p: Int32, _ a: UnsafeMutablePointer<Float>, _ lda: Int32,
    _ b: UnsafeMutablePointer<Float>, _ ldb: Int32, _ c: UnsafeMutablePointer<Float>,
    _ d: UnsafeMutablePointer<Float>, _ x: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>,
    _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_sgglse_work(
      LAPACK_COL_MAJOR, m, n, p, a, lda, b, ldb, c, d, x, work, lwork)
  }
}

private func ascii(_ letter: Unicode.Scalar) -> CChar { CChar(letter.value) }
