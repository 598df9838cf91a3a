/// The table on standard output.
enum TextReport {
  static func machine(_ facts: MachineFacts, clock: Tournament.Clock) -> String {
    let lines = [
      "LossAccel benchmarks",
      "  machine   \(facts.processor), \(facts.cores) cores; \(facts.caches); \(facts.system)",
      "  code      Swift \(facts.swift); \(facts.kernelTarget) kernels by \(facts.kernelCompiler); \(facts.blas)",
      "  threads   \(facts.threads > 1 ? "1 and \(facts.threads)" : "1")",
      "  clock     \(clock == .elapsed ? "elapsed time" : "processor time")",
      "  inputs    random with seed \(facts.seed)",
    ]
    let isBusy = (facts.load ?? 0) > 0.5 && clock == .elapsed
    let load =
      isBusy ? ["  load      \(facts.load!): other programs are running, and times are longer than they need be"] : []
    return (lines + load + facts.advice.map { "  advice    \($0)" }).joined(separator: "\n")
  }

  /// One group's heading and its table.
  static func group(_ name: String, _ results: [JobResult], threads: Int) -> String {
    let all = threads == 1 ? [] : ["\(threads) thr"]
    let limits = limitLabels(results)
    var table = TextTable(
      header: ["job", "Swift loop", "1 thr"] + all + ["gain"] + all.map { _ in "gain" }
        + ["ns/\(results[0].work.item)", "rate"] + (limits.isEmpty ? [] : ["of limit"] + all.map { _ in "of limit" })
        + ["spread"])
    for result in results { table.rows.append(row(result, hasAll: threads > 1, hasLimits: !limits.isEmpty)) }
    let note = limits.isEmpty ? [] : ["  limit: \(limits.joined(separator: "; "))"]
    return ([name] + table.lines.map { "  " + $0 } + goals(results) + note).joined(separator: "\n")
  }

  private static func row(_ result: JobResult, hasAll: Bool, hasLimits: Bool) -> [String] {
    func time(_ role: Contestant.Role) -> String { result.times[role].map { Quantity.time($0.median) } ?? "" }
    func ratio(_ dividend: Contestant.Role, _ divisor: Contestant.Role, _ text: (Double) -> String) -> String {
      result.ratio(dividend, divisor).map(text) ?? ""
    }
    var cells = [result.name, time(.naive), time(.single)]
    if hasAll { cells.append(time(.all)) }
    cells.append(ratio(.naive, .single, Quantity.factor))
    if hasAll { cells.append(ratio(.naive, .all, Quantity.factor)) }
    cells.append(result.nanosecondsPerItem(.single).map(Quantity.threeDigits) ?? "")
    cells.append(rate(result))
    if hasLimits {
      cells.append(ratio(.limit, .single, Quantity.share))
      if hasAll { cells.append(ratio(.limitAll, .all, Quantity.share)) }
    }
    cells.append(result.times[.single].map(spread) ?? "")
    return cells
  }

  /// How fast one thread moves bytes or computes.
  private static func rate(_ result: JobResult) -> String {
    guard let seconds = result.times[.single]?.median else { return "" }
    if let operations = result.work.operations { return Quantity.threeDigits(operations / seconds * 1e-9) + " GFLOP/s" }
    return result.work.bytes.map { Quantity.threeDigits($0 / seconds * 1e-9) + " GB/s" } ?? ""
  }

  /// Half the distance of the quartiles, as a share of the median.
  private static func spread(_ times: Quartiles) -> String {
    "±" + Quantity.share((times.upper - times.lower) / 2 / times.median)
  }

  private static func limitLabels(_ results: [JobResult]) -> [String] {
    var labels: [String] = []
    for times in results.flatMap(\.seconds) where times.role == .limit && !labels.contains(times.label) {
      labels.append(times.label)
    }
    return labels
  }

  private static func goals(_ results: [JobResult]) -> [String] {
    results.flatMap { result in
      result.goals.map { "  \($0.isReached ? "✓" : "✗") \(result.name): \($0.measured) (goal: \($0.text))" }
    }
  }
}
