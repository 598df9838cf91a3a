"""Prints the coefficients of the polynomials in Sources/CVectorKernels/vector, from the constant up, with the error they were chosen for.

Either by Remez's exchange for a weighted error, with the first coefficients rounded one after the other before the rest is fitted, or by
interpolation at the Chebyshev points where the weight hardly varies.
"""
import random

from mpmath import (atan, cos, cosh, erf, erfc, exp, expm1, findroot, floor, frexp, log, log1p, loggamma, lu_solve, matrix, mp, mpf, pi, psi,
                    sin, sqrt, atanh)

mp.dps = 60


def value(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def rounded(x, bits):
    mantissa, exponent = frexp(x)
    return floor(mantissa * 2**bits + mpf(1) / 2) * mpf(2) ** (exponent - bits)


def remez(f, weight, low, high, degree, fixed=(), rounds=12):
    """Minimises max |weight·(p - f)| over polynomials whose first coefficients are fixed."""
    known, count = len(fixed), degree + 2 - len(fixed)
    at = lambda i, n: (low + high) / 2 - (high - low) / 2 * cos(pi * mpf(i) / n)
    nodes = [at(i + mpf(1) / 2, count) for i in range(count)]
    for _ in range(rounds):
        system, right = matrix(count, count), matrix(count, 1)
        for i, x in enumerate(nodes):
            for j in range(count - 1):
                system[i, j] = x ** (j + known)
            system[i, count - 1] = (-1) ** i / weight(x)
            right[i] = f(x) - value(fixed, x)
        solution = lu_solve(system, right)
        coefficients = list(fixed) + [solution[j] for j in range(count - 1)]
        grid = [at(i, 40 * count) for i in range(40 * count + 1)]
        errors = [weight(x) * (value(coefficients, x) - f(x)) for x in grid]
        peaks, start = [], 0
        for i in range(1, len(grid) + 1):
            if i == len(grid) or errors[i] * errors[start] < 0:
                peaks.append(max(range(start, i), key=lambda j: abs(errors[j])))
                start = i
        while len(peaks) > count:
            peaks.pop(0 if abs(errors[peaks[0]]) < abs(errors[peaks[-1]]) else -1)
        if len(peaks) < count:
            break
        nodes = [grid[i] for i in peaks]
        if max(map(abs, errors)) < mpf("1.001") * min(abs(errors[i]) for i in peaks):
            break
    return coefficients


def fitted(f, weight, low, high, degree, bits, fixed=(), firm=0):
    """Remez's polynomial with the first `firm` coefficients rounded before the next was fitted."""
    fixed = list(fixed)
    while len(fixed) < firm:
        fixed.append(rounded(remez(f, weight, low, high, degree, fixed)[len(fixed)], bits))
    return fixed + [rounded(c, bits) for c in remez(f, weight, low, high, degree, fixed)[len(fixed):]]


def interpolated(f, low, high, degree, bits):
    count = degree + 1
    system, right = matrix(count, count), matrix(count, 1)
    for i in range(count):
        x = (low + high) / 2 + (high - low) / 2 * cos(pi * (i + mpf(1) / 2) / count)
        right[i] = f(x)
        for j in range(count):
            system[i, j] = x**j
    return [rounded(c, bits) for c in lu_solve(system, right)]


def near(series, function, radius="1e-8"):
    """`function`, but its series where it would divide by nearly nothing."""
    return lambda x: series(mpf(x)) if abs(x) < mpf(radius) else function(mpf(x))


def root(function):
    """A function of z = x² from one of x."""
    return lambda z: function(sqrt(z))


def nearly_exact(centre, bits, precision, spread):
    """A multiple of 2^-bits near the centre whose log(1 + x) is nearly a number of that precision: the best of at most 6000."""
    random.seed(3)
    width = int(spread * 2**bits)
    steps = range(-width, width + 1) if width < 3000 else [random.randint(-width, width) for _ in range(6000)]
    candidates = [mpf(round(centre * 2**bits) + k) / 2**bits for k in steps]
    return min(candidates, key=lambda x: abs(log1p(x) / rounded(log1p(x), precision) - 1))


TINY = mpf("1e-30")
HALF_LOG2 = log(2) / 2 * mpf("1.0001")
ZERO_OF_DIGAMMA = findroot(lambda x: psi(0, x), mpf("1.4616"))

exponential = near(lambda x: sum(x**j / mp.factorial(j + 2) for j in range(10)), lambda x: (expm1(x) - x) / x**2)
exponential_sixteenth = near(lambda x: sum(x**j / mp.factorial(j + 2) for j in range(12)), lambda x: (expm1(x) - x) / x**2, "1e-4")
one_plus = near(lambda x: 1 - x / 2 + x * x / 3, lambda x: log1p(x) / x, "1e-15")
one_plus_rest = near(lambda x: sum((-1) ** (k + 1) * x**k / (k + 2) for k in range(14)), lambda x: (log1p(x) / x - 1) / x, "1e-4")
logarithm = near(lambda x: sum((-x) ** j / (j + 3) for j in range(8)), lambda x: (log1p(x) - x + x * x / 2) / x**3)
inverse_tangent = near(lambda z: 2 * (mpf(1) / 3 + z / 5 + z * z / 7), root(lambda s: (2 * atanh(s) - 2 * s) / s**3), "1e-12")
inverse_tangent_weight = lambda z: TINY if z < TINY else root(lambda s: s**3 / (2 * atanh(s)))(z)
power = near(lambda z: 2 * sum(z**j / (2 * j + 5) for j in range(5)), lambda z: (inverse_tangent(z) - mpf(2) / 3) / z, "1e-10")
log_cosh = near(lambda z: mpf(1) / 2 - z / 12 + z * z / 45, root(lambda x: log(cosh(x)) / x**2), "1e-14")
error = near(lambda z: 2 / sqrt(pi) * (1 - z / 3 + z * z / 10 - z**3 / 42) - 1, root(lambda x: erf(x) / x - 1), "1e-14")
bernoulli = near(lambda z: mpf(1) / 12 - z / 720 + z * z / 30240, root(lambda x: (x / -expm1(-x) - 1 - x / 2) / x**2), "1e-9")
sine = near(lambda z: -mpf(1) / 6 + z / 120 - z * z / 5040, root(lambda x: (sin(x) - x) / x**3), "1e-10")
cosine = near(lambda z: mpf(1) / 24 - z / 720 + z * z / 40320, root(lambda x: (cos(x) - 1 + x * x / 2) / x**4))
arc = near(lambda z: -mpf(1) / 3 + z / 5 - z * z / 7, root(lambda x: (atan(x) - x) / x**3), "1e-10")
log_gamma = near(lambda d: psi(0, 2) + d * psi(1, 2) / 2, lambda d: loggamma(2 + d) / d, "1e-20")
stirling = near(lambda z: mpf(1) / 12 - z / 360 + z * z / 1260,
                root(lambda y: (loggamma(1 / y) - (1 / y - mpf(1) / 2) * (-log(y) - 1) - log(2 * pi) / 2 + mpf(1) / 2) / y), "1e-9")
digamma = lambda t: psi(0, mpf(3) / 2 + t) / (mpf(3) / 2 + t - ZERO_OF_DIGAMMA)
digamma_rest = near(lambda z: mpf(1) / 12 - z / 120 + z * z / 252, root(lambda y: (-log(y) - y / 2 - psi(0, 1 / y)) / y**2), "1e-9")
trigamma_rest = near(lambda z: mpf(1) / 6 - z / 30 + z * z / 42, root(lambda y: (psi(1, 1 / y) - y - y * y / 2) / y**3), "1e-9")


def mills(s):
    """Φ(-u)/φ(u)/√(2π)·(u + 1) for s = (u - 4)/(u + 4)."""
    if s >= 1:
        return 1 / sqrt(2 * pi)
    u = 4 * (1 + s) / (1 - s)
    if u < 25:
        ratio = sqrt(pi / 2) * exp(u * u / 2) * erfc(u / sqrt(mpf(2)))
    else:
        ratio = mpf(0)
        for k in range(400, 0, -1):
            ratio = k / (u + ratio)
        ratio = 1 / (u + ratio)
    return ratio * (u + 1) / sqrt(2 * pi)


def mills_excess(s):
    """(φ(u)/Φ(-u) - u)·(u + 1) for s = (u - 4)/(u + 4)."""
    if s >= 1:
        return mpf(1)
    u = 4 * (1 + s) / (1 - s)
    if u < 25:
        return (1 / (sqrt(pi / 2) * exp(u * u / 2) * erfc(u / sqrt(mpf(2)))) - u) * (u + 1)
    rest = mpf(0)
    for k in range(400, 0, -1):
        rest = k / (u + rest)
    return rest * (u + 1)


def share_of_logarithm(f, first, half):
    """What part of log(1 + e) at most is log(1 + f), where the first points are 0, up to `half`, and `first`."""
    if f > half:
        return mpf("1.05") * f / (log1p(first) + f)
    if f >= 0:
        return mpf(1)
    return max(abs(f) / (log1p(first) + f), mpf("0.3")) if f >= (half - first) / (1 + first) else mpf("0.35")


def logistic_tables(name, first, intervals, bits, precision, spread):
    """The factors of logistic_tables.h, minus their logarithms, sixteenth powers of 2 and what they lost."""
    centres = [mpf(first)] + [mpf(j) / intervals for j in range(2, intervals + 1)]
    below_one = [mpf(0)] + [nearly_exact(1 / (1 + c) - 1, bits, precision, spread) for c in centres]
    powers = [mpf(2) ** (mpf(j) / 16) for j in range(16)]
    short = [rounded(p, precision) for p in powers]
    shortened = lambda values: [x if x == 0 else rounded(x, precision) for x in values]
    return [
        ("logistic factors " + name, [1 + x for x in below_one], precision),
        ("minus their logarithms", shortened(-log1p(x) for x in below_one), precision), ("sixteenth powers " + name, short, precision),
        ("lost by them", shortened(p / q - 1 for p, q in zip(powers, short)), precision),
    ]


def logarithm_table():
    """The factors of logarithm_table.h and minus their logarithms, nearly multiples of 2^-17: by j from 0 to 16, and from -8 to -1 at the end.

    Between ±3/64 nothing is multiplied; where that ends, the product less 1 is below 2^-6, so that its rounding hardly matters.
    """
    factors, logarithms, width = [mpf(1)] * 32, [mpf(0)] * 32, 458
    for j in [*range(2, 17), *range(-8, -1)]:
        middle = round(log1p(mpf(j) / 32) * 2**17)
        pairs = [(rounded(exp(-t), 24), t) for t in (mpf(middle + k) / 2**17 for k in range(-width, width + 1))]
        if abs(j) == 2:
            edge = 1 + mpf(3) / 64 * (j // 2)
            pairs = [(factor, t) for factor, t in pairs if abs(edge * factor - 1) < mpf(2) ** -6]
        factors[j], logarithms[j] = min(pairs, key=lambda pair: abs(log(pair[0]) + pair[1]))
    return [("logarithm factors F32", factors, 24), ("minus their logarithms", logarithms, 24)]


def odd(function):
    """The weight of an error in x³·P(x²) relative to the function."""
    return lambda z: TINY if z < TINY else root(lambda x: x**3 / abs(function(x)))(z)


def main():
    third, square = mpf(1) / 3, lambda x: x * x / exp(x) + TINY
    tail = exp(mpf(-2)) * mpf("1.0001")
    quarter_turn = (pi / 4 * mpf("1.001")) ** 2
    tail_weight = lambda e: e / mpf("0.434") + mpf("1e-12")
    plain = lambda z: mpf(1)
    sixteenth = log(2) / 32 * mpf("1.001")
    table_weight = lambda first, half, least: lambda f: abs(f) * share_of_logarithm(f, mpf(first), half) + mpf(least)
    rows = [
        ("exponential F32", fitted(exponential, square, -HALF_LOG2, HALF_LOG2, 4, 24, firm=2), 24),
        ("exponential F64", fitted(exponential, square, -HALF_LOG2, HALF_LOG2, 9, 53, firm=2), 53),
        ("exponentialMinusOne F32", fitted(exponential, lambda x: abs(x) + mpf("1e-3"), -HALF_LOG2, HALF_LOG2, 5, 24), 24),
        ("exponentialMinusOne F64", fitted(exponential, lambda x: abs(x) + mpf("1e-9"), -HALF_LOG2, HALF_LOG2, 10, 53, firm=2), 53),
        ("logarithm F32", fitted(logarithm, lambda x: x * x / abs(one_plus(x)) + mpf("1e-20"), mpf(-1) / 4, mpf(1) / 2, 7, 24, firm=3), 24),
        ("logarithm by table F32", fitted(one_plus_rest, lambda x: abs(x) + mpf("1e-4"), mpf(-3) / 64, mpf(3) / 64 * mpf("1.001"), 3, 24), 24),
        *logarithm_table(),
        ("logarithmOnePlusDeficit F32", fitted(logarithm, lambda x: abs(x) ** 3 / (x - log1p(x) + mpf("1e-20")), mpf(-1) / 4, mpf(1) / 2, 8, 24,
                                               firm=2), 24),
        ("logarithm F64", fitted(inverse_tangent, inverse_tangent_weight, mpf(0), mpf("0.0458"), 7, 53, firm=2), 53),
        ("power F64", fitted(power, lambda z: z * inverse_tangent_weight(z) + mpf("1e-40"), mpf(0), mpf("0.0401"), 7, 53, firm=1), 53),
        ("logistic F32", fitted(one_plus, lambda x: 1 / one_plus(x), mpf(0), mpf(1), 9, 24, fixed=[mpf(1)], firm=2), 24),
        ("logistic by table F32", [mpf(1)] + fitted(one_plus_rest, table_weight("0.0545", mpf(1) / 32, "1e-6"), mpf("-0.0284"),
                                                    mpf("0.0373"), 2, 24), 24),
        ("logistic by table F64", [mpf(1)] + fitted(one_plus_rest, table_weight("0.058", mpf(1) / 30, "1e-9"), mpf("-0.0302"),
                                                    mpf("0.042") / mpf("1.058") * mpf("1.005"), 7, 53), 53),
        ("exponential by table F32", fitted(exponential_sixteenth, lambda r: r * r / exp(r) + mpf("1e-9"), -sixteenth, sixteenth, 1, 24), 24),
        ("exponential by table F64", fitted(exponential_sixteenth, lambda r: r * r / exp(r) + mpf("1e-12"), -sixteenth, sixteenth, 4, 53), 53),
        *logistic_tables("F32", "0.0545", 16, 24, 24, 2**-11),
        *logistic_tables("F64", "0.058", 15, 42, 53, 2**-12),
        ("logistic F64", fitted(inverse_tangent, inverse_tangent_weight, mpf(0), third**2 * mpf("1.00001"), 9, 53, firm=2), 53),
        ("log cosh F32", fitted(log_cosh, lambda z: 1 / log_cosh(z), mpf(0), mpf("1.0001"), 7, 24, fixed=[mpf(1) / 2], firm=2), 24),
        ("log cosh F64", fitted(log_cosh, lambda z: 1 / log_cosh(z), mpf(0), mpf("1.0001"), 15, 53, fixed=[mpf(1) / 2], firm=3), 53),
        ("log cosh tail F32", fitted(one_plus, tail_weight, mpf(0), tail, 4, 24, fixed=[mpf(1)]), 24),
        ("log cosh tail F64", fitted(one_plus, tail_weight, mpf(0), tail, 10, 53, fixed=[mpf(1)], firm=2), 53),
        ("exponentialRatioExcess F32", fitted(bernoulli, plain, mpf(0), mpf("1.0001"), 3, 24, firm=1), 24),
        ("exponentialRatioExcess F64", fitted(bernoulli, plain, mpf(0), mpf("1.0001"), 7, 53, firm=2), 53),
        ("sine F32", fitted(sine, odd(sin), mpf(0), quarter_turn, 3, 24, firm=1), 24),
        ("cosine F32", fitted(cosine, lambda z: z * z + TINY, mpf(0), quarter_turn, 2, 24, firm=1), 24),
        ("sine F64", fitted(sine, odd(sin), mpf(0), quarter_turn, 5, 53, firm=2), 53),
        ("cosine F64", fitted(cosine, lambda z: z * z + TINY, mpf(0), quarter_turn, 5, 53, firm=1), 53),
        ("arcTangent F32", fitted(arc, odd(atan), mpf(0), mpf(1), 9, 24, firm=1), 24),
        ("arcTangent F64", fitted(arc, odd(atan), mpf(0), mpf(1), 21, 53, firm=1), 53),
        ("Mills' ratio F32", interpolated(mills, mpf(-1), mpf(1), 12, 24), 24),
        ("Mills' ratio F64", interpolated(mills, mpf(-1), mpf(1), 25, 53), 53),
        ("Mills' excess F32", interpolated(mills_excess, mpf(-1), mpf(1), 14, 24), 24),
        ("Mills' excess F64", interpolated(mills_excess, mpf(-1), mpf(1), 27, 53), 53),
        ("error function F32", fitted(error, lambda z: 1 / (1 + error(z)), mpf(0), mpf(1), 7, 24, firm=2), 24),
        ("error function F64", fitted(error, lambda z: 1 / (1 + error(z)), mpf(0), mpf(1), 13, 53, firm=3), 53),
        ("logGamma F64", interpolated(log_gamma, mpf("-0.75"), mpf("0.5"), 21, 53), 53),
        ("Stirling's rest F64", fitted(stirling, plain, mpf(0), mpf(1) / 64, 6, 53, firm=1), 53),
        ("digamma F64", interpolated(digamma, mpf("-0.5"), mpf("0.5"), 21, 53), 53),
        ("digamma's rest F64", fitted(digamma_rest, plain, mpf(0), mpf(1) / 64, 7, 53, firm=1), 53),
        ("trigamma's rest F64", fitted(trigamma_rest, plain, mpf(0), mpf(1) / 64, 7, 53, firm=1), 53),
    ]
    for name, coefficients, bits in rows:
        print(name)
        for c in coefficients:
            print("  " + float.hex(float(c)) + ("f" if bits == 24 else ""))


if __name__ == "__main__":
    main()
