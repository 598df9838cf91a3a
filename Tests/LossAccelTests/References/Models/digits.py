"""The reference of a large multinomial regression: writes digits.json beside this file.

    pip install numpy gmpy2 scikit-learn; python3 digits.py

Data: the 1797 images of 8 x 8 pixels, 0 to 16, that scikit-learn ships (Alpaydin and Kaynak 1998, UCI, CC BY 4.0). Classes are separable, so
there is a ridge; columns are the pixels as they are, three of which are always 0.

The objective is (1/n) Σ −log p_y + ½·ridge·Σ β² without the intercepts, whose sum is 0. Gradients are sums in 70 digits; steps are Newton's with
the Hessian's factor in doubles, each of which leaves about 1e-10 of the error. Features are whole numbers, so the data are exact.
"""

import json
from pathlib import Path

import gmpy2
import numpy as np
from gmpy2 import mpfr
from sklearn import datasets

gmpy2.get_context().precision = 235
RIDGE = 0.001953125  # 1/512
DIGITS = "0123456789abcdefg"


def shares(x, b):
    """Probabilities, and log partition functions, of rows of numbers of any kind."""
    scores = x @ b
    exponentials = np.frompyfunc(gmpy2.exp, 1, 1)(scores)
    totals = exponentials.sum(1)
    return exponentials / totals[:, None], np.frompyfunc(gmpy2.log, 1, 1)(totals), scores


def factor(x, b, ridge):
    """The inverse of the Hessian in doubles; what holds the sums of the intercepts changes no probability."""
    n, p = x.shape
    k = b.shape[1]
    scores = x @ b
    q = np.exp(scores - scores.max(1, keepdims=True))
    q /= q.sum(1, keepdims=True)
    h = np.zeros((p, k, p, k))
    for c in range(k):
        for d in range(k):
            h[:, c, :, d] = (x * ((q[:, c] * ((c == d) - q[:, d])) / n)[:, None]).T @ x
    for j in range(p):
        h[j, :, j, :] += ridge[j] * np.eye(k) if ridge[j] else np.ones((k, k))
    return q, np.linalg.inv(h.reshape(p * k, p * k))


def main():
    digits = datasets.load_digits()
    pixels, labels = digits.data.astype(int), digits.target
    n, k = len(labels), 10
    x = np.column_stack([np.ones(n, int), pixels])
    one = np.eye(k, dtype=int)[labels]
    ridge = np.array([0.0] + [RIDGE] * 64)
    b = np.zeros((65, k))
    for _ in range(12):
        q, inverse = factor(x.astype(float), b, ridge)
        b -= (inverse @ (x.T @ (q - one) / n + ridge[:, None] * b).ravel()).reshape(65, k)
    _, inverse = factor(x.astype(float), b, ridge)
    exact, wide = x.astype(object), np.vectorize(mpfr, otypes=[object])(b)
    prices = np.array([mpfr(r) for r in ridge], dtype=object)
    for _ in range(20):
        q, logs, scores = shares(exact, wide)
        gradient = exact.T @ (q - one) / n + prices[:, None] * wide
        # Scaled, since the last gradients are smaller than doubles are precise.
        size = max(abs(v) for v in gradient.ravel())
        step = inverse @ (gradient / size).astype(float).ravel()
        wide = wide - (np.vectorize(mpfr, otypes=[object])(step) * size).reshape(65, k)
        print(f"{float(size):.2e}")
        if size < mpfr(10) ** -60: break
    else:
        raise RuntimeError("no minimum")
    wide[0] = wide[0] - wide[0].sum() / k
    loss = (logs - scores[np.arange(n), labels]).sum() / n
    result = {
        "ridge": RIDGE, "labels": [int(v) for v in labels], "images": ["".join(DIGITS[v] for v in row) for row in pixels],
        "loss": float(loss), "deviance": float(2 * n * loss),
        "coefficients": [[float(v) for v in row] for row in wide],
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=0).replace("\n", " ") + "\n")


main()
