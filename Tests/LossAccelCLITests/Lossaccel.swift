import Foundation
import Testing

/// What a run of the built `lossaccel` left behind.
struct Outcome {
  let status: Int32
  let output: String
  let errors: String
}

/// A directory of its own, removed at the end, in which the built `lossaccel` is run.
final class Scratch {
  let directory: URL

  /// `lossaccel` as the build left it, beside the test bundle.
  static let binary = Bundle.main.bundleURL.appendingPathComponent("lossaccel")

  init() throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("lossaccel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// Names of the files in the directory, hidden ones too, save those that hold what earlier runs printed.
  var files: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { !$0.hasPrefix("run.") }.sorted()
    }
  }

  func url(_ name: String) -> URL { directory.appendingPathComponent(name) }

  func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: url(name)) }

  func read(_ name: String) throws -> String { try String(contentsOf: url(name), encoding: .utf8) }

  /// Runs `lossaccel` in the directory.
  ///
  /// - Parameters:
  ///   - input: What standard input gives.
  ///   - environment: Variables beside those of this process.
  func run(_ arguments: [String], input: Data = Data(), environment: [String: String] = [:]) throws -> Outcome {
    let id = UUID().uuidString
    let names = ["in", "out", "err"].map { "run.\(id).\($0)" }
    try input.write(to: url(names[0]))
    try write("", to: names[1])
    try write("", to: names[2])
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: url(names[0]))
    process.standardOutput = try FileHandle(forWritingTo: url(names[1]))
    process.standardError = try FileHandle(forWritingTo: url(names[2]))
    try process.run()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, output: try read(names[1]), errors: try read(names[2]))
  }

  /// Runs a command that must succeed, and reads the JSON object that it prints.
  func json(_ arguments: [String], input: Data = Data()) throws -> JSONTree {
    let outcome = try run(arguments + ["--json"], input: input)
    try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
    return try JSONDecoder().decode(JSONTree.self, from: Data(outcome.output.utf8))
  }
}

/// JSON as it was written. (JSONSerialization is no use here: it reads numbers with the last digits wrong.)
@dynamicMemberLookup
enum JSONTree: Decodable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONTree])
  case object([String: JSONTree])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONTree].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONTree].self))
    }
  }

  subscript(key: String) -> JSONTree {
    if case .object(let members) = self { members[key] ?? .null } else { .null }
  }
  subscript(dynamicMember key: String) -> JSONTree { self[key] }

  var keys: [String] { if case .object(let members) = self { members.keys.sorted() } else { [] } }
  var elements: [JSONTree] { if case .array(let elements) = self { elements } else { [] } }
  /// NaN where there is no number.
  var double: Double { if case .number(let value) = self { value } else { .nan } }
  var string: String? { if case .string(let value) = self { value } else { nil } }
}

/// A repeatable source of random numbers (SplitMix64), so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
