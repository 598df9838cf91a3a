/// A floating-point type that LossAccel computes in: `Float` or `Double`.
///
/// The underscored requirements are one-line forwarders to the s and d variants of BLAS, LAPACK and the vector kernels.
/// They are the package's own door to C; a conformance for any other type is not supported.
public protocol Scalar: BinaryFloatingPoint, LosslessStringConvertible, Sendable,
  TargetElement, _ScalarBLAS, _ScalarLAPACK, _ScalarKernels, _ScalarRowKernels, _ScalarFeatureKernels,
  _ScalarSparseKernels, _ScalarErasure, StoredElement
where Arithmetic == Self {}

extension Float: Scalar {}
extension Double: Scalar {}
