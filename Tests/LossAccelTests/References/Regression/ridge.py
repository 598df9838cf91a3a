"""Writes ridge.txt: ridge regressions of Longley's data with 60 digits by mpmath. A line is `ridge`, the penalty, the coefficients
(intercept first, not penalised), the effective degrees of freedom, the residual sum of squares, the mean squared error of leaving out one
row after the other (by fitting again without it), and n·RSS/(n − df)². Run: python3 ridge.py
"""
from mpmath import matrix, mp, mpf, nstr

from common import cases, here

mp.dps = 60
case = next(case for case in cases() if case.name == "longley")
x = [[mpf(v) for v in row] for row in case.x]
y = [mpf(v) for v in case.y]
n, k = len(x), len(x[0])


def solve(rows, penalty):
    gram, side = matrix(k, k), matrix(k, 1)
    for i in rows:
        for a in range(k):
            side[a] += x[i][a] * y[i]
            for b in range(k):
                gram[a, b] += x[i][a] * x[i][b]
    plain = gram.copy()
    for a in range(1, k):
        gram[a, a] += penalty
    inverse = gram**-1
    hat = inverse * plain
    return inverse * side, sum(hat[a, a] for a in range(k))


def missed(i, beta):
    return y[i] - sum(a * b for a, b in zip(x[i], beta))


lines = []
for text in ("0", "1e-4", "0.01", "1", "30", "1e5"):
    penalty = mpf(float(text))
    beta, freedom = solve(range(n), penalty)
    rss = sum(missed(i, beta) ** 2 for i in range(n))
    left_out = sum(missed(i, solve([j for j in range(n) if j != i], penalty)[0]) ** 2 for i in range(n)) / n
    values = [*beta, freedom, rss, left_out, n * rss / (n - freedom) ** 2]
    lines.append(f"ridge {text} " + " ".join(nstr(v, 20) for v in values))
(here / "ridge.txt").write_text("\n".join(lines) + "\n")
