internal import CKernelInterface

/// How many of the bytes are equal to `byte`.
package func countBytes(_ bytes: Span<UInt8>, equalTo byte: UInt8) -> Int {
  unsafe bytes.withUnsafeBufferPointer { bytes in
    guard let first = bytes.baseAddress else { return 0 }
    return unsafe la_count_bytes(first, bytes.count, byte)
  }
}
