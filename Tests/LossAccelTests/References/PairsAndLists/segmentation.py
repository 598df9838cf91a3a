"""Losses of segmentation from their definitions. Run in this folder: python3 segmentation.py writes segmentation.json."""

from common import EDGES, case, mpf, mpmath, random, single, write

generator = random.Random(20261124)


def ratio(p, t, alpha, beta, both, smoothing):
    tp = mpmath.fsum(a * b for a, b in zip(p, t))
    fp = mpmath.fsum(a * (1 - b) for a, b in zip(p, t))
    fn = mpmath.fsum((1 - a) * b for a, b in zip(p, t))
    below = both * tp + alpha * fp + beta * fn + smoothing
    return mpf(0) if below == 0 else 1 - (both * tp + smoothing) / below


def generalized(maps, smoothing):
    above = below = mpf(smoothing)
    for p, t in maps:
        size = mpmath.fsum(t)
        if size > 0:
            above += 2 * mpmath.fsum(a * b for a, b in zip(p, t)) / size**2
            below += (mpmath.fsum(p) + size) / size**2
    return mpf(0) if below == 0 else 1 - above / below


def jaccard_extension(errors, truth):
    order = sorted(range(len(errors)), key=lambda k: (-errors[k], k))
    total, before = mpf(0), mpf(0)
    for k in range(len(order)):
        inside = sum(truth[i] for i in order[: k + 1])
        union = sum(truth) + (k + 1 - inside)
        jaccard = 1 - mpf(sum(truth) - inside) / union
        total += max(errors[order[k]], mpf(0)) * (jaccard - before)
        before = jaccard
    return total


def one(name, kind, maps, pixels, options=None, soft=False, weights=None, masked=(), empty=(), classes=1, values=None):
    count = maps * pixels
    o = {"alpha": 1.0, "beta": 1.0, "gamma": 1.0, "smoothing": 0.0, "classes": float(classes), **(options or {})}
    logits = kind == "lovasz_hinge"
    p = [single(generator.gauss(0, 2) if logits else generator.uniform(0.02, 0.98)) for _ in range(count)]
    p = values or p
    t = [single(generator.random()) if soft else float(generator.random() < 0.4) for _ in range(count)]
    for m in empty:
        t[m * pixels : (m + 1) * pixels] = [0.0] * pixels
    samples = maps // classes
    w = weights or [1.0] * samples

    def total(x):
        value = mpf(0)
        for s in range(samples):
            parts = []
            for m in range(s * classes, (s + 1) * classes):
                there = [i for i in range(m * pixels, (m + 1) * pixels) if i not in masked]
                parts.append(([x[i] for i in there], [mpf(t[i]) for i in there]))
            q, y = parts[0]
            if kind == "dice":
                loss = ratio(q, y, 1, 1, 2, mpf(o["smoothing"]))
            elif kind == "jaccard":
                loss = ratio(q, y, 1, 1, 1, mpf(o["smoothing"]))
            elif kind in ("tversky", "focal_tversky"):
                loss = ratio(q, y, mpf(o["alpha"]), mpf(o["beta"]), 1, mpf(o["smoothing"])) ** mpf(o["gamma"])
            elif kind == "generalized_dice":
                loss = generalized(parts, o["smoothing"])
            elif kind == "lovasz_hinge":
                loss = jaccard_extension([1 - (2 * b - 1) * a for a, b in zip(q, y)], [int(b) for b in y])
            else:
                loss = jaccard_extension([abs(b - a) for a, b in zip(q, y)], [int(b) for b in y])
            value += mpf(w[s]) * loss
        return value

    skipped = list(masked) + [i for i in range(count) if w[i // (pixels * classes)] == 0]
    direction = [single(generator.gauss(0, 1)) for _ in range(count)]
    return case(f"{kind}, {name}", total, p, direction, skipped, o, targets=t, weights=w,
                mask=[float(i not in masked) for i in range(count)], pixels=[float(pixels)])


cases = []
options = {
    "dice": [{}, {"smoothing": 1.0}], "jaccard": [{}, {"smoothing": 0.5}],
    "tversky": [{"alpha": 0.25, "beta": 0.75}, {"alpha": 0.0, "beta": 2.0, "smoothing": 1.0}],
    "focal_tversky": [{"alpha": 0.25, "beta": 0.75, "gamma": 0.75}, {"alpha": 0.5, "beta": 0.5, "gamma": 2.0}],
    "generalized_dice": [{}, {"smoothing": 0.25}], "lovasz_hinge": [{}], "lovasz_softmax": [{}],
}
for kind, choices in options.items():
    classes = 3 if kind == "generalized_dice" else 1
    for o in choices:
        cases.append(one("one map", kind, classes, 9, o, classes=classes))
        cases.append(one("one pixel", kind, classes, 1, o, classes=classes))
        w = [2.0, 0.0] if classes == 3 else [0.5, 2.0, 1.0, 0.0, 1.0, 3.0]
        cases.append(one("weights, mask and an empty class", kind, 6, 5, o, weights=w, masked=(2, 7, 20), empty=(1,), classes=classes))
        if not kind.startswith("lovasz"):
            cases.append(one("soft targets", kind, classes, 11, o, soft=True, classes=classes))
for kind, choices in options.items():
    classes = 3 if kind == "generalized_dice" else 1
    # Probabilities up to the ends, where the ratios go on beyond them; logits of several sizes: the Lovász losses have kinks at equal errors.
    ends = [0.0, 1.0, single(1e-45), 1 - 2.0**-24, 0.5, single(1e-30)]
    if kind == "lovasz_hinge":
        ends = EDGES[:1] + EDGES[3::3]
    if kind != "lovasz_softmax":
        cases.append(one("values of every size", kind, classes, len(ends), choices[0], values=ends * classes, classes=classes))
write(cases, "segmentation.json")
