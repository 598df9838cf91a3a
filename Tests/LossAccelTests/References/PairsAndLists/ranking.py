"""Ranking losses from their definitions. Run in this folder: python3 ranking.py writes ranking.json."""

from common import EDGES, case, mpf, mpmath, normals, random, single, write

generator = random.Random(20261123)


def gain(y):
    return mpf(2) ** mpf(y) - 1


def discount(rank):
    return 1 / mpmath.log(1 + rank, 2)


def ideal(y):
    return mpmath.fsum(gain(v) * discount(k + 1) for k, v in enumerate(sorted(y, reverse=True)))


def pairs(y):
    return [(i, j) for i in range(len(y)) for j in range(len(y)) if y[i] > y[j]]


def logistic(s, y, _):
    return mpmath.fsum(mpmath.log1p(mpmath.exp(s[j] - s[i])) for i, j in pairs(y))


def held_lambda(scores):
    """Ranks are those of the unmoved scores: derivatives hold them."""
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    rank = {i: k + 1 for k, i in enumerate(order)}

    def loss(s, y, _):
        best = ideal(y)
        if best == 0:
            return mpf(0)
        return mpmath.fsum(
            abs(gain(y[i]) - gain(y[j])) * abs(discount(rank[i]) - discount(rank[j])) / best
            * mpmath.log1p(mpmath.exp(s[j] - s[i])) for i, j in pairs(y))

    return loss


def hinge(s, y, margin):
    return mpmath.fsum(max(mpf(0), margin - (s[i] - s[j])) for i, j in pairs(y))


def squared_hinge(s, y, margin):
    return mpmath.fsum(max(mpf(0), margin - (s[i] - s[j])) ** 2 for i, j in pairs(y))


def softmax(s, y, _):
    t = [mpmath.exp(mpf(v)) for v in y]
    total = mpmath.log(mpmath.fsum(mpmath.exp(v) for v in s))
    return mpmath.fsum(a / mpmath.fsum(t) * (total - v) for a, v in zip(t, s))


def likelihood(s, y, top):
    order = sorted(range(len(y)), key=lambda i: -y[i])
    return mpmath.fsum(
        mpmath.log(mpmath.fsum(mpmath.exp(s[j]) for j in order[k:])) - s[i] for k, i in enumerate(order[:int(top)]))


def approximate_ndcg(s, y, temperature):
    best = ideal(y)
    if best == 0:
        return mpf(0)
    total = mpf(0)
    for i in range(len(s)):
        place = 1 + mpmath.fsum(
            1 / (1 + mpmath.exp((s[i] - s[j]) / temperature)) for j in range(len(s)) if j != i)
        total += gain(y[i]) * discount(place)
    return 1 - total / best


def one(name, loss, lists, parameter=1.0, scale=1.0, levels=4, weights=None, masked=(), scores=None):
    count = sum(lists)
    s = scores or normals(generator, count, scale)
    y = [float(generator.randrange(levels)) for _ in range(count)]
    w = weights or [1.0] * len(lists)
    starts = [sum(lists[:k]) for k in range(len(lists))]
    there = [[i for i in range(a, a + n) if i not in masked] for a, n in zip(starts, lists)]
    # LambdaRank's ranks are those within each list.
    parts = [held_lambda([s[i] for i in items]) if loss == "lambda" else globals()[loss] for items in there]

    def total(x):
        return mpmath.fsum(
            mpf(v) * part([x[i] for i in items], [y[i] for i in items], mpf(parameter))
            for v, part, items in zip(w, parts, there) if items and v != 0)

    skipped = list(masked) + [i for v, items in zip(w, there) if v == 0 for i in items]
    return case(
        f"{loss}, {name}", total, s, normals(generator, count), skipped, {"parameter": parameter}, relevance=y,
        lists=[float(n) for n in lists], weights=w, mask=[float(i not in masked) for i in range(count)])


cases = []
for loss in ("logistic", "lambda", "hinge", "squared_hinge", "softmax", "likelihood", "approximate_ndcg"):
    p = 1000.0 if loss == "likelihood" else 1.0
    q = 4.0 if loss == "likelihood" else 0.5
    cases.append(one("one item", loss, [1], p))
    cases.append(one("two items", loss, [2], p))
    cases.append(one("nine items", loss, [9], p))
    cases.append(one("another parameter", loss, [11], q))
    cases.append(one("equal relevances", loss, [5], p, levels=1))
    cases.append(one("equal scores", loss, [6], q, scores=[0.25] * 6) if loss not in ("hinge", "squared_hinge") else
                 one("equal scores", loss, [6], q, scores=[0.25] * 6))
    cases.append(one("weights and mask", loss, [4, 3, 2, 5, 1], p, 2.0, weights=[0.5, 2.0, 1.0, 0.0, 3.0], masked=(1, 7, 8)))
    cases.append(one("far apart", loss, [10], p, 1000.0))
    if loss in ("likelihood", "softmax", "logistic"):
        cases.append(one("very far apart", loss, [10], p, 10000.0))
for loss in ("logistic", "lambda", "hinge", "squared_hinge", "softmax", "likelihood", "approximate_ndcg"):
    p = 1000.0 if loss == "likelihood" else 1.0
    cases.append(one("scores of every size", loss, [len(EDGES) - 1], p, scores=EDGES[:-1]))
    if not loss.endswith("hinge"):
        cases.append(one("huge scores", loss, [4], p, scores=[EDGES[-1], 0.0, -EDGES[-1], 1.0]))
write(cases, "ranking.json")
