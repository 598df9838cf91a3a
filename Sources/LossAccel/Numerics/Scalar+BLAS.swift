import COpenBLAS

/// The BLAS calls of one precision. An implementation detail of ``Scalar``.
public protocol _ScalarBLAS {}

extension Float: _ScalarBLAS {}
extension Double: _ScalarBLAS {}
