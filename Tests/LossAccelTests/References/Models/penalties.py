"""References of penalty paths, constraints and robust covariances of several classes: writes penalties.json beside this file.

Nothing here is LossAccel's: errors of cross-validation are from scikit-learn's fits to the same parts of the rows, constrained fits from the
normal equations in 50 digits (mpmath), robust covariances from statsmodels' MNLogit, checked against sums written out with NumPy.

    pip install numpy scipy mpmath statsmodels scikit-learn; python3 penalties.py

The parts of the rows are those that Swift's shuffle makes with SplitMix64.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from mpmath import lu_solve, matrix, mp, mpf
from sklearn.linear_model import ElasticNet, LogisticRegression, Ridge
from sklearn.metrics import log_loss

mp.dps = 50
warnings.simplefilter("ignore")
MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, state): self.state = state

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        # Lemire's way, as in Swift's standard library.
        product = self.next() * bound
        if product & MASK < bound:
            threshold = (-bound & MASK) % bound
            while product & MASK < threshold: product = self.next() * bound
        return product >> 64


def parts(rows, folds, seed):
    order, random = list(range(rows)), SplitMix64(seed)
    current, amount = 0, rows
    while amount > 1:
        other = current + random.below(amount)
        amount -= 1
        order[current], order[other] = order[other], order[current]
        current += 1
    part = [0] * rows
    for place, row in enumerate(order): part[row] = place % folds
    return np.array(part)


def congruence(count, seed):
    values = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2**31
        values.append(seed / 2**31)
    return np.array(values)


def errors(x, y, part, folds, strengths, fit, loss):
    result = []
    for strength in strengths:
        held = [loss(fit(x[part != f], y[part != f], strength), x[part == f], y[part == f]) for f in range(folds)]
        result.append((float(np.mean(held)), float(np.std(held, ddof=1) / np.sqrt(folds))))
    return result


def paths():
    rows, folds, seed = 150, 5, 7
    raw = congruence(rows * 4, 3).reshape(rows, 4)
    x = np.column_stack([10 * raw[:, 0], raw[:, 1] - 0.5, 0.01 * raw[:, 2], raw[:, 3]])
    noise = congruence(rows, 99)
    score = 0.3 * x[:, 0] - 2 * x[:, 1] + 80 * x[:, 2] - 2
    amount = score + 2 * noise
    answer = (score + 3 * (noise - 0.5) > 0).astype(int)
    kind = np.digitize(score + 4 * (noise - 0.5), [-0.7, 0.8])
    part = parts(rows, folds, seed)
    spread = x.std(0)
    z = x / spread
    strengths = [0.5, 0.05, 0.005]

    def ridge(z, y, s): return Ridge(alpha=s * len(y) / 2, solver="cholesky").fit(z, y)

    def net(z, y, s): return ElasticNet(alpha=s / 2, l1_ratio=0.7, tol=1e-14, max_iter=10**6).fit(z, y)

    def logistic(z, y, s):
        return LogisticRegression(C=1 / (s * len(y)), solver="newton-cg", tol=1e-12, max_iter=10**4).fit(z, y)

    def squared(model, z, y): return np.mean((model.predict(z) - y) ** 2)

    def entropy(model, z, y): return log_loss(y, model.predict_proba(z), labels=model.classes_)

    return {
        "features": x.tolist(), "amounts": amount.tolist(), "answers": answer.tolist(), "kinds": kind.tolist(),
        "folds": folds, "seed": seed, "strengths": strengths,
        "ridge": errors(z, amount, part, folds, strengths, ridge, squared),
        "elasticNet": errors(z, amount, part, folds, strengths, net, squared),
        "logistic": errors(z, answer, part, folds, strengths, logistic, entropy),
        "multinomial": errors(z, kind, part, folds, strengths, logistic, entropy),
    }


def constrained():
    """min (1/n) Σ (y − b − xβ)² + ½ Σ strength·(Σ factor·β − value)² + ½·ridge·Σ β²."""
    rows, columns = 40, 6
    x = congruence(rows * columns, 17).reshape(rows, columns) * [1, 10, 1, 0.1, 1, 1]
    y = x @ [1, 0.2, -1, 5, 0.5, 2] + 3 * congruence(rows, 5)
    second = [[0.0] * columns for _ in range(columns - 2)]
    for index, row in enumerate(second): row[index:index + 3] = [1, -2, 1]
    total = [[0, 1, 1, 0, 0, 1]]
    cases = []
    for equations, values, strengths, ridge in [
        (second, [0] * 4, [0.3] * 4, 0), (total, [4], [2], 0.1), (second + total, [0] * 4 + [4], [1e3] * 4 + [1e6], 0),
    ]:
        a = [[mpf(1)] + [mpf(float(v)) for v in row] for row in x]
        order = columns + 1
        left, right = matrix(order, order), matrix(order, 1)
        for row, target in zip(a, y):
            for i in range(order):
                right[i] += 2 * row[i] * mpf(float(target)) / rows
                for j in range(order): left[i, j] += 2 * row[i] * row[j] / rows
        for equation, value, strength in zip(equations, values, strengths):
            for i in range(columns):
                right[i + 1] += mpf(float(strength)) * mpf(float(equation[i])) * value
                for j in range(columns):
                    left[i + 1, j + 1] += mpf(float(strength)) * mpf(float(equation[i])) * mpf(float(equation[j]))
        for i in range(columns): left[i + 1, i + 1] += mpf(float(ridge))
        answer = lu_solve(left, right)
        cases.append({
            "equations": equations, "values": values, "strengths": strengths, "ridge": ridge,
            "coefficients": [float(v) for v in answer],
        })
    return {"features": x.tolist(), "targets": y.tolist(), "cases": cases}


def robust():
    rows = 120
    x = np.column_stack([5 * congruence(rows, 8), congruence(rows, 21) - 0.5])
    label = np.digitize(0.5 * x[:, 0] - x[:, 1] + 4 * congruence(rows, 77), [2.2, 4])
    cluster = np.arange(rows) * 7 % 13
    design = sm.add_constant(x)
    model = sm.MNLogit(label, design)
    options = {"method": "newton", "disp": 0, "tol": 1e-15, "maxiter": 200}
    plain = model.fit(**options)
    n, k = rows, plain.params.size
    # Sums written out: statsmodels' sandwiches are the same up to the correction for small samples, which here is that of R's sandwich.
    shares = plain.predict()
    score = np.column_stack([((label == c) - shares[:, c])[:, None] * design for c in (1, 2)])
    bread = np.linalg.inv(-model.hessian(plain.params.ravel(order="F")))
    sums = np.array([score[cluster == g].sum(0) for g in range(13)])

    def errors(filling): return np.sqrt(np.diag(bread @ filling @ bread)).reshape(2, 3)

    hc0, hc1 = errors(score.T @ score), errors(score.T @ score * n / (n - k))
    clustered = errors(sums.T @ sums * 13 / 12 * (n - 1) / (n - k))
    np.testing.assert_allclose(hc0.T, model.fit(cov_type="HC0", **options).bse, rtol=1e-7)
    theirs = model.fit(cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False}, **options).bse
    np.testing.assert_allclose(errors(sums.T @ sums).T, theirs, rtol=1e-7)
    return {
        "features": x.tolist(), "labels": label.tolist(), "clusters": cluster.tolist(),
        "hc0": hc0.tolist(), "hc1": hc1.tolist(), "clustered": clustered.tolist(),
    }


Path(__file__).with_suffix(".json").write_text(
    json.dumps({"paths": paths(), "constrained": constrained(), "robust": robust()}) + "\n")
