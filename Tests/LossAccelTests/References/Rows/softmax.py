"""Softmax cross-entropy to 60 digits, from its definition (losses of PyTorch's conventions), for batches of awkward rows.

Run in this folder: python3 softmax.py > softmax.txt. Each case is a line of its options, then one line each of logits, targets
(labels or distributions), class weights and sample weights ("-" for none), the weighted losses, their sum, their mean and
what it is divided by, and the gradient of the mean.
"""

import math
import random

import mpmath
import numpy as np

mpmath.mp.dps = 60
random.seed(20261122)


def rounded(x, bits):
    return float(np.float32(x)) if bits == 32 else float(x)


def logits_row(classes, bits, kind):
    wide = 40 if bits == 32 else 300
    if kind == 0:
        row = [random.gauss(0, 3) for _ in range(classes)]
    elif kind == 1:
        row = [random.uniform(-wide, wide) for _ in range(classes)]
    elif kind == 2:  # one class has nearly everything
        row = [random.gauss(-12 if bits == 32 else -30, 4) for _ in range(classes)]
        row[random.randrange(classes)] = random.gauss(3, 1)
    elif kind == 3:  # a tie for the maximum
        row = [random.gauss(0, 2) for _ in range(classes)]
        row[random.randrange(classes)] = row[random.randrange(classes)] = max(row) + 1
    elif kind == 4:  # far from 0, where z - max must not be rounded
        row = [1000 + random.gauss(0, 20) for _ in range(classes)]
    elif kind == 5:  # an impossible class
        row = [random.gauss(0, 3) for _ in range(classes)]
        if classes > 1:
            row[random.randrange(classes)] = -math.inf
    else:  # huge
        row = [random.uniform(-1, 1) * 1e30 for _ in range(classes)]
    return [rounded(z, bits) for z in row]


def case(bits, rows, classes, distributions, smoothing=0.0, class_weights=False, weights=False, ignored=None):
    z = [logits_row(classes, bits, i % 7) for i in range(rows)]
    c = [rounded(random.uniform(0, 3), bits) for _ in range(classes)] if class_weights else None
    if c and classes > 3:
        c[1] = 0.0
    w = [rounded(random.uniform(0, 2), bits) for _ in range(rows)] if weights else None
    if w:
        w[rows // 2] = 0.0
        z[rows // 2][0] = math.nan
    if distributions:
        t = []
        for i in range(rows):
            row = [random.random() ** 3 for _ in range(classes)]
            if i % 3 == 0:  # one-hot
                row = [0.0] * classes
                row[random.randrange(classes)] = 1.0
            t.append([0.0 if math.isinf(z[i][k]) else rounded(row[k], bits) for k in range(classes)])
    else:
        t = [random.randrange(classes) for _ in range(rows)]
        for i in range(rows):
            if i % 7 in (2, 6) and i % 2 == 0:  # the label has nearly everything
                t[i] = max(range(classes), key=lambda k: z[i][k])
            if math.isinf(z[i][t[i]]):
                t[i] = max(range(classes), key=lambda k: z[i][k])
        if ignored is not None:
            t[rows // 3] = ignored

    losses, gradient, denominator = [], [], mpmath.mpf(0)
    for i in range(rows):
        wi = mpmath.mpf(w[i]) if w else mpmath.mpf(1)
        if wi == 0 or (not distributions and t[i] == ignored):
            losses.append(mpmath.mpf(0))
            gradient.append([mpmath.mpf(0)] * classes)
            continue
        e = mpmath.mpf(smoothing)
        ck = [mpmath.mpf(x) for x in c] if c else [mpmath.mpf(1)] * classes
        if distributions:
            tk = [ck[k] * ((1 - e) * mpmath.mpf(t[i][k]) + e / classes) for k in range(classes)]
            denominator += wi
        else:
            tk = [ck[k] * e / classes + (ck[k] * (1 - e) if k == t[i] else 0) for k in range(classes)]
            denominator += wi * ck[t[i]]
        m = max(z[i])
        terms = [mpmath.mpf(0) if math.isinf(x) else mpmath.exp(mpmath.mpf(x) - mpmath.mpf(m)) for x in z[i]]
        top = z[i].index(m)
        others = mpmath.fsum(terms[k] for k in range(classes) if k != top)
        lse = mpmath.log1p(others)
        loss = mpmath.mpf(0)
        for k in range(classes):
            if tk[k] == 0:
                continue
            loss += mpmath.inf if math.isinf(z[i][k]) else tk[k] * (lse + (mpmath.mpf(m) - mpmath.mpf(z[i][k])))
        total, mass = 1 + others, mpmath.fsum(tk)
        # q - 1 from the other classes: 60 digits are not enough for rows of huge logits otherwise.
        g = []
        for k in range(classes):
            missing = mpmath.fsum(terms[j] for j in range(classes) if j != k)
            rest = mpmath.fsum(tk[j] for j in range(classes) if j != k)
            g.append(wi * (rest * terms[k] - tk[k] * missing) / total)
        losses.append(wi * loss)
        gradient.append(g)
    total = mpmath.fsum(losses)

    def text(value):
        if value is None:
            return "-"
        if isinstance(value, int):
            return str(value)
        # Nine digits identify a float; expected values get three more, so that they are not a rounding of their own.
        if bits == 32:
            return "%.9g" % value if isinstance(value, float) else "%.12g" % float(value)
        return repr(float(value))

    def line(values):
        print(" ".join(map(text, values)))

    print("case", bits, rows, classes, "targets" if distributions else "labels", smoothing, "-" if ignored is None else ignored)
    line([x for row in z for x in row])
    line([x for row in t for x in row] if distributions else t)
    line(c or [None])
    line(w or [None])
    line(losses)
    line([total])
    line([total / denominator, denominator])
    line([x / denominator for row in gradient for x in row])


for bits in (32, 64):
    for rows, classes in ((3, 1), (5, 2), (17, 3), (19, 10), (7, 17), (3, 39), (5, 40), (3, 41), (3, 83)):
        case(bits, rows, classes, False)
    for rows, classes in ((9, 2), (17, 6), (7, 41)):
        case(bits, rows, classes, False, 0.1, True, True, 2)
        case(bits, rows, classes, False, 0.0, True, True, -100)
    case(bits, 9, 5, False, 0.25)
    case(bits, 3, 50, False, 0.25)
    for rows, classes in ((5, 2), (17, 5), (7, 43)):
        case(bits, rows, classes, True)
        case(bits, rows, classes, True, 0.1, True, True)
