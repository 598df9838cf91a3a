/// Which of its kernels ("core") OpenBLAS should use, and why.
///
/// OpenBLAS picks a core by the CPU's model number, and a release from before the CPU falls back to SSE3 kernels:
/// 0.3.21 (Debian 12) runs "Prescott" on Raptor Lake, Emerald Rapids and Arrow Lake, 4 to 6 times slower than the CPU
/// allows.
package enum BLASCore {
  /// The outcome of ``decide(initialCore:features:userChoice:canSwitch:)``.
  package enum Decision: Equatable, Sendable {
    /// The core that the library chose suits the CPU, or is better than we can judge.
    case keepSuitable
    /// `OPENBLAS_CORETYPE` is set: the user's choice stands, good or bad.
    case keepUserChoice
    /// The core is worse than the CPU, but this library cannot change it (it is not OpenBLAS, or built for one core
    /// only).
    case keepUnchangeable
    /// The core is worse than the CPU; this one suits.
    case switchTo(String)
  }

  /// The vector instructions that a core's kernels use, worst first.
  package enum Kind: Int, Comparable, Sendable {
    case sse, avx, avx2, avx512

    package static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
  }

  /// The kind of a core of OpenBLAS on x86-64, nil for a name that is not among them (newer ones, other architectures).
  package static func kind(of core: String) -> Kind? {
    switch core.lowercased() {
    case "skylakex", "cooperlake", "sapphirerapids": .avx512
    case "haswell", "zen", "excavator": .avx2
    case "sandybridge", "bulldozer", "piledriver", "steamroller": .avx
    case "katmai", "coppermine", "northwood", "prescott", "banias", "atom", "core2", "penryn", "dunnington", "nehalem",
      "athlon", "opteron", "opteron_sse3", "barcelona", "bobcat", "generic":
      .sse
    default: nil
    }
  }

  /// The best kind that the CPU can run.
  package static func kind(of features: CPUFeatures) -> Kind {
    if features.isSuperset(of: .allForAVX512) { return .avx512 }
    if features.isSuperset(of: .allForAVX2) { return .avx2 }
    return features.contains(.avx) ? .avx : .sse
  }

  /// Decides by kind, not by taste: within a kind, and between Zen's AVX2 kernels and AVX-512 ones, no change.
  ///
  /// Measured on Zen 4 (GFLOP/s of one thread under Haswell, Zen, SkylakeX, Cooperlake; Prescott for comparison): dgemm
  /// 52, 52, 52, 52 (21); sgemm 108, 106, 104, 104 (13); dsyrk with 64 columns 30, 31, 23, 23 (17). On Intel's Emerald
  /// Rapids, though, dgemm reaches 35 under Haswell and 60 under SkylakeX, so an AVX-512 CPU is not left on Haswell
  /// kernels.
  package static func decide(
    initialCore: String?, features: CPUFeatures, userChoice: String?, canSwitch: Bool
  ) -> Decision {
    if let userChoice, !userChoice.isEmpty { return .keepUserChoice }
    let possible = kind(of: features)
    guard let initialCore, let chosen = kind(of: initialCore), chosen < possible else { return .keepSuitable }
    if initialCore.lowercased() == "zen" { return .keepSuitable }
    guard canSwitch else { return .keepUnchangeable }
    switch possible {
    case .avx512: return .switchTo("SkylakeX")
    case .avx2: return .switchTo("Haswell")
    case .avx: return .switchTo("Sandybridge")
    case .sse: return .keepSuitable
    }
  }
}
