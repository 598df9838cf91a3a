import ArgumentParser
import LossAccel

@main
struct LossAccelBenchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Naive loops beside LossAccel.")
}
