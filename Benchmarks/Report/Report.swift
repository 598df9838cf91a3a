import Foundation

/// Everything that a run measured.
struct Report: Codable, Sendable {
  var machine: MachineFacts
  var clock = Tournament.Clock.elapsed
  var results: [JobResult] = []

  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }

  /// The gains over the Swift loops as a picture.
  func chart() -> String {
    var chart = BarChart(
      title: "How many times as fast as a plain Swift loop",
      subtitle: "\(machine.processor), \(machine.kernelTarget) kernels, Swift \(machine.swift) · "
        + "medians of runs that take turns · a logarithmic scale",
      series: machine.threads > 1 ? ["one thread", "\(machine.threads) threads"] : ["one thread"])
    // A tiny call moves nothing worth naming: its figures are nanoseconds, not gains.
    for result in results where result.work.bytes != nil {
      guard let single = result.ratio(.naive, .single) else { continue }
      let bars = [single, machine.threads > 1 ? result.ratio(.naive, .all) : nil].compactMap(\.self)
      chart.add(BarChart.Row(label: result.name, values: bars), toGroup: result.group)
    }
    return chart.svg
  }
}
