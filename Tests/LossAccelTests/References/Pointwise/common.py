"""What the scripts beside this one share: functions, grids of samples, and how references are written.

A script lists its losses as (name, parameters, definition, grid). A definition takes a prediction, a target and the parameters, all exact,
and returns three pairs, for the value, the gradient and the curvature: the number, and a magnitude whose rounding it inherits (0 where every
digit must be right): of terms that cancel in it, or of what a rounded residual does to it. A grid takes whether samples must be exact in single
precision and the parameters, and yields predictions with targets.

Each line of the result: loss, its parameters as name=value, f32 or f64 (what the inputs are exact in), prediction, target, and the three pairs.
Numbers are hexadecimal floats, rounded once from 80 digits. Run: python3 regression.py, and so on; each writes the .txt of its name.
"""
import random
import struct
from pathlib import Path

from mpmath import mp, mpf

mp.dps = 80
state = {"single": False}


def f32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def next_after(x, single, up):
    """The neighbour of a positive number."""
    format, whole = ("<f", "<I") if single else ("<d", "<Q")
    bits = struct.unpack(whole, struct.pack(format, x))[0] + (1 if up else -1)
    return struct.unpack(format, struct.pack(whole, bits))[0]


def sigma(z):
    return 1 / (1 + mp.exp(-z)) if z > 0 else mp.exp(z) / (1 + mp.exp(z))


def softplus(z):
    return mp.log1p(mp.exp(-abs(z))) + max(z, mpf(0))


def xlogy(x, y):
    return mpf(0) if x == 0 else (x * mp.log(y) if y > 0 else -mp.inf)


def of_residual(curve):
    """The loss with value, gradient and curvature `curve(r, parameters…)` of the residual; a fourth result is the magnitude of the terms that
    cancel in the curvature, where it crosses zero.

    The residual, and the residual in units of a parameter, are rounded before anything is computed from them; what a relative change x of them
    does to a function f is |r·f′(r)|·x. That is the magnitude, except where the residual is exact and no parameter scales it inexactly.
    """
    def definition(p, t, **parameters):
        r = p - t
        *results, cancels = (*curve(r, **parameters), mpf(0))[:4]
        scaled = any(mp.frexp(abs(v))[0] != mpf("0.5") for v in parameters.values() if mp.isfinite(v) and v != 0)
        if r == 0 or not (scaled or (p != 0 and t != 0)):
            return list(zip(results, (mpf(0), mpf(0), cancels)))
        step = abs(r) * mpf(10) ** -30
        third = (curve(r + step, **parameters)[2] - curve(r - step, **parameters)[2]) / (2 * step)
        # At a kink there is no slope; the number itself must then be right.
        if abs(third * r) > mpf(10) ** 20 * (1 + abs(results[2])):
            third = mpf(0)
        return list(zip(results, (abs(r * results[1]), abs(r * results[2]), max(abs(r * third), cancels))))
    return definition


SIZES = [0.0, 1e-30, 1e-8, 1e-4, 3e-4, 1e-3, 0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 10.0, 40.0, 88.0, 1e4, 1e15, 1e30]


def residual_grid(single, parameters):
    """Residuals of all sizes, the parameters themselves and their neighbours, and random samples whose residuals are rounded."""
    rng = random.Random(7)
    sizes = SIZES + ([1e-42, 104.0, 1e38] if single else [5e-324, 1e-300, 710.0, 745.0, 1e150, 1e300])
    for value in parameters.values():
        if 0 < value < 1e30:
            value = f32(value) if single else value
            sizes += [value, next_after(value, single, True), next_after(value, single, False)]
    pairs = [(s, 0.0) for s in sizes] + [(-s, 0.0) for s in sizes if s] + [(0.0, s) for s in sizes[1:14:2]]
    return pairs + [(rng.gauss(0, 3), rng.gauss(0, 3)) for _ in range(40)]


def logit_grid(targets, count=40):
    """Logits of all sizes with each of the targets, and random logits with targets in between where those are allowed."""
    def grid(single, parameters):
        rng = random.Random(11)
        logits = [0.0, 1e-10, 1e-3, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 16.7, 17.0, 37.0, 40.0, 80.0, 86.0, 88.0, 104.0, 1e4, 1e30]
        logits += [1e-42] if single else [5e-324, 700.0, 708.0, 710.0, 745.0, 800.0, 1e300]
        pairs = [(s * z, y) for z in logits for s in (1, -1) for y in targets]
        for value in parameters.values():
            if 0 < value < 1e3:
                pairs += [(s * f32(value), y) for s in (1, -1) for y in targets]
        soft = any(y not in (0.0, 1.0) for y in targets)
        return pairs + [(rng.gauss(0, 6), rng.choice([0.0, 1.0] + [rng.random()] * soft)) for _ in range(count)]
    return grid


def probability_grid(single, parameters):
    rng = random.Random(13)
    ps = [0.0, 1e-30, 1e-10, 1e-3, 0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 0.8, 0.9, 0.999, 1 - 2.0**-24, 1.0]
    pairs = [(p, y) for p in ps for y in (0.0, 1.0, 0.25)]
    return pairs + [(rng.random(), rng.choice([0.0, 1.0, 0.5, rng.random()])) for _ in range(60)]


def least_normal():
    """The least number of the precision in hand with all its digits: factors below it have lost some."""
    return mpf(2) ** (-126 if state["single"] else -1022)


def text(x):
    """Hexadecimal without the zeros at the end."""
    if mp.isnan(x):
        return "nan"
    if abs(x) > mpf(1.7976931348623157e308):
        return "inf" if x > 0 else "-inf"
    digits, _, exponent = float(x).hex().partition("p")
    return "0" if x == 0 else f"{digits.rstrip('0').rstrip('.')}p{exponent}"


def write(script, losses):
    """Computes all references and writes them beside the script."""
    lines = []
    for name, parameters, definition, grid in losses:
        listed = ",".join(f"{key}={value}" for key, value in parameters.items()) or "-"
        for precision in ("f32", "f64"):
            single = state["single"] = precision == "f32"
            for prediction, target in grid(single, parameters):
                if single:
                    prediction, target = f32(prediction), f32(target)
                exact = {key: mpf(value) for key, value in parameters.items()}
                fields = [name, listed, precision, text(prediction), text(target)]
                for number, magnitude in definition(mpf(prediction), mpf(target), **exact):
                    fields += [text(number), text(mpf(magnitude))]
                lines.append(" ".join(fields))
    Path(script).with_suffix(".txt").write_text("\n".join(lines) + "\n")
