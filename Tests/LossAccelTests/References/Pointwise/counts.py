"""Counts, positive amounts, links other than the logistic one, and divergences of single elements.

A definition here returns the terms of the value, the gradient and the curvature, and what changes of the prediction the rounded intermediate
results amount to; the magnitudes follow: the largest of several terms, and the change times the slope.
"""
import random

from common import f32, mp, mpf, sigma, write

INF = mp.inf


def Phi(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


# Beyond 10^4 by the first terms of the asymptotic series: off by less than 10^-20, which doubles do not show.
def mills(x):
    """φ(x)/Φ(x)."""
    if x < -(10**4):
        return -x - 1 / x + 2 / x**3 - 10 / x**5
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi) / Phi(x) if x < 10**4 else mpf(0)


def mills_excess(x):
    return -1 / x + 2 / x**3 - 10 / x**5 if x < -(10**4) else x + mills(x)


def log_phi(x):
    if x < -(10**4):
        return -x * x / 2 - mp.log(-x * mp.sqrt(2 * mp.pi)) + mp.log1p(-1 / x**2 + 3 / x**4)
    return (mp.log1p(-Phi(-x)) if x < 10**4 else mpf(0)) if x > 0 else mp.log(Phi(x))


def of_terms(terms, change=lambda p, t, **parameters: mpf(0)):
    def definition(p, t, **parameters):
        results = terms(p, t, **parameters)
        moved = change(p, t, **parameters)
        magnitudes = [max(abs(x) for x in r) if len(r) > 1 else mpf(0) for r in results]
        if moved > 0:
            step = moved * mpf(10) ** -30
            above, below = terms(p + step, t, **parameters), terms(p - step, t, **parameters)
            for i in range(3):
                magnitudes[i] += moved * abs(mp.fsum(above[i]) - mp.fsum(below[i])) / (2 * step)
        return [(mp.fsum(r) if all(mp.isfinite(x) for x in r) else sum(r), m if mp.isfinite(m) else 0) for r, m in zip(results, magnitudes)]
    return definition


def of_logs(p, t, **parameters):
    return abs(p) + abs(mp.log(t)) if t > 0 else mpf(0)


def poisson(n, y):
    return [mp.exp(n), -y * n], [mp.exp(n), -y], [mp.exp(n)]


def excess(t):
    return t * t / 2 + t**3 / 6 + t**4 / 24 if abs(t) < mpf(10) ** -20 else mp.expm1(t) - t


def poisson_deviance(n, y):
    m = mp.exp(n)
    value = 2 * m if y == 0 else 2 * y * excess(n - mp.log(y))
    return [value], [2 * m, -2 * y], [2 * m]


def gamma(n, y):
    e = y * mp.exp(-n)
    return [n, e], [mpf(1), -e], [e]


def gamma_deviance(n, y):
    e = y * mp.exp(-n)
    return [2 * excess(mp.log(y) - n)], [mpf(2), -2 * e], [2 * e]


def tweedie(n, y, power):
    def grown(a):
        return n if a == 0 else mp.expm1(a * n) / a
    a, b = 2 - power, 1 - power
    e, f = mp.exp(a * n), y * mp.exp(b * n)
    # What is below the normal numbers before it is multiplied by the target.
    tiny = y * mpf(2) ** -126
    return [grown(a), -y * grown(b), tiny, -tiny], [e, -f], [a * e, -b * f]


def of_power(n, y, power):
    return abs(n) if power not in (1, 2, mpf(1.5)) else mpf(0)


def inverse_gaussian(n, y):
    e = mp.exp(-n)
    return [y * e * e / 2, -e], [e, -y * e * e], [2 * y * e * e, -e]


def negative_binomial(n, y, theta):
    z = n - mp.log(theta)
    tail = mp.log1p(mp.exp(-abs(z)))
    straight = [theta * z, -y * mp.log(theta)] if z > 0 else [-y * n]
    # The rounding of η − log θ moves the first term alone.
    rounding = (y + theta) * sigma(z) * of_theta(n, y, theta)
    return [(y + theta) * tail, rounding, -rounding] + straight, [theta * sigma(z), -y * sigma(-z)], [(y + theta) * sigma(z) * sigma(-z)]


def of_theta(n, y, theta):
    return abs(n) + abs(mp.log(theta)) if theta != 1 else mpf(0)


def weighted(w, f, *x):
    return w * f(*x) if w else mpf(0)


def probit(z, y):
    bend = lambda x: mills(x) * mills_excess(x)
    return ([-weighted(y, log_phi, z) - weighted(1 - y, log_phi, -z)], [-weighted(y, mills, z), weighted(1 - y, mills, -z)],
            [weighted(y, bend, z) + weighted(1 - y, bend, -z)])


def cloglog(z, y):
    x = mp.exp(z) if z < 1000 else INF
    q = mpf(0) if x > 10**5 else x / mp.expm1(x)
    r = mpf(0) if x > 10**5 else (x / -mp.expm1(-x) - 1 if x > mpf(10) ** -30 else x / 2)
    chance = (-mp.exp(-x) if x < 10**5 else mpf(0)) if x > 100 else (mp.log(-mp.expm1(-x)) if z > -60 else z - x / 2)
    other = (1 - y) * x if y != 1 else mpf(0)
    return [other - y * chance], [other, -y * q], [other + y * q * r]


def of_hazard(z, y):
    return mpf(1) if z < 900 else mpf(0)


def log_ratio_terms(a, b):
    """log(a/b): in one piece, or in two where the ratio would leave the range."""
    return [mp.log(a / b)] if mpf(10) ** -30 < a / b < mpf(10) ** 30 else [mp.log(a), -mp.log(b)]


def kl(m, y):
    if y == 0:
        return [mpf(0)], [mpf(0)], [mpf(0)]
    if m == 0:
        return [INF], [-INF], [INF]
    return [-y * x for x in log_ratio_terms(m, y)], [-y / m], [y / m**2]


def entropy(a, b):
    """a·log(a/b) - a + b."""
    if a == 0:
        return b
    if b == 0:
        return INF
    x = (b - a) / a
    return a * (x * x / 2 - x**3 / 3 + x**4 / 4 if abs(x) < mpf(10) ** -20 else x - mp.log1p(x))


def entropy_terms(a, b):
    """Its logarithm and its difference cancel by some factor below half."""
    return [a * mp.log(a / b), b - a] if 0 < b < a / 2 else [entropy(a, b)]


def generalized_kl(m, y):
    if y == 0:
        return [m], [mpf(1)], [mpf(0)]
    return entropy_terms(y, m), [1 - y / m if m else -INF], [y / m**2 if m else INF]


def reverse_kl(m, y):
    return entropy_terms(m, y), ([-INF] if m == 0 else log_ratio_terms(m, y)), [1 / m if m else INF]


def itakura_saito(m, y):
    return entropy_terms(mpf(1), y / m), [(m - y) / m**2], [(2 * y - m) / m**3]


def beta_divergence(m, y, beta):
    gradient, curvature = m ** (beta - 2) * (m - y), m ** (beta - 3) * ((beta - 1) * m + (2 - beta) * y)
    bend = [m ** (beta - 2) * (beta - 1), m ** (beta - 3) * (2 - beta) * y]
    if y == 0:
        return [m**beta / beta], [gradient], bend
    if beta == 0:
        return itakura_saito(m, y)[0], [gradient], bend
    if beta == 1:
        return generalized_kl(m, y)[0], [gradient], bend
    if beta == 2:
        return [(m - y) ** 2 / 2], [gradient], bend
    if beta == mpf(3) / 2:
        root, other = mp.sqrt(m), mp.sqrt(y)
        return [((m - y) / (root + other)) ** 2 * (root + 2 * other) * 2 / 3], [gradient], bend
    ell = mp.log(m / y)
    # The terms, and how their exponentials answer to the rounding of a·log(μ/y), which stands beside the terms and adds nothing to their sum.
    # Near y the logarithm, which both terms have, is left out.
    if abs(ell) < 2:
        term = lambda a: (a * ell**2 / 2 + a**2 * ell**3 / 6 if abs(ell) < mpf(10) ** -20 else (mp.expm1(a * ell) - a * ell) / a)
        slope = lambda a: abs(mp.expm1(a * ell))
    else:
        term, slope = lambda a: mp.expm1(a * ell) / a, lambda a: mp.exp(a * ell)
    rounding = y**beta * abs(ell) * (slope(beta) + slope(beta - 1))
    return [y**beta * term(beta), -y**beta * term(beta - 1), rounding, -rounding], [gradient], bend


def hellinger(m, y):
    if y == 0:
        return [m / 2], [mpf(1) / 2], [mpf(0)]
    if m == 0:
        return [y / 2], [-INF], [INF]
    return [(m - y) ** 2 / (mp.sqrt(m) + mp.sqrt(y)) ** 2 / 2], [(m - y) / (mp.sqrt(m) + mp.sqrt(y)) / mp.sqrt(m) / 2], [mp.sqrt(y / m) / m / 4]


def jensen_shannon(m, y):
    middle = (m + y) / 2
    value = (entropy(y, middle) + entropy(m, middle)) / 2
    if y == 0:
        return [value], [mp.log(2) / 2], [mpf(0)]
    if m == 0:
        return [value], [-INF], [INF]
    return [value], [x / 2 for x in log_ratio_terms(m, middle)], [y / (m * (m + y)) / 2]


def total_variation(m, y):
    return [abs(m - y) / 2], [mp.sign(m - y) / 2], [mpf(0)]


LOG_MEANS = [0.0, 1e-10, 1e-3, 0.5, 1.0, 3.0, 10.0, 40.0, 80.0]


def log_mean_grid(zero):
    def grid(single, parameters):
        rng = random.Random(3)
        means = LOG_MEANS + ([1e-42] if single else [5e-324, 300.0, 700.0])
        targets = ([0.0] if zero else [1e-30]) + [1e-5, 0.5, 1.0, 3.0, 1e4] + ([] if single else [1e15])
        pairs = [(s * n, y) for n in means for s in (1, -1) for y in targets]
        # Where the prediction is nearly right.
        pairs += [(float(mp.log(y)) * (1 + d), y) for y in (0.5, 3.0, 1e4) for d in (0.0, 1e-6, -1e-3)]
        return pairs + [(rng.gauss(0, 2), float(rng.randrange(8)) + (0 if zero else 0.25)) for _ in range(30)]
    return grid


def score_grid(single, parameters):
    rng = random.Random(11)
    scores = [0.0, 1e-10, 1e-3, 0.5, 1.0, 2.0, 5.0, 10.0, 17.0, 37.0, 39.0, 41.0, 80.0, 88.0, 1e4] + ([1e-42] if single else [5e-324, 700.0, 709.0])
    pairs = [(s * z, y) for z in scores for s in (1, -1) for y in (0.0, 1.0, 0.25)]
    return pairs + [(rng.gauss(0, 3), rng.choice([0.0, 1.0, rng.random()])) for _ in range(40)]


def amount_grid(zero_mean, zero_target):
    def grid(single, parameters):
        rng = random.Random(4)
        amounts = [1e-10, 1e-3, 0.5, 1.0, 3.0, 1e4] + ([] if parameters or not zero_mean else [1e-30, 1e30])
        means = ([0.0] if zero_mean else []) + amounts
        targets = ([0.0] if zero_target else []) + amounts
        pairs = [(m, y) for m in means for y in targets if m or y]
        pairs += [(y * (1 + d), y) for y in (0.5, 3.0) for d in (1e-7, -1e-7, 1e-3, -0.1, 0.4, -0.49, 0.6, -0.74, -0.76)]
        return pairs + [(rng.expovariate(1), rng.expovariate(1)) for _ in range(30)]
    return grid


write(__file__, [
    ("poisson", {}, of_terms(poisson), log_mean_grid(True)),
    ("poisson-deviance", {}, of_terms(poisson_deviance, of_logs), log_mean_grid(True)),
    ("gamma", {}, of_terms(gamma), log_mean_grid(False)),
    ("gamma-deviance", {}, of_terms(gamma_deviance, of_logs), log_mean_grid(False)),
    ("tweedie", {"power": 1.5}, of_terms(tweedie, of_power), log_mean_grid(True)),
    ("tweedie", {"power": 1.25}, of_terms(tweedie, of_power), log_mean_grid(True)),
    ("tweedie", {"power": 1.0}, of_terms(tweedie, of_power), log_mean_grid(True)),
    ("tweedie", {"power": 2.0}, of_terms(tweedie, of_power), log_mean_grid(False)),
    ("inverse-gaussian", {}, of_terms(inverse_gaussian), log_mean_grid(False)),
    ("negative-binomial", {"theta": 1.0}, of_terms(negative_binomial, of_theta), log_mean_grid(True)),
    ("negative-binomial", {"theta": 2.5}, of_terms(negative_binomial, of_theta), log_mean_grid(True)),
    ("negative-binomial", {"theta": 1e6}, of_terms(negative_binomial, of_theta), log_mean_grid(True)),
    ("probit", {}, of_terms(probit), score_grid),
    ("cloglog", {}, of_terms(cloglog, of_hazard), score_grid),
    ("kl", {}, of_terms(kl), amount_grid(True, True)),
    ("generalized-kl", {}, of_terms(generalized_kl), amount_grid(True, True)),
    ("reverse-kl", {}, of_terms(reverse_kl), amount_grid(True, False)),
    ("itakura-saito", {}, of_terms(itakura_saito), amount_grid(False, False)),
    ("beta-divergence", {"beta": 1.5}, of_terms(beta_divergence), amount_grid(False, True)),
    ("beta-divergence", {"beta": 1.0}, of_terms(beta_divergence), amount_grid(False, True)),
    ("beta-divergence", {"beta": 0.0}, of_terms(beta_divergence), amount_grid(False, False)),
    ("beta-divergence", {"beta": 2.0}, of_terms(beta_divergence), amount_grid(False, True)),
    ("beta-divergence", {"beta": -0.5}, of_terms(beta_divergence), amount_grid(False, False)),
    ("beta-divergence", {"beta": 1.25}, of_terms(beta_divergence), amount_grid(False, True)),
    ("squared-hellinger", {}, of_terms(hellinger), amount_grid(True, True)),
    ("jensen-shannon", {}, of_terms(jensen_shannon), amount_grid(True, True)),
    ("total-variation", {}, of_terms(total_variation), amount_grid(True, True)),
])
