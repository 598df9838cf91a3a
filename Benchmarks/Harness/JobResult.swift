/// What was measured of one job.
struct JobResult: Codable, Sendable {
  var name: String
  var group: String
  var work: Work
  /// Seconds for one run of the job, by contestant.
  var seconds: [ContestantTimes] = []
  var heapGrowth: Int?
  var goals: [GoalOutcome] = []

  /// The quartiles of the seconds, by role.
  var times: [Contestant.Role: Quartiles] {
    Dictionary(uniqueKeysWithValues: seconds.map { ($0.role, $0.quartiles) })
  }

  /// The median time of one contestant over another's.
  func ratio(_ dividend: Contestant.Role, _ divisor: Contestant.Role) -> Double? {
    guard let dividend = times[dividend], let divisor = times[divisor] else { return nil }
    return dividend.median / divisor.median
  }

  func nanosecondsPerItem(_ role: Contestant.Role) -> Double? {
    times[role].map { $0.median * 1e9 / Double(work.items) }
  }
}

/// One contestant's measurements.
struct ContestantTimes: Codable, Sendable {
  var role: Contestant.Role
  var label: String
  var threads: Int
  /// How many times it was measured, and how many runs each measurement averages over.
  var rounds: Int
  var repetitions: Int
  var quartiles: Quartiles
}

/// A figure to reach and what was measured.
struct GoalOutcome: Codable, Sendable {
  var text: String
  var measured: String
  var isReached: Bool
}
