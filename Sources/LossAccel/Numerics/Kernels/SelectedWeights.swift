import CKernelInterface

extension Weights {
  /// The sum of the weights of the samples that mask and `selection` let through, and the index of the first weight under the mask
  /// that is negative, infinite or NaN.
  package static func sum<T: Scalar>(
    _ weights: Span<T>?, mask: Span<Bool>?, selection: Span<Bool>? = nil, count: Int
  ) -> (total: Double, invalid: Int?) {
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(weights)
      extendLifetime(mask)
      extendLifetime(selection)
    }
    var parts = [2 of Double](repeating: 0)
    let invalid = unsafe withUnsafeMutableBytes(of: &parts) { bytes in
      unsafe la_selected_weight(
        T._kernelType, address(weights), address(mask)?.assumingMemoryBound(to: UInt8.self),
        address(selection)?.assumingMemoryBound(to: UInt8.self), Int64(count),
        bytes.baseAddress!.assumingMemoryBound(to: Double.self))
    }
    return (parts[0] + parts[1], invalid >= 0 ? Int(invalid) : nil)
  }
}
