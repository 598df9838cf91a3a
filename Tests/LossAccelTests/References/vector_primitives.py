"""Writes vector_primitives.txt: exact values of the vector primitives at hard and at random points, from mpmath.

A section begins with the name of the function and f32 or f64. Each line after it has the bits of x (and of y), the bits of the correctly
rounded result and what the rounding took away, in hundredths of a unit in the last place.
"""
import math
import random
import struct
from pathlib import Path

import numpy
from mpmath import (atan, cos, digamma, erf, erfc, exp, expm1, fabs, floor, frexp, loggamma, log, log1p, mp, mpf, polygamma, sin, sinh,
                    sqrt, tanh)

mp.dps = 60
random.seed(7)
INF, NAN = math.inf, math.nan


def extra(function, digits):
    """`function` in more digits, for arguments that cancel."""
    def wrapped(*arguments):
        with mp.workdps(digits):
            return function(*arguments)
    return wrapped


def one_minus_exponential(x):
    return log(-expm1(-x)) if x < 1 else log1p(-exp(-x))


def normal_tail(x):
    """Φ(-x) and Mills' ratio Φ(-x)/φ(x); by a continued fraction where erfc would need too many digits."""
    if x < 30:
        tail = erfc(x / sqrt(mpf(2))) / 2
        return tail, tail * sqrt(2 * mp.pi) * exp(x * x / 2)
    ratio = mpf(0)
    for k in range(200, 0, -1):
        ratio = k / (x + ratio)
    ratio = 1 / (x + ratio)
    return ratio * exp(-x * x / 2) / sqrt(2 * mp.pi), ratio


def normal(x):
    return normal_tail(-x)[0]


def log_normal(x):
    return log1p(-normal_tail(x)[0]) if x > 0 else log(normal_tail(-x)[1]) - x * x / 2 - log(2 * mp.pi) / 2


def mills(x):
    return 1 / normal_tail(-x)[1]


def mills_excess(x):
    """x + φ(x)/Φ(x); far to the left by the continued fraction, where it would cancel."""
    if x > -30:
        return x + mills(x)
    rest = mpf(0)
    for k in range(200, 0, -1):
        rest = k / (-x + rest)
    return rest


# name: (function of finite arguments inside the domain, {argument: result} at its edges, domain, range of the random points)
EVERYWHERE = lambda x: True
ITSELF = object()  # the edge of odd functions at ±0
ZEROS = {0.0: ITSELF}
ONE_ARGUMENT = {
    "exponential": (exp, {INF: INF, -INF: 0.0}, EVERYWHERE, (-745, 710)),
    "exponentialMinusOne": (expm1, {INF: INF, -INF: -1.0, **ZEROS}, EVERYWHERE, (-40, 710)),
    "logarithm": (log, {INF: INF, -INF: NAN, 0.0: -INF}, lambda x: x > 0, (0, 20)),
    "logarithmOnePlus": (log1p, {INF: INF, -INF: NAN, -1.0: -INF, **ZEROS}, lambda x: x > -1, (-1, 20)),
    "logarithmOneMinusExponential": (one_minus_exponential, {INF: -0.0, -INF: NAN, 0.0: -INF}, lambda x: x > 0, (0, 50)),
    "logisticTail": (lambda x: log1p(exp(-fabs(x))), {INF: 0.0, -INF: 0.0}, EVERYWHERE, (-750, 750)),
    "logisticSide": (lambda x: (1 if x > 0 else -1) / (1 + exp(fabs(x))), {INF: 0.0, -INF: -0.0}, EVERYWHERE, (-750, 750)),
    "hyperbolicTangent": (tanh, {INF: 1.0, -INF: -1.0, **ZEROS}, EVERYWHERE, (-20, 20)),
    "logHyperbolicCosine": (extra(lambda x: log1p(sinh(x) ** 2) / 2 if fabs(x) < 100 else fabs(x) - log(2), 700),
                            {INF: INF, -INF: INF, 0.0: 0.0}, EVERYWHERE, (-5, 5)),
    "hyperbolicSecantSquare": (lambda x: 4 * exp(-2 * fabs(x)) / (1 + exp(-2 * fabs(x))) ** 2, {INF: 0.0, -INF: 0.0}, EVERYWHERE, (-375, 375)),
    "exponentialRatio": (lambda x: x / expm1(x), {INF: 0.0, -INF: NAN, 0.0: 1.0}, lambda x: x > 0, (0, 750)),
    "exponentialRatioExcess": (extra(lambda x: x / -expm1(-x) - 1, 700), {INF: INF, -INF: NAN, **ZEROS}, lambda x: x > 0, (0, 20)),
    "sine": (sin, {INF: NAN, -INF: NAN, **ZEROS}, EVERYWHERE, (-1e7, 1e7)),
    "cosine": (cos, {INF: NAN, -INF: NAN}, EVERYWHERE, (-1e7, 1e7)),
    "arcTangent": (atan, {INF: math.pi / 2, -INF: -math.pi / 2, **ZEROS}, EVERYWHERE, (-100, 100)),
    "errorFunctionComplement": (lambda x: 2 * normal_tail(x * sqrt(mpf(2)))[0], {INF: 0.0, -INF: 2.0}, EVERYWHERE, (-27, 27)),
    "normalCumulative": (normal, {INF: 1.0, -INF: 0.0}, EVERYWHERE, (-39, 39)),
    "logNormalCumulative": (log_normal, {INF: -0.0, -INF: -INF}, EVERYWHERE, (-50, 50)),
    "inverseMillsRatio": (mills, {INF: 0.0, -INF: INF}, EVERYWHERE, (-50, 40)),
    "logGamma": (loggamma, {INF: INF, -INF: NAN, 0.0: INF}, lambda x: x > 0, (0, 30)),
    "digamma": (digamma, {INF: INF, -INF: NAN, 0.0: -INF}, lambda x: x > 0, (0, 30)),
    "trigamma": (lambda x: polygamma(1, x), {INF: 0.0, -INF: NAN, 0.0: INF}, lambda x: x > 0, (0, 30)),
    "errorFunction": (erf, {INF: 1.0, -INF: -1.0, **ZEROS}, EVERYWHERE, (-6, 6)),
    "normalDensity": (lambda x: exp(-x * x / 2) / sqrt(2 * mp.pi), {INF: 0.0, -INF: 0.0}, EVERYWHERE, (-39, 39)),
    "exponentialOfNegativeSquare": (lambda x: exp(-x * x), {INF: 0.0, -INF: 0.0}, EVERYWHERE, (-28, 28)),
    "inverseMillsExcess": (mills_excess, {INF: INF, -INF: 0.0}, EVERYWHERE, (-50, 40)),
    "logarithmOnePlusSquare": (lambda x: log1p(x * x), {INF: INF, -INF: INF, 0.0: 0.0}, EVERYWHERE, (-40, 40)),
    "logarithmOnePlusDeficit": (extra(lambda x: x - log1p(x), 700), {INF: INF, -INF: NAN, -1.0: INF, 0.0: 0.0},
                                lambda x: x > -1, (-1, 20)),
    "rootOfOnePlusSquare": (lambda x: sqrt(1 + x * x), {INF: INF, -INF: INF}, EVERYWHERE, (-40, 40)),
    "inverseOfOnePlusSquare": (lambda x: 1 / (1 + x * x), {INF: 0.0, -INF: 0.0}, EVERYWHERE, (-40, 40)),
    "overOnePlusSquare": (lambda x: x / (1 + x * x), {INF: 0.0, -INF: -0.0, **ZEROS}, EVERYWHERE, (-40, 40)),
    "exponentialExcess": (extra(lambda x: exp(x) - 1 - x, 1400), {INF: INF, -INF: INF, 0.0: 0.0}, EVERYWHERE, (-60, 700)),
}


def x_log(logarithm):
    def function(x, y):
        if math.isnan(x) or math.isnan(y):
            return NAN
        if x == 0:
            return 0.0
        value = logarithm(y)
        if isinstance(value, float):
            return NAN if math.isnan(value) or (math.isinf(x) and value == 0) else x * value
        return (INF if (x > 0) == (value > 0) else -INF) if math.isinf(x) else mpf(x) * value
    return function


def edged(name):
    function, edges, domain, _ = ONE_ARGUMENT[name]
    def wrapped(x):
        if math.isnan(x):
            return NAN
        if x in edges:
            return x if edges[x] is ITSELF else edges[x]
        if math.isinf(x) or not domain(x):
            return NAN
        value = function(mpf(x))
        return float(value) if value == 0 else value
    return wrapped


def power(x, y):
    odd = math.isfinite(y) and math.fmod(y, 2) in (1, -1)
    if x == 0 and y < 0:
        return math.copysign(INF, x) if odd else INF
    if x < 0 and math.isfinite(x) and math.isfinite(y) and y != math.floor(y):
        return NAN
    if not (math.isfinite(x) and math.isfinite(y)) or x == 0 or y == 0:
        return math.pow(x, y)
    value = exp(mpf(y) * log(fabs(mpf(x))))
    return -value if x < 0 and odd else value


def exponential_of_product(x, y):
    if math.isnan(x) or math.isnan(y) or (0 in (x, y) and (math.isinf(x) or math.isinf(y))):
        return NAN
    if math.isinf(x) or math.isinf(y):
        return INF if (x > 0) == (y > 0) else 0.0
    return exp(mpf(x) * mpf(y))


def log_ratio(x, y):
    if math.isnan(x) or math.isnan(y) or x < 0 or y < 0 or (x == 0 and y == 0) or (math.isinf(x) and math.isinf(y)):
        return NAN
    if x == 0 or math.isinf(y):
        return -INF
    if y == 0 or math.isinf(x):
        return INF
    return log(mpf(x) / mpf(y)) if x != y else 0.0


def ratio_deficit(x, y):
    if math.isnan(x) or math.isnan(y) or x < 0 or y < 0 or (x == 0 and y == 0) or (math.isinf(x) and math.isinf(y)):
        return NAN
    if 0 in (x, y) or math.isinf(x) or math.isinf(y):
        return INF
    with mp.workdps(120):
        return mpf(x) / mpf(y) - 1 - log(mpf(x) / mpf(y)) if x != y else 0.0


TWO_ARGUMENTS = {
    "xLogY": (x_log(lambda y: edged("logarithm")(y)), (0, 20)),
    "xLogOnePlusY": (x_log(lambda y: edged("logarithmOnePlus")(y)), (-1, 20)),
    "power": (power, (0, 40)),
    "exponentialOfProduct": (exponential_of_product, (-27, 26)),
    "logarithmOfRatio": (log_ratio, (0, 1e30)),
    "deficitOfRatio": (ratio_deficit, (0, 1e30)),
}

FORMATS = {"f32": ("<f", "<I", 8, 24, -125, 128), "f64": ("<d", "<Q", 16, 53, -1021, 1024)}


def bits(value, format):
    real, whole, width, *_ = FORMATS[format]
    if math.isnan(value):
        return "nan"
    return f"{struct.unpack(whole, struct.pack(real, value))[0]:0{width}x}"


def rounded(value, format):
    """The nearest number of the format, ties to even, and what is left in hundredths of its last place."""
    _, _, _, precision, least, greatest = FORMATS[format]
    if isinstance(value, float):
        return value, 0
    exponent = max(frexp(fabs(value))[1], least)
    unit = mpf(2) ** (exponent - precision)
    nearest = mp.nint(value / unit)
    result = nearest * unit
    if fabs(result) >= mpf(2) ** greatest:
        return (INF if value > 0 else -INF), 0
    number = float(result)
    return (math.copysign(number, value) if number == 0 else number), int(mp.nint(100 * (value / unit - nearest)))


def representable(x, format):
    with numpy.errstate(all="ignore"):
        return float(numpy.float32(x)) if format == "f32" else float(x)


def hard_points(format):
    _, _, _, precision, least, greatest = FORMATS[format]
    smallest, normal_start = 2.0 ** (least - precision), 2.0 ** (least - 1)
    largest = (2.0 - 2.0 ** (1 - precision)) * 2.0 ** (greatest - 1)
    step = 2.0 ** -(precision - 1)
    magnitudes = [0.0, smallest, 5 * smallest, normal_start - smallest, normal_start, 1e-30, 2.0 ** -60, 2.0 ** -27, 2.0 ** -12, 1e-3, 0.1,
                  0.25, 0.3466, 0.5, 0.6931, math.log(2), 0.75, 1 - step / 2, 1.0, 1 + step, 1.4616321449683623, 1.5, 2.0, math.pi / 2, 3.0, math.pi, 7.5, 10.0, 17.0, 27.0, 39.0, 40.0,
                  87.3, 88.0, 88.7, 88.73, 89.0, 103.0, 103.9, 104.0, 105.0, 160.0, 708.3, 709.7, 710.0, 744.4, 745.0, 746.0, 1e4, 1e5, 2.0 ** 20,
                  2.0 ** 31, 1e30, largest, INF]
    return [representable(s * m, format) for m in magnitudes for s in (1, -1)] + [NAN]


def random_points(low, high, format, count):
    points = []
    for i in range(count):
        size = 10 ** random.uniform(-6, math.log10(max(high, -low)))
        sign = random.choice((1, -1)) if low < 0 else 1
        points.append(random.uniform(low, high) if i % 2 else min(max(sign * size, low), high))
    return [representable(x, format) for x in points]


def line(arguments, value, format):
    number, rest = rounded(value, format)
    return " ".join([bits(x, format) for x in arguments] + [bits(number, format), str(rest)])


def main():
    lines = []
    for name, (_, _, _, (low, high)) in ONE_ARGUMENT.items():
        for format in FORMATS:
            lines.append(f"{name} {format}")
            for x in hard_points(format) + random_points(low, high, format, 28):
                lines.append(line([x], edged(name)(x), format))
    pairs = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, -3.0, 1e-310, 2.0 ** 53, INF, -INF, NAN]
    for name, (function, (low, high)) in TWO_ARGUMENTS.items():
        for format in FORMATS:
            lines.append(f"{name} {format}")
            points = [(representable(x, format), representable(y, format)) for x in pairs for y in pairs]
            points += list(zip(random_points(low, high, format, 40), random_points(-high if name == "power" else low, high, format, 40)))
            if name == "power":
                points += [(representable(1 + random.uniform(-1, 1) * 2.0 ** -random.uniform(0, 20), format),
                            representable(random.uniform(-1, 1) * 2.0 ** random.uniform(0, 20), format)) for _ in range(40)]
            if name in ("logarithmOfRatio", "deficitOfRatio"):
                points += [(x, representable(x * random.choice((0.75, 1.5, 0.5, 2.0, 1.0)) * (1 + random.uniform(-1, 1) * 2.0 ** -random.uniform(1, 22)), format))
                           for x in random_points(0, 1e30, format, 120) if x > 0]
            for x, y in points:
                lines.append(line([x, y], function(x, y), format))
    Path(__file__).with_suffix(".txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
