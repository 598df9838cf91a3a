import CKernelInterface

/// An instruction set that the vector kernels are compiled for, best first.
///
/// The process uses the best that the CPU and the operating system support, or the one that the environment variable
/// `LOSSACCEL_TARGET` names.
package enum KernelTarget: UInt32, Sendable, CustomStringConvertible {
  /// AVX-512 F, DQ, BW, VL and CD.
  case avx512 = 0
  /// AVX2 with FMA and F16C.
  case avx2 = 1
  /// SSE2 on x86-64, NEON on arm64.
  case baseline = 2

  package var description: String {
    switch self {
    case .avx512: "avx512"
    case .avx2: "avx2"
    case .baseline: "baseline"
    }
  }

  /// The target in use.
  package static var current: KernelTarget { KernelTarget(rawValue: la_target().rawValue)! }
}
