/// The LAPACK calls of one precision, column-major. An implementation detail of ``Scalar``.
///
/// Nothing is checked here; ``LAPACK`` does that, once. Every call returns LAPACK's `info`. A call with `lwork` = -1 only writes
/// the best workspace size to `work`. Every call takes a ``_BLASAccess``, which only a library that passed its self-test hands out.
public protocol _ScalarLAPACK {
  /// Cholesky factor of one triangle of a symmetric positive definite matrix, in place.
  static func _potrf(
    _ access: _BLASAccess, uplo: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ lda: Int32
  ) -> Int32

  /// Inverse of a triangular matrix, in place.
  static func _trtri(
    _ access: _BLASAccess, uplo: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ lda: Int32
  ) -> Int32

  /// Reciprocal condition of an upper triangular matrix in the 1-norm, estimated.
  static func _trcon(
    _ access: _BLASAccess, _ n: Int32, _ a: UnsafePointer<Self>, _ lda: Int32, _ rcond: UnsafeMutablePointer<Self>,
    _ work: UnsafeMutablePointer<Self>, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32

  /// LU factors with row interchanges, in place.
  static func _getrf(
    _ access: _BLASAccess, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ lda: Int32,
    _ pivots: UnsafeMutablePointer<Int32>
  ) -> Int32

  /// AX = B or AᵀX = B with A as getrf left it; X replaces B.
  static func _getrs(
    _ access: _BLASAccess, trans: CChar, _ n: Int32, _ nrhs: Int32, _ a: UnsafePointer<Self>, _ lda: Int32,
    _ pivots: UnsafePointer<Int32>, _ b: UnsafeMutablePointer<Self>, _ ldb: Int32
  ) -> Int32

  /// Reciprocal condition in the ∞-norm of a matrix as getrf left it, estimated from its norm.
  static func _gecon(
    _ access: _BLASAccess, _ n: Int32, _ a: UnsafePointer<Self>, _ lda: Int32, norm: Self,
    _ rcond: UnsafeMutablePointer<Self>, _ work: UnsafeMutablePointer<Self>, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32

  /// Householder QR, in place.
  static func _geqrf(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ lda: Int32,
    _ tau: UnsafeMutablePointer<Self>, _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32

  /// Householder QR with column pivoting, in place.
  static func _geqp3(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ lda: Int32,
    _ pivots: UnsafeMutablePointer<Int32>, _ tau: UnsafeMutablePointer<Self>, _ work: UnsafeMutablePointer<Self>,
    _ lwork: Int32
  ) -> Int32

  /// C ← QC or QᵀC, with Q as geqrf left it.
  static func _ormqr(
    _ access: _BLASAccess, trans: CChar, _ m: Int32, _ n: Int32, _ k: Int32, _ a: UnsafePointer<Self>, _ lda: Int32,
    _ tau: UnsafePointer<Self>, _ c: UnsafeMutablePointer<Self>, _ ldc: Int32, _ work: UnsafeMutablePointer<Self>,
    _ lwork: Int32
  ) -> Int32

  /// [R S] = [T 0] Z: an upper trapezoid to a triangle, in place.
  static func _tzrzf(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ lda: Int32,
    _ tau: UnsafeMutablePointer<Self>, _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32

  /// C ← ZC or ZᵀC, with Z as tzrzf left it.
  static func _ormrz(
    _ access: _BLASAccess, trans: CChar, _ m: Int32, _ n: Int32, _ k: Int32, _ l: Int32, _ a: UnsafePointer<Self>,
    _ lda: Int32, _ tau: UnsafePointer<Self>, _ c: UnsafeMutablePointer<Self>, _ ldc: Int32,
    _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32

  /// The thin singular value decomposition by divide and conquer; destroys a.
  static func _gesdd(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ lda: Int32,
    _ s: UnsafeMutablePointer<Self>, _ u: UnsafeMutablePointer<Self>, _ ldu: Int32, _ vt: UnsafeMutablePointer<Self>,
    _ ldvt: Int32, _ work: UnsafeMutablePointer<Self>, _ lwork: Int32, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32

  /// Least squares of full rank by Householder QR, or minimum norm by LQ; destroys a, and x replaces b.
  static func _gels(
    _ access: _BLASAccess, trans: CChar, _ m: Int32, _ n: Int32, _ nrhs: Int32, _ a: UnsafeMutablePointer<Self>,
    _ lda: Int32, _ b: UnsafeMutablePointer<Self>, _ ldb: Int32, _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32

  /// min ‖Ax − c‖ subject to Bx = d by generalised RQ; destroys all four.
  static func _gglse(
    _ access: _BLASAccess, _ m: Int32, _ n: Int32, _ p: Int32, _ a: UnsafeMutablePointer<Self>, _ lda: Int32,
    _ b: UnsafeMutablePointer<Self>, _ ldb: Int32, _ c: UnsafeMutablePointer<Self>, _ d: UnsafeMutablePointer<Self>,
    _ x: UnsafeMutablePointer<Self>, _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32
}
