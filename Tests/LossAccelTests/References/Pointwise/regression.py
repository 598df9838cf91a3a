"""Writes regression.txt: references of the losses of a real target; see common.py."""
from common import *


def squared_error(r):
    return r * r, 2 * r, mpf(2)


def absolute_error(r):
    return abs(r), mp.sign(r), mpf(0)


def absolute_relative_error(p, t, floor):
    scale = max(abs(t), floor)
    return (abs(p - t) / scale, 0), (mp.sign(p - t) / scale, 0), (mpf(0), 0)


def squared_log_error(p, t):
    with mp.workdps(800):
        d = mp.log1p(p) - mp.log1p(t) if p > -1 else -mp.inf
    curvature = 2 * (1 - d) / (1 + p) ** 2 if p > -1 else mp.inf
    return (d * d, 0), (2 * d / (1 + p) if p > -1 else -mp.inf, 0), (curvature, 2 * (1 + abs(d)) / (1 + p) ** 2 if p > -1 else 0)


def huber(r, delta):
    if abs(r) <= delta:
        return r * r / 2, r, mpf(1)
    return delta * (abs(r) - delta / 2), delta * mp.sign(r), mpf(0)


def smooth_l1(r, beta):
    return tuple(x / beta for x in huber(r, beta))


def log_cosh(r):
    value = mp.log1p(mp.sinh(r) ** 2) / 2 if abs(r) < 100 else abs(r) + mp.log1p(mp.exp(-2 * abs(r))) - mp.log(2)
    s = mp.exp(-2 * abs(r)) / (1 + mp.exp(-2 * abs(r)))
    return value, mp.tanh(r), 4 * s * (1 - s)


def pseudo_huber(r, delta):
    h = mp.sqrt(1 + (r / delta) ** 2)
    return r * r / (1 + h), r / h, h**-3


def fair(r, scale):
    a = abs(r) / scale
    with mp.workdps(1000):
        value = scale**2 * (a - mp.log1p(a))
    return value, r / (1 + a), (1 + a) ** -2


def cauchy(r, delta):
    v = (r / delta) ** 2
    return delta**2 * mp.log1p(v) / 2, r / (1 + v), (1 - v) / (1 + v) ** 2, 1 / (1 + v)


def student_t(r, nu, sigma):
    d = nu * sigma**2
    return tuple((nu + 1) / d * x for x in cauchy(r, mp.sqrt(d)))


def geman_mcclure(r, delta):
    v = (r / delta) ** 2
    return r * r / (1 + v) / 2, r / (1 + v) ** 2, (1 - 3 * v) / (1 + v) ** 3, (1 + 3 * v) / (1 + v) ** 3


def welsch(r, delta):
    v = (r / delta) ** 2
    return -(delta**2) * mp.expm1(-v) / 2, r * mp.exp(-v), (1 - 2 * v) * mp.exp(-v), (1 + 2 * v) * mp.exp(-v)


def tukey(r, cutoff):
    t = (r / cutoff) ** 2
    if t > 1:
        return cutoff**2 / 6, mpf(0), mpf(0)
    return cutoff**2 / 6 * t * (3 - 3 * t + t * t), r * (1 - t) ** 2, (1 - t) * (1 - 5 * t), (1 - t) * (1 + 5 * t)


def barron(r, alpha, scale):
    v = (r / scale) ** 2
    if alpha == 2:
        return v / 2, r / scale**2, scale**-2
    if alpha == 0:
        return mp.log1p(v / 2), r / scale**2 / (1 + v / 2), (1 - v / 2) / (1 + v / 2) ** 2 / scale**2, 1 / (1 + v / 2) / scale**2
    if alpha == -mp.inf:
        return -mp.expm1(-v / 2), r / scale**2 * mp.exp(-v / 2), (1 - v) * mp.exp(-v / 2) / scale**2, (1 + v) * mp.exp(-v / 2) / scale**2
    a = abs(alpha - 2)
    logarithm = mp.log1p(v / a)
    power = mp.exp((alpha / 2 - 1) * logarithm)
    return (a / alpha * mp.expm1(alpha / 2 * logarithm), r / scale**2 * power,
            power / scale**2 * (1 + (alpha - 1) * v / a) / (1 + v / a), power / scale**2 * (1 + abs(alpha - 1) * v / a) / (1 + v / a))


def epsilon_insensitive(r, epsilon):
    inside = abs(r) <= epsilon
    return (mpf(0) if inside else abs(r) - epsilon), (mpf(0) if inside else mp.sign(r)), mpf(0)


def squared_epsilon_insensitive(r, epsilon):
    value, sign, _ = epsilon_insensitive(r, epsilon)
    return value**2 / 2, sign * value, abs(sign)


def periodic(r, period):
    with mp.workdps(500):
        k = 2 * mp.pi / period
        return 2 * mp.sin(k * r / 2) ** 2, k * mp.sin(k * r), k * k * mp.cos(k * r)


def pinball(r, tau):
    return max(-tau * r, (1 - tau) * r), (1 if r > 0 else 0) - tau, mpf(0)


def smooth_pinball(p, t, tau, kappa):
    z = (p - t) / kappa
    s = sigma(z)
    h = s * sigma(-z) / kappa
    # The gradient crosses zero where the sigmoid is tau; a relative change of the residual moves it by |z|·h·kappa.
    return ((kappa * (max(z, mpf(0)) - tau * z + softplus(-abs(z))), 0), (s - tau, s * (1 - tau) + tau * sigma(-z) + abs(z) * h * kappa),
            (h, abs(z) * h))


def expectile(r, tau):
    w = 1 - tau if r > 0 else tau
    return w * r * r / 2, w * r, w


def angle_grid(single, parameters):
    period = parameters["period"]
    rng = random.Random(17)
    sizes = [0.0, 1e-30, 1e-8, 1e-3, 0.1, 0.5, 1.0, 2.0, period / 8, period / 4, period / 2, period, 1.5 * period, 40 * period, 1e4]
    sizes += [1e-42] if single else [5e-324, 1e-300]
    pairs = [(s * x, 0.0) for x in sizes for s in (1, -1)]
    return pairs + [(rng.uniform(0, period), rng.uniform(0, period)) for _ in range(40)]


def size_grid(single, parameters):
    """Pairs above −1, close to each other and far apart."""
    rng = random.Random(19)
    sizes = [-0.999, -0.5, 0.0, 1e-30, 3e-8, 1e-3, 1.0, 1.0001, 40.0, 88.0, 710.0, 1e4, 1e15, 1e30] + ([1e38] if single else [1e300])
    pairs = [(p, t) for p in sizes for t in sizes] + [(-1.0, 1.0)]
    pairs += [(t * (1 + rng.gauss(0, 1e-3)), t) for t in [rng.expovariate(0.1) for _ in range(20)]]
    return pairs + [(rng.expovariate(0.1), rng.expovariate(0.1)) for _ in range(40)]


def relative_grid(single, parameters):
    rng = random.Random(23)
    sizes = [0.0, 1e-30, 1e-3, 1.0, 40.0, 1e4, 1e15]
    pairs = [(p, s * t) for p in sizes for t in sizes for s in (1, -1)]
    return pairs + [(rng.gauss(0, 3), rng.gauss(0, 3)) for _ in range(40)]


RESIDUAL_LOSSES = [
    ("squared-error", squared_error, [{}]),
    ("absolute-error", absolute_error, [{}]),
    ("huber", huber, [{"delta": 1.0}, {"delta": 2.5}]),
    ("smooth-l1", smooth_l1, [{"beta": 1.0}, {"beta": 0.25}]),
    ("log-cosh", log_cosh, [{}]),
    ("pseudo-huber", pseudo_huber, [{"delta": 1.0}, {"delta": 2.5}]),
    ("fair", fair, [{"scale": 1.0}, {"scale": 1.3998}]),
    ("cauchy", cauchy, [{"delta": 1.0}, {"delta": 2.3849}]),
    ("student-t", student_t, [{"nu": 4.0, "sigma": 1.0}, {"nu": 1.5, "sigma": 0.7}]),
    ("geman-mcclure", geman_mcclure, [{"delta": 1.0}, {"delta": 2.5}]),
    ("welsch", welsch, [{"delta": 1.0}, {"delta": 2.9846}]),
    ("tukey", tukey, [{"cutoff": 4.685}, {"cutoff": 2.0}]),
    ("barron", barron, [{"alpha": a, "scale": s} for a, s in
                        [(1.0, 1.0), (2.0, 1.5), (0.0, 0.75), (-float("inf"), 1.0), (-2.0, 1.0), (1.5, 0.5), (0.25, 2.0), (2 - 2.0**-10, 1.0),
                         (2.0**-20, 1.0), (-1e8, 1.0)]]),
    ("epsilon-insensitive", epsilon_insensitive, [{"epsilon": 0.125}, {"epsilon": 1.5}]),
    ("squared-epsilon-insensitive", squared_epsilon_insensitive, [{"epsilon": 0.125}, {"epsilon": 1.5}]),
    ("pinball", pinball, [{"tau": 0.5}, {"tau": 0.9}]),
    ("expectile", expectile, [{"tau": 0.5}, {"tau": 0.1}]),
]

write(__file__, [(name, setting, of_residual(curve), residual_grid) for name, curve, settings in RESIDUAL_LOSSES for setting in settings] + [
    *[("periodic", {"period": period}, of_residual(periodic), angle_grid) for period in (6.283185307179586, 360.0, 24.0)],
    *[("absolute-relative-error", {"floor": floor}, absolute_relative_error, relative_grid) for floor in (1e-7, 1.0)],
    ("squared-log-error", {}, squared_log_error, size_grid),
    *[("smooth-pinball", {"tau": tau, "kappa": kappa}, smooth_pinball, residual_grid) for tau, kappa in ((0.5, 1.0), (0.9, 0.25))],
])
