"""Least-squares problems with exact solutions: run `python3 generate.py` in this folder to write problems.txt.

The elements are doubles; the solution is that of the problem as stored, by rational arithmetic, rounded once. Lines of a problem:
`problem NAME ROWS COLUMNS`, one line for every row (a₁ … aₙ b), then `solution x₁ … xₙ`.
"""
import random
from fractions import Fraction

import numpy as np

random.seed(20)
rng = np.random.default_rng(20)
lines = []


def solve(rows, targets):
    n = len(rows[0])
    exact = [[Fraction(v) for v in row] for row in rows]
    b = [Fraction(v) for v in targets]
    g = [[sum(r[i] * r[j] for r in exact) for j in range(n)] + [sum(r[i] * t for r, t in zip(exact, b))] for i in range(n)]
    for k in range(n):
        pivot = next(i for i in range(k, n) if g[i][k] != 0)
        g[k], g[pivot] = g[pivot], g[k]
        for i in range(n):
            if i != k and g[i][k] != 0:
                f = g[i][k] / g[k][k]
                g[i] = [x - f * y for x, y in zip(g[i], g[k])]
    return [float(g[i][n] / g[i][i]) for i in range(n)]


def add(name, rows, targets):
    rows = [[float(v) for v in row] for row in rows]
    targets = [float(v) for v in targets]
    lines.append(f"problem {name} {len(rows)} {len(rows[0])}")
    for row, target in zip(rows, targets):
        lines.append(" ".join(repr(v) for v in row + [target]))
    lines.append("solution " + " ".join(repr(v) for v in solve(rows, targets)))


def conditioned(m, n, condition):
    u, _ = np.linalg.qr(rng.standard_normal((m, n)))
    v, _ = np.linalg.qr(rng.standard_normal((n, n)))
    return u @ np.diag(np.logspace(0, -np.log10(condition), n)) @ v.T


for exponent in (0, 2, 4, 6, 7, 8, 10, 12):
    for level in (0.0, 0.1, 10.0):
        a = conditioned(20, 4, 10.0**exponent)
        x = rng.standard_normal(4)
        b = a @ x
        add(f"random-1e{exponent}-residual-{level}", a, b + level * np.linalg.norm(b) / np.sqrt(20) * rng.standard_normal(20))
for degree in (2, 4, 6, 8):
    t = np.linspace(0, 1, 21)
    add(f"vandermonde-{degree}", [[v**k for k in range(degree + 1)] for v in t], np.exp(t))
for n in (4, 6, 8):
    add(f"hilbert-{n}", [[1 / (i + j + 1) for j in range(n)] for i in range(n + 6)], [i % 3 - 1 for i in range(n + 6)])
for exponent in (2, 5, 7):
    e = 10.0**-exponent
    add(f"laeuchli-1e-{exponent}", [[1, 1, 1], [e, 0, 0], [0, e, 0], [0, 0, e]], [1, 2, 3, 5])
a = rng.standard_normal((15, 4))
add("scaled", a * np.array([1e150, 1e-150, 1.0, 1e-8]), rng.standard_normal(15))
add("huge-targets", rng.standard_normal((9, 2)), 1e200 * rng.standard_normal(9))
add("large-means", np.column_stack([np.ones(25), 1e9 + rng.standard_normal(25), 1e6 + rng.standard_normal(25)]), 1e7 + rng.standard_normal(25))
add("square", rng.integers(-9, 9, (5, 5)) + 0.5, rng.standard_normal(5))
add("one-by-one", [[3.0]], [1.0])
add("one-column", [[0.1], [0.2], [0.3]], [1, 2, 3.5])

with open("problems.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
