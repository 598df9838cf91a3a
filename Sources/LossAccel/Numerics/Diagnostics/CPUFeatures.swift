import CKernelInterface

/// What the CPU and the operating system offer beyond the baseline of their architecture. Empty on other ones than
/// x86-64.
package struct CPUFeatures: OptionSet, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let avx = CPUFeatures(rawValue: UInt32(LA_CPU_AVX))
  package static let fma = CPUFeatures(rawValue: UInt32(LA_CPU_FMA))
  package static let f16c = CPUFeatures(rawValue: UInt32(LA_CPU_F16C))
  package static let avx2 = CPUFeatures(rawValue: UInt32(LA_CPU_AVX2))
  package static let bmi2 = CPUFeatures(rawValue: UInt32(LA_CPU_BMI2))
  package static let avx512f = CPUFeatures(rawValue: UInt32(LA_CPU_AVX512F))
  package static let avx512dq = CPUFeatures(rawValue: UInt32(LA_CPU_AVX512DQ))
  package static let avx512bw = CPUFeatures(rawValue: UInt32(LA_CPU_AVX512BW))
  package static let avx512vl = CPUFeatures(rawValue: UInt32(LA_CPU_AVX512VL))
  package static let avx512cd = CPUFeatures(rawValue: UInt32(LA_CPU_AVX512CD))

  /// All that OpenBLAS's AVX2 kernels need.
  package static let allForAVX2: CPUFeatures = [.avx, .fma, .avx2]
  /// All that OpenBLAS's AVX-512 kernels need.
  package static let allForAVX512: CPUFeatures = [
    .avx, .fma, .avx2, .avx512f, .avx512dq, .avx512bw, .avx512vl, .avx512cd,
  ]

  /// What this machine offers.
  package static var current: CPUFeatures { CPUFeatures(rawValue: la_cpu_features()) }

  /// The names of the features, as `/proc/cpuinfo` writes them.
  package var names: [String] {
    let all: [(CPUFeatures, String)] = [
      (.avx, "avx"), (.fma, "fma"), (.f16c, "f16c"), (.avx2, "avx2"), (.bmi2, "bmi2"), (.avx512f, "avx512f"),
      (.avx512dq, "avx512dq"), (.avx512bw, "avx512bw"), (.avx512vl, "avx512vl"), (.avx512cd, "avx512cd"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}
