"""Writes classification.txt: references of the losses of a binary target; see common.py."""
from common import *


def bce_logits(z, y):
    value = y * softplus(-z) + (1 - y) * softplus(z)
    gradient = (1 - y) * sigma(z) - y * sigma(-z)
    cancels = 0 if y in (0, 1) else sigma(z) * (1 - y) + y * sigma(-z)
    return (value, 0), (gradient, cancels), (sigma(z) * sigma(-z), 0)


def bce(p, y):
    value = -xlogy(y, p) - xlogy(1 - y, 1 - p)
    if y == 0:
        gradient = mp.inf if p == 1 else 1 / (1 - p)
        curvature = mp.inf if p == 1 else 1 / (1 - p) ** 2
    elif y == 1:
        gradient = -mp.inf if p == 0 else -1 / p
        curvature = mp.inf if p == 0 else 1 / p**2
    else:
        gradient = -mp.inf if p == 0 else mp.inf if p == 1 else (p - y) / (p * (1 - p))
        curvature = mp.inf if p in (0, 1) else y / p**2 + (1 - y) / (1 - p) ** 2
    return (value, 0), (gradient, 0), (curvature, 0)


write(__file__, [
    ("bce-logits", {}, bce_logits, logit_grid((0.0, 1.0, 0.25))),
    ("bce", {}, bce, probability_grid),
])
