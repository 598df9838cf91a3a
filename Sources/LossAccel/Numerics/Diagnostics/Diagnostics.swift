import CKernelInterface

/// What LossAccel found on this machine, and what it made of it: the answer to "why is it slow here?".
///
/// ```swift
/// print(Diagnostics.current.blas.core)          // "SkylakeX"
/// for advice in Diagnostics.current.advice { print(advice) }
/// ```
///
/// The nesting is that of the JSON that `lossaccel doctor --json` prints.
public struct Diagnostics: Sendable, Encodable {
  /// The processor.
  public struct CPU: Sendable, Encodable {
    /// The name that the processor gives itself, "unknown" where the system does not tell.
    public var brand: String
    /// The instruction sets beyond the baseline that LossAccel or OpenBLAS make use of, such as "avx2".
    public var features: [String]
  }

  /// The BLAS library in use.
  public struct BLAS: Sendable, Encodable {
    /// "OpenBLAS", or what else the library calls itself.
    public var name: String
    /// Its version, "unknown" where it does not tell.
    public var version: String
    /// The library's own description of its build.
    public var configuration: String
    /// The file it was loaded from.
    public var path: String
    /// The kernels that the library chose by itself when it was loaded.
    public var initialCore: String
    /// The kernels in use now.
    public var core: String
    /// Whether LossAccel replaced the library's choice.
    public var isRepaired: Bool
    /// Why it did, or did not.
    public var decision: String
  }

  /// The LAPACK library in use.
  public struct LAPACK: Sendable, Encodable {
    /// The file that LAPACK's own routines come from.
    public var path: String
    /// The file that LAPACKE, its interface for C, comes from.
    public var interfacePath: String
  }

  /// LossAccel's own vector kernels.
  public struct Kernels: Sendable, Encodable {
    /// The instruction set they use: "avx512", "avx2" or "baseline". `LOSSACCEL_TARGET` forces one.
    public var target: String
    /// All instruction sets that this machine could use.
    public var supported: [String]
  }

  /// The outcome of the test that BLAS and LAPACK have to pass before they are used.
  public struct SelfTest: Sendable, Encodable {
    /// Whether every answer was right.
    public var passed: Bool
    /// What was wrong, and the cure; nil where nothing was.
    public var message: String?
  }

  /// The processor.
  public var cpu: CPU
  /// The BLAS library in use.
  public var blas: BLAS
  /// The LAPACK library in use.
  public var lapack: LAPACK
  /// LossAccel's own vector kernels.
  public var kernels: Kernels
  /// The threads that calls made here use: ``Parallelism/threadCount``.
  public var threads: Int
  /// The outcome of the test that BLAS and LAPACK have to pass before they are used.
  public var selfTest: SelfTest
  /// One plain sentence for each thing that is slow or wrong, with its cure. Empty when all is well.
  public var advice: [String]

  /// The state of this process. The first call sets the BLAS library up, where nothing did before (which takes
  /// a millisecond or two).
  public static var current: Diagnostics {
    let setup = BLASRuntime.setup
    let words = setup.configuration.split(separator: " ")
    return Diagnostics(
      cpu: CPU(brand: brand(), features: CPUFeatures.current.names),
      blas: BLAS(
        name: words.first.map(String.init) ?? "unknown", version: words.count > 1 ? String(words[1]) : "unknown",
        configuration: setup.configuration, path: setup.library, initialCore: setup.initialCore, core: setup.core,
        isRepaired: setup.core != setup.initialCore, decision: setup.explanation),
      lapack: unsafe LAPACK(
        path: Platform.libraryPath(of: Platform.symbol("dgeqrf_")) ?? "unknown",
        interfacePath: Platform.libraryPath(of: Platform.symbol("LAPACKE_dgels")) ?? "unknown"),
      kernels: Kernels(target: targetName(la_target()), supported: supportedTargets),
      threads: Parallelism.threadCount,
      selfTest: SelfTest(passed: setup.failure == nil, message: setup.failure?.description),
      advice: DiagnosticsAdvice(
        core: setup.core, decision: setup.decision, userChoice: setup.userChoice, features: .current,
        failureOfSelfTest: setup.failure, wantedTarget: Platform.environmentVariable("LOSSACCEL_TARGET"),
        supportedTargets: supportedTargets
      ).sentences)
  }

  static var supportedTargets: [String] {
    let all = (0..<UInt32(LA_TARGET_COUNT)).compactMap { la_target_id(rawValue: $0) }
    return all.filter { la_target_supported($0) }.map(targetName)
  }

  private static func targetName(_ target: la_target_id) -> String {
    unsafe la_target_name(target).map { unsafe String(cString: $0) } ?? "unknown"
  }

  private static func brand() -> String {
    let lines = Platform.contents(ofFile: "/proc/cpuinfo")?.split(separator: "\n") ?? []
    guard let line = lines.first(where: { $0.hasPrefix("model name") }), let colon = line.firstIndex(of: ":") else {
      return "unknown"
    }
    return String(line[colon...].dropFirst().drop { $0 == " " })
  }
}

extension BLASRuntime.Setup {
  /// Why the core was changed, or was not.
  var explanation: String {
    switch decision {
    case .keepSuitable: "the library's own choice suits this CPU"
    case .keepUserChoice: "OPENBLAS_CORETYPE is set to \(userChoice ?? ""), which was respected"
    case .keepUnchangeable: "the library's choice is slower than this CPU allows, but this build of it cannot change it"
    case .switchTo(let wanted) where wanted.lowercased() == core.lowercased():
      "the library chose \(initialCore), which is slower than this CPU allows"
    case .switchTo(let wanted): "\(wanted) would suit this CPU better than \(initialCore), but the library refused it"
    }
  }
}
