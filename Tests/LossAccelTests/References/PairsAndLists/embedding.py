"""Losses of embeddings from their definitions. Run in this folder: python3 embedding.py writes embedding.json.

The predictions of a case are all of its matrices, one after the other; `shapes` are their rows and columns.
"""

from common import case, mpf, mpmath, normals, random, single, write

generator = random.Random(20261125)


def dot(a, b):
    return mpmath.fsum(x * y for x, y in zip(a, b))


def norm(a):
    return mpmath.sqrt(dot(a, a))


def cosine(a, b):
    return dot(a, b) / (norm(a) * norm(b))


def distance(a, b):
    return norm([x - y for x, y in zip(a, b)])


def positive(x):
    return max(x, mpf(0))


def lse(x):
    return mpmath.log(mpmath.fsum(mpmath.exp(v) for v in x))


def pair(kind, margin, together, a, b):
    if kind == "pair_cosine":
        return 1 - cosine(a, b) if together else positive(cosine(a, b) - margin)
    d = distance(a, b)
    if kind == "pair_contrastive":
        return d**2 if together else positive(margin - d) ** 2
    return d if together else positive(margin - d)


def margin_logit(kind, scale, margin, c):
    if kind == "cos_face":
        return scale * (c - margin)
    angle = mpmath.acos(c)
    return scale * (mpmath.cos(angle + margin) if angle + margin < mpmath.pi else -2 - mpmath.cos(angle + margin))


def one(name, kind, rows, columns, parameter=0.5, scale=1.0, similarity=1, labels=None, weights=None, masked=(), keys=None,
        spread=1.0, matrices=None, second=None):
    count = {"triplet": 3, "squared_triplet": 3, "supervised_contrastive": 1, "circle": 1}.get(kind, 2)
    shapes = [(rows, columns)] * count
    if keys:
        shapes[1] = (keys, columns)
    at = matrices or [single(v) for r, c in shapes for v in normals(generator, r * c, spread)]
    w = weights or [1.0] * rows
    there = [i for i in range(rows) if w[i] != 0 and i not in masked]
    y = labels or list(range(rows))
    s = dot if similarity == 0 else cosine

    def total(x):
        parts, start = [], 0
        for r, c in shapes:
            parts.append([x[start + i * c : start + (i + 1) * c] for i in range(r)])
            start += r * c
        value = mpf(0)
        for i in there:
            a = parts[0][i]
            if kind.startswith("pair"):
                loss = pair(kind, mpf(parameter), y[i] == 1, a, parts[1][i])
            elif kind == "triplet":
                loss = positive(distance(a, parts[1][i]) - distance(a, parts[2][i]) + mpf(parameter))
            elif kind == "squared_triplet":
                loss = positive(distance(a, parts[1][i]) ** 2 - distance(a, parts[2][i]) ** 2 + mpf(parameter))
            elif kind == "info_nce":
                logits = [s(a, k) / mpf(parameter) for k in parts[1]]
                loss = lse(logits) - logits[y[i]]
            elif kind == "supervised_contrastive":
                mine = [j for j in there if j != i and y[j] == y[i]]
                if not mine:
                    continue
                logits = {j: s(a, parts[0][j]) / mpf(parameter) for j in there if j != i}
                loss = lse(logits.values()) - mpmath.fsum(logits[j] for j in mine) / len(mine)
            elif kind == "circle":
                mine = [s(a, parts[0][j]) for j in there if j != i and y[j] == y[i]]
                others = [s(a, parts[0][j]) for j in there if y[j] != y[i]]
                if not mine or not others:
                    continue
                m, g = mpf(parameter), mpf(scale)
                loss = mpmath.log1p(
                    mpmath.fsum(mpmath.exp(g * positive(c + m) * (c - m)) for c in others)
                    * mpmath.fsum(mpmath.exp(-g * positive(1 + m - c) * (c - 1 + m)) for c in mine))
            else:
                logits = [mpf(scale) * cosine(a, k) for k in parts[1]]
                logits[y[i]] = margin_logit(kind, mpf(scale), mpf(parameter), cosine(a, parts[1][y[i]]))
                loss = lse(logits) - logits[y[i]]
            value += mpf(w[i]) * loss
        return value

    skipped = [k for k in range(rows * columns) if k // columns not in there]
    if kind.startswith("pair") or "triplet" in kind:
        skipped = [k for k in range(len(at)) if k % (rows * columns) // columns not in there]
    return case(
        f"{kind}, {name}", total, at, normals(generator, len(at)), skipped,
        {"parameter": parameter, "scale": scale, "similarity": float(similarity)},
        shapes=[float(v) for shape in shapes for v in shape], labels=[float(v) for v in y], weights=w,
        mask=[float(i not in masked) for i in range(rows)])


cases = []
for kind in ("pair_cosine", "pair_contrastive", "pair_hinge"):
    margin = 0.25 if kind == "pair_cosine" else 3.0
    cases.append(one("rows", kind, 6, 3, margin, labels=[1, -1, 0, 1, -1, 0]))
    cases.append(one("long rows", kind, 2, 19, 6.0 if margin > 1 else -0.5, labels=[1, 0]))
    cases.append(one("weights and mask", kind, 5, 4, margin, labels=[1, 0, 1, -1, 1], weights=[0.5, 2.0, 0.0, 1.0, 1.0], masked=(4,)))
    near = normals(generator, 5)
    cases.append(one("nearly equal", kind, 1, 5, margin, labels=[1],
                     matrices=near + [single(v * (1 + 2.0**-20) + 2.0**-22) for v in near]))
for kind in ("triplet", "squared_triplet"):
    cases.append(one("rows", kind, 5, 3, 2.0))
    cases.append(one("long rows", kind, 2, 18, 8.0))
    cases.append(one("weights and mask", kind, 4, 4, 4.0, weights=[0.5, 2.0, 0.0, 1.0], masked=(3,)))
for similarity in (0, 1):
    which = "cosine" if similarity else "dot"
    cases.append(one(f"{which}", "info_nce", 5, 3, 0.5, similarity=similarity))
    cases.append(one(f"{which}, low temperature", "info_nce", 4, 3, 0.0625, similarity=similarity))
    cases.append(one(f"{which}, other positives", "info_nce", 4, 3, 0.5, similarity=similarity, labels=[6, 0, 0, 2], keys=7,
                     weights=[0.5, 2.0, 0.0, 1.0], masked=(3,)))
    groups = [0, 1, 0, 2, 1, 0]
    cases.append(one(f"{which}", "supervised_contrastive", 6, 3, 0.5, similarity=similarity, labels=groups))
    cases.append(one(f"{which}, two views", "supervised_contrastive", 6, 2, 0.25, similarity=similarity, labels=[0, 1, 2, 0, 1, 2]))
    cases.append(one(f"{which}, weights and mask", "supervised_contrastive", 7, 3, 0.5, similarity=similarity,
                     labels=groups + [1], weights=[0.5, 2.0, 1.0, 1.0, 0.0, 1.0, 1.0], masked=(2,)))
cases.append(one("groups", "circle", 6, 3, 0.25, 4.0, labels=[0, 1, 0, 2, 1, 0]))
cases.append(one("large scale, weights and mask", "circle", 7, 3, 0.25, 64.0, labels=[0, 1, 0, 2, 1, 0, 1],
                 weights=[0.5, 2.0, 1.0, 1.0, 0.0, 1.0, 1.0], masked=(2,)))
for kind in ("arc_face", "cos_face"):
    cases.append(one("classes", kind, 5, 3, 0.5, 4.0, labels=[0, 3, 1, 1, 2], keys=4))
    cases.append(one("large scale, weights and mask", kind, 5, 3, 0.25, 32.0, labels=[0, 3, 1, 1, 2], keys=4,
                     weights=[0.5, 2.0, 0.0, 1.0, 1.0], masked=(4,)))
cases.append(one("angles beyond the margin", "arc_face", 3, 2, 1.5, 4.0, labels=[0, 1, 0],
                 matrices=[1.0, 0.25, -1.0, 0.5, 1.0, -0.125] + [-1.0, 0.0, 1.0, -0.25], keys=2))
# Embeddings of every size.
for size in (single(1e-10), 40.0, 88.0, 710.0, 1e4, 1e15):
    of_size = lambda count: [single(size * v) for v in normals(generator, count)]
    cases.append(one(f"size {size:g}", "pair_cosine", 3, 3, 0.25, labels=[1, 0, -1], matrices=of_size(18)))
    if size > 1:
        cases.append(one(f"size {size:g}", "pair_contrastive", 3, 3, single(4 * size), labels=[1, 0, -1], matrices=of_size(18)))
        cases.append(one(f"size {size:g}", "pair_hinge", 3, 3, single(4 * size), labels=[1, 0, -1], matrices=of_size(18)))
        cases.append(one(f"size {size:g}", "triplet", 3, 3, single(4 * size), matrices=of_size(27)))
    cases.append(one(f"cosine, size {size:g}", "info_nce", 4, 3, 0.5, similarity=1, matrices=of_size(24)))
    cases.append(one(f"cosine, size {size:g}", "supervised_contrastive", 4, 3, 0.5, similarity=1, labels=[0, 1, 0, 1], matrices=of_size(12)))
    cases.append(one(f"size {size:g}", "circle", 4, 3, 0.25, 4.0, labels=[0, 1, 0, 1], matrices=of_size(12)))
    for kind in ("arc_face", "cos_face"):
        cases.append(one(f"size {size:g}", kind, 3, 3, 0.5, 4.0, labels=[0, 1, 1], keys=2, matrices=of_size(15)))
write(cases, "embedding.json")
