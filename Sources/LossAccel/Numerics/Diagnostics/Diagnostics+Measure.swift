extension Diagnostics {
  /// What this machine reaches in the two things that limit LossAccel: multiplying matrices and moving memory.
  public struct Measurement: Sendable, Encodable {
    /// The rates for one number of threads.
    public struct Rates: Sendable, Encodable {
      /// The threads used.
      public var threads: Int
      /// Matrix product in double precision, in 10⁹ operations per second.
      public var dgemm: Double
      /// Matrix product in single precision, in 10⁹ operations per second.
      public var sgemm: Double
      /// a ← b + s·c on arrays far larger than the caches, in 10⁹ bytes read or written per second.
      public var triad: Double
    }

    /// On one thread.
    public var oneThread: Rates
    /// On ``Parallelism/threadCount`` threads.
    public var allThreads: Rates
  }

  /// Measures for less than a second; best of a few runs. Uses 100 MB for that time.
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test.
  public static func measure() throws(LinearAlgebraError) -> Measurement {
    var triad = Triad(count: 1 << 22)
    let all = Parallelism.threadCount
    let one = try Parallelism.withThreads(1) { () throws(LinearAlgebraError) in try rates(&triad) }
    return Measurement(oneThread: one, allThreads: all == 1 ? one : try rates(&triad))
  }

  private static func rates(_ triad: inout Triad) throws(LinearAlgebraError) -> Measurement.Rates {
    Measurement.Rates(
      threads: Parallelism.threadCount, dgemm: try productRate(Double.self), sgemm: try productRate(Float.self),
      triad: triad.rate())
  }

  private static func productRate<T: Scalar>(_: T.Type) throws(LinearAlgebraError) -> Double {
    let size = 768
    let a = Matrix<T>(repeating: 0.5, rows: size, columns: size)
    var c = Matrix<T>.zeros(rows: size, columns: size)
    var best = Double.infinity
    for _ in 0..<4 {
      let start = Platform.seconds()
      var output = c.elements.mutableSpan
      try LossAccel.BLAS.gemm(
        rows: size, columns: size, inner: size, a: a.elements.span, b: a.elements.span, c: &output)
      best = min(best, Platform.seconds() - start)
    }
    return 2 * Double(size * size * size) / best * 1e-9
  }
}

/// Three arrays for a ← b + s·c.
private struct Triad {
  private var a: [Double]
  private let b: [Double]
  private let c: [Double]

  init(count: Int) {
    a = Array(repeating: 0, count: count)
    b = Array(repeating: 1, count: count)
    c = Array(repeating: 2, count: count)
  }

  mutating func rate() -> Double {
    var best = Double.infinity
    for _ in 0..<4 {
      let start = Platform.seconds()
      run()
      best = min(best, Platform.seconds() - start)
    }
    return Double(3 * MemoryLayout<Double>.stride * a.count) / best * 1e-9
  }

  private mutating func run() {
    let (count, b, c) = (a.count, b, c)
    var output = a.mutableSpan
    Parallelism.mapRows(count, rowsPerChunk: 1 << 18, &output, width: 1) { _, range, a in
      let (b, c) = (b.span.extracting(range), c.span.extracting(range))
      for index in a.indices { a[index] = b[index] + 3 * c[index] }
    }
  }
}
