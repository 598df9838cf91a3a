"""Writes gaussian.json: the multivariate normal likelihood of rows, from its definition with 500 bits.

Run in this folder: python3 gaussian.py. Every case is a batch of rows whose numbers are exact in single precision, with weights and a lower triangle;
the results are the weighted sum of the losses, its gradient by the predictions and by the triangle, and the products of a direction with the curvature,
its factor and the factor's transpose. Beside every result stands the sum of the magnitudes of the terms that it is a sum of.
"""

import json
import random
import struct

from mpmath import mp, mpf, log, sqrt

mp.prec = 500
generator = random.Random(20261125)


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def normals(count, scale):
    return [single(generator.gauss(0, scale)) for _ in range(count)]


def number(x):
    return float(x) if abs(x) < mpf(2) ** 1024 else "inf"


def numbers(values):
    return [number(x) for x in values]


def multiply(matrix, vector, size, transposed=False):
    """The product, and what the magnitudes give."""
    at = lambda i, j: (matrix[j][i] if transposed else matrix[i][j])
    terms = [[at(i, j) * vector[j] for j in range(size)] for i in range(size)]
    return [sum(t) for t in terms], [sum(map(abs, t)) for t in terms]


def case(name, size, residuals, predictions=None):
    rows = len(residuals) // size
    p = predictions or normals(rows * size, 1)
    t = [single(a - b) for a, b in zip(p, residuals)]
    L = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            L[i][j] = single(generator.uniform(0.25, 3) if i == j else generator.gauss(0, 1))
    w = [single(generator.choice([1.0, 0.5, 3.0, 0.0] if rows > 3 else [1.0])) for _ in range(rows)]
    v = normals(rows * size, 1)
    exact = [[mpf(x) for x in row] for row in L]
    absolute = [[abs(x) for x in row] for row in exact]
    value, size_of_value = mpf(0), mpf(0)
    gradient, gradient_size, results = [], [], {k: [] for k in ("product", "factorProduct", "transposedProduct")}
    sizes = {k: [] for k in results}
    slope = [[mpf(0)] * size for _ in range(size)]
    slope_size = [[mpf(0)] * size for _ in range(size)]
    for row in range(rows):
        r = [mpf(p[row * size + k]) - mpf(t[row * size + k]) for k in range(size)]
        white, white_size = multiply(exact, r, size, True)
        weight = mpf(w[row])
        value += weight * (sum(x * x for x in white) / 2 - sum(log(exact[k][k]) for k in range(size)))
        size_of_value += weight * (sum(x * x for x in white_size) / 2 + sum(abs(log(exact[k][k])) for k in range(size)))
        gradient += [weight * x for x in multiply(exact, white, size)[0]]
        gradient_size += [weight * x for x in multiply(absolute, white_size, size)[0]]
        for i in range(size):
            for j in range(i + 1):
                own = 1 / exact[i][i] if i == j else mpf(0)
                slope[i][j] += weight * (r[i] * white[j] - own)
                slope_size[i][j] += weight * (abs(r[i]) * white_size[j] + own)
        direction = [mpf(x) for x in v[row * size : (row + 1) * size]]
        back, back_size = multiply(exact, direction, size, True)
        forth, forth_size = multiply(exact, direction, size)
        results["product"] += [weight * x for x in multiply(exact, back, size)[0]]
        sizes["product"] += [weight * x for x in multiply(absolute, back_size, size)[0]]
        results["factorProduct"] += [sqrt(weight) * x for x in forth]
        sizes["factorProduct"] += [sqrt(weight) * x for x in forth_size]
        results["transposedProduct"] += [sqrt(weight) * x for x in back]
        sizes["transposedProduct"] += [sqrt(weight) * x for x in back_size]
    flat = lambda matrix: [x for row in matrix for x in row]
    both = lambda a, b: {"numbers": numbers(a), "magnitudes": numbers(b)}
    return {
        "name": name, "size": size, "predictions": p, "targets": t, "weights": w, "direction": v, "factor": flat(L),
        "value": both([value], [size_of_value]), "gradient": both(gradient, gradient_size),
        "factorGradient": both(flat(slope), flat(slope_size)), **{k: both(results[k], sizes[k]) for k in results},
    }


cases = []
for size in (1, 2, 3, 8, 17):
    cases.append(case(f"{size} components", size, normals(size, 1)))
    cases.append(case(f"{size} components, many rows", size, normals(size * 11, 3)))
for reach in (0.0, 1e-45, 1e-30, 1e-8, 1e-3, 40.0, 88.0, 710.0, 1e4, 1e15, 1e18, 1e30):
    residuals = [single(s * reach) for s in (1, -1, 1, 0, 1, -0.5)]
    # The predictions are the residuals themselves, so that differences are exact.
    cases.append(case(f"residuals of {reach:g}", 3, residuals, predictions=residuals))
cases.append(case("predictions next to targets", 2, [2.0**-20, -(2.0**-21)] * 3, predictions=[1.0, 3.0] * 3))
with open("gaussian.json", "w") as file:
    json.dump(cases, file)
    file.write("\n")
