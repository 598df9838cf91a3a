"""Which rows and classes of small problems of many classes can be told apart without error: writes class-separation.json beside this file.

    pip install numpy scipy; python3 class_separation.py

A linear programme (HiGHS) looks for the direction that tells the most pairs of a row and another class apart while it contradicts none: the
differences d of scores are at least t, with 0 <= t <= 1, and the sum of t is as large as it can be. A direction that does so can be multiplied, so each
t is 0 or 1 at the optimum, and where all are 0 there is no separation. A column takes part if without it there is less to tell apart.
"""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, identity

folder = Path(__file__).parent


def told_apart(x, labels, classes):
    """The pairs (row, other class) that a direction tells apart."""
    z = np.column_stack([np.ones(len(x)), x])
    rows, width = len(x), z.shape[1]
    pairs = [(row, other) for row in range(rows) for other in range(classes) if other != labels[row]]
    line, place, value = [], [], []
    for number, (row, other) in enumerate(pairs):
        for output, sign in ((labels[row], 1.0), (other, -1.0)):
            if output == classes - 1: continue
            line += [number] * width
            place += [output * width + k for k in range(width)]
            value += list(sign * z[row])
    differences = csr_matrix((value, (line, place)), shape=(len(pairs), (classes - 1) * width))
    count = differences.shape[1]
    answer = linprog(
        np.r_[np.zeros(count), -np.ones(len(pairs))], A_ub=hstack([-differences, identity(len(pairs))]),
        b_ub=np.zeros(len(pairs)), bounds=[(None, None)] * count + [(0, 1)] * len(pairs), method="highs")
    assert answer.status == 0, answer.message
    t = answer.x[count:]
    assert np.all((t < 1e-6) | (t > 1 - 1e-6)), "not a vertex"
    return {pair for pair, part in zip(pairs, t) if part > 0.5}


def problems():
    rng = np.random.default_rng(17)

    def noise(rows, classes):
        labels = rng.permutation(np.arange(rows) % classes)
        return rng.integers(-4, 5, size=(rows, 2)), labels

    x, labels = noise(600, 30)
    yield "a mark of one class", np.column_stack([x, labels == 7]), labels
    x, labels = noise(600, 30)
    yield "a mark of some rows of one class", np.column_stack([x[:, 0], (labels == 7) & (np.arange(600) % 3 == 0), x[:, 1]]), labels
    x, labels = noise(600, 30)
    size = rng.integers(0, 7, size=600)
    yield "a column that touches", np.column_stack([x, np.where(labels == 11, 6 + size, 6 - size)]), labels
    x, labels = noise(600, 30)
    yield "a mark of two classes", np.column_stack([((labels == 7) | (labels == 8)), x]), labels
    x, labels = noise(600, 30)
    yield "a mark of one class, and of another's row", np.column_stack([x, (labels == 7) | (np.arange(600) == np.argmax(labels == 3))]), labels
    x, labels = noise(300, 12)
    yield "two marks of two classes", np.column_stack([labels == 2, x, labels == 5]), labels
    _, labels = noise(600, 45)
    yield "nothing but a mark of some rows of one class", np.column_stack([(labels == 7) & (np.arange(600) % 3 == 0)]), labels
    x, labels = noise(600, 30)
    size = rng.integers(1, 200, size=600)
    yield "amounts below and above a bound", np.column_stack([x, np.where(labels == 11, 200 + size, 200 - size)]), labels
    x, labels = noise(600, 30)
    yield "nothing", x, labels


def main():
    cases = []
    for name, x, labels in problems():
        x, labels = np.asarray(x, float), np.asarray(labels)
        classes = int(labels.max()) + 1
        found = told_apart(x, labels, classes)
        columns = [k for k in range(x.shape[1]) if found and told_apart(np.delete(x, k, axis=1), labels, classes) != found]
        cases.append({
            "name": name, "classes": classes, "features": x.astype(int).tolist(), "labels": labels.tolist(), "columns": columns,
            "rows": sorted({row for row, _ in found}),
            "pairs": sorted({(int(min(labels[row], other)), int(max(labels[row], other))) for row, other in found}),
        })
        print(name, columns, len(cases[-1]["rows"]), len(cases[-1]["pairs"]), flush=True)
    (folder / "class-separation.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


main()
