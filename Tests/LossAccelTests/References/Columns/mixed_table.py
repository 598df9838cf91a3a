"""A table of columns of every kind, with gaps, and what its losses are, to 60 digits rounded to double: mixed_table.json.

Best constants are found by root finding on the derivative of the mean loss, not by their closed forms; gradients and curvatures are
numerical derivatives of the total. Run: python3 mixed_table.py (needs mpmath).
"""
import json
from mpmath import mp, mpf, cos, diff, exp, findroot, fsum, log, pi

mp.dps = 60

N = None
columns = {
    "length": ("real", [1.5, 2.25, N, 3.0, 4.5, 0.5, 2.5, 1.0]),
    "visits": ("count", [0, 3, 1, N, 2, 7, 0, 1]),
    "member": ("boolean", [1, 0, N, 1, 1, 0, 0, 1]),
    "colour": ("categorical", [0, 1, 0, N, 2, 1, 0, 2]),
    "grade": ("ordinal", [0, 2, 1, 0, 1, 2, N, 0]),
    "hour": ("periodic", [23.5, 0.25, 1.0, N, 22.0, 23.0, 0.5, 1.5]),
    "cost": ("positive", [10.5, 0.25, 3, 8, N, 2.5, 1, 6]),
    "days": ("censored", [5.5, 2, 9, 1, 3, 12, 7.5, 4]),
}
died = [1, 0, 1, 1, 1, 0, 1, 0]
weights = [1, 2, 0.5, 1, 3, 0.25, 1, 2]
width = {"categorical": 3}


def sigmoid(x):
    return 1 / (1 + exp(-x))


def loss(kind, p, y, row, cuts):
    p = [mpf(x) for x in p]
    if kind == "real":
        return (p[0] - y) ** 2
    if kind == "count":
        return 2 * ((y * (log(mpf(y)) - p[0]) if y else 0) - y + exp(p[0]))
    if kind == "boolean":
        return log(1 + exp(p[0])) - y * p[0]
    if kind == "categorical":
        return log(fsum(exp(z) for z in p)) - p[y]
    if kind == "ordinal":
        upper = sigmoid(cuts[y] - p[0]) if y < len(cuts) else mpf(1)
        lower = sigmoid(cuts[y - 1] - p[0]) if y else mpf(0)
        return -log(upper - lower)
    if kind == "periodic":
        return 1 - cos(2 * pi * (p[0] - y) / 24)
    if kind == "positive":
        return 2 * (y / exp(p[0]) - 1 - (log(mpf(y)) - p[0]))
    if kind == "censored":
        # The density of a time of mean m is e^(-t/m)/m; an event at t is likeliest for m = t.
        m = exp(p[0])
        return 2 * ((log(m) + y / m) - (log(mpf(y)) + 1)) if died[row] else 2 * y / m


def mean_loss(kind, values, predictions, weights, cuts):
    rows = [i for i, y in enumerate(values) if y is not N and weights[i]]
    return fsum(mpf(weights[i]) * loss(kind, predictions(i), values[i], i, cuts) for i in rows) / fsum(
        mpf(weights[i]) for i in rows)


def null(kind, values, weights):
    rows = [i for i, y in enumerate(values) if y is not N and weights[i]]
    total = fsum(mpf(weights[i]) for i in rows)
    if kind in ("categorical", "ordinal"):
        shares = [fsum(mpf(weights[i]) for i in rows if values[i] == k) / total for k in range(3)]
        entropy = -fsum(s * log(s) for s in shares)
        if kind == "categorical":
            return [log(s) for s in shares], entropy, None
        cuts = [log(shares[0] / (1 - shares[0])), log((shares[0] + shares[1]) / shares[2])]
        return [mpf(0)], entropy, cuts
    f = lambda p: mean_loss(kind, values, lambda i: [p], weights, None)
    best = findroot(lambda p: diff(f, p), mpf(1) if kind != "periodic" else mpf("0.3"), tol=mpf(10) ** -90)
    return [best], f(best), None


def main():
    mp.dps = 110
    seed = 12345
    result = {"weights": weights, "died": died, "columns": []}
    for name, (kind, values) in columns.items():
        place, nullLoss, cuts = null(kind, values, weights)
        _, unweighted, _ = null(kind, values, [1] * 8)
        k = width.get(kind, 1)
        predictions = []
        for i in range(8):
            for j in range(k):
                seed = (1103515245 * seed + 12345) % 2**31
                near = float(place[j])
                predictions.append(round(near * 64) / 64 + (seed % 128 - 64) / 64)
        row = lambda i, p: p[k * i:k * i + k]
        value = mean_loss(kind, values, lambda i: row(i, predictions), weights, cuts)
        gradient, curvature = [], []
        for index in range(8 * k):
            def moved(x):
                p = list(map(mpf, predictions))
                p[index] = x
                return mean_loss(kind, values, lambda i: row(i, p), weights, cuts) / nullLoss
            at = mpf(predictions[index])
            gradient.append(diff(moved, at))
            curvature.append(diff(moved, at, 2))
        result["columns"].append({
            "name": name, "kind": kind, "values": values, "nullPrediction": [float(x) for x in place],
            "nullLoss": float(nullLoss), "unweightedNullLoss": float(unweighted), "predictions": predictions,
            "loss": float(value), "scaled": float(value / nullLoss), "gradient": [float(x) for x in gradient],
            "curvature": [float(x) for x in curvature],
        })
    with open("mixed_table.json", "w") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
