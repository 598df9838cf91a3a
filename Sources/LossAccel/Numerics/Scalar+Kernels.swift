import CVectorKernels

/// The vector-kernel calls of one precision. An implementation detail of ``Scalar``.
public protocol _ScalarKernels {}

extension Float: _ScalarKernels {}
extension Double: _ScalarKernels {}
