"""Writes pointwise_losses.txt: value, gradient and curvature of every pointwise loss to 60 digits, rounded once to double.

Each line: loss, its parameters as name=value, f32 or f64 (what the inputs are exact in), prediction, target, and three triples of
a number and the magnitude whose rounding it inherits, of terms that cancel in it or of a rounded residual (0 where there is none).
Numbers are hexadecimal floats. Run: python3 pointwise_losses.py > pointwise_losses.txt
"""
import math
import random
import struct
from mpmath import mp, mpf

mp.dps = 60


def f32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def sigma(z):
    return 1 / (1 + mp.exp(-z)) if z > 0 else mp.exp(z) / (1 + mp.exp(z))


def softplus(z):
    return mp.log1p(mp.exp(-abs(z))) + max(z, mpf(0))


def xlogy(x, y):
    return mpf(0) if x == 0 else (x * mp.log(y) if y > 0 else -mp.inf)


# Each definition returns (value, magnitude), (gradient, magnitude), (curvature, magnitude).
def squared_error(p, t):
    r = p - t
    return (r * r, 0), (2 * r, 0), (mpf(2), 0)


def bce_logits(z, y):
    value = y * softplus(-z) + (1 - y) * softplus(z)
    gradient = (1 - y) * sigma(z) - y * sigma(-z)
    cancels = 0 if y in (0, 1) else sigma(z) * (1 - y) + y * sigma(-z)
    return (value, 0), (gradient, cancels), (sigma(z) * sigma(-z), 0)


def bce(p, y):
    value = -xlogy(y, p) - xlogy(1 - y, 1 - p)
    if y == 0:
        gradient = mp.inf if p == 1 else 1 / (1 - p)
        curvature = mp.inf if p == 1 else 1 / (1 - p) ** 2
    elif y == 1:
        gradient = -mp.inf if p == 0 else -1 / p
        curvature = mp.inf if p == 0 else 1 / p**2
    else:
        gradient = -mp.inf if p == 0 else mp.inf if p == 1 else (p - y) / (p * (1 - p))
        curvature = mp.inf if p in (0, 1) else y / p**2 + (1 - y) / (1 - p) ** 2
    return (value, 0), (gradient, 0), (curvature, 0)


def huber(p, t, delta):
    r = p - t
    if abs(r) <= delta:
        return (r * r / 2, 0), (r, 0), (mpf(1), 0)
    return (delta * (abs(r) - delta / 2), 0), (delta * mp.sign(r), 0), (mpf(0), 0)


def log_cosh(p, t):
    r = p - t
    value = mp.log1p(mp.sinh(r) ** 2) / 2 if abs(r) < 100 else abs(r) + mp.log1p(mp.exp(-2 * abs(r))) - mp.log(2)
    s = mp.exp(-2 * abs(r)) / (1 + mp.exp(-2 * abs(r)))
    curvature = 4 * s * (1 - s)
    # The residual is rounded; a relative change of it changes the curvature 2|r|·tanh|r| times as much.
    inexact = 0 if p == 0 or t == 0 else 2 * abs(r) * mp.tanh(abs(r)) * curvature
    return (value, 0), (mp.tanh(r), 0), (curvature, inexact)


def residual_grid(single):
    rng = random.Random(7)
    sizes = [0.0, 1e-30, 1e-8, 1e-4, 3e-4, 1e-3, 0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 10.0, 40.0, 88.0, 1e4, 1e15]
    if not single:
        sizes += [1e-300, 5e-324, 710.0, 745.0, 1e150]
    else:
        sizes += [1e-42, 104.0]
    pairs = [(s, 0.0) for s in sizes] + [(-s, 0.0) for s in sizes if s] + [(0.0, s) for s in sizes[:12] if s]
    pairs += [(rng.gauss(0, 3), rng.gauss(0, 3)) for _ in range(60)]
    return pairs


def logit_grid(single):
    rng = random.Random(11)
    logits = [0.0, 1e-10, 1e-3, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 16.7, 17.0, 37.0, 40.0, 80.0, 86.0, 88.0, 1e4, 1e30]
    if not single:
        logits += [700.0, 708.0, 710.0, 1e300]
    pairs = [(s * z, y) for z in logits for s in (1, -1) for y in (0.0, 1.0, 0.25)]
    pairs += [(rng.gauss(0, 6), rng.choice([0.0, 1.0, 0.5, rng.random()])) for _ in range(60)]
    return pairs


def probability_grid(single):
    rng = random.Random(13)
    ps = [0.0, 1e-30, 1e-10, 1e-3, 0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 0.8, 0.9, 0.999, 1 - 2.0**-24, 1.0]
    pairs = [(p, y) for p in ps for y in (0.0, 1.0, 0.25)]
    pairs += [(rng.random(), rng.choice([0.0, 1.0, 0.5, rng.random()])) for _ in range(60)]
    return pairs


LOSSES = [
    ("squared-error", {}, squared_error, residual_grid),
    ("bce-logits", {}, bce_logits, logit_grid),
    ("bce", {}, bce, probability_grid),
    ("huber", {"delta": 1.0}, huber, residual_grid),
    ("huber", {"delta": 2.5}, huber, residual_grid),
    ("log-cosh", {}, log_cosh, residual_grid),
]


def text(x):
    if x == mp.inf:
        return "inf"
    if x == -mp.inf:
        return "-inf"
    if abs(x) > mpf(1.7976931348623157e308):
        return "inf" if x > 0 else "-inf"
    return float(x).hex()


for name, parameters, definition, grid in LOSSES:
    listed = ",".join(f"{key}={value}" for key, value in parameters.items()) or "-"
    for precision in ("f32", "f64"):
        for prediction, target in grid(precision == "f32"):
            if precision == "f32":
                prediction, target = f32(prediction), f32(target)
            results = definition(mpf(prediction), mpf(target), **{k: mpf(v) for k, v in parameters.items()})
            fields = [name, listed, precision, prediction.hex(), target.hex()]
            for number, magnitude in results:
                fields += [text(number), text(mpf(magnitude))]
            print(" ".join(fields))
