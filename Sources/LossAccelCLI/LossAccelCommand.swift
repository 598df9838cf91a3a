import ArgumentParser
import LossAccel

@main
struct LossAccelCommand: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "lossaccel",
    abstract: "Losses, and the regressions they define.",
    discussion: """
      Data goes to standard output, messages go to standard error. Numbers in JSON carry 17 significant digits; values that are \
      not finite are the strings "NaN", "Infinity" and "-Infinity".

      EXIT CODES
        0   success
        1   the data cannot be used: unreadable, malformed, outside a loss's domain
        2   numerical failure: a rank-deficient problem, a failed self-test, coefficients that disagree
        64  wrong usage of the command line

      ENVIRONMENT
        NO_COLOR, FORCE_COLOR   never, or always, colour the output
        LOSSACCEL_TARGET        avx512, avx2 or baseline: the vector kernels to use
        OPENBLAS_CORETYPE       the OpenBLAS kernels to use, respected when set
      """,
    version: version,
    subcommands: [Fit.self, Predict.self, Evaluate.self, Losses.self, Demo.self, Doctor.self]
  )

  /// Runs the command and turns what it throws into a message and the documented exit code.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as DataError {
      fail(error.message, .dataError)
    } catch let error as NumericalFailure {
      fail(error.message, .numericalFailure)
    } catch let error as UsageError {
      fail(error.message, .usageError)
    } catch let error as LinearAlgebraError {
      fail("\(error)", .numericalFailure)
    } catch {
      exit(withError: error)
    }
  }

  private static func fail(_ message: String, _ code: ExitCode) -> Never {
    Terminal.complain(message)
    exit(withError: code)
  }
}
