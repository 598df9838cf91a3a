/// When each subject of a study had an event, or was last seen without one: the targets of ``CoxPartialLikelihood``.
///
/// Sorting happens once, here; a loss over the same times costs O(n) from then on.
///
/// ```swift
/// let targets = try SurvivalTimes(times: [5.0, 6, 6, 2], events: [true, true, false, true])
/// ```
///
/// Only the order of the times matters. A subject censored at the time of an event was at risk then.
public struct SurvivalTimes: Sendable, Hashable {
  /// The number of subjects.
  public var count: Int { events.count }

  /// Whether each subject had an event; else its time is that of censoring.
  public let events: [Bool]

  /// The subjects by stratum, then by time.
  let order: [Int64]

  /// Where groups of equal time (within a stratum) begin in the order, and its end.
  let groups: [Int64]

  /// The group that each stratum begins with, and the number of groups.
  let strata: [Int]

  /// The given times.
  ///
  /// - Parameters:
  ///   - times: One per subject, of any numeric type; not NaN.
  ///   - events: Whether the subject had an event then.
  ///   - strata: Subjects of different strata are never compared; one stratum if left out.
  /// - Throws: ``LossError/targetOutsideDomain(index:value:lowest:highest:)`` for a time that is NaN.
  /// - Precondition: as many events and strata as times.
  /// - Complexity: O(n log n)
  public init<Time: TargetElement>(times: [Time], events: [Bool], strata: [Int]? = nil) throws(LossError) {
    requireCount(events.count, times.count, "events", "times")
    if let strata { requireCount(strata.count, times.count, "strata", "times") }
    defer { extendLifetime(times) }
    self.events = events
    let byTime = SurvivalKernel.order(times.span)
    if let last = byTime.last {
      let latest = times[Int(last)].asDouble
      if latest.isNaN {
        throw .targetOutsideDomain(index: Int(last), value: latest, lowest: -.infinity, highest: .infinity)
      }
    }
    guard let strata else {
      order = byTime
      groups = Self.groups(of: byTime, times, strata: nil)
      self.strata = times.isEmpty ? [0] : [0, groups.count - 1]
      return
    }
    // Sorting by stratum keeps the order by time within each.
    let ordered = byTime.map { strata[Int($0)] }
    let byStratum = SurvivalKernel.order(ordered.span)
    order = byStratum.map { byTime[Int($0)] }
    groups = Self.groups(of: order, times, strata: strata)
    self.strata = Self.strata(groups, order, strata)
  }

  private static func groups<Time: TargetElement>(of order: [Int64], _ times: [Time], strata: [Int]?) -> [Int64] {
    var groups: [Int64] = []
    for place in order.indices {
      let subject = Int(order[place])
      if place > 0 {
        let previous = Int(order[place - 1])
        if times[subject].asDouble == times[previous].asDouble && strata?[subject] == strata?[previous] { continue }
      }
      groups.append(Int64(place))
    }
    return groups + [Int64(order.count)]
  }

  private static func strata(_ groups: [Int64], _ order: [Int64], _ strata: [Int]) -> [Int] {
    var firsts: [Int] = []
    for group in 0..<groups.count - 1 {
      let stratum = strata[Int(order[Int(groups[group])])]
      if group > 0 && strata[Int(order[Int(groups[group - 1])])] == stratum { continue }
      firsts.append(group)
    }
    return firsts + [groups.count - 1]
  }
}
