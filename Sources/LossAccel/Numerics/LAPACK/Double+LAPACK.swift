internal import COpenBLAS

extension Double: _ScalarLAPACK {
  /// LAPACK's `dpotrf`.
  public static func _potrf(
    _ access: _BLASAccess, uplo: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ lda: Int32
  ) -> Int32 {
    unsafe LAPACKE_dpotrf_work(
      LAPACK_COL_MAJOR, uplo, n, a, lda)
  }

  /// LAPACK's `dtrtri`.
  public static func _trtri(
    _ access: _BLASAccess, uplo: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ lda: Int32
  ) -> Int32 {
    unsafe LAPACKE_dtrtri_work(
      LAPACK_COL_MAJOR, uplo, ascii("N"), n, a, lda)
  }

  /// LAPACK's `dtrcon`.
  public static func _trcon(
    _ access: _BLASAccess, _ n: Int32, _ a: UnsafePointer<Double>, _ lda: Int32,
    _ rcond: UnsafeMutablePointer<Double>, _ work: UnsafeMutablePointer<Double>, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    unsafe LAPACKE_dtrcon_work(
      LAPACK_COL_MAJOR, ascii("1"), ascii("U"), ascii("N"), n, a, lda, rcond, work, iwork)
  }

  /// LAPACK's `dgetrf`.
  public static func _getrf(
    _ access: _BLASAccess, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ lda: Int32,
    _ pivots: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    unsafe LAPACKE_dgetrf_work(
      LAPACK_COL_MAJOR, n, n, a, lda, pivots)
  }

  /// LAPACK's `dgetrs`.
  public static func _getrs(
    _ access: _BLASAccess, trans: CChar, _ n: Int32, _ nrhs: Int32, _ a: UnsafePointer<Double>, _ lda: Int32,
    _ pivots: UnsafePointer<Int32>, _ b: UnsafeMutablePointer<Double>, _ ldb: Int32
  ) -> Int32 {
    unsafe LAPACKE_dgetrs_work(
      LAPACK_COL_MAJOR, trans, n, nrhs, a, lda, pivots, b, ldb)
  }

  /// LAPACK's `dgecon`.
  public static func _gecon(
    _ access: _BLASAccess, _ n: Int32, _ a: UnsafePointer<Double>, _ lda: Int32, norm: Double,
    _ rcond: UnsafeMutablePointer<Double>, _ work: UnsafeMutablePointer<Double>, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    unsafe LAPACKE_dgecon_work(
      LAPACK_COL_MAJOR, ascii("I"), n, a, lda, norm, rcond, work, iwork)
  }

  /// LAPACK's `dgeqrf`.
  public static func _geqrf(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ lda: Int32,
    _ tau: UnsafeMutablePointer<Double>, _ work: UnsafeMutablePointer<Double>, _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_dgeqrf_work(
      LAPACK_COL_MAJOR, m, n, a, lda, tau, work, lwork)
  }

  /// LAPACK's `dgeqp3`.
  public static func _geqp3(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ lda: Int32,
    _ pivots: UnsafeMutablePointer<Int32>, _ tau: UnsafeMutablePointer<Double>, _ work: UnsafeMutablePointer<Double>,
    _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_dgeqp3_work(
      LAPACK_COL_MAJOR, m, n, a, lda, pivots, tau, work, lwork)
  }

  /// LAPACK's `dormqr`.
  public static func _ormqr(
    _ access: _BLASAccess, trans: CChar, _ m: Int32, _ n: Int32, _ k: Int32, _ a: UnsafePointer<Double>, _ lda: Int32,
    _ tau: UnsafePointer<Double>, _ c: UnsafeMutablePointer<Double>, _ ldc: Int32,
    _ work: UnsafeMutablePointer<Double>, _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_dormqr_work(
      LAPACK_COL_MAJOR, ascii("L"), trans, m, n, k, a, lda, tau, c, ldc, work, lwork)
  }

  /// LAPACK's `dtzrzf`.
  public static func _tzrzf(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ lda: Int32,
    _ tau: UnsafeMutablePointer<Double>, _ work: UnsafeMutablePointer<Double>, _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_dtzrzf_work(
      LAPACK_COL_MAJOR, m, n, a, lda, tau, work, lwork)
  }

  /// LAPACK's `dormrz`.
  public static func _ormrz(
    _ access: _BLASAccess, trans: CChar, _ m: Int32, _ n: Int32, _ k: Int32, _ l: Int32, _ a: UnsafePointer<Double>,
    _ lda: Int32, _ tau: UnsafePointer<Double>, _ c: UnsafeMutablePointer<Double>, _ ldc: Int32,
    _ work: UnsafeMutablePointer<Double>, _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_dormrz_work(
      LAPACK_COL_MAJOR, ascii("L"), trans, m, n, k, l, a, lda, tau, c, ldc, work, lwork)
  }

  /// LAPACK's `dgesdd`.
  public static func _gesdd(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ lda: Int32,
    _ s: UnsafeMutablePointer<Double>, _ u: UnsafeMutablePointer<Double>, _ ldu: Int32,
    _ vt: UnsafeMutablePointer<Double>, _ ldvt: Int32, _ work: UnsafeMutablePointer<Double>, _ lwork: Int32,
    _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    unsafe LAPACKE_dgesdd_work(
      LAPACK_COL_MAJOR, ascii("S"), m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork)
  }

  /// LAPACK's `dgels`.
  public static func _gels(
    _ access: _BLASAccess, trans: CChar, _ m: Int32, _ n: Int32, _ nrhs: Int32, _ a: UnsafeMutablePointer<Double>,
    _ lda: Int32, _ b: UnsafeMutablePointer<Double>, _ ldb: Int32, _ work: UnsafeMutablePointer<Double>,
    _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_dgels_work(
      LAPACK_COL_MAJOR, trans, m, n, nrhs, a, lda, b, ldb, work, lwork)
  }

  /// LAPACK's `dgglse`.
  public static func _gglse(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ p: Int32, _ a: UnsafeMutablePointer<Double>, _ lda: Int32,
    _ b: UnsafeMutablePointer<Double>, _ ldb: Int32, _ c: UnsafeMutablePointer<Double>,
    _ d: UnsafeMutablePointer<Double>, _ x: UnsafeMutablePointer<Double>, _ work: UnsafeMutablePointer<Double>,
    _ lwork: Int32
  ) -> Int32 {
    unsafe LAPACKE_dgglse_work(
      LAPACK_COL_MAJOR, m, n, p, a, lda, b, ldb, c, d, x, work, lwork)
  }
}

private func ascii(_ letter: Unicode.Scalar) -> CChar { CChar(letter.value) }
