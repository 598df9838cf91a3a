import Foundation
import LossAccel

/// What the figures depend on besides the code.
struct MachineFacts: Codable, Sendable {
  var processor: String
  var caches: String
  /// The instruction set of the vector kernels.
  var kernelTarget: String
  var blas: String
  var cores: Int
  var threads: Int
  var system: String
  var swift: String
  var kernelCompiler: String
  var seed: UInt64
  /// How many processes wanted to run when the benchmarks began, on average over the minute before.
  var load: Double?
  /// What LossAccel found slow or wrong here.
  var advice: [String]

  init(threads: Int) {
    let found = Diagnostics.current
    processor = found.cpu.brand
    kernelTarget = found.kernels.target
    blas = "\(found.blas.name) \(found.blas.version) with \(found.blas.core) kernels"
    advice = found.advice
    caches = Self.cacheSizes()
    cores = Parallelism.availableCores
    self.threads = threads
    system = ProcessInfo.processInfo.operatingSystemVersionString
    swift = Self.swiftVersion
    kernelCompiler = Yardsticks.kernelCompiler
    load = Self.text(of: "/proc/loadavg").split(separator: " ").first.flatMap { Double($0) }
    seed = SeededGenerator.seed
  }

  private static func cacheSizes() -> String {
    let sizes = (0..<8).compactMap { index -> String? in
      let folder = "/sys/devices/system/cpu/cpu0/cache/index\(index)/"
      let level = text(of: folder + "level"), size = text(of: folder + "size")
      return size.isEmpty || text(of: folder + "type") == "Instruction" ? nil : "L\(level) \(size)"
    }
    return sizes.isEmpty ? "unknown" : sizes.joined(separator: ", ")
  }

  private static func text(of path: String) -> String {
    let contents = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return contents.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static var swiftVersion: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
