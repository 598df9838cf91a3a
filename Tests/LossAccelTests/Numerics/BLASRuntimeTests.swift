import LossAccel
import TestSupport
import Testing

@Suite struct BLASCoreTests {
  static let avx2: CPUFeatures = [.avx, .fma, .avx2, .f16c, .bmi2]
  static let avx512: CPUFeatures = [avx2, .avx512f, .avx512dq, .avx512bw, .avx512vl, .avx512cd]

  struct Row: Sendable {
    var core: String?
    var features: CPUFeatures
    var choice: String? = nil
    var canSwitch = true
    var decision: BLASCore.Decision
  }

  static let table = [
    Row(core: "Prescott", features: avx512, decision: .switchTo("SkylakeX")),
    Row(core: "Prescott", features: avx2, decision: .switchTo("Haswell")),
    Row(core: "Prescott", features: [.avx], decision: .switchTo("Sandybridge")),
    Row(core: "Prescott", features: [], decision: .keepSuitable),
    Row(core: "Nehalem", features: avx512, decision: .switchTo("SkylakeX")),
    Row(core: "nehalem", features: avx2, decision: .switchTo("Haswell")),
    Row(core: "Sandybridge", features: avx2, decision: .switchTo("Haswell")),
    Row(core: "Haswell", features: avx512, decision: .switchTo("SkylakeX")),
    Row(core: "Haswell", features: avx2, decision: .keepSuitable),
    Row(core: "Zen", features: avx2, decision: .keepSuitable),
    Row(core: "Zen", features: avx512, decision: .keepSuitable),
    Row(core: "SkylakeX", features: avx512, decision: .keepSuitable),
    Row(core: "Cooperlake", features: avx512, decision: .keepSuitable),
    // AVX-512 without its 256-bit forms (Knights Landing) is not what SkylakeX kernels need.
    Row(core: "Prescott", features: [avx2, .avx512f, .avx512cd], decision: .switchTo("Haswell")),
    Row(core: "Prescott", features: avx512, choice: "Prescott", decision: .keepUserChoice),
    Row(core: "Prescott", features: avx512, choice: "", decision: .switchTo("SkylakeX")),
    Row(core: "Prescott", features: avx512, canSwitch: false, decision: .keepUnchangeable),
    Row(core: "SkylakeX", features: avx512, canSwitch: false, decision: .keepSuitable),
    Row(core: "LionCove", features: avx512, decision: .keepSuitable),
    Row(core: "neoversen1", features: [], decision: .keepSuitable),
    Row(core: nil, features: avx512, decision: .keepSuitable),
  ]

  @Test(arguments: table) func decisions(row: Row) {
    let decision = BLASCore.decide(
      initialCore: row.core, features: row.features, userChoice: row.choice, canSwitch: row.canSwitch)
    #expect(decision == row.decision)
  }
}

@Suite struct BLASRuntimeTests {
  @Test func theLibraryOfThisMachineIsSound() throws {
    _ = try BLASRuntime.ready()
    #expect(BLASRuntime.setup.failure == nil)
    #expect(BLASRuntime.setup.core == BLASRuntime.currentCore())
  }

  @Test(arguments: ["dgemm", "sgemm", "dgemv", "sgemv", "dsyrk", "ssyrk", "dpotrf", "spotrf"])
  func theSelfTestSeesOneWrongElement(operation: String) throws {
    var checks = 0
    let test = BLASSelfTest(try BLASRuntime.ready()) { name, result in
      guard name == operation else { return }
      checks += 1
      if checks == 2 { result[result.count - 1] += 1 }
    }
    #expect(test.firstWrongOperation() == operation)
    let nan = BLASSelfTest(try BLASRuntime.ready()) { name, result in
      if name == operation { result[0] = .nan }
    }
    #expect(nan.firstWrongOperation() == operation)
  }

  @Test func aFailedSelfTestNamesTheLibrary() {
    let error = LinearAlgebraError.selfTestFailed(operation: "dgemm", library: "/lib/libopenblas.so", core: "SkylakeX")
    #expect(error.description.contains("/lib/libopenblas.so"))
    #expect(error.description.contains("SkylakeX"))
  }

  #if arch(x86_64)
    /// The real thing, in a process of its own: OpenBLAS is on its SSE3 kernels, as an old release is on a new CPU.
    @Test func aBadCoreIsRepaired() async {
      await #expect(processExitsWith: .success) {
        Platform.setEnvironmentVariable("OPENBLAS_CORETYPE", to: nil)
        guard BLASCore.kind(of: CPUFeatures.current) >= .avx2, BLASRuntime.useCore("Prescott") else { return }
        let diagnostics = Diagnostics.current
        #expect(diagnostics.blas.initialCore == "Prescott")
        #expect(["SkylakeX", "Haswell"].contains(diagnostics.blas.core))
        #expect(diagnostics.blas.isRepaired && diagnostics.selfTest.passed)
        #expect(Platform.environmentVariable("OPENBLAS_CORETYPE") == nil)

        let a = Matrix<Double>(rows: 201, columns: 203, elements: smallIntegers(201 * 203, seed: 1))
        #expect(try a.gram() == a.transposed() * a)

        // For the reader of the log, not for a verdict: other programs may be using the machine.
        func rate() throws -> Double {
          let square = Matrix<Double>(repeating: 1, rows: 384, columns: 384)
          let seconds = try ContinuousClock().measure { for _ in 0..<4 { _ = try square * square } }
          return 4 * 2 * 384 * 384 * 384 / (Double(seconds.components.attoseconds) * 1e-18) * 1e-9
        }
        let repaired = try rate()
        #expect(BLASRuntime.useCore("Prescott"))
        print("dgemm: \(repaired) GFLOP/s on \(diagnostics.blas.core), \(try rate()) GFLOP/s on Prescott")
      }
    }

    @Test func theUsersChoiceStands() async {
      await #expect(processExitsWith: .success) {
        guard BLASCore.kind(of: CPUFeatures.current) >= .avx2, BLASRuntime.useCore("Prescott") else { return }
        Platform.setEnvironmentVariable("OPENBLAS_CORETYPE", to: "Prescott")
        let diagnostics = Diagnostics.current
        #expect(diagnostics.blas.core == "Prescott" && !diagnostics.blas.isRepaired)
        #expect(diagnostics.advice.contains { $0.contains("OPENBLAS_CORETYPE=Prescott") && $0.contains("unset it") })
        #expect(Platform.environmentVariable("OPENBLAS_CORETYPE") == "Prescott")
      }
    }
  #endif
}
