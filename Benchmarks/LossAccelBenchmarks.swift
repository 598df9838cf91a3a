import ArgumentParser
import Foundation
import LossAccel

/// Naive loops beside LossAccel.
@main
struct LossAccelBenchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "LossAccelBenchmarks",
    abstract: "Measures LossAccel against plain Swift loops and against the limits of this machine.",
    discussion: """
      Every job is done by a plain Swift loop, by LossAccel on one thread and on all, and by something that only reaches the \
      machine's limit. Their results are checked against each other first; then they take turns, and medians are reported. \
      Times never fail a run; a wrong result does.
      """)

  @Flag(help: "Only the most telling jobs, about half a minute in all.")
  var quick = false

  @Option(help: ArgumentHelp("Only jobs whose name matches this regular expression.", valueName: "regex"))
  var filter: String?

  @Option(help: "The number of threads of the contestants that use all.")
  var threads = Parallelism.availableCores

  @Flag(help: "Measure processor time, on one thread only: for a machine that runs other programs, too.")
  var processorTime = false

  @Option(help: ArgumentHelp("Write everything that was measured as JSON.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Draw the gains over the Swift loops as an SVG picture.", valueName: "file"))
  var svg: String?

  @Flag(help: "List the jobs and stop.")
  var list = false

  @Option(help: ArgumentHelp("A folder with the problem of a script in Benchmarks/Peers.", visibility: .hidden))
  var problem: String?

  @Option(help: ArgumentHelp("The pointwise loss to compute on it; without one it is solved.", visibility: .hidden))
  var loss: String?

  @Option(help: ArgumentHelp("The columns of that problem.", visibility: .hidden))
  var columns = 1

  @Option(help: ArgumentHelp("Seconds to spend on it.", visibility: .hidden))
  var budget = 0.5

  @Option(help: ArgumentHelp("MiB of memory that it may take.", visibility: .hidden))
  var memory = 64

  func validate() throws {
    if threads < 1 { throw ValidationError("The number of threads is \(threads), it must be at least 1.") }
    if let filter, (try? Regex(filter)) == nil {
      throw ValidationError("“\(filter)” is not a regular expression.")
    }
  }

  func run() throws {
    if let problem, loss == "linear-cross-entropy" {
      let report = try OutputLayerPeerProblem(folder: problem, columns: columns, memory: memory << 20)
        .report(budget: budget)
      return FileHandle.standardOutput.write(report)
    }
    if let problem, loss == "logistic-regression" {
      let report = try LogisticPeerProblem(folder: problem, columns: columns).report(budget: budget)
      return FileHandle.standardOutput.write(report)
    }
    if let problem, let loss {
      let report = try PointwisePeerProblem(folder: problem, loss: loss).report(budget: budget)
      return FileHandle.standardOutput.write(report)
    }
    if let problem {
      let report = try PeerProblemFile(folder: problem, columns: columns).report(budget: budget)
      return FileHandle.standardOutput.write(report)
    }
    let jobs = try selectedJobs()
    if list { return print(jobs.map(\.name).joined(separator: "\n")) }
    if jobs.isEmpty { throw ValidationError("No job's name matches. --list shows them all.") }

    let threads = processorTime ? 1 : threads
    var report = Report(machine: MachineFacts(threads: threads), clock: processorTime ? .processor : .elapsed)
    print(TextReport.machine(report.machine, clock: report.clock))
    let tournament = Tournament(
      threads: threads, budget: quick ? 0.7 : 3, measurement: quick ? 1e-3 : 5e-3, clock: report.clock)
    for group in groups(of: jobs) {
      var results: [JobResult] = []
      for job in group {
        Progress.show(job.name)
        results.append(try tournament.run(job))
      }
      Progress.clear()
      print("\n" + TextReport.group(group[0].group, results, threads: threads))
      report.results += results
    }
    if let json { try report.json().write(to: URL(fileURLWithPath: json)) }
    if let svg { try Data(report.chart().utf8).write(to: URL(fileURLWithPath: svg)) }
  }

  private func selectedJobs() throws -> [Job] {
    let pattern = try filter.map { try Regex($0) }
    return JobRegistry.all.filter { job in
      (!quick || job.isQuick) && (pattern.map { job.name.firstMatch(of: $0) != nil } ?? true)
    }
  }

  /// The jobs by group, both in the registry's order.
  private func groups(of jobs: [Job]) -> [[Job]] {
    jobs.reduce(into: []) { groups, job in
      if groups.last?.last?.group == job.group { groups[groups.count - 1].append(job) } else { groups.append([job]) }
    }
  }
}
