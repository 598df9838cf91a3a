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
    "tanh": { tanhl($0[0]) }, "sechSquare": { 1 / (coshl($0[0]) * coshl($0[0])) },
    "exponentialRatio": { ratio($0[0]) }, "exponentialRatioExcess": { ratioExcess($0[0]) },
    "logCosh": { 0.5 * log1pl(sinhl($0[0]) * sinhl($0[0])) },
    "softplus": { Swift.max($0[0], 0) + log1pl(expl(-Swift.abs($0[0]))) }, "sigmoid": { 1 / (1 + expl(-$0[0])) },
    "logisticTail": { log1pl(expl(-Swift.abs($0[0]))) },
    "logisticSide": { ($0[0] > 0 ? 1 : -1) / (1 + expl(Swift.abs($0[0]))) },
    "nearest": { $0[0].rounded(.toNearestOrEven) }, "expProduct": { expl($0[0] * $0[1]) },
    "inverseOnePlusSquare": { 1 / (1 + $0[0] * $0[0]) }, "overOnePlusSquare": { $0[0] / (1 + $0[0] * $0[0]) },
    "logAddExp": { Swift.max($0[0], $0[1]) + log1pl(expl(-Swift.abs($0[0] - $0[1]))) },
    "rootOfOnePlusSquare": { root($0[0]) }, "rootOfOnePlusSquareMinusOne": { $0[0] * $0[0] / (1 + root($0[0])) },
    "algebraicSigmoid": { $0[0] / root($0[0]) }, "logOnePlusSquare": { log1pl($0[0] * $0[0]) },
    "expExcess": { expExcess($0[0]) }, "logRatio": { logl($0[0] / $0[1]) },
    "ratioDeficit": { ratioDeficit($0[0], $0[1]) }, "logOnePlusDeficit": { deficit($0[0]) }, "sine": { sinl($0[0]) },
    "cosine": { cosl($0[0]) },
    "arcTangent": { atanl($0[0]) }, "errorFunction": { erfl($0[0]) }, "errorFunctionComplement": { erfcl($0[0]) },
    "expNegativeSquare": { expl(-$0[0] * $0[0]) }, "normalDensity": { density($0[0]) },
    "normalCumulative": { 0.5 * erfcl(-$0[0] / root(1)) }, "logNormalCumulative": { logNormal($0[0]) },
    "weightedLogNormal": { $0[0] == 0 ? 0 : $0[0] * logNormal($0[1]) },
    "weightedMills": { $0[0] == 0 ? 0 : $0[0] * (excess($0[1]) - $0[1]) },
    "weightedMillsFall": { $0[0] == 0 ? 0 : $0[0] * (excess($0[1]) - $0[1]) * excess($0[1]) },
    "inverseMillsRatio": { excess($0[0]) - $0[0] }, "inverseMillsExcess": { excess($0[0]) },
    "logGamma": { lgammal($0[0]) }, "digamma": { digamma($0[0]) }, "trigamma": { trigamma($0[0]) },
  ]

  private func root(_ x: Float80) -> Float80 { (1 + x * x).squareRoot() }

  private func density(_ x: Float80) -> Float80 { expl(-x * x / 2) / (2 * Float80.pi).squareRoot() }

  private func logNormal(_ x: Float80) -> Float80 {
    x > 0 ? log1pl(-0.5 * erfcl(x / root(1))) : logl(density(x)) - logl(excess(x) - x)
  }

  /// eˣ − 1 − x by its series where the difference would cancel.
  private func expExcess(_ x: Float80) -> Float80 {
    guard Swift.abs(x) < 0.1 else { return expm1l(x) - x }
    return (3..<20).reversed().reduce(1) { 1 + $0 * x / Float80($1) } * x * x / 2
  }

  /// x − log(1 + x) by its series where the difference would cancel.
  private func deficit(_ x: Float80) -> Float80 {
    guard Swift.abs(x) < 0.1 else { return x - log1pl(x) }
    return (2..<30).reversed().reduce(0) { ($0 + ($1 % 2 == 0 ? 1 : -1) / Float80($1)) * x } * x
  }

  private func ratioDeficit(_ x: Float80, _ y: Float80) -> Float80 {
    let excess = (x - y) / y
    return Swift.abs(excess) < 0.1 ? deficit(excess) : x / y - 1 - logl(x / y)
  }

  private func ratio(_ x: Float80) -> Float80 { x == 0 ? 1 : x > 11000 ? 0 : x / expm1l(x) }

  private func ratioExcess(_ x: Float80) -> Float80 {
    if x < 1e-3 { return x * (1 / 2 + x * (1 / 12 - x * x * (1 / 720 - x * x / 30240))) }
    return x > 1 ? ratio(x) + (x - 1) : deficit(expm1l(-x)) / -expm1l(-x)
  }

  /// x + φ(x)/Φ(x), left of −2 by Laplace's continued fraction.
  private func excess(_ x: Float80) -> Float80 {
    guard x < -2 else { return x + density(x) / (0.5 * erfcl(-x / root(1))) }
    return (1...400).reversed().reduce(0) { Float80($1) / (-x + $0) }
  }

  /// By recurrence to beyond 20, and the asymptotic series there, whose next term is below 10⁻²¹.
  private func digamma(_ x: Float80) -> Float80 {
    var (y, sum) = (x, Float80(0))
    while y < 20 { (y, sum) = (y + 1, sum - 1 / y) }
    let z = 1 / (y * y)
    let bernoulli: [Float80] = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160]
    return sum + logl(y) - 0.5 / y - bernoulli.reversed().reduce(0) { ($0 + $1) * z }
  }

  private func trigamma(_ x: Float80) -> Float80 {
    var (y, sum) = (x, Float80(0))
    while y < 20 { (y, sum) = (y + 1, sum + 1 / (y * y)) }
    let z = 1 / (y * y)
    let bernoulli: [Float80] = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]
    return sum + 1 / y + z / 2 + bernoulli.reversed().reduce(0) { ($0 + $1) * z } / y
  }
#endif
