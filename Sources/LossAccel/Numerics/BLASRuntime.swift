import COpenBLAS

/// The permission to call BLAS and LAPACK. It has no public initialiser: `BLASRuntime.ready()` hands it out, and only after the
/// library was set up and passed its self-test, so a library that computes wrongly cannot be reached. It occupies no memory.
public struct _BLASAccess: Sendable {
  fileprivate init() {}
}

/// The BLAS library of this process: set up once, before its first use.
package enum BLASRuntime {
  /// The permission to call BLAS and LAPACK. The first call sets the library up; later ones cost one load.
  /// - Throws: ``LinearAlgebraError/selfTestFailed(operation:library:core:)`` where the library computes wrongly.
  package static func ready() throws(LinearAlgebraError) -> _BLASAccess {
    if let failure = state.failure { throw failure }
    return _BLASAccess()
  }

  /// Whether the kernels in use have special ones for small products (the AVX-512 cores of OpenBLAS do).
  static var hasSmallProductKernels: Bool { true }

  private struct State: Sendable {
    var failure: LinearAlgebraError?
  }

  private static let state: State = {
    // Threads are ours: rows are split over our own threads, and each calls a single-threaded BLAS.
    openblas_set_num_threads(1)
    return State(failure: nil)
  }()
}
