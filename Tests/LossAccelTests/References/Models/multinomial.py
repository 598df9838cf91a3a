"""References of multinomial regressions: writes multinomial.json beside this file, and checks it against statsmodels.

Coefficients and what follows from them come from Newton's method in 60 digits (mpmath) on the data as stored in doubles.

    pip install mpmath gmpy2 statsmodels scikit-learn; python3 multinomial.py; Rscript multinomial.R

Data: iris (Fisher 1936) as scikit-learn ships it; the American National Election Study of 1996 as statsmodels ships it (public domain);
the others are made here from a linear congruence.

The objective is (1/W) Σ w·c_y·(−log p_y) + ½·ridge·Σ β² with W = Σ w·c_y. Coefficients are relative to class 0 where there is no ridge, and
add up to 0 over the classes where there is one.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from mpmath import exp, log, matrix, mp, mpf, sqrt
from sklearn import datasets

mp.dps = 60
warnings.simplefilter("ignore")


def total_weights(case, number):
    weights = case["weights"] or [1] * len(case["labels"])
    factors = case["classWeights"] or [1] * case["classes"]
    return [number(w) * number(factors[y]) for w, y in zip(weights, case["labels"])]


def in_doubles(case):
    """The minimum to about ten digits, by damped Newton steps."""
    x = np.array(case["features"])
    # Standardised, so that the steps are of about one size.
    center, spread = (x.mean(0) if case["intercept"] else np.zeros(x.shape[1])), x.std(0)
    z = (x - center) / spread
    if case["intercept"]: z = np.column_stack([np.ones(len(z)), z])
    n, p, k = len(z), z.shape[1], case["classes"]
    w = np.array(total_weights(case, float))
    w /= w.sum()
    ridge = np.full(p, case["ridge"])
    ridge[int(case["intercept"]):] /= spread**2
    if case["intercept"]: ridge[0] = 0
    one = np.eye(k)[case["labels"]]
    b = np.zeros((p, k))

    def value(b):
        s = z @ b
        s = s - s.max(1, keepdims=True)
        return (w * (np.log(np.exp(s).sum(1)) - (one * s).sum(1))).sum() + 0.5 * (ridge[:, None] * b**2).sum()

    for _ in range(60):
        s = z @ b
        q = np.exp(s - s.max(1, keepdims=True))
        q /= q.sum(1, keepdims=True)
        gradient = z.T @ (w[:, None] * (q - one)) + ridge[:, None] * b
        h = np.einsum("i,ij,il,ik,im->jklm", w, z, z, q, -q)
        diagonal = np.einsum("i,ij,il,ik->jlk", w, z, z, q)
        for c in range(k): h[:, c, :, c] += diagonal[:, :, c]
        for j in range(p):
            for c in range(k): h[j, c, j, c] += ridge[j]
            h[j, :, j, :] += 0.1
        step = np.linalg.solve(h.reshape(p * k, p * k), gradient.ravel()).reshape(p, k)
        length = 1.0
        while value(b - length * step) > value(b) + 1e-14 and length > 1e-6: length /= 2
        b = b - length * step
        if abs(step).max() < 1e-10: break
    start = int(case["intercept"])
    b[start:] /= spread[:, None]
    if case["intercept"]: b[0] -= center @ b[1:]
    return b


def fit(case):
    """Newton's method in 60 digits, from the minimum in doubles."""
    x = [[mpf(1)] * case["intercept"] + [mpf(v) for v in row] for row in case["features"]]
    y, k = case["labels"], case["classes"]
    n, p = len(x), len(x[0])
    w = total_weights(case, mpf)
    total, free = sum(w), int(case["intercept"])
    ridge = [mpf(0) if j < free else mpf(case["ridge"]) for j in range(p)]
    scale = [max(abs(x[i][j]) for i in range(n)) for j in range(p)]
    b = [[mpf(v) for v in row] for row in in_doubles(case)]
    for _ in range(12):
        gradient = [[ridge[j] * b[j][c] for c in range(k)] for j in range(p)]
        grams = {(c, d): [[mpf(0)] * p for _ in range(p)] for c in range(k) for d in range(c + 1)}
        loss = mpf(0)
        for i in range(n):
            if w[i] == 0: continue
            s = [sum(x[i][j] * b[j][c] for j in range(p)) for c in range(k)]
            e = [exp(v) for v in s]
            partition = sum(e)
            q = [v / partition for v in e]
            loss += w[i] * (log(partition) - s[y[i]]) / total
            for c in range(k):
                slope = w[i] * (q[c] - (1 if c == y[i] else 0)) / total
                for j in range(p): gradient[j][c] += slope * x[i][j]
                for d in range(c + 1):
                    bend = w[i] * (q[c] - q[c] * q[c] if c == d else -q[c] * q[d]) / total
                    gram = grams[c, d]
                    for j in range(p):
                        part = bend * x[i][j]
                        for l in range(j + 1): gram[j][l] += part * x[i][l]
        h = matrix(p * k, p * k)
        for (c, d), gram in grams.items():
            for j in range(p):
                for l in range(p):
                    v = gram[max(j, l)][min(j, l)]
                    h[j * k + c, l * k + d] = v
                    h[j * k + d, l * k + c] = v
        info = h.copy()
        for j in range(p):
            for c in range(k):
                h[j * k + c, j * k + c] += ridge[j]
                # Where nothing else does, this holds the sums over the classes, which change no probability.
                for d in range(k): h[j * k + c, j * k + d] += 0 if ridge[j] else scale[j] ** 2
        step = mp.lu_solve(h, matrix([v for row in gradient for v in row]))
        for j in range(p):
            for c in range(k): b[j][c] -= step[j * k + c]
        if max(abs(step[j * k + c]) * scale[j] for j in range(p) for c in range(k)) < mpf(10) ** -45: break
    else:
        raise RuntimeError(case["name"])
    result = {"loss": float(loss), "deviance": float(2 * total * loss)}
    if case["ridge"]:
        # The ridge sees to the sums of the others.
        for j in range(free): b[j] = [v - sum(b[j]) / k for v in b[j]]
        result["coefficients"] = [[float(v) for v in row] for row in b]
        return result
    result["coefficients"] = [[float(v - row[0]) for v in row] for row in b]
    others = [(j, c) for c in range(1, k) for j in range(p)]
    reduced = matrix(len(others), len(others))
    for r, (j, c) in enumerate(others):
        for s, (l, d) in enumerate(others): reduced[r, s] = info[j * k + c, l * k + d] * total
    inverse = reduced**-1
    errors = [float(sqrt(inverse[r, r])) for r in range(len(others))]
    result["standardErrors"] = [errors[c * p:(c + 1) * p] for c in range(k - 1)]
    result["covariance"] = float(inverse[0, len(others) - 1])
    return result


class Congruence:
    """Numbers between 0 and 1 that every language can make."""

    def __init__(self, seed):
        self.state = seed

    def __call__(self):
        self.state = (self.state * 1103515245 + 12345) % 2**31
        return self.state / 2**31


def cases():
    def case(name, features, labels, ridge=0.0, weights=None, class_weights=None, intercept=True):
        return {
            "name": name, "classes": int(max(labels)) + 1, "ridge": ridge, "intercept": intercept,
            "features": [[float(v) for v in row] for row in features], "labels": [int(v) for v in labels],
            "weights": weights, "classWeights": class_weights,
        }

    iris = datasets.load_iris()
    yield case("iris, ridge", iris.data, iris.target, ridge=0.01)
    yield case("iris, weak ridge", iris.data, iris.target, ridge=1e-5)
    election = sm.datasets.anes96.load_pandas()
    yield case("election, 7 parties", election.exog.to_numpy(), election.endog.to_numpy())
    random = Congruence(11)
    rows = [[4 * random() - 2, 100 + 10 * random()] for _ in range(80)]
    labels = []
    for a, b in rows:
        scores = [0, 0.8 * a + 0.3, 0.25 * (b - 105) - 0.5 * a]
        noisy = [s - np.log(-np.log(0.001 + 0.998 * random())) for s in scores]
        labels.append(int(np.argmax(noisy)))
    yield case("made", rows, labels)
    yield case("made, weights", rows, labels, weights=[float(i % 4) / 2 for i in range(80)],
               class_weights=[1.0, 2.0, 0.5])
    yield case("made, no intercept", [[a, b - 105] for a, b in rows], labels, intercept=False)
    yield case("made, no intercept, ridge", [[a, b - 105] for a, b in rows], labels, ridge=0.1, intercept=False)
    yield case("made, two classes", rows, [int(v > 0) for v in labels])


def main():
    made = []
    for case in cases():
        case["reference"] = reference = fit(case)
        if not case["ridge"] and case["weights"] is None:
            x = np.array(case["features"])
            if case["intercept"]: x = np.column_stack([np.ones(len(x)), x])
            model = sm.MNLogit(np.array(case["labels"]), x).fit(method="newton", tol=1e-13, maxiter=200, disp=0)
            assert np.allclose(model.params, np.array(reference["coefficients"])[:, 1:], rtol=1e-6, atol=1e-9), case["name"]
            assert np.allclose(model.bse, np.array(reference["standardErrors"]).T, rtol=1e-6), case["name"]
            assert np.allclose(-2 * model.llf, reference["deviance"], rtol=1e-9), case["name"]
        print(case["name"], reference["loss"])
        made.append(case)
    Path(__file__).with_suffix(".json").write_text(json.dumps(made, indent=0).replace("\n", " ") + "\n")


main()
