// The requirements are documented; each conformance only repeats them.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CKernelInterface

/// The kernels of sparse rows in one precision. An implementation detail of ``Scalar``.
public protocol _ScalarSparseKernels {
  /// `la_sparse_times_vector_…`; `rows` points to an `la_sparse_rows`.
  static func _sparseTimesVector(
    _ rows: UnsafeRawPointer, _ coefficients: UnsafePointer<Self>, _ constant: Self, _ offsets: UnsafePointer<Self>?,
    _ out: UnsafeMutablePointer<Self>)
  /// `la_sparse_transposed_times_vector_…`.
  static func _sparseTransposedTimesVector(
    _ rows: UnsafeRawPointer, _ factors: UnsafePointer<Self>, _ weights: UnsafePointer<Self>?,
    _ sums: UnsafeMutablePointer<Self>
  ) -> Self
  /// `la_sparse_gram_…`.
  static func _sparseGram(
    _ rows: UnsafeRawPointer, _ columns: Int, _ scale: UnsafePointer<Double>, _ weights: UnsafePointer<Self>?,
    _ gram: UnsafeMutablePointer<Double>, _ stride: Int, _ row: UnsafeMutablePointer<Double>)
  /// `la_sparse_weighted_rows_…`.
  static func _sparseWeightedRows(
    _ rows: UnsafeRawPointer, _ columns: Int, _ shift: UnsafePointer<Double>, _ scale: UnsafePointer<Double>,
    _ weights: UnsafePointer<Self>?, _ sign: Double, _ out: UnsafeMutablePointer<Double>, _ outStride: Int
  ) -> Bool
}

extension Float: _ScalarSparseKernels {
  public static func _sparseTimesVector(
    _ rows: UnsafeRawPointer, _ coefficients: UnsafePointer<Float>, _ constant: Float, _ offsets: UnsafePointer<Float>?,
    _ out: UnsafeMutablePointer<Float>
  ) {
    unsafe la_sparse_times_vector_f32(
      rows.assumingMemoryBound(to: la_sparse_rows.self).pointee, coefficients, constant, offsets, out)
  }
  public static func _sparseTransposedTimesVector(
    _ rows: UnsafeRawPointer, _ factors: UnsafePointer<Float>, _ weights: UnsafePointer<Float>?,
    _ sums: UnsafeMutablePointer<Float>
  ) -> Float {
    unsafe la_sparse_transposed_times_vector_f32(
      rows.assumingMemoryBound(to: la_sparse_rows.self).pointee, factors, weights, sums)
  }
  public static func _sparseGram(
    _ rows: UnsafeRawPointer, _ columns: Int, _ scale: UnsafePointer<Double>, _ weights: UnsafePointer<Float>?,
    _ gram: UnsafeMutablePointer<Double>, _ stride: Int, _ row: UnsafeMutablePointer<Double>
  ) {
    unsafe la_sparse_gram_f32(
      rows.assumingMemoryBound(to: la_sparse_rows.self).pointee, columns, scale, weights, gram, stride, row)
  }
  public static func _sparseWeightedRows(
    _ rows: UnsafeRawPointer, _ columns: Int, _ shift: UnsafePointer<Double>, _ scale: UnsafePointer<Double>,
    _ weights: UnsafePointer<Float>?, _ sign: Double, _ out: UnsafeMutablePointer<Double>, _ outStride: Int
  ) -> Bool {
    unsafe la_sparse_weighted_rows_f32(
      rows.assumingMemoryBound(to: la_sparse_rows.self).pointee, columns, shift, scale, weights, sign, out, outStride)
  }
}

extension Double: _ScalarSparseKernels {
  public static func _sparseTimesVector(
    _ rows: UnsafeRawPointer, _ coefficients: UnsafePointer<Double>, _ constant: Double,
    _ offsets: UnsafePointer<Double>?,
    _ out: UnsafeMutablePointer<Double>
  ) {
    unsafe la_sparse_times_vector_f64(
      rows.assumingMemoryBound(to: la_sparse_rows.self).pointee, coefficients, constant, offsets, out)
  }
  public static func _sparseTransposedTimesVector(
    _ rows: UnsafeRawPointer, _ factors: UnsafePointer<Double>, _ weights: UnsafePointer<Double>?,
    _ sums: UnsafeMutablePointer<Double>
  ) -> Double {
    unsafe la_sparse_transposed_times_vector_f64(
      rows.assumingMemoryBound(to: la_sparse_rows.self).pointee, factors, weights, sums)
  }
  public static func _sparseGram(
    _ rows: UnsafeRawPointer, _ columns: Int, _ scale: UnsafePointer<Double>, _ weights: UnsafePointer<Double>?,
    _ gram: UnsafeMutablePointer<Double>, _ stride: Int, _ row: UnsafeMutablePointer<Double>
  ) {
    unsafe la_sparse_gram_f64(
      rows.assumingMemoryBound(to: la_sparse_rows.self).pointee, columns, scale, weights, gram, stride, row)
  }
  public static func _sparseWeightedRows(
    _ rows: UnsafeRawPointer, _ columns: Int, _ shift: UnsafePointer<Double>, _ scale: UnsafePointer<Double>,
    _ weights: UnsafePointer<Double>?, _ sign: Double, _ out: UnsafeMutablePointer<Double>, _ outStride: Int
  ) -> Bool {
    unsafe la_sparse_weighted_rows_f64(
      rows.assumingMemoryBound(to: la_sparse_rows.self).pointee, columns, shift, scale, weights, sign, out, outStride)
  }
}
