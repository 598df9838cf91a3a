// The requirements are documented; each conformance only repeats them.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CKernelInterface

/// The kernels of linear predictors in one precision. An implementation detail of ``Scalar``.
public protocol _ScalarFeatureKernels {
  /// `la_rows_times_vector_…`; `rows` points to an `la_feature_rows`.
  static func _rowsTimesVector(
    _ rows: UnsafeRawPointer, _ coefficients: UnsafePointer<Self>, _ shift: UnsafePointer<Self>?, _ constant: Self,
    _ offsets: UnsafePointer<Self>?, _ out: UnsafeMutablePointer<Self>)
  /// `la_transposed_times_vector_…`.
  static func _transposedTimesVector(
    _ rows: UnsafeRawPointer, _ factors: UnsafePointer<Self>, _ weights: UnsafePointer<Self>?,
    _ shift: UnsafePointer<Self>?, _ next: UnsafeRawPointer?, _ sums: UnsafeMutablePointer<Self>)
  /// `la_weighted_rows_…`.
  static func _weightedRows(
    _ rows: UnsafeRawPointer, _ shift: UnsafePointer<Double>, _ scale: UnsafePointer<Double>,
    _ weights: UnsafePointer<Self>?, _ sign: Double, _ out: UnsafeMutablePointer<Double>, _ outStride: Int
  ) -> Bool
}

extension Float: _ScalarFeatureKernels {
  public static func _rowsTimesVector(
    _ rows: UnsafeRawPointer, _ coefficients: UnsafePointer<Float>, _ shift: UnsafePointer<Float>?, _ constant: Float,
    _ offsets: UnsafePointer<Float>?, _ out: UnsafeMutablePointer<Float>
  ) {
    unsafe la_rows_times_vector_f32(
      rows.assumingMemoryBound(to: la_feature_rows.self).pointee, coefficients, shift, constant, offsets, out)
  }
  public static func _transposedTimesVector(
    _ rows: UnsafeRawPointer, _ factors: UnsafePointer<Float>, _ weights: UnsafePointer<Float>?,
    _ shift: UnsafePointer<Float>?, _ next: UnsafeRawPointer?, _ sums: UnsafeMutablePointer<Float>
  ) {
    unsafe la_transposed_times_vector_f32(
      rows.assumingMemoryBound(to: la_feature_rows.self).pointee, factors, weights, shift, next, sums)
  }
  public static func _weightedRows(
    _ rows: UnsafeRawPointer, _ shift: UnsafePointer<Double>, _ scale: UnsafePointer<Double>,
    _ weights: UnsafePointer<Float>?, _ sign: Double, _ out: UnsafeMutablePointer<Double>, _ outStride: Int
  ) -> Bool {
    unsafe la_weighted_rows_f32(
      rows.assumingMemoryBound(to: la_feature_rows.self).pointee, shift, scale, weights, sign, out, outStride)
  }
}

extension Double: _ScalarFeatureKernels {
  public static func _rowsTimesVector(
    _ rows: UnsafeRawPointer, _ coefficients: UnsafePointer<Double>, _ shift: UnsafePointer<Double>?,
    _ constant: Double, _ offsets: UnsafePointer<Double>?, _ out: UnsafeMutablePointer<Double>
  ) {
    unsafe la_rows_times_vector_f64(
      rows.assumingMemoryBound(to: la_feature_rows.self).pointee, coefficients, shift, constant, offsets, out)
  }
  public static func _transposedTimesVector(
    _ rows: UnsafeRawPointer, _ factors: UnsafePointer<Double>, _ weights: UnsafePointer<Double>?,
    _ shift: UnsafePointer<Double>?, _ next: UnsafeRawPointer?, _ sums: UnsafeMutablePointer<Double>
  ) {
    unsafe la_transposed_times_vector_f64(
      rows.assumingMemoryBound(to: la_feature_rows.self).pointee, factors, weights, shift, next, sums)
  }
  public static func _weightedRows(
    _ rows: UnsafeRawPointer, _ shift: UnsafePointer<Double>, _ scale: UnsafePointer<Double>,
    _ weights: UnsafePointer<Double>?, _ sign: Double, _ out: UnsafeMutablePointer<Double>, _ outStride: Int
  ) -> Bool {
    unsafe la_weighted_rows_f64(
      rows.assumingMemoryBound(to: la_feature_rows.self).pointee, shift, scale, weights, sign, out, outStride)
  }
}
