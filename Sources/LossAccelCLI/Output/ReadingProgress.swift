import Foundation

/// One line on standard error that tells how far the reading of a table is: on a terminal only, and only once it takes a while.
final class ReadingProgress {
  private static let patience = 0.7, interval = 0.1

  private let size: Int?
  private let start = ContinuousClock.now
  private var lastShown = 0.0
  private var isShown = false

  init(size: Int?) { self.size = size }

  func update(bytesRead: Int) {
    guard Terminal.errorIsTerminal else { return }
    let elapsed = seconds(ContinuousClock.now - start)
    guard elapsed > Self.patience && elapsed - lastShown > Self.interval else { return }
    lastShown = elapsed
    isShown = true
    let read = Double(bytesRead) / 1e6
    let share = size.map { String(format: " (%.0f %%)", 100 * Double(bytesRead) / Double(max($0, 1))) } ?? ""
    let line = String(format: "reading: %.0f MB%@, %.0f MB/s", read, share, read / elapsed)
    Terminal.say("\r\u{1B}[2K" + line, terminator: "")
  }

  /// Removes the line.
  func finish() {
    if isShown { Terminal.say("\r\u{1B}[2K", terminator: "") }
  }

  deinit { finish() }

  private func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
