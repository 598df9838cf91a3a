import Foundation
import LossAccel
import Testing

@Suite struct DiagnosticsTests {
  @Test func hasTheKeysOfDoctor() throws {
    let data = try JSONEncoder().encode(Diagnostics.current)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let blas = try #require(object["blas"] as? [String: Any])
    #expect(blas["core"] is String && blas["initialCore"] is String && blas["path"] is String)
    #expect((object["kernels"] as? [String: Any])?["target"] is String)
    #expect((object["selfTest"] as? [String: Any])?["passed"] as? Bool == true)
    #expect(object["threads"] as? Int == Parallelism.threadCount)
    #expect((object["lapack"] as? [String: Any])?["path"] as? String != "unknown")
  }

  @Test func measuresSomething() throws {
    let measured = try Diagnostics.measure()
    for rates in [measured.oneThread, measured.allThreads] {
      #expect(rates.dgemm > 0 && rates.sgemm > 0 && rates.triad > 0)
      #expect(rates.dgemm.isFinite && rates.sgemm.isFinite && rates.triad.isFinite)
    }
    #expect(measured.oneThread.threads == 1)
  }

  private func advice(
    core: String, decision: BLASCore.Decision = .keepSuitable, features: CPUFeatures = .allForAVX512,
    target: String? = nil, failure: LinearAlgebraError? = nil
  ) -> [String] {
    DiagnosticsAdvice(
      core: core, decision: decision, userChoice: core, features: features, failureOfSelfTest: failure,
      wantedTarget: target, supportedTargets: ["avx2", "baseline"]
    ).sentences
  }

  @Test func adviceIsGivenWhereItIsNeeded() {
    #expect(advice(core: "SkylakeX").isEmpty)
    #expect(advice(core: "Zen").isEmpty)
    #expect(advice(core: "Prescott", features: []).isEmpty)
    #expect(advice(core: "Prescott").first?.contains("set OPENBLAS_CORETYPE=SkylakeX") == true)
    #expect(advice(core: "Prescott", decision: .keepUserChoice).first?.contains("unset it") == true)
    #expect(advice(core: "Haswell", target: "avx2").first?.contains("SkylakeX") == true)
    #expect(advice(core: "SkylakeX", target: "avx512").first?.contains("does not support it") == true)
    #expect(
      advice(core: "SkylakeX", target: "sse9").first?.contains("no such target: use one of avx2, baseline") == true)
    #expect(advice(core: "SkylakeX", target: "").isEmpty)
    let failure = LinearAlgebraError.selfTestFailed(operation: "sgemm", library: "lib", core: "SkylakeX")
    #expect(advice(core: "SkylakeX", failure: failure) == [failure.description])
  }
}
