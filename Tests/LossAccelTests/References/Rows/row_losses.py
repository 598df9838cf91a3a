"""Row losses, their gradients and products with their Hessians, from the definitions with 500 to 2600 bits.

Run in this folder: python3 row_losses.py > row_losses.txt (then row_losses_edges.py, which uses this file). Derivatives are central
differences with a step of 2^-100 to 2^-500, whose
errors are far below the last place of whatever comes out. Each case: name, parameters as name=value, bits, "labels" or "targets"; the scores; the label or
the distribution; a direction; the value and the sum of the magnitudes of its terms; the gradient; the Hessian times the direction.
"""

import math
import random

import numpy as np
from mpmath import mp, mpf, exp, log, sqrt, tanh, log1p

random.seed(20261123)


def precision(bits, z):
    """Scores that are far apart make small results, and steps must be small beside a probability: for both more bits are needed."""
    global STEP
    finite = [x for x in z if x != -math.inf]
    far = max(finite) - min(finite) > 60 or 0 < min(map(abs, finite)) < 1e-6
    mp.prec = (2600 if bits == 64 else 1200) if far else 500
    STEP = mpf(2) ** (-(mp.prec // 5) - 10)


def shares(z):
    top = max(z)
    e = [mpf(0) if x == -mp.inf else exp(x - top) for x in z]
    total = sum(e)
    return [x / total for x in e], [-mp.inf if x == -mp.inf else x - top - log(total) for x in z], top + log(total)


def xlog(x, y):
    """x·log(y) with 0·log(0) = 0."""
    return mpf(0) if x == 0 else x * (log(y) if y != 0 else -mp.inf)


def focal(c, q, p):
    return (1 - q) ** p["gamma"] * c


PSI = {
    "softmax-cross-entropy": lambda c, q, p: c,
    "focal-cross-entropy": focal,
    "softmax-poly-1": lambda c, q, p: c + p["epsilon"] * (1 - q),
    "softmax-generalized-cross-entropy": lambda c, q, p: (1 - q ** p["exponent"]) / p["exponent"],
    "symmetric-cross-entropy": lambda c, q, p: p["alpha"] * c + p["reverse"] * (1 - q),
}


def mixture(t, q, p):
    b = p["mixture"]
    m = b * t + (1 - b) * q
    return b * xlog(t, t / m if m else 0) + (1 - b) * xlog(q, q / m if m else 0)


DIVERGENCE = {
    "cross-entropy": lambda t, q, p: -xlog(t, q),
    "softmax-kl": lambda t, q, p: xlog(t, t) - xlog(t, q),
    "generalized-kl": lambda t, q, p: xlog(t, t) - xlog(t, q) - t + q,
    "softmax-reverse-kl": lambda t, q, p: xlog(q, q) - xlog(q, t),
    "softmax-jensen-shannon": mixture,
    "softmax-total-variation": lambda t, q, p: abs(q - t) / 2,
    "softmax-hellinger": lambda t, q, p: (sqrt(q) - sqrt(t)) ** 2 / 2,
    "softmax-brier": lambda t, q, p: (q - t) ** 2,
}


def tsallis(z, t, alpha):
    # The threshold by bisection and Newton's method, both on the exact sum.
    z = [x if x != -mp.inf else mpf("-1e40") for x in z]
    top = max(z)
    x = [(alpha - 1) * (v - top) for v in z]
    r = 1 / (alpha - 1)

    def total(tau):
        return sum((v - tau) ** r for v in x if v > tau)

    tau = mpf(-1)
    for _ in range(400):
        slope = sum((v - tau) ** (r - 1) for v in x if v > tau) * r
        step = (total(tau) - 1) / slope
        tau += step
        if abs(step) < mpf(2) ** (8 - mp.prec):
            break
    p = [(v - tau) ** r if v > tau else mpf(0) for v in x]
    omega = lambda y: sum(v**alpha - v for v in y) / (alpha * (alpha - 1))
    conjugate = sum(a * (b - top) for a, b in zip(p, z)) + top - omega(p)
    return conjugate + omega(t) - sum(a * b for a, b in zip(t, z) if a != 0)


def loss(name, z, t, p):
    """The value, and the sum of the magnitudes of the terms that it is a sum of."""
    if name.endswith("-probabilities") or name == "cross-entropy":
        kind = name.removesuffix("-probabilities")
        terms = [DIVERGENCE[kind if kind in DIVERGENCE else "softmax-" + kind](a, b, p) for a, b in zip(t, z)]
        return sum(terms), sum(map(abs, terms))
    if name in ("crammer-singer", "weston-watkins"):
        y = t.index(1)
        others = [1 + x - z[y] for k, x in enumerate(z) if k != y]
        if name == "weston-watkins":
            value = sum((x for x in others if x > 0), mpf(0))
        else:
            value = max([mpf(0)] + others)
        return value, value
    if name == "one-versus-all":
        w = p["positive-weight"]
        terms = []
        for x, b in zip(z, t):
            if x == -mp.inf:
                terms.append(mpf(0) if b == 0 else mp.inf)
            else:
                softplus = max(-x, mpf(0)) + log1p(exp(-abs(x)))
                terms.append((1 - b) * x + (1 + (w - 1) * b) * softplus)
        return sum(terms), sum(map(abs, terms))
    if name in ("entmax", "sparsemax"):
        value = tsallis(z, t, p["alpha"])
        return value, value
    if name == "capped-cross-entropy":
        a = [p["cap"] * tanh(x / p["cap"]) for x in z] if p["cap"] else z
        _, l, lse = shares(a)
        value = -sum(b * x for b, x in zip(t, l) if b != 0)
        return value + sum(t) * p["price"] * lse**2, value + sum(t) * p["price"] * lse**2
    q, l, _ = shares(z)
    if name in PSI:
        value = sum(b * PSI[name](-x, y, p) for b, x, y in zip(t, l, q) if b != 0)
        return value, value
    if name in DIVERGENCE:
        terms = [DIVERGENCE[name](b, y, p) for b, y in zip(t, q)]
        return sum(terms), sum(map(abs, terms))
    if name == "spherical":
        value = -sum(b * y for b, y in zip(t, q)) / sqrt(sum(y * y for y in q))
        return value, abs(value)
    if name == "ranked-probability":
        sums = [sum(q[: k + 1]) - sum(t[: k + 1]) for k in range(len(q) - 1)]
        value = sum((x * x for x in sums), mpf(0))
        return value, value
    raise KeyError(name)


def derivatives(name, z, t, p, v):
    value, size = loss(name, z, t, p)
    finite = [k for k, x in enumerate(z) if x != -mp.inf]

    def moved(k, a, b):
        return loss(name, [x + (a * STEP if j == k else 0) + b * STEP * v[j] if x != -mp.inf else x for j, x in enumerate(z)], t, p)[0]

    gradient, product = [mpf(0)] * len(z), [mpf(0)] * len(z)
    for k in finite:
        gradient[k] = (moved(k, 1, 0) - moved(k, -1, 0)) / (2 * STEP)
        product[k] = (moved(k, 1, 1) - moved(k, 1, -1) - moved(k, -1, 1) + moved(k, -1, -1)) / (4 * STEP * STEP)
    return value, size, gradient, product


def rounded(x, bits):
    return float(np.float32(x)) if bits == 32 else float(x)


def text(values, bits):
    # Nine digits identify a float; expected values get more, so that they are not a rounding of their own.
    return " ".join("inf" if x == mp.inf else ("%.12g" if bits == 32 else "%.17g") % float(x) for x in values)


def exact(values, bits):
    return " ".join(("%.9g" if bits == 32 else "%.17g") % x for x in values)


def as_mpf(x):
    return -mp.inf if x == -math.inf else mpf(x)


def case(name, p, bits, z, t, label):
    z = [rounded(x, bits) for x in z]
    t = [rounded(x, bits) for x in t]
    precision(bits, z)
    v = [rounded(random.uniform(-1, 1), bits) for _ in z]
    report(name, p, bits, z, t, label, v)


def report(name, p, bits, z, t, label, v):
    scores, targets, numbers = [as_mpf(x) for x in z], [mpf(x) for x in t], {k: mpf(x) for k, x in p.items()}
    value, size, gradient, product = derivatives(name, scores, targets, numbers, v)
    parameters = " ".join("%s=%r" % item for item in p.items())
    print("case", name, bits, "labels" if label is not None else "targets", parameters)
    print(exact(z, bits))
    print(label if label is not None else exact(t, bits))
    print(exact(v, bits))
    print(text([value, size], bits))
    print(text(gradient, bits))
    print(text(product, bits))


def distribution(classes, zeros=False):
    x = [random.random() ** 2 + 1e-3 for _ in range(classes)]
    if zeros:
        x[0] = 0.0
    return [y / sum(x) for y in x]


def one_hot(label, classes):
    return [1.0 if k == label else 0.0 for k in range(classes)]


def score_rows(bits, kinked):
    wide = 85.0 if bits == 32 else 700.0
    rows = [
        ([0.37], 0), ([0.5, -0.25], 1), ([0.3, -1.2, 2.5], 0), ([0.3, -1.2, 2.5], 2),
        ([88.0, -88.0, 0.25], 0), ([88.0, -88.0, 0.25], 1), ([0.0, -40.0, -41.0], 0), ([1e4, -1e4, 9990.0], 0), ([1e4, -1e4, 9990.0], 1),
        ([0.4, -math.inf, 1.5], 2), ([random.gauss(0, 2) for _ in range(10)], 3),
        ([random.uniform(-wide, wide) for _ in range(10)], 5), ([12.0] + [random.gauss(-3, 1) for _ in range(40)], 0),
    ]
    if bits == 64:
        rows += [([710.0, -710.0, 0.25], 0), ([710.0, -710.0, 0.25], 1)]
    if not kinked:
        rows += [([0.0, 0.0, 0.0], 1), ([1.0, 1.0, -2.0], 0), ([1e30, -1e30, 3e29], 1)]
    return rows


LOSSES = [
    ("softmax-cross-entropy", {}), ("cross-entropy", {}),
    ("capped-cross-entropy", {"price": 1e-4, "cap": 30.0}), ("capped-cross-entropy", {"price": 0.5, "cap": 0.0}),
    ("capped-cross-entropy", {"price": 0.0, "cap": 2.0}),
    ("focal-cross-entropy", {"gamma": 2.0}), ("focal-cross-entropy", {"gamma": 0.5}), ("focal-cross-entropy", {"gamma": 0.0}),
    ("softmax-poly-1", {"epsilon": 1.0}), ("softmax-poly-1", {"epsilon": 3.5}),
    ("softmax-generalized-cross-entropy", {"exponent": 0.7}), ("softmax-generalized-cross-entropy", {"exponent": 1.0}),
    ("symmetric-cross-entropy", {"alpha": 0.1, "reverse": 4.0}),
    ("softmax-kl", {}), ("kl-probabilities", {}), ("generalized-kl-probabilities", {}), ("softmax-reverse-kl", {}), ("reverse-kl-probabilities", {}),
    ("softmax-jensen-shannon", {"mixture": 0.5}), ("softmax-jensen-shannon", {"mixture": 0.1}), ("jensen-shannon-probabilities", {"mixture": 0.5}),
    ("softmax-total-variation", {}), ("total-variation-probabilities", {}), ("softmax-hellinger", {}), ("hellinger-probabilities", {}),
    ("softmax-brier", {}), ("brier-probabilities", {}), ("spherical", {}), ("ranked-probability", {}),
    ("crammer-singer", {}), ("weston-watkins", {}), ("one-versus-all", {"positive-weight": 1.0}), ("one-versus-all", {"positive-weight": 3.0}),
    ("sparsemax", {"alpha": 2.0}), ("entmax", {"alpha": 1.5}), ("entmax", {"alpha": 1.2}),
]


def main():
    for bits in (32, 64):
        for name, p in LOSSES:
            p = {k: rounded(x, bits) for k, x in p.items()}
            labels_only = name in ("crammer-singer", "weston-watkins")
            kinked = labels_only or name in ("sparsemax", "entmax")
            if name.endswith("-probabilities") or name == "cross-entropy":
                for classes in (1, 2, 3, 10, 41):
                    q, t = distribution(classes), distribution(classes)
                    if classes == 3:
                        q = [1e-30, 0.25, 0.75]
                    if classes == 1:
                        q, t = [0.5], [0.75]
                    case(name, p, bits, q, t, None)
                    if classes > 1 and "reverse-kl" not in name:
                        case(name, p, bits, q, one_hot(1, classes), 1)
                continue
            for z, label in score_rows(bits, kinked):
                classes = len(z)
                if name == "entmax" and (max(map(abs, z)) > 1e5 or classes > 10):
                    continue
                if "reverse-kl" not in name:
                    case(name, p, bits, z, one_hot(label, classes), label)
                if not labels_only and (classes < 40 or name in ("softmax-reverse-kl", "softmax-jensen-shannon")):
                    t = distribution(classes)
                    if -math.inf in z:
                        t[z.index(-math.inf)] = 0.0
                    if classes == 1:
                        t = [0.75] if name not in ("sparsemax", "entmax") else [1.0]
                    case(name, p, bits, z, t, None)


if __name__ == "__main__":
    main()
