import CVectorKernels
import Synchronization

/// An instruction set that the vector kernels are compiled for, best first.
///
/// The process uses the best that the CPU and the operating system support, or the one that the environment variable
/// `LOSSACCEL_TARGET` names.
package enum KernelTarget: UInt32, CaseIterable, Sendable, CustomStringConvertible {
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

  private var identifier: la_target_id { la_target_id(rawValue: rawValue)! }

  /// Whether this machine can run it.
  package var isSupported: Bool { la_target_supported(identifier) }

  /// The target in use.
  package static var current: KernelTarget { KernelTarget(rawValue: la_target().rawValue)! }

  /// The targets that this machine can run, best first.
  package static var supported: [KernelTarget] { allCases.filter(\.isSupported) }

  /// Runs `body` on another target and returns to the one before.
  ///
  /// The choice holds for the whole process, so two such calls wait for each other; other calls of kernels do not. For tests and
  /// benchmarks. Calls must not be nested.
  package static func withTarget<Result, Failure: Error>(
    _ target: KernelTarget, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(target.isSupported, "this machine does not support the target \(target)")
    while occupied.exchange(true, ordering: .acquiring) { Platform.rest() }
    let previous = la_target()
    la_set_target(target.identifier)
    defer {
      la_set_target(previous)
      occupied.store(false, ordering: .releasing)
    }
    return try body()
  }

  private static let occupied = Atomic(false)
}
