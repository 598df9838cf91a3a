// The requirements are documented; each conformance only repeats them.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CVectorKernels

/// The vector-kernel calls of one precision. An implementation detail of ``Scalar``.
public protocol _ScalarKernels: _KernelReadable {
  /// `la_run_…`.
  static func _run(
    _ program: UnsafeRawPointer, _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int,
    _ sums: UnsafeMutablePointer<Double>
  ) -> (sample: Int, check: Int)
  /// `la_sum_weights_…`.
  static func _sumWeights(
    _ weights: UnsafePointer<Self>, _ begin: Int, _ end: Int, _ sum: UnsafeMutablePointer<Double>
  ) -> Int
  /// out ← f(x, y) elementwise, f by the kernels' number.
  static func _primitive(
    _ function: UInt32, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>?, _ out: UnsafeMutablePointer<Self>,
    _ count: Int)
}

extension Float: _ScalarKernels {
  public static func _run(
    _ program: UnsafeRawPointer, _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int,
    _ sums: UnsafeMutablePointer<Double>
  ) -> (sample: Int, check: Int) {
    let violation = unsafe la_run_f32(
      program.assumingMemoryBound(to: la_program.self), batch.assumingMemoryBound(to: la_batch.self), Int64(begin),
      Int64(end), sums)
    return (Int(violation.sample), Int(violation.check))
  }
  public static func _sumWeights(
    _ weights: UnsafePointer<Float>, _ begin: Int, _ end: Int, _ sum: UnsafeMutablePointer<Double>
  ) -> Int { unsafe Int(la_sum_weights_f32(weights, Int64(begin), Int64(end), sum)) }
  public static func _primitive(
    _ function: UInt32, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>?, _ out: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    unsafe la_primitive_f32(la_primitive_id(rawValue: function), x, y, out, count)
  }
}

extension Double: _ScalarKernels {
  public static func _run(
    _ program: UnsafeRawPointer, _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int,
    _ sums: UnsafeMutablePointer<Double>
  ) -> (sample: Int, check: Int) {
    let violation = unsafe la_run_f64(
      program.assumingMemoryBound(to: la_program.self), batch.assumingMemoryBound(to: la_batch.self), Int64(begin),
      Int64(end), sums)
    return (Int(violation.sample), Int(violation.check))
  }
  public static func _sumWeights(
    _ weights: UnsafePointer<Double>, _ begin: Int, _ end: Int, _ sum: UnsafeMutablePointer<Double>
  ) -> Int { unsafe Int(la_sum_weights_f64(weights, Int64(begin), Int64(end), sum)) }
  public static func _primitive(
    _ function: UInt32, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>?, _ out: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    unsafe la_primitive_f64(la_primitive_id(rawValue: function), x, y, out, count)
  }
}
