import Foundation
import LossAccel

/// Runs a job's contestants in turn, again and again, so that a machine that slows down slows all of them down alike.
struct Tournament {
  /// The threads of the contestants that use all.
  var threads: Int
  /// Seconds to spend on one job, roughly, after its inputs are made.
  var budget: Double
  /// How long one measurement should take at least, so that the clock and its neighbours do not matter.
  var measurement: Double
  /// What is measured.
  var clock = Clock.elapsed

  enum Clock: String, Codable, Sendable {
    /// The time that passes.
    case elapsed
    /// The time that this process computes: what one thread would take if no other program ran beside it, save for the caches
    /// and the memory, which it shares with them all the same.
    case processor

    var seconds: Double {
      switch self {
      case .elapsed:
        let time = Self.origin.duration(to: .now).components
        return Double(time.seconds) + Double(time.attoseconds) * 1e-18
      case .processor: return Double(Foundation.clock()) * 1e-6  // POSIX fixes the unit
      }
    }

    private static let origin = ContinuousClock.now
  }

  /// Rounds for contestants that fit into the budget many times, and for those that do not fit into it at all.
  private static let rounds = 3...101

  func run(_ job: Job) throws -> JobResult {
    let race = try job.prepare()
    try race.check()

    // With one thread the contestants that would use all are those that use one.
    let contestants = race.contestants.filter { threads > 1 || ($0.role != .all && $0.role != .limitAll) }

    // The check has run everything once, so caches and lazily made programs are warm.
    let repetitions = try contestants.map(repetitions(of:))
    let round = repetitions.reduce(0) { $0 + Double($1.count) * $1.seconds }
    let rounds = min(max(Int(budget / round), Self.rounds.lowerBound), Self.rounds.upperBound)
    var samples = [[Double]](repeating: [], count: contestants.count)
    for _ in 0..<rounds {
      for (index, contestant) in contestants.enumerated() {
        samples[index].append(try time(contestant, repetitions[index].count))
      }
    }

    var result = JobResult(name: job.name, group: job.group, work: race.work)
    result.seconds = contestants.indices.map { index in
      let contestant = contestants[index]
      return ContestantTimes(
        role: contestant.role, label: contestant.label, threads: contestant.role.threads(of: threads), rounds: rounds,
        repetitions: repetitions[index].count, quartiles: Quartiles(of: samples[index]))
    }
    result.heapGrowth = race.heapGrowth?()
    result.goals = job.goals.compactMap { $0.outcome(of: result) }
    return result
  }

  /// How many runs make one measurement, and how long one run took.
  private func repetitions(of contestant: Contestant) throws -> (count: Int, seconds: Double) {
    var count = 1
    while true {
      let seconds = try time(contestant, count)
      if seconds * Double(count) >= measurement { return (count, seconds) }
      count = max(count * 2, min(Int(1.2 * measurement / max(seconds, 1e-9)), count * 100))
    }
  }

  /// Seconds per run.
  private func time(_ contestant: Contestant, _ repetitions: Int) throws -> Double {
    let before = Parallelism.defaultThreadCount
    Parallelism.defaultThreadCount = contestant.role.threads(of: threads)
    defer { Parallelism.defaultThreadCount = before }
    let start = clock.seconds
    try contestant.run(repetitions)
    return (clock.seconds - start) / Double(repetitions)
  }
}
