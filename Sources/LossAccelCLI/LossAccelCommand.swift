import ArgumentParser
import LossAccel

@main
struct LossAccelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lossaccel",
    abstract: "Losses, and the regressions they define.",
    version: "0.1.0"
  )
}
