import Foundation

/// Everything that a run measured.
struct Report: Codable, Sendable {
  var machine: MachineFacts
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
      subtitle: "\(machine.processor) · value and gradient · median of interleaved runs",
      series: ["one thread", "\(machine.threads) threads"])
    for result in results {
      guard let single = result.ratio(.naive, .single) else { continue }
      let bars = [single, machine.threads > 1 ? result.ratio(.naive, .all) : nil].compactMap(\.self)
      chart.add(BarChart.Row(label: result.name, values: bars), toGroup: result.group)
    }
    return chart.svg
  }
}
