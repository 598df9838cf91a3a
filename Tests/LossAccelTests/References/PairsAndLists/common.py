"""Derivatives of a loss from its definition alone, to 40 digits, and the form that cases are written in.

Definitions are evaluated with 100 digits; central differences with a step of 1e-20 leave errors near 1e-40 in first and in second
derivatives. All inputs are single-precision numbers, so that one reference serves both precisions.
"""

import json
import random
import struct

import mpmath
from mpmath import mpf

mpmath.mp.dps = 100
STEP = mpf(10) ** -20


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


# Scores of every size: zeros, the least of all numbers, where exponentials of either precision end, and huge ones.
EDGES = [0.0, single(1e-45), -single(1e-45), 40.0, -40.0, 88.0, -88.0, 710.0, -710.0, 1e4, -1e4, single(1e30)]


def normals(generator, count, scale=1.0):
    return [single(generator.gauss(0, scale)) for _ in range(count)]


def derivatives(loss, at, direction, skipped=()):
    """Value, gradient and Hessian-vector product of loss(list of mpf). Elements in `skipped` have derivatives 0."""
    x = [mpf(v) for v in at]
    v = [mpf(0) if i in skipped else mpf(d) for i, d in enumerate(direction)]
    moved = {s: [a + s * STEP * b for a, b in zip(x, v)] for s in (1, -1)}

    def nudged(point, i, s):
        return point[:i] + [point[i] + s * STEP] + point[i + 1:]

    gradient, product = [], []
    for i in range(len(x)):
        if i in skipped:
            gradient.append(mpf(0))
            product.append(mpf(0))
            continue
        gradient.append((loss(nudged(x, i, 1)) - loss(nudged(x, i, -1))) / (2 * STEP))
        mixed = sum(s * t * loss(nudged(moved[s], i, t)) for s in (1, -1) for t in (1, -1))
        product.append(mixed / (4 * STEP**2))
    return loss(x), gradient, product


def text(value):
    """The nearest double; what the differences leave of an exact zero is zero."""
    value = mpf(value)
    return 0.0 if abs(value) < mpf(10) ** -30 else float(value)


def case(name, loss, at, direction, skipped=(), options=None, **inputs):
    value, gradient, product = derivatives(loss, at, direction, skipped)
    return {
        "name": name, "options": options or {}, "inputs": {"predictions": list(at), "direction": list(direction), **inputs},
        "value": text(value), "gradient": [text(g) for g in gradient], "product": [text(p) for p in product],
    }


def write(cases, path):
    with open(path, "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
