"""Writes regression.txt: references of the losses of a real target; see common.py."""
from common import *


def squared_error(r):
    return r * r, 2 * r, mpf(2)


def huber(r, delta):
    if abs(r) <= delta:
        return r * r / 2, r, mpf(1)
    return delta * (abs(r) - delta / 2), delta * mp.sign(r), mpf(0)


def log_cosh(r):
    value = mp.log1p(mp.sinh(r) ** 2) / 2 if abs(r) < 100 else abs(r) + mp.log1p(mp.exp(-2 * abs(r))) - mp.log(2)
    s = mp.exp(-2 * abs(r)) / (1 + mp.exp(-2 * abs(r)))
    return value, mp.tanh(r), 4 * s * (1 - s)


RESIDUAL_LOSSES = [
    ("squared-error", squared_error, [{}]),
    ("huber", huber, [{"delta": 1.0}, {"delta": 2.5}]),
    ("log-cosh", log_cosh, [{}]),
]

write(__file__, [(name, setting, of_residual(curve), residual_grid) for name, curve, settings in RESIDUAL_LOSSES for setting in settings])
