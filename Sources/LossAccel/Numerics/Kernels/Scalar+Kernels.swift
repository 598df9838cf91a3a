// The requirements are documented; each conformance only repeats them.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CKernelInterface

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
}
