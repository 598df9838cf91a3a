import COpenBLAS

/// The permission to call BLAS and LAPACK. It has no public initialiser: `BLASRuntime.ready()` hands it out, and only
/// after the library was set up and passed its self-test, so a library that computes wrongly cannot be reached. It
/// occupies no memory.
public struct _BLASAccess: Sendable {
  fileprivate init() {}
}

/// The BLAS library of this process: set up once, before its first use.
///
/// Setting up means: one thread per call, because rows are split over our own threads; a core that suits the CPU
/// (``BLASCore``); and a self-test (``BLASSelfTest``). A program that calls OpenBLAS by itself must not do so on
/// another thread during the first LossAccel call; afterwards it will find OpenBLAS set to one thread.
package enum BLASRuntime {
  /// The permission to call BLAS and LAPACK. The first call sets the library up; later ones cost a load and a
  /// comparison.
  /// - Throws: ``LinearAlgebraError/selfTestFailed(operation:library:core:)`` where the library computes wrongly.
  package static func ready() throws(LinearAlgebraError) -> _BLASAccess {
    guard isSound else { throw setup.failure! }
    return _BLASAccess()
  }

  /// What was found and done when the library was set up.
  package struct Setup: Sendable {
    /// OpenBLAS's own description of itself: version, options of its build, and its core when it was loaded.
    package var configuration: String
    /// The file that cblas_dgemm comes from.
    package var library: String
    /// The core chosen by the library itself.
    package var initialCore: String
    /// The core in use.
    package var core: String
    /// The user's `OPENBLAS_CORETYPE`.
    package var userChoice: String?
    package var decision: BLASCore.Decision
    package var failure: LinearAlgebraError?
  }

  /// Set up at the first use, by whichever thread comes first; the others wait.
  package static let setup: Setup = makeSetup()
  private static let isSound = setup.failure == nil

  /// Whether the kernels in use have special ones for small products. OpenBLAS's AVX-512 cores do.
  static let hasSmallProductKernels = BLASCore.kind(of: setup.core) == .avx512

  /// Makes OpenBLAS use another core from now on; for tests and measurements while nothing else uses it. False where it
  /// cannot.
  package static func useCore(_ core: String) -> Bool {
    guard let switching = unsafe CoreSwitch() else { return false }
    unsafe switching.perform(to: core, restoring: Platform.environmentVariable(coreVariable))
    return currentCore().lowercased() == core.lowercased()
  }

  private static func makeSetup() -> Setup {
    let initialCore = currentCore()
    let userChoice = Platform.environmentVariable(coreVariable)
    let switching = unsafe CoreSwitch()
    let decision = BLASCore.decide(
      initialCore: initialCore, features: .current, userChoice: userChoice, canSwitch: unsafe switching != nil)
    if case .switchTo(let core) = decision { unsafe switching?.perform(to: core, restoring: userChoice) }
    openblas_set_num_threads(1)

    var setup = Setup(
      configuration: unsafe openblas_get_config().map { unsafe String(cString: $0) } ?? "",
      library: unsafe Platform.libraryPath(of: Platform.symbol("cblas_dgemm")) ?? "(unknown)",
      initialCore: initialCore, core: currentCore(), userChoice: userChoice, decision: decision, failure: nil)
    if let operation = BLASSelfTest(_BLASAccess()).firstWrongOperation() {
      setup.failure = .selfTestFailed(operation: operation, library: setup.library, core: setup.core)
    }
    return setup
  }

  /// The core in use at this moment.
  package static func currentCore() -> String {
    unsafe openblas_get_corename().map { unsafe String(cString: $0) } ?? "unknown"
  }

  fileprivate static let coreVariable = "OPENBLAS_CORETYPE"
}

/// The two functions with which OpenBLAS, built for several cores, chooses one when it is loaded. They are exported,
/// but not declared in its headers; where they are absent there is nothing to switch.
@unsafe private struct CoreSwitch {
  private typealias Function = @convention(c) () -> Void
  private let quit: Function
  private let start: Function

  init?() {
    guard let quit = unsafe Platform.symbol("gotoblas_dynamic_quit"),
      let start = unsafe Platform.symbol("gotoblas_dynamic_init")
    else { return nil }
    unsafe self.quit = unsafe unsafeBitCast(quit, to: Function.self)
    unsafe self.start = unsafe unsafeBitCast(start, to: Function.self)
  }

  /// OpenBLAS asks the environment which core is wanted, so the wish stands there while it chooses again.
  func perform(to core: String, restoring previous: String?) {
    Platform.setEnvironmentVariable(BLASRuntime.coreVariable, to: core)
    unsafe quit()
    unsafe start()
    Platform.setEnvironmentVariable(BLASRuntime.coreVariable, to: previous)
  }
}
