"""Fits whose predictions must stay in a range: writes domains.json beside this file.

    pip install numpy scipy statsmodels; python3 domains.py

Linear predictors, the means themselves, of losses that take positive means only, or probabilities. The minimum is found by scipy from the written out
losses: trust-constr within the range, then a root of the gradient. Where statsmodels has the model (identity links), it must agree.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import scipy.optimize as so
import statsmodels.api as sm

folder = Path(__file__).parent
warnings.simplefilter("ignore")

# The derivative of the loss by the mean, and its derivative, where the mean is m and the target y.
LOSSES = {
    "generalized-kl": (0, np.inf, lambda m, y: m - y * np.log(m), lambda m, y: 1 - y / m, lambda m, y: y / m**2),
    "itakura-saito": (0, np.inf, lambda m, y: y / m + np.log(m), lambda m, y: (m - y) / m**2, lambda m, y: (2 * y - m) / m**3),
    "beta-divergence": (
        0, np.inf, lambda m, y: m**1.5 / 1.5 - y * m**0.5 / 0.5, lambda m, y: m**0.5 - y * m**-0.5,
        lambda m, y: 0.5 * m**-0.5 + 0.5 * y * m**-1.5),
    "squared-hellinger": (
        0, np.inf, lambda m, y: (np.sqrt(m) - np.sqrt(y)) ** 2 / 2, lambda m, y: (1 - np.sqrt(y / m)) / 2,
        lambda m, y: np.sqrt(y) * m**-1.5 / 4),
    "reverse-kl": (
        0, np.inf, lambda m, y: m * np.log(m / y) - m + y, lambda m, y: np.log(m / y), lambda m, y: 1 / m),
    "jensen-shannon": (
        0, np.inf, lambda m, y: (m * np.log(2 * m / (m + y)) + y * np.log(2 * y / (m + y))) / 2,
        lambda m, y: np.log(2 * m / (m + y)) / 2, lambda m, y: y / (2 * m * (m + y))),
    "squared-log-error": (
        -1, np.inf, lambda m, y: (np.log1p(m) - np.log1p(y)) ** 2, lambda m, y: 2 * (np.log1p(m) - np.log1p(y)) / (1 + m),
        lambda m, y: 2 * (1 - np.log1p(m) + np.log1p(y)) / (1 + m) ** 2),
    "bce": (
        0, 1, lambda m, y: -y * np.log(m) - (1 - y) * np.log1p(-m), lambda m, y: (m - y) / (m * (1 - m)),
        lambda m, y: y / m**2 + (1 - y) / (1 - m) ** 2),
}
FAMILIES = {
    "generalized-kl": sm.families.Poisson(sm.families.links.Identity()),
    "itakura-saito": sm.families.Gamma(sm.families.links.Identity()),
    "bce": sm.families.Binomial(sm.families.links.Identity()),
}


def minimum(name, x, y):
    low, high, loss, slope, bend = LOSSES[name]
    z = np.column_stack([np.ones(len(x)), x])
    inside = so.LinearConstraint(z, low + 1e-9, high - 1e-9 if high < np.inf else np.inf, keep_feasible=True)
    start = np.zeros(z.shape[1])
    start[0] = min(y.mean(), 0.5) if high == 1 else y.mean()
    found = so.minimize(
        lambda b: loss(z @ b, y).mean(), start, jac=lambda b: z.T @ slope(z @ b, y) / len(y),
        hess=lambda b: z.T @ (bend(z @ b, y)[:, None] * z) / len(y), method="trust-constr", constraints=inside,
        options={"gtol": 1e-9, "xtol": 1e-12, "maxiter": 3000})
    b = found.x
    for _ in range(20):
        b = b - np.linalg.solve(z.T @ (bend(z @ b, y)[:, None] * z), z.T @ slope(z @ b, y))
    gradient = z.T @ slope(z @ b, y) / len(y)
    assert np.abs(gradient).max() < 1e-13 and np.abs(b - found.x).max() < 1e-3, (name, gradient, b, found.x)
    assert np.all((z @ b > low) & (z @ b < high)), name
    assert np.all(np.linalg.eigvalsh(z.T @ (bend(z @ b, y)[:, None] * z)) > 0), name
    # The point that a whole Newton step from the mean leads to is outside.
    step = start - np.linalg.solve(z.T @ (bend(z @ start, y)[:, None] * z), z.T @ slope(z @ start, y))
    leaves = bool(np.any((z @ step <= low) | (z @ step >= high)))
    if name in FAMILIES:
        other = sm.GLM(y, z, family=FAMILIES[name]).fit(start_params=b, tol=1e-13, maxiter=200).params
        assert np.abs(other - b).max() < 1e-8, (name, other, b)
    return b, loss(z @ b, y).mean(), leaves


def main():
    cases = []
    for name, (low, high, *_) in LOSSES.items():
        for seed in range(1000):
            rng = np.random.default_rng(seed)
            x = np.round(rng.exponential(size=(60, 2)) * 4) / 4
            if high == 1:
                x = np.round(rng.uniform(0, 1, size=(60, 2)) ** 3 * 16) / 16
                y = (rng.uniform(size=60) < 0.03 + 0.5 * x[:, 0] + 0.4 * x[:, 1]).astype(float)
            else:
                mean = 0.03 + 3 * x[:, 0] + 0.05 * x[:, 1]
                y = np.maximum(np.round(rng.gamma(4, mean / 4) * 64) / 64, 1 / 64)
            try:
                b, value, leaves = minimum(name, x, y)
            except (AssertionError, np.linalg.LinAlgError, ValueError):
                continue
            if leaves: break
        else:
            raise SystemExit(name)
        print(name, seed, b, flush=True)
        cases.append({"loss": name, "features": x.tolist(), "targets": y.tolist(), "coefficients": b.tolist()})
    (folder / "domains.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


main()
