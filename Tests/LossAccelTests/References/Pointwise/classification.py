"""Writes classification.txt: references of the losses of a binary target; see common.py."""
from common import *


def bce_logits(z, y):
    value = y * softplus(-z) + (1 - y) * softplus(z)
    gradient = (1 - y) * sigma(z) - y * sigma(-z)
    cancels = 0 if y in (0, 1) else sigma(z) * (1 - y) + y * sigma(-z)
    return (value, 0), (gradient, cancels), (sigma(z) * sigma(-z), 0)


def weighted_bce_logits(z, y, positiveWeight):
    negative, positive = (1 - y) * sigma(z), positiveWeight * y * sigma(-z)
    value = positiveWeight * y * softplus(-z) + (1 - y) * softplus(z)
    return ((value, 0), (negative - positive, 0 if y in (0, 1) else negative + positive),
            ((1 + (positiveWeight - 1) * y) * sigma(z) * sigma(-z), 0))


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


def brier(p, y):
    return ((p - y) ** 2, 0), (2 * (p - y), 0), (mpf(2), 0)


def brier_logits(z, y):
    p, q = sigma(z), sigma(-z)
    d = p * (1 - y) - q * y
    inexact = 0 if y in (0, 1) else p * (1 - y) + q * y
    return ((d * d, 2 * abs(d) * inexact), (2 * d * p * q, 2 * p * q * inexact),
            (2 * p * q * (p * q + d * (q - p)), 2 * p * q * (p * q + (abs(d) + inexact) * (p + q))))


def of_margin(curve):
    """The loss with value, slope and curvature `curve(m, parameters…)` of the margin, which is the logit with the sign of the label. As a fourth
    result a curve may give the magnitudes."""
    def definition(z, y, **parameters):
        s = 1 if y > 0 else -1
        value, slope, curvature, *rest = curve(s * z, **parameters)
        magnitudes = rest[0] if rest else (0, 0, 0)
        return list(zip((value, s * slope, curvature), magnitudes))
    return definition


def perceptron(m):
    return max(-m, mpf(0)), mpf(-1 if m < 0 else 0), mpf(0)


def hinge(m):
    return max(1 - m, mpf(0)), mpf(-1 if m < 1 else 0), mpf(0)


def squared_hinge(m):
    d = max(1 - m, mpf(0))
    return d * d, -2 * d, mpf(2 if d > 0 else 0)


def smooth_hinge(m, gamma):
    if m >= 1:
        return mpf(0), mpf(0), mpf(0)
    if m >= 1 - gamma:
        return (1 - m) ** 2 / (2 * gamma), (m - 1) / gamma, 1 / gamma
    return 1 - m - gamma / 2, mpf(-1), mpf(0)


def modified_huber(m):
    if m < -1:
        return -4 * m, mpf(-4), mpf(0)
    return squared_hinge(m)


def exponential(m):
    return mp.exp(-m), -mp.exp(-m), mp.exp(-m)


def logistic(m):
    return softplus(-m), -sigma(-m), sigma(m) * sigma(-m)


def sigmoid_loss(m):
    h = sigma(m) * sigma(-m)
    return sigma(-m), -h, h * (sigma(m) - sigma(-m)), (0, 0, h)


def savage(m):
    p, q = sigma(m), sigma(-m)
    return q * q, -2 * q * q * p, 2 * q * q * p * (2 * p - q), (0, 0, 2 * q * q * p * (2 * p + q))


def dwd(m, q):
    edge = q / (q + 1)
    if m <= edge:
        return 1 - m, mpf(-1), mpf(0)
    t = edge / m
    value, slope, curvature = t**q / (q + 1), t ** (q + 1), (q + 1) * t ** (q + 2) / edge
    # The ratio is rounded, and powers magnify that.
    return value, -slope, curvature, (q * value, (q + 1) * slope, (q + 2) * curvature)


def poly1(m, epsilon):
    p, q = sigma(m), sigma(-m)
    return (softplus(-m) + epsilon * q, -q * (1 + epsilon * p), p * q * (1 + epsilon * (p - q)),
            (softplus(-m) + abs(epsilon) * q, q * (1 + abs(epsilon) * p), p * q * (1 + abs(epsilon))))


def generalized_cross_entropy(m, kappa):
    p, q = sigma(m), sigma(-m)
    power = mp.exp(-kappa * softplus(-m))
    return (-mp.expm1(-kappa * softplus(-m)) / kappa, -power * q, power * q * (p - kappa * q), (0, 0, power * q * (p + kappa * q)))


def focal(z, y, gamma, alpha):
    s, balance = (1, alpha) if y > 0 else (-1, 1 - alpha)
    m = s * z
    p, q, tail = sigma(m), sigma(-m), softplus(-m)
    power = balance * mp.exp(-gamma * softplus(m))
    one, two = gamma * tail * p * (gamma * p - q), q * p * (1 + 2 * gamma)
    value, slope = power * tail, power * (gamma * p * tail + q)
    magnitude = power * (gamma * tail * max(p, least_normal()) * (gamma * p + q) + two)
    # A power above 2 magnifies the rounding of what it is taken of.
    steep = gamma / 2 if gamma > 2 else 0
    return (value, value * steep), (-s * slope, slope * steep), (power * (one + two), magnitude * max(1, steep))


HARD = logit_grid((0.0, 1.0))
SOFT = logit_grid((0.0, 1.0, 0.25))
MARGIN_LOSSES = [
    ("perceptron", perceptron, [{}]),
    ("hinge", hinge, [{}]),
    ("squared-hinge", squared_hinge, [{}]),
    ("smooth-hinge", smooth_hinge, [{"gamma": 1.0}, {"gamma": 0.3}]),
    ("modified-huber", modified_huber, [{}]),
    ("exponential", exponential, [{}]),
    ("logistic", logistic, [{}]),
    ("sigmoid", sigmoid_loss, [{}]),
    ("savage", savage, [{}]),
    ("dwd", dwd, [{"q": 1.0}, {"q": 2.0}, {"q": 0.5}]),
    ("poly-1", poly1, [{"epsilon": 1.0}, {"epsilon": 2.5}, {"epsilon": -0.5}]),
    ("generalized-cross-entropy", generalized_cross_entropy, [{"kappa": 0.75}, {"kappa": 1.0}, {"kappa": 2.0**-10}]),
]

write(__file__, [
    ("bce-logits", {}, bce_logits, SOFT),
    *[("weighted-bce-logits", {"positiveWeight": w}, weighted_bce_logits, SOFT) for w in (1.0, 3.0, 0.1)],
    ("bce", {}, bce, probability_grid),
    ("brier", {}, brier, probability_grid),
    ("brier-logits", {}, brier_logits, SOFT),
    *[(name, setting, of_margin(curve), HARD) for name, curve, settings in MARGIN_LOSSES for setting in settings],
    *[("focal", {"gamma": g, "alpha": a}, focal, HARD) for g, a in ((2.0, 0.25), (0.5, 0.5), (1.0, 0.75), (5.0, 0.25))],
])
