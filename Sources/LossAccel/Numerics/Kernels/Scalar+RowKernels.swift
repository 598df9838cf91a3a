// The requirements are documented; each conformance only repeats them.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CKernelInterface

/// The row-kernel calls of one precision. An implementation detail of ``Scalar``.
///
/// Batches and results are passed as raw pointers to the kernels' structures, which are not part of the public interface.
public protocol _ScalarRowKernels {
  /// `la_softmax_…`.
  static func _softmax(_ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer)
  /// `la_softmax_weight_…`.
  static func _softmaxWeight(_ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer)
  /// `la_softmax_shares_…`.
  static func _softmaxShares(_ batch: UnsafeRawPointer, _ begin: Int, _ end: Int)
  /// `la_softmax_product_…`.
  static func _softmaxProduct(
    _ batch: UnsafeRawPointer, _ kind: UInt32, _ vector: UnsafePointer<Self>?, _ output: UnsafeMutablePointer<Self>,
    _ begin: Int, _ end: Int)
  /// `la_ordinal_…`.
  static func _ordinal(_ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ sums: UnsafeMutablePointer<Double>)
  /// `la_gaussian_…`.
  static func _gaussian(_ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ sums: UnsafeMutablePointer<Double>)
  /// `la_row_loss_…`.
  static func _rowLoss(_ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer)
  /// `la_cross_entropy_…`.
  static func _crossEntropy(_ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer)
}

extension Float: _ScalarRowKernels {
  public static func _softmax(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer
  ) {
    unsafe result.storeBytes(
      of: la_softmax_f32(batch.assumingMemoryBound(to: la_softmax.self), Int64(begin), Int64(end)),
      as: la_rows_result.self)
  }
  public static func _softmaxWeight(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer
  ) {
    unsafe result.storeBytes(
      of: la_softmax_weight_f32(batch.assumingMemoryBound(to: la_softmax.self), Int64(begin), Int64(end)),
      as: la_softmax_weights.self)
  }
  public static func _softmaxShares(_ batch: UnsafeRawPointer, _ begin: Int, _ end: Int) {
    unsafe la_softmax_shares_f32(
      batch.assumingMemoryBound(to: la_softmax_curvature.self), Int64(begin), Int64(end))
  }
  public static func _softmaxProduct(
    _ batch: UnsafeRawPointer, _ kind: UInt32, _ vector: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, _ begin: Int, _ end: Int
  ) {
    unsafe la_softmax_product_f32(
      batch.assumingMemoryBound(to: la_softmax_curvature.self), la_softmax_operator(rawValue: kind)!, vector, output,
      Int64(begin), Int64(end))
  }
  public static func _ordinal(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ sums: UnsafeMutablePointer<Double>
  ) {
    unsafe la_ordinal_f32(batch.assumingMemoryBound(to: la_ordinal.self), Int64(begin), Int64(end), sums)
  }
  public static func _gaussian(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ sums: UnsafeMutablePointer<Double>
  ) {
    unsafe la_gaussian_f32(batch.assumingMemoryBound(to: la_gaussian.self), Int64(begin), Int64(end), sums)
  }
  public static func _rowLoss(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer
  ) {
    unsafe result.storeBytes(
      of: la_row_loss_f32(batch.assumingMemoryBound(to: la_row_loss.self), Int64(begin), Int64(end)),
      as: la_rows_result.self)
  }
  public static func _crossEntropy(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer
  ) {
    unsafe result.storeBytes(
      of: la_cross_entropy_f32(batch.assumingMemoryBound(to: la_cross_entropy.self), Int64(begin), Int64(end)),
      as: la_rows_result.self)
  }
}

extension Double: _ScalarRowKernels {
  public static func _softmax(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer
  ) {
    unsafe result.storeBytes(
      of: la_softmax_f64(batch.assumingMemoryBound(to: la_softmax.self), Int64(begin), Int64(end)),
      as: la_rows_result.self)
  }
  public static func _softmaxWeight(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer
  ) {
    unsafe result.storeBytes(
      of: la_softmax_weight_f64(batch.assumingMemoryBound(to: la_softmax.self), Int64(begin), Int64(end)),
      as: la_softmax_weights.self)
  }
  public static func _softmaxShares(_ batch: UnsafeRawPointer, _ begin: Int, _ end: Int) {
    unsafe la_softmax_shares_f64(
      batch.assumingMemoryBound(to: la_softmax_curvature.self), Int64(begin), Int64(end))
  }
  public static func _softmaxProduct(
    _ batch: UnsafeRawPointer, _ kind: UInt32, _ vector: UnsafePointer<Double>?,
    _ output: UnsafeMutablePointer<Double>, _ begin: Int, _ end: Int
  ) {
    unsafe la_softmax_product_f64(
      batch.assumingMemoryBound(to: la_softmax_curvature.self), la_softmax_operator(rawValue: kind)!, vector, output,
      Int64(begin), Int64(end))
  }
  public static func _ordinal(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ sums: UnsafeMutablePointer<Double>
  ) {
    unsafe la_ordinal_f64(batch.assumingMemoryBound(to: la_ordinal.self), Int64(begin), Int64(end), sums)
  }
  public static func _gaussian(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ sums: UnsafeMutablePointer<Double>
  ) {
    unsafe la_gaussian_f64(batch.assumingMemoryBound(to: la_gaussian.self), Int64(begin), Int64(end), sums)
  }
  public static func _rowLoss(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer
  ) {
    unsafe result.storeBytes(
      of: la_row_loss_f64(batch.assumingMemoryBound(to: la_row_loss.self), Int64(begin), Int64(end)),
      as: la_rows_result.self)
  }
  public static func _crossEntropy(
    _ batch: UnsafeRawPointer, _ begin: Int, _ end: Int, _ result: UnsafeMutableRawPointer
  ) {
    unsafe result.storeBytes(
      of: la_cross_entropy_f64(batch.assumingMemoryBound(to: la_cross_entropy.self), Int64(begin), Int64(end)),
      as: la_rows_result.self)
  }
}
