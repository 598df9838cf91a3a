import ArgumentParser

/// The exit codes that `lossaccel --help` documents.
extension ExitCode {
  /// The input cannot be used: unreadable, malformed, or against a rule of the method.
  static let dataError = ExitCode(1)
  /// The input is sound, but the mathematics or the machine refuses: a rank-deficient matrix, a failed self-test.
  static let numericalFailure = ExitCode(2)
  /// The command line itself is wrong (`EX_USAGE`).
  static let usageError = ExitCode(64)
}

/// An input that cannot be used. The text is a full sentence that says where, what and how to cure it.
struct DataError: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// A computation that cannot give a trustworthy answer on sound input.
struct NumericalFailure: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// Options that contradict each other or the input.
struct UsageError: Error {
  let message: String
  init(_ message: String) { self.message = message }
}
