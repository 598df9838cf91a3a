import Foundation

/// A figure that the project wants to reach, from the measurements of one job in one run. Reported, never enforced: times
/// depend on the machine and its neighbours.
struct Goal {
  let text: String
  let measure: (JobResult) -> Double?
  let isReached: (Double) -> Bool
  let format: (Double) -> String

  /// The speed of `role` is at least this share of the limit's.
  static func shareOfLimit(_ role: Contestant.Role, atLeast bound: Double) -> Goal {
    Goal(
      text: "\(role == .all ? "all threads" : "one thread") ≥ \(bound) of the limit",
      measure: { role == .all ? $0.ratio(.limitAll, .all) : $0.ratio(.limit, role) },
      isReached: { $0 >= bound }, format: { String(format: "%.2f", $0) })
  }

  /// One thread is at least this many times as fast as the naive loop.
  static func speedup(atLeast bound: Double) -> Goal {
    Goal(
      text: "one thread ≥ \(Int(bound))× the naive loop", measure: { $0.ratio(.naive, .single) },
      isReached: { $0 >= bound }, format: { String(format: "%.1f×", $0) })
  }

  /// One thread, or all, are at least this many times as fast as the other library's one thread.
  static func timesPeer(_ role: Contestant.Role, atLeast bound: Double) -> Goal {
    Goal(
      text: "\(role == .all ? "all threads" : "one thread") ≥ \(bound)× LAPACK on one",
      measure: { $0.ratio(.peer, role) },
      isReached: { $0 >= bound }, format: { String(format: "%.1f×", $0) })
  }

  /// One thread takes at most this many times as long as the loop fused by hand.
  static func timeOverFused(atMost bound: Double) -> Goal {
    Goal(
      text: "one thread ≤ \(bound)× the fused loop's time", measure: { $0.ratio(.single, .fused) },
      isReached: { $0 <= bound }, format: { String(format: "%.2f×", $0) })
  }

  /// One thread takes at most this many times as long as without the last output, beside what it costs to write that: a third of
  /// a triad, which moves three arrays.
  static func timeOverWithout(atMost bound: Double) -> Goal {
    Goal(
      text: "one thread ≤ \(bound)× the time without, and its own traffic",
      measure: { result in
        guard let with = result.times[.single]?.median, let without = result.times[.fused]?.median,
          let triad = result.times[.limit]?.median
        else { return nil }
        return (with - triad / 3) / without
      },
      isReached: { $0 <= bound }, format: { String(format: "%.2f×", $0) })
  }

  /// One thread takes at most this many nanoseconds per item.
  static func nanosecondsPerItem(atMost bound: Double) -> Goal {
    Goal(
      text: "one thread ≤ \(bound) ns per item", measure: { $0.nanosecondsPerItem(.single) },
      isReached: { $0 <= bound }, format: { String(format: "%.2f ns", $0) })
  }

  /// One call takes at most this many nanoseconds.
  static func nanoseconds(atMost bound: Double) -> Goal {
    Goal(
      text: "one call ≤ \(Int(bound)) ns", measure: { $0.times[.single].map { $0.median * 1e9 } },
      isReached: { $0 <= bound }, format: { String(format: "%.0f ns", $0) })
  }

  /// One call allocates nothing.
  static var noHeapAllocation: Goal {
    Goal(
      text: "no heap allocation", measure: { $0.heapGrowth.map(Double.init) },
      isReached: { $0 == 0 }, format: { "\(Int($0)) bytes" })
  }

  func outcome(of result: JobResult) -> GoalOutcome? {
    measure(result).map { GoalOutcome(text: text, measured: format($0), isReached: isReached($0)) }
  }
}
