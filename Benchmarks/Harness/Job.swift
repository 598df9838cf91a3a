import LossAccel

/// One thing to compute, to be computed by several contestants.
struct Job {
  /// What the table, the chart and `--filter` call it, such as `bce-logits f32 1Mi`.
  let name: String
  /// The heading that it stands under.
  let group: String
  /// Whether it belongs to the half-minute version.
  var isQuick = false
  /// The project's own figures to reach.
  var goals: [Goal] = []
  /// Makes the inputs and the contestants; called right before the job is run, so that only one job's arrays are in memory.
  let prepare: () throws -> Race
}

/// A job with its inputs in memory.
struct Race {
  let work: Work
  let contestants: [Contestant]
  /// Checks the contestants' results against each other, before anything is timed.
  let check: () throws -> Void
  /// By how many bytes the heap grows in one call, where the job asks.
  var heapGrowth: (() -> Int?)?
}

extension Race {
  /// LossAccel, on one thread and on all, beside what the machine can do.
  init(
    work: Work, label: String = "LossAccel", run: @escaping () throws -> Void, limit: String,
    runLimit: @escaping () throws -> Void, check: @escaping () throws -> Void
  ) {
    self.init(
      work: work,
      contestants: [
        Contestant(.single, label, run), Contestant(.all, label, run), Contestant(.limit, limit, runLimit),
        Contestant(.limitAll, limit, runLimit),
      ],
      check: check)
  }
}

/// What one run of a job does, by the count that its formula and its shapes give.
struct Work: Codable, Sendable {
  /// How many `item`s are worked on.
  var items: Int
  var item = "element"
  /// Bytes that must be read and written at least.
  var bytes: Double?
  /// Floating-point operations that the method needs, for jobs that are bound by them.
  var operations: Double?
}

/// One way to do a job.
struct Contestant {
  let role: Role
  /// What it is, in a few words.
  let label: String
  /// Does the job the given number of times.
  let run: (_ repetitions: Int) throws -> Void

  init(_ role: Role, _ label: String, repeated run: @escaping (_ repetitions: Int) throws -> Void) {
    self.role = role
    self.label = label
    self.run = run
  }

  init(_ role: Role, _ label: String, _ run: @escaping () throws -> Void) {
    self.init(role, label, repeated: { repetitions in for _ in 0..<repetitions { try run() } })
  }

  enum Role: String, Codable, CaseIterable, Sendable {
    /// A plain Swift loop.
    case naive
    /// LossAccel on one thread and on all.
    case single, all
    /// A C loop for this one job on the library's own vector primitives.
    case fused
    /// Another library's call for the same, on one thread.
    case peer
    /// What the machine can do, on one thread and on all.
    case limit, limitAll

    func threads(of all: Int) -> Int { self == .all || self == .limitAll ? all : 1 }
  }
}

/// Results that should agree do not.
struct Disagreement: Error, CustomStringConvertible {
  let description: String

  /// Throws where two numbers differ by more than `bound`. Equal infinities agree; NaN agrees with nothing.
  static func check(
    _ what: @autoclosure () -> String, _ first: Double, _ second: Double, bound: Double
  ) throws {
    if first == second || abs(first - second) <= bound { return }
    throw Disagreement(description: "\(what()): \(first) and \(second) differ by more than \(bound)")
  }
}
