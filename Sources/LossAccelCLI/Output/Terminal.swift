import Foundation

/// What the two output streams can show, and how to write to them: data goes to standard output, talk to standard error.
enum Terminal {
  static let errorIsTerminal = isTerminal(FileHandle.standardError)
  static let outputIsTerminal = isTerminal(FileHandle.standardOutput)

  /// Whether to colour text on a stream: NO_COLOR forbids it, FORCE_COLOR asks for it, otherwise a terminal gets colour.
  static func usesColor(isTerminal: Bool) -> Bool {
    let environment = ProcessInfo.processInfo.environment
    if let value = environment["NO_COLOR"], !value.isEmpty { return false }
    if let value = environment["FORCE_COLOR"], !value.isEmpty { return value != "0" }
    return isTerminal && environment["TERM"] != "dumb"
  }

  /// Writes data. A reader who has gone is no error: what is left was not wanted.
  static func show(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    } catch  where !isBrokenPipe(error) {
      throw DataError("Standard output cannot be written: \(plainReason(error)).")
    } catch {}
  }

  private static func isBrokenPipe(_ error: any Error) -> Bool {
    let error = error as NSError
    let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    return underlying.domain == NSPOSIXErrorDomain && underlying.code == Int(POSIXErrorCode.EPIPE.rawValue)
  }

  static func say(_ text: String, terminator: String = "\n") {
    // Nobody listening is no reason to fail.
    try? FileHandle.standardError.write(contentsOf: Data((text + terminator).utf8))
  }

  /// An error: the word in red where colours are shown, then the sentence.
  static func complain(_ message: String) {
    let word = usesColor(isTerminal: errorIsTerminal) ? "\u{1B}[1;31merror:\u{1B}[0m" : "error:"
    say("\(word) \(message)")
  }

  private static func isTerminal(_ handle: FileHandle) -> Bool { isatty(handle.fileDescriptor) != 0 }
}

/// A style for text on standard output, or none where colours are not shown.
struct Style {
  private let isOn = Terminal.usesColor(isTerminal: Terminal.outputIsTerminal)

  func bold(_ text: String) -> String { wrap(text, "1") }
  func dim(_ text: String) -> String { wrap(text, "2") }
  func good(_ text: String) -> String { wrap(text, "32") }
  func bad(_ text: String) -> String { wrap(text, "1;31") }
  /// The colour of a curve of a plot, by its number.
  func curve(_ text: String, _ number: Int) -> String { wrap(text, ["36", "33", "32"][abs(number) % 3]) }

  private func wrap(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
