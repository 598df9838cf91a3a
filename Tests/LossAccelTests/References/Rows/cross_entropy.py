"""Cross-entropy of probabilities to 40 digits. Run in this folder: python3 cross_entropy.py > cross_entropy.txt.

Each case: bits, rows, columns; targets; predictions; the rows' cross-entropies.
"""

import random

import mpmath
import numpy as np

mpmath.mp.dps = 40
random.seed(7)


def rounded(x, bits):
    return float(np.float32(x)) if bits == 32 else float(x)


def report(bits, rows, columns, p, q):
    losses = [
        -mpmath.fsum(
            mpmath.mpf(p[i * columns + k]) * mpmath.log(q[i * columns + k])
            for k in range(columns)
            if p[i * columns + k]
        )
        for i in range(rows)
    ]
    digits = "%.9g" if bits == 32 else "%.17g"
    print(bits, rows, columns)
    print(" ".join(digits % v for v in p))
    print(" ".join(digits % v for v in q))
    print(" ".join("%.17g" % float(v) for v in losses))


for bits in (32, 64):
    for rows, columns in ((3, 1), (9, 2), (17, 5), (5, 16), (3, 39), (3, 40), (2, 75)):
        p, q = [], []
        for i in range(rows):
            x = [random.random() ** (1 + i % 3) for _ in range(columns)]
            y = [random.random() ** (1 + 4 * (i % 2)) for _ in range(columns)]
            p += [0.0 if (i + k) % 5 == 0 else rounded(v / sum(x), bits) for k, v in enumerate(x)]
            # Near 0, near 1, and nothing where nothing is expected.
            q += [
                0.0 if p[i * columns + k] == 0 and k % 2 else rounded(1 - v * 1e-6 if i % 4 == 3 else v / sum(y), bits)
                for k, v in enumerate(y)
            ]
        report(bits, rows, columns, p, q)

    # Targets and predictions next to 0, whose quotients are numbers where 1/q is none; and next to 1.
    tiny, small = (2.0**-149, 2.0**-110) if bits == 32 else (2.0**-1074, 2.0**-1000)
    below = 1 - (2.0**-24 if bits == 32 else 2.0**-53)
    p = [small, 0.5, 0.25, 0.0, small, 1.0, 0.0, small, 0.25, 0.25, 0.5, 1.0]
    q = [tiny, 0.5, small, 0.0, small, below, 1.0, tiny, tiny, 1.0, below, small]
    report(bits, 3, 4, p, q)
