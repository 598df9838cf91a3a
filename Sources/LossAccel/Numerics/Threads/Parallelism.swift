import Synchronization

/// How many threads LossAccel computes on.
///
/// Large batches and products are cut into chunks whose size depends on the problem alone, the chunks are computed on
/// several threads, and partial results are combined in chunk order. So results are the same bits for any number of
/// threads; only the time differs. Small problems run on the calling thread. BLAS itself is kept on one thread
/// (`openblas_set_num_threads(1)`), because its own threads take global locks, oversubscribe, and gain nothing on tall,
/// narrow matrices.
///
/// ```swift
/// Parallelism.defaultThreadCount = 4                 // from now on, in the whole process
/// let fit = try Parallelism.withThreads(1) {         // in this scope, and in the tasks it creates
///   try leastSquares(design, response)
/// }
/// ```
public enum Parallelism {
  /// The number of cores that this process may use: its CPU affinity, or less where a control group (a container's CPU
  /// limit, rounded up) allows less. Read once; at least 1.
  public static let availableCores: Int = AvailableCores.count()

  /// The number of threads used where no scope says otherwise; ``availableCores`` at first. Setting it takes effect in
  /// the whole process. It must be at least 1.
  public static var defaultThreadCount: Int {
    get {
      let count = chosenDefault.load(ordering: .relaxed)
      return count > 0 ? count : availableCores
    }
    set {
      precondition(newValue >= 1, "the thread count is \(newValue), it must be at least 1")
      chosenDefault.store(newValue, ordering: .relaxed)
    }
  }

  /// The number of threads that a call made here would use: the innermost `withThreads` scope's, or
  /// ``defaultThreadCount``.
  public static var threadCount: Int { scoped ?? defaultThreadCount }

  /// Runs `body` with calls inside it using up to `count` threads (at least 1); child tasks inherit the scope.
  public static func withThreads<Result, Failure: Error>(
    _ count: Int, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(count >= 1, "the thread count is \(count), it must be at least 1")
    // TaskLocal's withValue loses the type of the error, so the outcome travels as a value.
    let outcome: Swift.Result<Result, Failure> = $scoped.withValue(count) {
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// Runs asynchronous `body` with calls inside it using up to `count` threads (at least 1); child tasks inherit the
  /// scope.
  public static func withThreads<Result>(
    _ count: Int, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
  ) async rethrows -> Result {
    precondition(count >= 1, "the thread count is \(count), it must be at least 1")
    return try await $scoped.withValue(count, operation: body, isolation: isolation)
  }

  @TaskLocal private static var scoped: Int?

  /// 0 until somebody chooses.
  private static let chosenDefault = Atomic<Int>(0)
}
