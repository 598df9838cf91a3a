"""Row losses where floating point ends: scores that are 0, subnormal, ±40, ±88, ±710, ±1e4 and huge; probabilities down to the least number.

Run in this folder: python3 row_losses_edges.py > row_losses_edges.txt. The cases are those of row_losses.py, whose functions compute them,
with one line more: the diagonal of the Hessian. Targets and directions are short, so that the file is.
"""

import sys

from mpmath import mp, mpf

import row_losses
from row_losses import LOSSES, as_mpf, loss, one_hot, precision, report, rounded, text

DIRECTION = [0.75, -0.5, 1.0, 0.375, -0.875]
TARGETS = {3: [0.25, 0.625, 0.125], 5: [0.5, 0.0625, 0.25, 0.125, 0.0625]}
# Their kinks lie where scores are equal, or 1 apart; and they take labels only.
HINGES = ("crammer-singer", "weston-watkins")


def diagonal(name, p, z, t):
    scores, targets, numbers = [as_mpf(x) for x in z], [mpf(x) for x in t], {k: mpf(x) for k, x in p.items()}
    middle, step = loss(name, scores, targets, numbers)[0], row_losses.STEP
    result = []
    for k in range(len(z)):
        above, below = list(scores), list(scores)
        above[k], below[k] = above[k] + step, below[k] - step
        result.append((loss(name, above, targets, numbers)[0] + loss(name, below, targets, numbers)[0] - 2 * middle) / step**2)
    return result


def edge(name, p, bits, z, t, label):
    report(name, p, bits, z, t, label, DIRECTION[: len(z)])
    print(text(diagonal(name, p, z, t), bits))


def score_edges(name, bits):
    """Scores, the label, and whether the case comes with a label and with a distribution."""
    tiny = 1e-45 if bits == 32 else 5e-324
    huge = 1.5e38 if bits == 32 else 8e307  # differences of the scores are numbers, too
    yield [40.0, -40.0, 0.0], 2, True, True
    yield [40.0, -40.0, 0.0], 0, True, False
    yield [88.0, -88.0, 40.0, -40.0, 0.0], 1, True, True
    yield [-710.0, 710.0, 88.0, -88.0, 40.0], 0, True, False
    yield [-710.0, 710.0, 709.25, -88.0, 0.0], 2, True, True
    yield [1e4, -1e4, 0.0], 2, True, True
    if name not in HINGES:
        yield [tiny, 0.0, -tiny], 1, True, True
    if name != "entmax":
        yield [huge, -huge, 0.0], 2, True, name != "sparsemax"


def probability_edges(name, bits):
    least, normal = (2.0**-149, 2.0**-126) if bits == 32 else (2.0**-1074, 2.0**-1022)
    yield [normal, 0.5, 0.25], [0.25, 0.25, 0.5]
    yield [least, 1.0, 0.25], [0.5, 0.375, 0.125]
    yield [0.5, 0.375, 0.125], [least, 0.5, normal]
    yield [0.25, 0.75 + 2.0**-20, normal], [0.25 + 2.0**-20, 0.75, 3 * normal]
    if "reverse-kl" not in name:
        yield [0.5, least, 0.25], [0.0, 1.0, 0.0]


def main():
    for bits in (32, 64):
        for name, p in LOSSES:
            p = {k: rounded(x, bits) for k, x in p.items()}
            if name.endswith("-probabilities") or name == "cross-entropy":
                # Steps must be small beside the least probability, and their squares visible beside 1.
                mp.prec, row_losses.STEP = 4000, mpf(2) ** -1300
                for q, t in probability_edges(name, bits):
                    edge(name, p, bits, q, t, None)
                continue
            for z, label, has_label, has_distribution in score_edges(name, bits):
                z = [rounded(x, bits) for x in z]
                precision(bits, z)
                if max(map(abs, z)) > 1e100:  # the squares of which are prices of a log-partition function
                    mp.prec, row_losses.STEP = 5000, mpf(2) ** -1010
                if has_label and "reverse-kl" not in name:
                    edge(name, p, bits, z, one_hot(label, len(z)), label)
                if has_distribution and name not in HINGES:
                    edge(name, p, bits, z, TARGETS[len(z)], None)
            print(name, file=sys.stderr)


if __name__ == "__main__":
    main()
