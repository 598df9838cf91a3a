"""Ordinal losses of one score and increasing cuts, from the definitions with 3000 bits; derivatives are closed forms of the definitions.

Run in this folder: python3 ordinal.py > ordinal.txt. Each case: name, bits, level, score; the cuts; the value, its derivative and its
second derivative with respect to the score; the derivatives with respect to the cuts.
"""

import numpy as np
from mpmath import mp, mpf, exp, log, log1p

mp.prec = 3000


def sigma(x):
    return 1 / (1 + exp(-x))


def softplus(x):
    return max(x, mpf(0)) + log1p(exp(-abs(x)))


def cumulative(y, s, b):
    upper = sigma(b[y] - s) if y < len(b) else mpf(1)
    lower = sigma(b[y - 1] - s) if y > 0 else mpf(0)
    # Where both are almost 1 their distances from 1 say how far they are apart.
    p = upper - lower if upper < 0.5 else (1 if y == 0 else sigma(s - b[y - 1])) - (sigma(s - b[y]) if y < len(b) else 0)
    du = upper * sigma(s - b[y]) if y < len(b) else mpf(0)
    dl = lower * sigma(s - b[y - 1]) if y > 0 else mpf(0)
    cuts = [mpf(0)] * len(b)
    if y < len(b):
        cuts[y] = -du / p
    if y > 0:
        cuts[y - 1] = dl / p
    return -log(p), (du - dl) / p, du + dl, cuts


def all_cuts(y, s, b, hinge):
    value = slope = bend = mpf(0)
    cuts = []
    for k, cut in enumerate(b):
        side = 1 if k < y else -1
        margin = side * (s - cut)
        if hinge:
            value += max(1 - margin, mpf(0))
            d = mpf(-1 if margin < 1 else 0)
        else:
            value += softplus(-margin)
            d = -sigma(-margin)
            bend += sigma(margin) * sigma(-margin)
        slope += side * d
        cuts.append(-side * d)
    return value, slope, bend, cuts


CUTS = [[0.5], [-1.0, 1.25], [-2.0, -0.5, 0.75, 3.0], [1.0, 1.0 + 2.0**-20], [-40.0, 0.1, 0.1 + 2.0**-21, 35.0], [1000.0, 1001.5, 1200.0]]
SCORES = [0.0, 0.3, -2.5, 12.0, 40.0, -88.0, 710.0, -1e4, 1000.7]


def edges(bits):
    """Subnormal and huge scores, and those at which exponentials of either precision end, on the other side."""
    tiny, huge = (2.0**-149, 3e38) if bits == 32 else (2.0**-1074, 1.5e308)
    return [tiny, -tiny, -40.0, 88.0, -710.0, 1e4, 1e30, -huge, huge]


for bits in (32, 64):
    for cuts in CUTS + ([[0.0, 2.0**-1000]] if bits == 64 else []):
        for score in SCORES + (edges(bits) if cuts in ([0.5], [-1.0, 1.25]) else []):
            s = float(np.float32(score)) if bits == 32 else score
            for y in range(len(cuts) + 1):
                b = [mpf(c) for c in cuts]
                for name, result in (
                    ("cumulative-logit", cumulative(y, mpf(s), b)),
                    ("all-threshold-logistic", all_cuts(y, mpf(s), b, False)),
                    ("ordinal-hinge", all_cuts(y, mpf(s), b, True)),
                ):
                    print(name, bits, y, "%.17g" % s)
                    print(" ".join("%.17g" % c for c in cuts))
                    print(" ".join("%.17g" % float(x) for x in result[:3]))
                    print(" ".join("%.17g" % float(x) for x in result[3]))
