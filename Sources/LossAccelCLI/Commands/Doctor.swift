import ArgumentParser
import LossAccel

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Tell which libraries and instructions are in use, how fast they are, and what to do if something is wrong.",
    discussion:
      "Takes about a second for the measurements. Ends with code 2 when the self-test of BLAS and LAPACK fails.")

  @Flag(help: "Leave out the measurements.")
  var quick = false

  @Flag(help: "Print a JSON object.")
  var json = false

  func run() throws {
    let diagnostics = Diagnostics.current
    // Nothing can be measured with a library that computes wrongly.
    let measurement = quick || !diagnostics.selfTest.passed ? nil : try Diagnostics.measure()
    try Terminal.show(json ? object(diagnostics, measurement).text : report(diagnostics, measurement))
    if !diagnostics.selfTest.passed {
      throw NumericalFailure(diagnostics.selfTest.message ?? "The self-test of BLAS and LAPACK failed.")
    }
  }

  private func report(_ diagnostics: Diagnostics, _ measurement: Diagnostics.Measurement?) -> String {
    let style = Style()
    let blas = diagnostics.blas, kernels = diagnostics.kernels
    let core = blas.isRepaired ? "\(blas.core), repaired from \(blas.initialCore)" : blas.core
    var facts = [
      ("CPU", diagnostics.cpu.brand),
      ("features", diagnostics.cpu.features.joined(separator: " ")),
      ("BLAS", "\(blas.name) \(blas.version), \(blas.path)"),
      ("core", "\(core): \(blas.decision)"),
      ("LAPACK", "\(diagnostics.lapack.path), called through \(diagnostics.lapack.interfacePath)"),
      ("kernels", "\(kernels.target) (supported here: \(kernels.supported.joined(separator: ", ")))"),
      ("threads", "\(diagnostics.threads)"),
      ("self-test", diagnostics.selfTest.passed ? style.good("passed") : style.bad("failed")),
    ]
    for (label, rates) in rows(of: measurement) {
      let text =
        "dgemm \(shown(rates.dgemm, digits: 3)) GFLOP/s, sgemm \(shown(rates.sgemm, digits: 3)) GFLOP/s, "
        + "triad \(shown(rates.triad, digits: 3)) GB/s"
      facts.append((label, text))
    }
    let width = facts.map(\.0.count).max() ?? 0
    var lines = facts.map { style.bold($0.0) + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }
    lines.append("")
    lines += diagnostics.advice.isEmpty ? ["Everything is as it should be."] : diagnostics.advice.map(style.bad)
    return lines.joined(separator: "\n")
  }

  private func rows(of measurement: Diagnostics.Measurement?) -> [(String, Diagnostics.Measurement.Rates)] {
    guard let measurement else { return [] }
    let one = ("1 thread", measurement.oneThread)
    let all = measurement.allThreads
    return all.threads == 1 ? [one] : [one, ("\(all.threads) threads", all)]
  }

  private func object(_ diagnostics: Diagnostics, _ measurement: Diagnostics.Measurement?) -> JSON {
    let blas = diagnostics.blas
    return .object([
      ("version", .string(LossAccelCommand.version)),
      ("cpu", .object([("brand", .string(diagnostics.cpu.brand)), ("features", strings(diagnostics.cpu.features))])),
      (
        "blas",
        .object([
          ("name", .string(blas.name)), ("version", .string(blas.version)),
          ("configuration", .string(blas.configuration)),
          ("path", .string(blas.path)), ("initialCore", .string(blas.initialCore)), ("core", .string(blas.core)),
          ("isRepaired", .bool(blas.isRepaired)), ("decision", .string(blas.decision)),
        ])
      ),
      (
        "lapack",
        .object([
          ("path", .string(diagnostics.lapack.path)), ("interfacePath", .string(diagnostics.lapack.interfacePath)),
        ])
      ),
      (
        "kernels",
        .object([
          ("target", .string(diagnostics.kernels.target)), ("supported", strings(diagnostics.kernels.supported)),
        ])
      ),
      ("threads", .integer(diagnostics.threads)),
      (
        "selfTest",
        .object([
          ("passed", .bool(diagnostics.selfTest.passed)),
          ("message", diagnostics.selfTest.message.map(JSON.string) ?? .null),
        ])
      ),
      ("advice", strings(diagnostics.advice)),
      (
        "measurement",
        measurement.map {
          .object([("oneThread", rates($0.oneThread)), ("allThreads", rates($0.allThreads))])
        } ?? .null
      ),
    ])
  }

  private func rates(_ rates: Diagnostics.Measurement.Rates) -> JSON {
    .object([
      ("threads", .integer(rates.threads)), ("dgemmGFLOPS", .number(rates.dgemm)),
      ("sgemmGFLOPS", .number(rates.sgemm)),
      ("triadGBPerSecond", .number(rates.triad)),
    ])
  }

  private func strings(_ list: [String]) -> JSON { .array(list.map(JSON.string)) }
}
