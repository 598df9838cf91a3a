import LossAccel
import Synchronization
import Testing

@Suite struct ParallelismTests {
  struct Failure: Error, Equatable { var chunk: Int }

  @Test(arguments: [1, 2, 3, 8]) func everyChunkRunsOnce(threads: Int) {
    for count in [0, 1, 2, 7, 1000] {
      let calls = Mutex([Int](repeating: 0, count: count))
      Parallelism.withThreads(threads) {
        Parallelism.forEachChunk(count: count) { chunk in calls.withLock { $0[chunk] += 1 } }
      }
      #expect(calls.withLock { $0.allSatisfy { $0 == 1 } })
    }
  }

  @Test(arguments: [1, 2, 3, 8]) func theLowestFailingChunkWins(threads: Int) {
    for _ in 0..<50 {
      #expect(throws: Failure(chunk: 3)) {
        try Parallelism.withThreads(threads) {
          try Parallelism.forEachChunk(count: 40) { chunk throws(Failure) in
            // Higher chunks fail at once, the lowest failing one only after a while.
            if chunk == 3 {
              var sum = 0.0
              for step in 0..<20_000 { sum += Double(step).squareRoot() }
              #expect(sum > 0)
            }
            if chunk >= 3 { throw Failure(chunk: chunk) }
          }
        }
      }
    }
  }

  @Test(arguments: [1, 3]) func outputsAreSlicedByRows(threads: Int) {
    Parallelism.withThreads(threads) { checkOutputs(rows: 103) }
  }

  private func checkOutputs(rows: Int) {
    var first = [Int](repeating: -1, count: rows * 3)
    var second = [Int](repeating: -1, count: rows)
    var absent: [Float] = []
    var firstSpan = first.mutableSpan
    var secondSpan = second.mutableSpan
    var absentSpan = absent.mutableSpan
    Parallelism.mapRows(rows, rowsPerChunk: 10, &firstSpan, width: 3, &secondSpan, width: 1, &absentSpan, width: 0) {
      chunk, range, first, second, absent in
      #expect(first.count == range.count * 3 && second.count == range.count && absent.count == 0)
      #expect(range.lowerBound == chunk * 10)
      for row in range {
        second[row - range.lowerBound] = row
        for column in 0..<3 { first[(row - range.lowerBound) * 3 + column] = row * 3 + column }
      }
    }
    #expect(first == Array(0..<rows * 3))
    #expect(second == Array(0..<rows))
  }

  @Test func mappedValuesKeepChunkOrder() {
    Parallelism.withThreads(4) {
      #expect(Parallelism.mapChunks(count: 100) { "\($0)" } == (0..<100).map { "\($0)" })
    }
  }

  @Test func chunksCoverEverything() {
    #expect(Parallelism.chunkCount(of: 0, chunkSize: 5) == 0)
    #expect(Parallelism.chunkCount(of: 10, chunkSize: 5) == 2)
    #expect(Parallelism.chunkCount(of: 11, chunkSize: 5) == 3)
    #expect(Parallelism.chunkCount(of: .max, chunkSize: .max) == 1)
    #expect(Parallelism.range(ofChunk: 2, of: 11, chunkSize: 5) == 10..<11)
  }

  @Test func scopesNestAndEnd() async throws {
    let outside = Parallelism.threadCount
    Parallelism.withThreads(5) {
      #expect(Parallelism.threadCount == 5)
      Parallelism.withThreads(2) { #expect(Parallelism.threadCount == 2) }
      #expect(Parallelism.threadCount == 5)
    }
    await Parallelism.withThreads(7) {
      await Task.yield()
      #expect(Parallelism.threadCount == 7)
      async let child = Parallelism.threadCount
      #expect(await child == 7)
    }
    #expect(Parallelism.threadCount == outside)
    #expect(throws: Failure(chunk: 1)) {
      try Parallelism.withThreads(2) { () throws(Failure) in throw Failure(chunk: 1) }
    }
  }

  @Test func parallelCallsInsideChunksStayOnTheirThread() {
    Parallelism.withThreads(4) {
      Parallelism.forEachChunk(count: 8) { _ in #expect(Parallelism.threadCount == 1) }
    }
  }

  @Test func manyCallersAtOnceAllFinishWithTheSameBits() async {
    let terms = (1...20_000).map { 1 / Double($0) }
    @Sendable func sum(threads: Int) -> Double {
      Parallelism.withThreads(threads) {
        let parts = Parallelism.mapChunks(count: Parallelism.chunkCount(of: terms.count, chunkSize: 128)) { chunk in
          Parallelism.range(ofChunk: chunk, of: terms.count, chunkSize: 128).reduce(0.0) { $0 + terms[$1] }
        }
        return parts.reduce(0, +)
      }
    }
    let expected = sum(threads: 1)
    await withTaskGroup(of: [Double].self) { group in
      for caller in 0..<8 {
        group.addTask { (0..<25).map { sum(threads: 1 + (caller + $0) % 4) } }
      }
      for await sums in group { #expect(sums.allSatisfy { $0 == expected }) }
    }
  }

  @Test(arguments: [1, 2, 3, 8]) func chunksAreCombinedInTheirOrder(threads: Int) throws {
    Parallelism.withThreads(threads) {
      for count in [1, 2, 7, 100] {
        let order = Parallelism.combineChunks(count: count, { [$0] }, { $0 += $1 })
        #expect(order == Array(0..<count))
      }
    }
    struct Failure: Error, Equatable { var chunk: Int }
    #expect(throws: Failure(chunk: 3)) {
      try Parallelism.withThreads(threads) { () throws(Failure) in
        try Parallelism.combineChunks(
          count: 9,
          { (chunk) throws(Failure) in if chunk == 3 || chunk == 5 { throw Failure(chunk: chunk) } },
          { _, _ in })
      }
    }
  }

  @Test func aZeroThreadCountIsRefused() async {
    await #expect(processExitsWith: .failure) { Parallelism.defaultThreadCount = 0 }
  }
}

@Suite struct AvailableCoresTests {
  @Test func readsTheAffinityList() {
    #expect(AvailableCores.affinity(status: "Name:\tx\nCpus_allowed_list:\t0-3,8\nMems:\t0\n") == 5)
    #expect(AvailableCores.affinity(status: "Cpus_allowed_list:\t7\n") == 1)
    #expect(AvailableCores.affinity(status: "Cpus_allowed_list:\tx-y\n") == nil)
    #expect(AvailableCores.affinity(status: "Name:\tx\n") == nil)
    #expect(Parallelism.availableCores >= 1)
  }

  @Test func readsControlGroupLimits() {
    func cores(_ membership: String, _ files: [String: String]) -> Double? {
      ControlGroup.allowedCores(membership: membership) { files[$0] }
    }
    #expect(cores("0::/\n", ["/sys/fs/cgroup/cpu.max": "150000 100000\n"]) == 1.5)
    #expect(cores("0::/\n", ["/sys/fs/cgroup/cpu.max": "max 100000\n"]) == nil)
    #expect(
      cores("0::/a/b\n", ["/sys/fs/cgroup/a/cpu.max": "400000 100000", "/sys/fs/cgroup/a/b/cpu.max": "max 100000"]) == 4
    )
    let version1 = [
      "/sys/fs/cgroup/cpu/docker/cpu.cfs_quota_us": "200000\n",
      "/sys/fs/cgroup/cpu/docker/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    ]
    #expect(cores("5:memory:/docker\n4:cpu,cpuacct:/docker\n", version1) == 2)
    #expect(cores("nonsense", [:]) == nil)
  }
}
