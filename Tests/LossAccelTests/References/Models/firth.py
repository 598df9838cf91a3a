"""References of Firth's correction: writes firth.json beside this file.

Coefficients maximise the likelihood times the root of the determinant of the Fisher information; found by Newton's method on its gradient,
with derivatives by central differences, in 60 digits (mpmath). Nothing of the formula for the corrected score is used.

    pip install mpmath; python3 firth.py
"""

import json
from pathlib import Path

from mpmath import det, exp, log, log1p, lu_solve, matrix, mp, mpf, sqrt

mp.dps = 80


def information(family, x, b):
    k = len(b)
    info = matrix(k, k)
    for row in x:
        eta = sum(v * c for v, c in zip(row, b))
        weight = exp(eta) if family == "poisson" else exp(-eta) / (1 + exp(-eta)) ** 2
        for i in range(k):
            for j in range(k): info[i, j] += weight * row[i] * row[j]
    return info


def value(family, x, y, b):
    sum_ = mpf(0)
    for row, target in zip(x, y):
        eta = sum(v * c for v, c in zip(row, b))
        sum_ += target * eta - (exp(eta) if family == "poisson" else log1p(exp(eta)))
    return sum_ + log(det(information(family, x, b))) / 2


def gradient(family, x, y, b, h):
    result = []
    for j in range(len(b)):
        def at(t): return value(family, x, y, [v + (t if i == j else 0) for i, v in enumerate(b)])
        # Sixth order.
        result.append((45 * (at(h) - at(-h)) - 9 * (at(2 * h) - at(-2 * h)) + at(3 * h) - at(-3 * h)) / (60 * h))
    return result


def maximise(family, x, y, b):
    h = mpf(10) ** -6
    for _ in range(200):
        # The information is near enough to the curvature.
        g = gradient(family, x, y, b, h)
        step = lu_solve(information(family, x, b), matrix(g))
        length, start = mpf(1), value(family, x, y, b)
        while value(family, x, y, [v + length * s for v, s in zip(b, step)]) < start - mpf(10) ** -60: length /= 2
        b = [v + length * s for v, s in zip(b, step)]
        if max(abs(s) for s in step) < mpf(10) ** -25: return b
    raise RuntimeError("no maximum")


def main():
    separated = [[1, 5], [2, 3], [3, 6], [4, 2], [5, 4], [6, 4]]
    quasi = [[i * 7 % 11, float(i % 8 == 0)] for i in range(24)]
    quasi_y = [float(i % 8 == 0 or i * 7 % 11 + i * 3 % 5 > 6) for i in range(24)]
    overlap = [[i / 4, float(i * i % 7)] for i in range(20)]
    overlap_y = [float(i * 13 % 20 < i) for i in range(20)]
    counts = [[i * 5 % 9 / 3, float(i % 6 == 1)] for i in range(18)]
    counts_y = [0.0 if i % 6 == 1 else float(i * 11 % 5) for i in range(18)]
    results = []
    for name, family, x, y in [
        ("complete separation", "binomial", separated, [0, 0, 0, 1, 1, 1]), ("quasi-complete", "binomial", quasi, quasi_y),
        ("overlap", "binomial", overlap, overlap_y), ("counts with a separated column", "poisson", counts, counts_y),
    ]:
        rows = [[mpf(1)] + [mpf(v) for v in row] for row in x]
        b = maximise(family, rows, [mpf(v) for v in y], [mpf(0)] * len(rows[0]))
        bread = information(family, rows, b) ** -1
        results.append({
            "name": name, "family": family, "features": [[float(v) for v in row] for row in x],
            "targets": [float(v) for v in y], "coefficients": [float(v) for v in b],
            "standardErrors": [float(sqrt(bread[j, j])) for j in range(len(b))],
        })
        print(name, results[-1]["coefficients"])
    Path(__file__).with_suffix(".json").write_text(json.dumps(results) + "\n")


main()
