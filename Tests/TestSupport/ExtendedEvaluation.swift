package import LossAccel

#if arch(x86_64)
  import Glibc

  extension Formula {
    /// The formula as it was written (before any rewriting for stability), evaluated with 64-bit significands: eleven bits more
    /// than the kernels have, and the C library's own long-double functions.
    package func extended(_ value: (Input) -> Float80) -> Float80 {
      fold(constant: { Float80($0) }, input: value) { operation, a in
        guard let function = extendedFunctions[operation.name] else {
          preconditionFailure("no extended function for \(operation.name)")
        }
        return function(a)
      }
    }
  }

  private let extendedFunctions: [String: @Sendable ([Float80]) -> Float80] = [
    "negate": { -$0[0] }, "add": { $0[0] + $0[1] }, "subtract": { $0[0] - $0[1] }, "multiply": { $0[0] * $0[1] },
    "divide": { $0[0] / $0[1] }, "squareRoot": { $0[0].squareRoot() }, "power": { powl($0[0], $0[1]) },
    "absolute": { Swift.abs($0[0]) }, "sign": { $0[0] > 0 ? 1 : $0[0] < 0 ? -1 : $0[0] },
    "step": { $0[0] > 0 ? 1 : 0 }, "positivePart": { Swift.max($0[0], 0) }, "minimum": { Swift.min($0[0], $0[1]) },
    "maximum": { Swift.max($0[0], $0[1]) }, "copySign": { copysignl($0[0], $0[1]) },
    "less": { $0[0] < $0[1] ? 1 : 0 }, "lessOrEqual": { $0[0] <= $0[1] ? 1 : 0 }, "equal": { $0[0] == $0[1] ? 1 : 0 },
    "select": { $0[0] != 0 ? $0[1] : $0[2] }, "exp": { expl($0[0]) }, "expMinusOne": { expm1l($0[0]) },
    "log": { logl($0[0]) }, "logOnePlus": { log1pl($0[0]) }, "logOneMinusExp": { logl(-expm1l(-$0[0])) },
    "xLogY": { $0[0] == 0 ? 0 : $0[0] * logl($0[1]) }, "xLogOnePlusY": { $0[0] == 0 ? 0 : $0[0] * log1pl($0[1]) },
    "tanh": { tanhl($0[0]) }, "logCosh": { 0.5 * log1pl(sinhl($0[0]) * sinhl($0[0])) },
    "softplus": { Swift.max($0[0], 0) + log1pl(expl(-Swift.abs($0[0]))) }, "sigmoid": { 1 / (1 + expl(-$0[0])) },
    "logisticTail": { log1pl(expl(-Swift.abs($0[0]))) },
    "logisticSide": { ($0[0] > 0 ? 1 : -1) / (1 + expl(Swift.abs($0[0]))) },
  ]
#endif
