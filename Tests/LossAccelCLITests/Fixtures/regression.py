"""Writes regression.csv and what R's lm would say about it, regression.json, computed with 50 digits by mpmath."""
import json
import random
from pathlib import Path

from mpmath import betainc, findroot, matrix, mp, mpf, sqrt

mp.dps = 50
here = Path(__file__).parent
random.seed(5)

names = ["y", "a", "b", "c", "w"]
rows = []
for index in range(14):
    a, b, c = (round(random.uniform(-5, 20), 3) for _ in range(3))
    rows.append([round(3 + 0.7 * a - 1.2 * b + random.gauss(0, 2), 3), a, b, c, index % 4])
with open(here / "regression.csv", "w") as out:
    out.write("\n".join(",".join(map(str, row)) for row in [names] + rows) + "\n")


def two_sided(t, df):
    return betainc(df / mpf(2), mpf(1) / 2, 0, df / (df + t * t), regularized=True)


def fit(columns, intercept, weighted, ridge, level):
    used = [row for row in rows if not weighted or row[4] > 0]
    weight = [mpf(row[4]) if weighted else mpf(1) for row in used]
    x = [([mpf(1)] if intercept else []) + [mpf(str(row[names.index(name)])) for name in columns] for row in used]
    y = [mpf(str(row[0])) for row in used]
    n, p = len(used), len(x[0])
    gram = matrix(p, p)
    right = matrix(p, 1)
    for w, xi, yi in zip(weight, x, y):
        for i in range(p):
            right[i] += w * xi[i] * yi
            for j in range(p):
                gram[i, j] += w * xi[i] * xi[j]
    for i in range(1 if intercept else 0, p):
        gram[i, i] += ridge
    inverse = gram**-1
    beta = inverse * right
    rss = sum(w * (yi - sum(xi[j] * beta[j] for j in range(p))) ** 2 for w, xi, yi in zip(weight, x, y))
    mean = sum(w * yi for w, yi in zip(weight, y)) / sum(weight) if intercept else 0
    tss = sum(w * (yi - mean) ** 2 for w, yi in zip(weight, y))
    df = n - p
    sigma = sqrt(rss / df)
    terms = []
    for j, name in enumerate((["(Intercept)"] if intercept else []) + columns):
        term = {"term": name, "estimate": beta[j]}
        if ridge == 0:
            error = sigma * sqrt(inverse[j, j])
            t = beta[j] / error
            quantile = findroot(lambda q: two_sided(q, df) - (1 - level), 2)
            term |= {"std.error": error, "statistic": t, "p.value": two_sided(abs(t), df)}
            term |= {"conf.low": beta[j] - quantile * error, "conf.high": beta[j] + quantile * error}
        terms.append(term)
    model = p - (1 if intercept else 0)
    f = (tss - rss) / model / (rss / df)
    result = {
        "coefficients": terms, "sigma": sigma, "r.squared": 1 - rss / tss,
        "adj.r.squared": 1 - (rss / df) / (tss / (n - (1 if intercept else 0))), "df.residual": df, "nobs": n, "rank": p,
    }
    if ridge == 0:
        p_value = betainc(df / mpf(2), model / mpf(2), 0, df / (df + model * f), regularized=True)
        result |= {"statistic": f, "p.value": p_value, "df": model}
    return result


cases = [
    ("--features a,b,c", fit(["a", "b", "c"], True, False, 0, mpf("0.95"))),
    ("--weights w --level 99", fit(["a", "b", "c"], True, True, 0, mpf("0.99"))),
    ("--features b,a --no-intercept", fit(["b", "a"], False, False, 0, mpf("0.95"))),
    ("--features a,b,c --ridge 2.5", fit(["a", "b", "c"], True, False, mpf("2.5"), mpf("0.95"))),
]
plain = lambda value: float(value) if isinstance(value, mpf) else value
tidy = lambda value: (
    [tidy(v) for v in value] if isinstance(value, list)
    else {k: tidy(v) for k, v in value.items()} if isinstance(value, dict)
    else plain(value)
)
with open(here / "regression.json", "w") as out:
    json.dump([{"options": options, "expected": tidy(result)} for options, result in cases], out, indent=1)
