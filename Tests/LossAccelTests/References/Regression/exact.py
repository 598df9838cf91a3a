"""Writes exact.txt: what inference says about the cases, computed with 60 digits by mpmath from the tables as doubles store them.

Formulas are written out from their definitions, with explicit inverses; nothing is shared with the library. A line is a case, a
quantity and its numbers: one for every coefficient, row or table element. Run: python3 exact.py
"""
from mpmath import betainc, eigsy, exp, findroot, log, matrix, mp, mpf, nstr, pi, sqrt

from common import cases, here

mp.dps = 60
lines = []


def two_sided(t, df):
    return betainc(df / mpf(2), mpf(1) / 2, 0, df / (df + t * t), regularized=True)


def quantile(level, df):
    return findroot(lambda q: two_sided(q, df) - (1 - level), 2)


def outer(u, v):
    return matrix([[a * b for b in v] for a in u])


def symmetric_sum(vectors, k):
    total = matrix(k, k)
    for v in vectors:
        total += outer(v, v)
    return total


def unit(m):
    return matrix([[m[i, j] / sqrt(abs(m[i, i] * m[j, j])) for j in range(m.cols)] for i in range(m.rows)])


def omnibus(skew, kurt, n):
    y = skew * sqrt((n + 1) * (n + 3) / (6 * (n - 2)))
    b = 3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9))
    w = sqrt(2 * (b - 1)) - 1
    alpha = sqrt(2 / (w - 1))
    z1 = log(y / alpha + sqrt((y / alpha) ** 2 + 1)) / sqrt(log(w) / 2)
    x = (kurt - 3 * (n - 1) / (n + 1)) / sqrt(24 * n * (n - 2) * (n - 3) / ((n + 1) ** 2 * (n + 3) * (n + 5)))
    s = 6 * (n * n - 5 * n + 2) / ((n + 7) * (n + 9)) * sqrt(6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)))
    a = 6 + 8 / s * (2 / s + sqrt(1 + 4 / s**2))
    root = ((1 - 2 / a) / (1 + x * sqrt(2 / (a - 4)))) ** (mpf(1) / 3)
    z2 = (1 - 2 / (9 * a) - root) / sqrt(2 / (9 * a))
    return z1**2 + z2**2


def analyse(case):
    def put(key, *values):
        lines.append(" ".join([case.name, key] + [nstr(v, 20, min_fixed=0, max_fixed=0) for v in values]))

    x = [[mpf(v) for v in row] for row in case.x]
    y, w = [mpf(v) for v in case.y], [mpf(v) for v in case.weights]
    n, k = len(x), len(x[0])
    first = 1 if case.intercept else 0
    gram = matrix(k, k)
    for wi, row in zip(w, x):
        gram += wi * outer(row, row)
    inverse = gram**-1
    beta = inverse * matrix([sum(w[i] * x[i][j] * y[i] for i in range(n)) for j in range(k)])
    e = [y[i] - sum(x[i][j] * beta[j] for j in range(k)) for i in range(n)]
    rss = sum(w[i] * e[i] ** 2 for i in range(n))
    df = n - k
    sigma = sqrt(rss / df)
    mean = sum(a * b for a, b in zip(w, y)) / sum(w) if case.intercept else 0
    tss = sum(w[i] * (y[i] - mean) ** 2 for i in range(n))
    put("estimate", *beta)
    put("sigma", sigma)
    put("r2", 1 - rss / tss)
    put("residual", *e)
    loglik = -(n * (log(2 * pi * rss / n) + 1) - sum(log(v) for v in w)) / 2
    put("loglik", loglik)
    put("aic", -2 * loglik + 2 * (k + 1))
    put("bic", -2 * loglik + log(mpf(n)) * (k + 1))

    # Influence.
    h = [w[i] * sum(x[i][a] * inverse[a, b] * x[i][b] for a in range(k) for b in range(k)) for i in range(n)]
    r = [sqrt(w[i]) * e[i] for i in range(n)]
    deleted = [sqrt((rss - r[i] ** 2 / (1 - h[i])) / (df - 1)) for i in range(n)]
    student = [r[i] / (deleted[i] * sqrt(1 - h[i])) for i in range(n)]
    put("hat", *h)
    put("rstandard", *[r[i] / (sigma * sqrt(1 - h[i])) for i in range(n)])
    put("rstudent", *student)
    put("cooks", *[r[i] ** 2 * h[i] / (k * rss / df * (1 - h[i]) ** 2) for i in range(n)])
    put("dffits", *[student[i] * sqrt(h[i] / (1 - h[i])) for i in range(n)])
    put("covratio", *[1 / ((1 - h[i]) * ((df - 1 + student[i] ** 2) / df) ** k) for i in range(n)])
    put("press", sum((r[i] / (1 - h[i])) ** 2 for i in range(n)))
    moves = []
    for i in range(n):
        step = inverse * matrix([w[i] * x[i][j] * e[i] / (1 - h[i]) for j in range(k)])
        moves += [step[j] / (deleted[i] * sqrt(inverse[j, j])) for j in range(k)]
    put("dfbetas", *moves)

    # Covariances.
    scores = [[w[i] * e[i] * v for v in x[i]] for i in range(n)]

    def cluster_meat(labels):
        sums = {}
        for label, score in zip(labels, scores):
            sums[label] = [a + b for a, b in zip(sums.get(label, [0] * k), score)]
        g = mpf(len(sums))
        return symmetric_sum(sums.values(), k) * (g / (g - 1) * mpf(n - 1) / (n - k)), len(sums)

    def adjusted(exponent):
        return symmetric_sum([[s / (1 - h[i]) ** (exponent(h[i]) / 2) for s in scores[i]] for i in range(n)], k)

    one, half = mpf(1), mpf(3) / 2
    meats = {
        "hc0": (adjusted(lambda v: mpf(0)), df), "hc1": (adjusted(lambda v: mpf(0)) * (mpf(n) / df), df),
        "hc2": (adjusted(lambda v: one), df), "hc3": (adjusted(lambda v: 2 * one), df),
        "hc4": (adjusted(lambda v: min(4 * one, n * v / k)), df),
        "hc4m": (adjusted(lambda v: min(one, n * v / k) + min(half, n * v / k)), df),
    }
    newey = symmetric_sum(scores, k)
    for lag in range(1, case.lags + 1):
        for t in range(lag, n):
            part = outer(scores[t], scores[t - lag])
            newey += (1 - mpf(lag) / (case.lags + 1)) * (part + part.T)
    meats["nw"] = (newey, df)
    if case.clusters:
        meat, g = cluster_meat(case.clusters[0])
        meats["cluster"] = (meat, g - 1)
    if len(case.clusters) == 2:
        second, g2 = cluster_meat(case.clusters[1])
        both, _ = cluster_meat(list(zip(*case.clusters)))
        meats["cluster2"] = (meat + second - both, min(g, g2) - 1)

    new = [[v * (1 + mpf(j % 3) / 8) for j, v in enumerate(row)] for row in x[:4]]
    new = [[one] + [mpf(float(v)) for v in row[1:]] if case.intercept else [mpf(float(v)) for v in row] for row in new]
    put("new", *[v for row in new for v in row[first:]])
    values = [sum(a * b for a, b in zip(row, beta)) for row in new]
    put("predicted", *values)
    meats["classical"] = (gram * (rss / df), df)
    for name, (meat, freedom) in meats.items():
        v = inverse * meat * inverse
        if all(v[j, j] > 0 for j in range(k)):
            put("se." + name, *[sqrt(v[j, j]) for j in range(k)])
            put("p." + name, *[two_sided(beta[j] / sqrt(v[j, j]), freedom) for j in range(k)])
        put("covariance." + name, *[v[i, j] for i in range(k) for j in range(k)])
        slopes = matrix([beta[j] for j in range(first, k)])
        block = matrix([[v[i, j] for j in range(first, k)] for i in range(first, k)])
        # A covariance of few clusters, or of two ways, need not be positive definite.
        if all(value > 1e-12 for value in eigsy(unit(block), eigvals_only=True)):
            put("f." + name, (slopes.T * block**-1 * slopes)[0] / (k - first))
        if name in ("classical", "hc3"):
            spread = [sqrt(sum(row[a] * v[a, b] * row[b] for a in range(k) for b in range(k))) for row in new]
            q = quantile(mpf(0.9), freedom)
            put("predicted.se." + name, *spread)
            put("confidence." + name, *[t for v, s in zip(values, spread) for t in (v - q * s, v + q * s)])
            wide = [sqrt(s * s + sigma * sigma) for s in spread]
            put("prediction." + name, *[t for v, s in zip(values, wide) for t in (v - q * s, v + q * s)])

    # Collinearity.
    vif = []
    for j in range(first, k):
        center = sum(w[i] * x[i][j] for i in range(n)) / sum(w) if case.intercept else 0
        vif.append(inverse[j, j] * sum(w[i] * (x[i][j] - center) ** 2 for i in range(n)))
    put("vif", *vif)
    values, vectors = eigsy(unit(gram))
    order = sorted(range(k), key=lambda j: -values[j])
    put("condition", *[sqrt(values[order[0]] / values[j]) for j in order])
    total = [sum(vectors[i, j] ** 2 / values[j] for j in order) for i in range(k)]
    put("proportions", *[vectors[i, j] ** 2 / values[j] / total[i] for j in order for i in range(k)])

    # Residuals.
    put("dw", sum((a - b) ** 2 for a, b in zip(r[1:], r)) / rss)
    center = sum(r) / n
    m2, m3, m4 = (sum((v - center) ** p for v in r) / n for p in (2, 3, 4))
    skew, kurt = m3 / m2**1.5, m4 / m2**2
    jb = mpf(n) / 6 * (skew**2 + (kurt - 3) ** 2 / 4)
    put("skewness", skew)
    put("kurtosis", kurt)
    put("jb", jb, exp(-jb / 2))
    put("omnibus", omnibus(skew, kurt, mpf(n)))


for case in cases():
    analyse(case)
(here / "exact.txt").write_text("\n".join(lines) + "\n")
