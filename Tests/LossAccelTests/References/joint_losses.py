"""Writes joint_losses.txt: value, gradient and curvatures of every loss of several predictions or targets, to 80 digits, rounded once to double.

Each line: loss, its parameters as name=value, f32 or f64 (what the inputs are exact in), the numbers of predictions and targets, these numbers, and pairs
for the value, each element of the gradient, of the packed Hessian, and of the Fisher information where there is one: the number, and a magnitude
whose rounding it inherits (0 where every digit must be right).

The magnitudes: a rounded residual r, or a rounded ratio ω, changes a function f of it by |ω·f′(ω)| times the relative change; sums inherit that of
their terms. They are found by differences in high precision, not stated. Run: python3 joint_losses.py
"""
import random
from pathlib import Path

from Pointwise.common import f32, sigma, softplus, text
from mpmath import mp, mpf

mp.dps = 80
INF = mp.inf


# Beyond 10^6 the tail is less than the smallest of all doubles, however it is scaled; and more than mpmath takes.
def Phi(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2 if abs(x) < 10**6 else mpf(1 if x > 0 else 0)


def erf(x):
    return mp.erf(x) if abs(x) < 10**6 else mp.sign(x)


def phi(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi) if abs(x) < 10**6 else mpf(0)


# Each definition takes predictions, targets and parameters, and returns a list of results, each a list of the terms that it is the sum of.
def gaussian(p, t):
    r, v = p[0] - t[0], p[1]
    s = mp.exp(-v)
    return [[v / 2, r * r * s / 2], [r * s], [mpf(1) / 2, -r * r * s / 2], [s], [-r * s], [r * r * s / 2],
            [s], [mpf(0)], [mpf(1) / 2]]


def laplace(p, t):
    r, s = p[0] - t[0], mp.exp(-p[1])
    sign = mp.sign(r)
    return [[abs(r) * s, p[1]], [s * sign], [mpf(1), -abs(r) * s], [mpf(0)], [-s * sign], [abs(r) * s],
            [s * s], [mpf(0)], [mpf(1)]]


def student(p, t, degrees):
    n, s = degrees, mp.exp(-p[1])
    w = (p[0] - t[0]) * s
    d = n + w * w
    return [[p[1], (n + 1) / 2 * mp.log1p(w * w / n)], [(n + 1) * w * s / d], [n / d, -n * w * w / d],
            [(n + 1) * s * s * n / d**2, -(n + 1) * s * s * w * w / d**2], [-2 * (n + 1) * s * w * n / d**2],
            [2 * (n + 1) * w * w * n / d**2], [(n + 1) / (n + 3) * s * s], [mpf(0)], [2 * n / (n + 3)]]


def crps_gaussian(p, t):
    m, s = p
    w = (t[0] - m) / s
    k = 2 * phi(w) / s
    return [[s * (w * (2 * Phi(w) - 1) + 2 * phi(w) - 1 / mp.sqrt(mp.pi))], [-erf(w / mp.sqrt(2))],
            [2 * phi(w), -1 / mp.sqrt(mp.pi)], [k], [k * w], [k * w * w]]


def crps_logistic(p, t):
    m, s = p
    w = (t[0] - m) / s
    k = 2 * sigma(w) * sigma(-w) / s
    tail = mp.log1p(mp.exp(-abs(w)))
    return [[abs(t[0] - m), s * (2 * tail - 1)], [-mp.tanh(w / 2)], [2 * abs(w) * sigma(-abs(w)) + 2 * tail, mpf(-1)],
            [k], [k * w], [k * w * w]]


def interval_score(p, t, alpha):
    (a, b), y, c = p, t[0], 2 / alpha
    below, above = (1 if y < a else 0), (1 if y > b else 0)
    return [[b - a, c * below * (a - y) if below else mpf(0), c * (y - b) if above else mpf(0)],
            [mpf(-1), c * below], [mpf(1), -c * above], [mpf(0)], [mpf(0)], [mpf(0)]]


def exponential_survival(p, t):
    e = mp.exp(p[0]) * t[0]
    return [[e, -t[1] * p[0]], [e, -t[1]], [e]]


def weibull_survival(p, t, shape):
    time, event = t
    e = mp.exp(p[0]) * time**shape
    logs = [] if event == 0 else [-event * p[0], -event * mp.log(shape), -event * (shape - 1) * mp.log(time)]
    return [[e] + logs, [e, -event], [e]]


def small_exp(x):
    """e^x, of numbers so low that their powers are beyond every precision too."""
    return mpf(0) if x < -10**7 else mp.exp(x)


def sigmoid(x):
    return 1 / (1 + small_exp(-x)) if x > 0 else small_exp(x) / (1 + small_exp(x))


def zero_inflated(p, t, moved=mpf(0)):
    """`moved` is what the sums of the logit and the mean are off by."""
    eta, z = p
    m, y, share, kept = mp.exp(eta), t[0], sigmoid(z), sigmoid(-z)
    own, other, lost = sigmoid(z + m + moved), sigmoid(-(z + m + moved)), -mp.expm1(-m) if m < 10**7 else mpf(1)
    both = 2 * z + m + moved
    # 1 - σ(z) - σ(z + m), in which nothing cancels.
    turn = kept * other * -mp.expm1(both) if both < 0 else share * own * (mp.expm1(-both) if both < 10**7 else mpf(-1))
    fisher = [[kept * m * (1 - m * small_exp(-m + moved) * own) if m < 10**7 else kept * m],
              [-kept * small_exp(-m + moved) * m * own], [share * kept * own * lost]]
    if y > 0:
        return [[softplus_of(z), m, -y * eta], [m, -y], [share], [m], [mpf(0)], [share * kept]] + fisher
    chance = kept * lost
    value = -mp.log1p(-chance) if chance < 0.5 else -mp.log(share + kept * small_exp(-m))
    return [[value], [m * other], [-own * kept * lost], [m * other, -m * m * other * own], [-m * other * own],
            [-own * kept * lost * turn]] + fisher


def softplus_of(z):
    return mp.log1p(small_exp(-abs(z))) + max(z, mpf(0))


def hurdle(p, t):
    eta, z = p
    m, y, share, kept = mp.exp(eta), t[0], sigmoid(z), sigmoid(-z)
    with mp.workdps(800):
        mean = m / -mp.expm1(-m) if m < 10**7 else m
        variance = mean * (1 + m - mean) if m < 10**7 else m
        excess = mean - 1
        logarithm = mp.log1p(excess)
    large = m > 500
    fisher = [[kept * variance], [mpf(0)], [share * kept]]
    if y == 0:
        return [[softplus_of(-z)], [mpf(0)], [-kept], [mpf(0)], [mpf(0)], [share * kept]] + fisher
    value = [softplus_of(z), m, -y * eta] if large else [softplus_of(z), (1 - y) * eta, m, -logarithm]
    return [value, [m, -y] if large else [1 - y, excess], [share], [variance], [mpf(0)], [share * kept]] + fisher


def quantile_terms(q, y, levels):
    """Of every quantile the slope of its loss, with the factor of all."""
    return [2 / mpf(len(levels)) * ((1 if x > y else 0) - mpf(level)) for x, level in zip(q, levels)]


LEVELS = [0.1, 0.5, 0.9]


def quantile_score(p, t):
    slopes = quantile_terms(p, t[0], LEVELS)
    return [[s * (x - t[0]) for s, x in zip(slopes, p)]] + [[s] for s in slopes] + [[mpf(0)]] * 6


def ordered_quantile_score(p, t):
    q = [p[0]]
    for g in p[1:]:
        q.append(q[-1] + softplus_of(g))
    slopes, y = quantile_terms(q, t[0], LEVELS), t[0]
    rates = [mpf(1)] + [sigmoid(g) for g in p[1:]]
    tails = [slopes[k:] for k in range(3)]
    bends = [[rates[k] * sigmoid(-p[k]) * s for s in tails[k]] for k in (1, 2)]
    # Every partial sum is rounded: its size counts, too.
    sizes = [abs(p[0]) + abs(y) + sum(softplus_of(g) for g in p[1 : k + 1]) for k in range(3)]
    value = [s * (x - y) for s, x in zip(slopes, q)]
    value += [x for s, size in zip(slopes, sizes) for x in (s * size, -s * size)]
    return [value] + [[rates[k] * s for s in tails[k]] for k in range(3)] + [
        [mpf(0)], [mpf(0)], bends[0], [mpf(0)], [mpf(0)], bends[1]]


def failure_time(log_density, log_survival, log_cumulative, slope, bend, density):
    """log f(z), log S(z), log F(z) of the standard distribution, d log f/dz, -d² log f/dz², f(z)."""
    def definition(p, t, scale):
        lower, upper = t
        z = lambda x: (mp.log(x) - p[0]) / scale
        if lower == upper:
            a = z(lower)
            return [[-log_density(a), mp.log(scale), mp.log(lower)], [slope(a) / scale], [bend(a) / scale**2]]
        a = -INF if lower == 0 else z(lower)
        b = INF if upper == INF else z(upper)
        below = mpf(0) if a == -INF else mp.exp(log_cumulative(a))
        above = mpf(0) if b == INF else mp.exp(log_survival(b))
        # The probability between the ends from the side on which it is small, its complement where it is nearly 1.
        if below + above < 0.5:
            P, value = 1 - below - above, -mp.log1p(-(below + above))
        else:
            if a == -INF or (b != INF and above > below):
                P = mp.exp(log_cumulative(b)) - below
            else:
                P = mp.exp(log_survival(a)) - above
            value = -mp.log(P)
        A = mpf(0) if a == -INF else density(a) / P
        B = mpf(0) if b == INF else density(b) / P
        sa = mpf(0) if a == -INF else slope(a)
        sb = mpf(0) if b == INF else slope(b)
        G = B - A
        return [[value], [B / scale, -A / scale], [(-(sb * B - sa * A) + G * G) / scale**2]]
    return definition


aft_normal = failure_time(
    lambda z: -z * z / 2 - mp.log(2 * mp.pi) / 2, lambda z: mp.log(Phi(-z)), lambda z: mp.log(Phi(z)), lambda z: -z,
    lambda z: mpf(1), phi)
aft_logistic = failure_time(
    lambda z: -abs(z) - 2 * mp.log1p(mp.exp(-abs(z))), lambda z: -softplus(z), lambda z: -softplus(-z),
    lambda z: -mp.tanh(z / 2), lambda z: 2 * sigma(z) * sigma(-z), lambda z: sigma(z) * sigma(-z))
aft_extreme = failure_time(
    lambda z: z - mp.exp(z), lambda z: -mp.exp(z), lambda z: mp.log(-mp.expm1(-mp.exp(z))), lambda z: 1 - mp.exp(z),
    mp.exp, lambda z: mp.exp(z - mp.exp(z)))


def normal_interval(p, t, scale):
    """What computing Φ(b) - Φ(a) from log Φ(b) and log Φ(a) adds to the magnitudes: their difference D inherits the rounding of both."""
    lower, upper = t
    if lower == upper or lower == 0 or upper == INF:
        return [mpf(0)] * 3
    a, b = [(mp.log(x) - p[0]) / scale for x in t]
    if a + b > 0:
        a, b = -b, -a
    la, lb = mp.log(Phi(a)), mp.log(Phi(b))
    E, change = mp.expm1(lb - la), abs(la) + abs(lb)
    ratio = lambda z: phi(z) / Phi(z)
    share, A = ratio(b) / E, ratio(a) / E
    B = ratio(b) + share
    growth = (E + 1) / E
    def curvature(share, A):
        B = ratio(b) + share
        return B * (b + B), -A * (2 * B - A + a)
    terms = curvature(share, A)
    moved = growth * change * (share * (2 * B + b + 2 * A) + A * (2 * B + 2 * A + abs(a)))
    return [change / E, growth * (share + A) * change / scale, (max(abs(x) for x in terms) + moved) / scale**2]


def location_scale_grid(log_scale):
    def grid(single):
        rng = random.Random(5)
        sizes = [0.0, 1e-30, 1e-8, 1e-3, 0.5, 1.0, 3.0, 40.0, 1e4, 1e15] + ([1e-42, 1e30] if single else [5e-324, 1e-300, 1e150, 1e300])
        scales = [0.0, 1e-10, 0.5, -1.0, 5.0, -20.0, 40.0] + ([-80.0, 86.0] if single else [-700.0, 708.0])
        if not log_scale:
            scales = [1.0, 0.5, 1e-3, 1e-20, 3.0, 1e4, 1e20]
        for s in sizes:
            for c in scales:
                yield [s, c], [0.0]
            yield [-s, scales[2]], [0.0]
            yield [0.0, scales[0]], [s]
        for _ in range(30):
            c = rng.gauss(0, 2) if log_scale else rng.expovariate(0.5)
            yield [rng.gauss(0, 3), c], [rng.gauss(0, 3)]
    return grid


def interval_grid(single):
    rng = random.Random(6)
    for a, b, y in [(0, 1, 0.5), (0, 1, 0), (0, 1, 1), (0, 1, -3), (0, 1, 1e15), (2, 1, 1.5), (1e15, -1e15, 0), (0, 0, 0), (-1e30, 1e30, 0)]:
        yield [float(a), float(b)], [float(y)]
    for _ in range(30):
        yield [rng.gauss(0, 3), rng.gauss(1, 3)], [rng.gauss(0, 3)]


def survival_grid(single):
    rng = random.Random(8)
    for eta in [0.0, 1e-10, 0.5, -1.0, 10.0, -40.0, -88.0, 80.0, -1e4] + ([] if single else [700.0, -708.0, -745.0]):
        for time in [0.0, 1e-10, 0.5, 1.0, 40.0, 1e4]:
            for event in [0.0, 1.0]:
                if time > 0 or event == 0:
                    yield [eta], [time, event]
    for _ in range(30):
        yield [rng.gauss(0, 2)], [rng.expovariate(0.5), float(rng.random() < 0.5)]


def ends_grid(single):
    rng = random.Random(9)
    inf = float("inf")
    ends = [(1.0, 1.0), (0.0, 1.0), (1.0, inf), (0.0, inf), (1.0, 2.0), (0.5, 40.0), (1e-10, 1e10), (3.0, 3.25), (1e4, 1e4), (1e-3, 2e-3), (7.0, inf), (0.0, 0.1)]
    etas = [0.0, 1e-10, 0.5, -1.0, 3.0, -5.0, 10.0, -10.0, 40.0, -40.0]
    for eta in etas:
        for e in ends:
            yield [eta], list(e)
    for eta in [88.0, -88.0, 1e4, -1e4]:
        for e in [(1.0, 1.0), (1.0, inf), (0.0, 1.0)]:
            yield [eta], list(e)
    for _ in range(30):
        low = rng.expovariate(0.3)
        kind = rng.choice(["event", "right", "left", "interval"])
        yield [rng.gauss(0, 1.5)], {
            "event": [low, low], "right": [low, inf], "left": [0.0, low], "interval": [low, low * (1 + rng.expovariate(1))]}[kind]


def count_grid(single):
    rng = random.Random(10)
    etas = [0.0, 1e-10, 0.5, -1.0, 3.0, -5.0, 6.0, 10.0, -40.0, 40.0, 88.0, -88.0, 1e4, -1e4] + ([] if single else [709.0, -708.0, -745.0])
    logits = [0.0, 0.5, -5.0, 5.0, -40.0, 40.0, 88.0, -88.0, 1e4, -1e4] + ([] if single else [710.0, -710.0])
    for eta in etas:
        for z in logits:
            for y in [0.0, 1.0, 3.0]:
                yield [eta, z], [y]
        yield [eta, 0.5], [0.5]
        yield [eta, 0.5], [1e4]
    for _ in range(40):
        yield [rng.gauss(0, 2), rng.gauss(0, 2)], [float(rng.choice([0, 0, 1, 2, 5, 40]))]


def quantile_grid(single):
    rng = random.Random(12)
    for p, y in [([0, 0, 0], 0), ([1, 2, 3], 2), ([3, 2, 1], 0.5), ([-1e30, 0, 1e30], 1), ([0, 0, 0], 1e15), ([40, -40, 88], 1e4), ([1e-30, 0, -1e-30], 0)]:
        yield [float(x) for x in p], [float(y)]
    for _ in range(40):
        yield [rng.gauss(k - 1, 2) for k in range(3)], [rng.gauss(0, 3)]


def gap_grid(single):
    rng = random.Random(13)
    gaps = [0.0, 0.5, -5.0, 5.0, -40.0, 40.0, 88.0, -88.0, 1e4, -1e4] + ([] if single else [710.0, -710.0])
    for g in gaps:
        for y in [-3.25, 1.75, 1e5]:
            yield [0.5, g, -1.0], [y]
            yield [-1.0, 1.0, g], [y]
    for _ in range(40):
        yield [rng.gauss(-1, 2), rng.gauss(0, 2), rng.gauss(0, 2)], [rng.gauss(0, 3)]


LOSSES = [
    ("gaussian-nll", {}, gaussian, location_scale_grid(True)),
    ("laplace-nll", {}, laplace, location_scale_grid(True)),
    ("student-nll", {"degrees": 4.0}, student, location_scale_grid(True)),
    ("student-nll", {"degrees": 2.5}, student, location_scale_grid(True)),
    ("crps-gaussian", {}, crps_gaussian, location_scale_grid(False)),
    ("crps-logistic", {}, crps_logistic, location_scale_grid(False)),
    ("interval-score", {"alpha": 0.1}, interval_score, interval_grid),
    ("interval-score", {"alpha": 0.5}, interval_score, interval_grid),
    ("aft-normal", {"scale": 1.0}, aft_normal, ends_grid),
    ("aft-normal", {"scale": 0.75}, aft_normal, ends_grid),
    ("aft-logistic", {"scale": 1.0}, aft_logistic, ends_grid),
    ("aft-logistic", {"scale": 0.75}, aft_logistic, ends_grid),
    ("aft-extreme", {"scale": 1.0}, aft_extreme, ends_grid),
    ("aft-extreme", {"scale": 0.75}, aft_extreme, ends_grid),
    ("exponential-survival", {}, exponential_survival, survival_grid),
    ("weibull-survival", {"shape": 2.0}, weibull_survival, survival_grid),
    ("weibull-survival", {"shape": 0.75}, weibull_survival, survival_grid),
    ("zero-inflated-poisson", {}, zero_inflated, count_grid),
    ("poisson-hurdle", {}, hurdle, count_grid),
    ("quantile-score", {}, quantile_score, quantile_grid),
    ("ordered-quantile-score", {}, ordered_quantile_score, gap_grid),
]


# The intermediate results that the losses cannot avoid to round, and results inherit: the residual of a prediction and a target, or the
# logarithm of an end of the interval less the prediction, by its relative rounding; and what is below the normal numbers before it is
# multiplied by something large.
def inherited(name, definition, p, t, parameters, count, single):
    tiny = mpf(2) ** (-126 if single else -1022)
    total = [mpf(0)] * count

    def add(change, above, below, step):
        for i in range(count):
            slope = abs(mp.fsum(above[i]) - mp.fsum(below[i])) / (2 * step)
            # At a kink there is no slope; the number itself must then be right.
            if slope * change < mpf(10) ** 15 * (1 + abs(mp.fsum(above[i]))):
                total[i] += slope * change

    def move_prediction(k, change):
        if change > 0:
            step = change * mpf(10) ** -30
            at = lambda d: definition([x + d if i == k else x for i, x in enumerate(p)], t, **parameters)
            add(change, at(step), at(-step), step)

    if name.startswith("aft"):
        if t[0] == t[1]:
            move_prediction(0, abs(p[0]) + abs(mp.log(t[0])))
        else:
            for k in range(2):
                if 0 < t[k] < INF:
                    change, step = abs(p[0]) + abs(mp.log(t[k])), mpf(10) ** -30
                    at = lambda d: definition(p, [x * mp.exp(d) if i == k else x for i, x in enumerate(t)], **parameters)
                    add(change, at(step), at(-step), step)
            if "normal" in name:
                total = [x + y for x, y in zip(total, normal_interval(p, t, **parameters))]
    elif name == "zero-inflated-poisson":
        # The sum of the logit and the mean is rounded, and so is the mean; shares below the normal numbers are multiplied by the mean.
        mean = mp.exp(p[0])
        if mean < 10**6:
            change, step = abs(p[1]) + 2 * mean, mpf(10) ** -30
            at = lambda d: definition(p, t, moved=d)
            add(change, at(step), at(-step), step)
            total = [x + tiny * (1 + mean) ** 2 for x in total]
    elif name.startswith("crps"):
        move_prediction(0, abs(p[0] - t[0]))
        move_prediction(1, p[1])
        total = [x + tiny * (1 + ((t[0] - p[0]) / p[1]) ** 2) / p[1] for x in total]
    elif name.endswith("nll"):
        move_prediction(0, abs(p[0] - t[0]))
        total = [x + tiny * mp.exp(-p[1] * (mpf(1) / 2 if name == "gaussian-nll" else 1)) for x in total]
    return total


def main():
    lines = []
    for name, parameters, definition, grid in LOSSES:
        listed = ",".join(f"{k}={v}" for k, v in parameters.items()) or "-"
        exact = {k: mpf(v) for k, v in parameters.items()}
        # e^117 and its square cancel in the definition of the curvature.
        mp.dps = 250 if name == "aft-extreme" else 80
        for precision in ("f32", "f64"):
            single = precision == "f32"
            for p, t in grid(single):
                if single:
                    p, t = [f32(x) for x in p], [f32(x) for x in t]
                P, T = [mpf(x) for x in p], [mpf(x) for x in t]
                if "extreme" in name and P[0] < -1000:
                    # e^(e^1000) is beyond every precision.
                    continue
                results = definition(P, T, **exact)
                if name == "gaussian-nll" and max(abs(results[0][1] * 2), abs(results[5][0] * 2)) > (3.4e38 if single else 1.79e308):
                    # The square overflows before it is halved.
                    continue
                moved = inherited(name, definition, P, T, exact, len(results), single)
                fields = [name, listed, precision, str(len(p)), str(len(t))] + [text(x) if mp.isfinite(mpf(x)) else "inf" for x in p + t]
                for terms, change in zip(results, moved):
                    number = mp.fsum(terms)
                    largest = max(abs(x) for x in terms) if len(terms) > 1 else mpf(0)
                    fields += [text(number), text(largest + change)]
                lines.append(" ".join(fields))
    Path(__file__).with_suffix(".txt").write_text("\n".join(lines) + "\n")


main()
