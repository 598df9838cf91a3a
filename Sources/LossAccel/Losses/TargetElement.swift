/// A type that targets may be stored in. The kernels convert while they read, so no converted copy is ever made.
///
/// Integers beyond 2²⁴ (with `Float` predictions) or 2⁵³ (with `Double`) round to the nearest value of the predictions' type.
public protocol TargetElement: Sendable, _KernelReadable {}

/// A class label: an integer of any width, or `Bool`.
public protocol LabelElement: TargetElement {}

extension Int8: LabelElement {}
extension Int16: LabelElement {}
extension Int32: LabelElement {}
extension Int64: LabelElement {}
extension Int: LabelElement {}
extension UInt8: LabelElement {}
extension UInt16: LabelElement {}
extension UInt32: LabelElement {}
extension UInt64: LabelElement {}
extension UInt: LabelElement {}
extension Bool: LabelElement {}
#if !(os(macOS) && arch(x86_64))
  extension Float16: TargetElement {}
#endif
