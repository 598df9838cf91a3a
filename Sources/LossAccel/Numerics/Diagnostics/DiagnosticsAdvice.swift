/// The sentences of ``Diagnostics/advice``, from the facts alone.
package struct DiagnosticsAdvice: Sendable {
  private let core: String
  private let decision: BLASCore.Decision
  private let userChoice: String?
  private let features: CPUFeatures
  private let failureOfSelfTest: LinearAlgebraError?
  private let wantedTarget: String?
  private let supportedTargets: [String]

  /// `userChoice` is the value of `OPENBLAS_CORETYPE`, `wantedTarget` that of `LOSSACCEL_TARGET`.
  package init(
    core: String, decision: BLASCore.Decision, userChoice: String?, features: CPUFeatures,
    failureOfSelfTest: LinearAlgebraError?, wantedTarget: String?, supportedTargets: [String]
  ) {
    self.core = core
    self.decision = decision
    self.userChoice = userChoice
    self.features = features
    self.failureOfSelfTest = failureOfSelfTest
    self.wantedTarget = wantedTarget
    self.supportedTargets = supportedTargets
  }

  /// One sentence for each thing that is slow or wrong.
  package var sentences: [String] { [failure, slowCore, target].compactMap { $0 } }

  private var failure: String? { failureOfSelfTest?.description }

  private var slowCore: String? {
    guard let inUse = BLASCore.kind(of: core), inUse < BLASCore.kind(of: features),
      core.lowercased() != "zen"
    else { return nil }
    let better =
      switch BLASCore.kind(of: features) {
      case .avx512: "SkylakeX"
      case .avx2: "Haswell"
      default: "Sandybridge"
      }
    return decision == .keepUserChoice
      ? "OPENBLAS_CORETYPE=\(userChoice ?? "") keeps OpenBLAS on kernels (\(core)) that are slower than this CPU "
        + "allows: unset it."
      : "OpenBLAS uses kernels (\(core)) that are slower than this CPU allows: set OPENBLAS_CORETYPE=\(better) or "
        + "install a newer OpenBLAS."
  }

  private var target: String? {
    guard let wantedTarget, !wantedTarget.isEmpty, !supportedTargets.contains(wantedTarget) else { return nil }
    let choices = supportedTargets.joined(separator: ", ")
    return ["avx512", "avx2", "baseline"].contains(wantedTarget)
      ? "LOSSACCEL_TARGET=\(wantedTarget) is ignored, because this CPU does not support it: use one of \(choices)."
      : "LOSSACCEL_TARGET=\(wantedTarget) is ignored, because there is no such target: use one of \(choices)."
  }
}
