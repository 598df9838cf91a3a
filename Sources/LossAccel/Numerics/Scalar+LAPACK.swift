import COpenBLAS

/// The LAPACK calls of one precision. An implementation detail of ``Scalar``.
public protocol _ScalarLAPACK {}

extension Float: _ScalarLAPACK {}
extension Double: _ScalarLAPACK {}
