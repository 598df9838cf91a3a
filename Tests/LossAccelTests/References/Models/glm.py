"""References of generalised linear models: writes glm.json beside this file, and checks it against statsmodels.

Coefficients and everything that follows from them come from Fisher scoring in 60 digits (mpmath) on the data as stored in doubles.

    pip install mpmath statsmodels scikit-learn; python3 glm.py; Rscript glm.R; python3 glm_statsmodels.py

Data: spector, star98, cpunish and scotland as statsmodels ships them (public domain: Spector and Mazzeo 1980, Gill 2000); iris (Fisher 1936),
diabetes (Efron et al. 2004), breast cancer (Street, Wolberg and Mangasarian 1993) and digits (Alpaydin and Kaynak 1998, both UCI, CC BY
4.0) as scikit-learn ships them; beetle mortality (Bliss 1935), blood clotting (Hurn et al. 1945, in McCullagh
and Nelder 1989), warp breaks (Tippett 1950); the others are made here from a linear congruence.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from mpmath import erfc, exp, expm1, log, matrix, mp, mpf, pi, sqrt
from sklearn import datasets

mp.dps = 60
warnings.simplefilter("ignore")


def normal_cdf(x):
    return erfc(-x / sqrt(mpf(2))) / 2


LINKS = {  # mean, its slope
    "identity": (lambda e: e, lambda e: mpf(1)),
    "log": (lambda e: exp(e), lambda e: exp(e)),
    "logit": (lambda e: 1 / (1 + exp(-e)), lambda e: exp(-e) / (1 + exp(-e)) ** 2),
    "probit": (normal_cdf, lambda e: exp(-e * e / 2) / sqrt(2 * pi)),
    "complementaryLogLog": (lambda e: -expm1(-exp(e)), lambda e: exp(e - exp(e))),
    "reciprocal": (lambda e: 1 / e, lambda e: -1 / e**2),
    "squareRoot": (lambda e: e * e, lambda e: 2 * e),
    "inverseSquare": (lambda e: 1 / sqrt(e), lambda e: -1 / (2 * e * sqrt(e))),
}


def xlog(y, m):
    return y * log(y / m) if y else mpf(0)


def variance(family, parameter, m):
    return {
        "gaussian": lambda: mpf(1), "binomial": lambda: m * (1 - m), "poisson": lambda: m, "gamma": lambda: m**2,
        "inverse-gaussian": lambda: m**3, "negative-binomial": lambda: m + m * m / parameter,
        "tweedie": lambda: m**parameter,
    }[family]()


def unit_deviance(family, p, y, m):
    if family == "gaussian": return (y - m) ** 2
    if family == "binomial": return 2 * (xlog(y, m) + xlog(1 - y, 1 - m))
    if family == "poisson": return 2 * (xlog(y, m) - (y - m))
    if family == "gamma": return 2 * (y / m - 1 - log(y / m))
    if family == "inverse-gaussian": return (y - m) ** 2 / (y * m * m)
    if family == "negative-binomial": return 2 * (xlog(y, m) - (y + p) * log((y + p) / (m + p)))
    return 2 * ((y ** (2 - p) / ((1 - p) * (2 - p)) if y else 0) - y * m ** (1 - p) / (1 - p) + m ** (2 - p) / (2 - p))


def valid(family, m):
    if family == "gaussian": return True
    return (0 < m < 1) if family == "binomial" else m > 0


def fit(case):
    """Scoring with halved steps, in 60 digits."""
    x, y, w, o = design(case), numbers(case["targets"]), weights(case), offsets(case)
    (mean, slope), family, p = LINKS[case["link"]], case["family"], parameter(case)
    n, k = len(y), len(x[0])

    def parts(b):
        eta = [sum(x[i][j] * b[j] for j in range(k)) + o[i] for i in range(n)]
        try:
            m = [mean(e) for e in eta]
        except (ZeroDivisionError, ValueError):
            return None
        if any(not isinstance(v, mpf) or not valid(family, v) for v in m): return None
        return eta, m, sum(w[i] * unit_deviance(family, p, y[i], m[i]) for i in range(n))

    def scoring(eta, m):
        s = [slope(e) for e in eta]
        v = [variance(family, p, q) for q in m]
        score = [w[i] * (y[i] - m[i]) * s[i] / v[i] for i in range(n)]
        info = matrix(k, k)
        for i in range(n):
            weight = w[i] * s[i] ** 2 / v[i]
            for a in range(k):
                for c in range(k): info[a, c] += weight * x[i][a] * x[i][c]
        return score, info

    # statsmodels' answer is near enough to start from.
    b = [mpf(float(v)) for v in case.pop("start")]
    current = parts(b)
    for _ in range(400):
        score, info = scoring(current[0], current[1])
        gradient = matrix([sum(score[i] * x[i][j] for i in range(n)) for j in range(k)])
        step = inverse(info) * gradient
        length = mpf(1)
        while True:
            trial = [b[j] + length * step[j] for j in range(k)]
            next_parts = parts(trial)
            if next_parts and next_parts[2] <= current[2] * (1 + mpf(10) ** -55): break
            length /= 2
        b, current = trial, next_parts
        if max(abs(step[j]) / abs(b[j]) for j in range(k)) < mpf(10) ** -45: break
    else:
        raise RuntimeError(case["name"])
    score, info = scoring(current[0], current[1])
    pearson = sum(w[i] * (y[i] - current[1][i]) ** 2 / variance(family, p, current[1][i]) for i in range(n))
    dispersion = pearson / (n - k) if family in ("gaussian", "gamma", "inverse-gaussian", "tweedie") else mpf(1)
    bread = inverse(info)
    meat = sum((score[i] ** 2 * matrix(x[i]) * matrix(x[i]).T for i in range(n)), matrix(k, k))
    groups = {}
    for i in range(n):
        groups[i % 7] = groups.get(i % 7, matrix(k, 1)) + score[i] * matrix(x[i])
    clustered = sum((g * g.T for g in groups.values()), matrix(k, k))
    count = len(groups)

    def errors(m):
        return [float(sqrt(m[j, j])) for j in range(k)]

    return {
        "coefficients": [float(v) for v in b], "standardErrors": errors(dispersion * bread),
        "deviance": float(current[2]), "pearson": float(pearson), "hc0": errors(bread * meat * bread),
        "hc1": errors(bread * meat * bread * mpf(n) / (n - k)),
        "clustered": errors(bread * clustered * bread * mpf(count) / (count - 1) * mpf(n - 1) / (n - k)),
        "means": [float(v) for v in current[1][:5]],
    }


def inverse(info):
    """Of a matrix whose rows have units: without them it is not taken for singular."""
    units = mp.diag([1 / sqrt(info[j, j]) for j in range(info.rows)])
    return units * (units * info * units) ** -1 * units


def numbers(values):
    return [mpf(v) for v in values]


def design(case):
    return [[mpf(1)] * case["intercept"] + [mpf(v) for v in row] for row in case["features"]]


def weights(case):
    return numbers(case["weights"]) if case["weights"] else [mpf(1)] * len(case["targets"])


def offsets(case):
    return numbers(case["offsets"]) if case["offsets"] else [mpf(0)] * len(case["targets"])


def parameter(case):
    return mpf(case["parameter"]) if case["parameter"] else None


def with_statsmodels(case):
    links = sm.families.links
    link = {
        "identity": links.Identity(), "log": links.Log(), "logit": links.Logit(), "probit": links.Probit(),
        "complementaryLogLog": links.CLogLog(), "reciprocal": links.InversePower(), "squareRoot": links.Sqrt(),
        "inverseSquare": links.InverseSquared(),
    }[case["link"]]
    p = case["parameter"]
    family = {
        "gaussian": lambda: sm.families.Gaussian(link), "binomial": lambda: sm.families.Binomial(link),
        "poisson": lambda: sm.families.Poisson(link), "gamma": lambda: sm.families.Gamma(link),
        "inverse-gaussian": lambda: sm.families.InverseGaussian(link),
        "negative-binomial": lambda: sm.families.NegativeBinomial(link, alpha=1 / p),
        "tweedie": lambda: sm.families.Tweedie(link, var_power=p),
    }[case["family"]]()
    x = np.array(case["features"], dtype=float)
    if case["intercept"]: x = np.column_stack([np.ones(len(x)), x])
    # Its pseudo-inverse takes columns of small units for none.
    units = 2.0 ** np.round(np.log2(abs(x).max(0)))
    x = x / units
    model = sm.GLM(
        np.array(case["targets"]), x, family=family, var_weights=case["weights"], offset=case["offsets"])
    start = None
    if case["link"] == "inverseSquare": start = np.linalg.lstsq(x, np.array(case["targets"]) ** -2.0, rcond=None)[0]
    return model.fit(tol=1e-13, maxiter=300, start_params=start), units


class Congruence:
    """Numbers between 0 and 1 that every language can make."""

    def __init__(self, seed):
        self.state = seed

    def __call__(self):
        self.state = (self.state * 1103515245 + 12345) % 2**31
        return self.state / 2**31


def cases():
    def case(name, features, targets, family, link, parameter=None, weights=None, offsets=None, intercept=True):
        def plain(values):
            return None if values is None else [float(v) for v in values]

        return {
            "name": name, "family": family, "link": link, "parameter": parameter, "intercept": intercept,
            "features": [plain(row) for row in features], "targets": plain(targets), "weights": plain(weights),
            "offsets": plain(offsets),
        }

    spector = sm.datasets.spector.load_pandas()
    x, y = spector.exog.to_numpy(), spector.endog.to_numpy()
    yield case("spector, logit", x, y, "binomial", "logit")
    yield case("spector, probit", x, y, "binomial", "probit")
    yield case("spector, complementary log-log", x, y, "binomial", "complementaryLogLog")
    yield case("spector, units of 10^6 and 10^-6", x * [1e6, 1, 1e-6] + [0, 4096, 0], y, "binomial", "logit")
    iris = datasets.load_iris()
    later = iris.target > 0
    yield case("iris, logit", iris.data[later], iris.target[later] - 1, "binomial", "logit")
    cancer = datasets.load_breast_cancer()
    chosen = [1, 4, 8, 9, 15]
    yield case("breast cancer, logit", cancer.data[:, chosen], cancer.target, "binomial", "logit")
    schools = sm.datasets.star98.load_pandas()
    passed, failed = schools.endog.to_numpy().T
    yield case("star98, logit", schools.exog.to_numpy(), passed / (passed + failed), "binomial", "logit",
               weights=passed + failed)
    executions = sm.datasets.cpunish.load_pandas()
    yield case("cpunish, Poisson", executions.exog.to_numpy(), executions.endog.to_numpy(), "poisson", "log")
    votes = sm.datasets.scotland.load_pandas()
    yield case("scotland, gamma", votes.exog.to_numpy(), votes.endog.to_numpy(), "gamma", "reciprocal")
    diabetes = datasets.load_diabetes(scaled=False)
    yield case("diabetes, gaussian", diabetes.data, diabetes.target, "gaussian", "identity")
    yield case("diabetes, gamma, log", diabetes.data, diabetes.target, "gamma", "log")
    # The ink in each of the eight lines of a scan, and whether it shows 5 or more.
    digits = datasets.load_digits()
    yield case("digits, logit", digits.images.sum(2), digits.target >= 5, "binomial", "logit")
    dose = [1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839]
    killed, beetles = np.array([6, 13, 18, 28, 52, 53, 61, 60]), np.array([59, 60, 62, 56, 63, 59, 62, 60])
    for link in ("logit", "probit", "complementaryLogLog"):
        yield case(f"beetles, {link}", [[v] for v in dose], killed / beetles, "binomial", link, weights=beetles)
    warp = [
        26, 30, 54, 25, 70, 52, 51, 26, 67, 18, 21, 29, 17, 12, 18, 35, 30, 36, 36, 21, 24, 18, 10, 43, 28, 15, 26, 27,
        14, 29, 19, 29, 31, 41, 20, 44, 42, 26, 19, 16, 39, 28, 21, 39, 29, 20, 21, 24, 17, 13, 15, 15, 16, 28,
    ]
    factors = [[float(i >= 27), float(9 <= i % 27 < 18), float(i % 27 >= 18)] for i in range(54)]
    yield case("warp breaks, Poisson", factors, warp, "poisson", "log")
    yield case("warp breaks, Poisson, identity", factors, warp, "poisson", "identity")
    yield case("warp breaks, Poisson, square root", factors, warp, "poisson", "squareRoot")
    yield case("warp breaks, negative binomial", factors, warp, "negative-binomial", "log", parameter=6.5)
    yield case("warp breaks, negative binomial, square root", factors, warp, "negative-binomial", "squareRoot", 6.5)
    plasma = np.log([5, 10, 15, 20, 30, 40, 60, 80, 100])
    lots = [[118, 58, 42, 35, 27, 25, 21, 19, 18], [69, 35, 26, 21, 18, 16, 13, 12, 12]]
    clotting = [[v, float(lot)] for lot in (0, 1) for v in plasma]
    times = lots[0] + lots[1]
    yield case("clotting, gamma", clotting, times, "gamma", "reciprocal")
    yield case("clotting, gamma, log", clotting, times, "gamma", "log")
    yield case("clotting, inverse Gaussian, log", clotting, times, "inverse-gaussian", "log")
    yield case("clotting, gaussian, log", clotting, times, "gaussian", "log")
    yield case("clotting, gaussian, reciprocal, weighted", clotting, times, "gaussian", "reciprocal",
               weights=[1 + i % 3 for i in range(18)])
    random = Congruence(7)
    rows = [[random() * 4 - 2, 1e3 + 10 * random(), random() ** 3] for _ in range(120)]
    exposure = [0.5 + 3 * random() for _ in rows]
    rate = [np.exp(0.4 * r[0] - 0.1 * (r[1] - 1005) + r[2]) for r in rows]
    counts = [int(e * m * 2.5 * random()) for e, m in zip(exposure, rate)]
    yield case("made, Poisson with exposures", rows, counts, "poisson", "log", offsets=np.log(exposure))
    yield case("made, no intercept, weights", [[r[0], r[2]] for r in rows], counts, "poisson", "log", intercept=False,
               weights=[1 + (i % 4) / 2 for i in range(120)])
    spans = [float((0.5 + 2 * r[2] + 0.02 * (r[1] - 1000)) ** -0.5 * (0.6 + 0.8 * random())) for r in rows]
    yield case("made, inverse Gaussian", [r[1:] for r in rows], spans, "inverse-gaussian", "inverseSquare")
    amounts = [0.0 if random() < 0.3 else float(m * (0.2 + 2 * random())) for m in rate]
    yield case("made, Tweedie", rows, amounts, "tweedie", "log", parameter=1.5)
    yield case("made, Tweedie, power 1.2, offsets", rows, amounts, "tweedie", "log", parameter=1.2,
               offsets=[0.1 * (i % 5) for i in range(120)])
    # The links that the cases above leave out.
    rows = [[4 * random(), random()] for _ in range(90)]
    straight = [1 + 0.8 * a + 2 * b for a, b in rows]
    trials = [10 + i % 7 for i in range(90)]
    shares = [[int(t * min(0.95, m / 9) * (0.6 + 0.7 * random()) + 0.5) / t for t, m in zip(trials, straight)] for _ in "ab"]
    yield case("made, binomial, identity", rows, shares[0], "binomial", "identity", weights=trials)
    yield case("made, binomial, log", rows, shares[1], "binomial", "log", weights=trials)
    lengths = [float(m * (0.5 + random())) for m in straight]
    yield case("warp breaks, negative binomial, identity", factors, warp, "negative-binomial", "identity", 6.5)
    yield case("made, gamma, identity", rows, lengths, "gamma", "identity")
    yield case("made, inverse Gaussian, identity", rows, lengths, "inverse-gaussian", "identity")
    yield case("made, inverse Gaussian, reciprocal", rows, [1 / v for v in lengths], "inverse-gaussian", "reciprocal")
    with_zeros = [0.0 if random() < 0.2 else v for v in lengths]
    yield case("made, Tweedie, identity", rows, with_zeros, "tweedie", "identity", parameter=1.5)
    yield case("made, Tweedie, square root", rows, with_zeros, "tweedie", "squareRoot", parameter=1.7)
    # What is hard for arithmetic: scales, columns that nearly depend on each other, and classes that are nearly apart.
    yield case("spector, units of 2^300 and 2^-300", x * [2.0**300, 1, 2.0**-300], y, "binomial", "logit")
    close = [[a, a + 2.0**-14 * b, random()] for a, b in rows]
    yield case("made, columns that nearly agree", close, [float(m > 3.5 + 3 * (random() - 0.5)) for m in straight],
               "binomial", "logit")
    apart = [float(i >= 100) for i in range(200)]
    apart[98], apart[100], apart[97], apart[101] = 1.0, 0.0, 1.0, 0.0
    yield case("made, classes that are nearly apart", [[i, i % 2] for i in range(200)], apart, "binomial", "logit")


def main():
    made = []
    for case in cases():
        result, units = with_statsmodels(case)
        case["start"] = list(result.params / units)
        case["reference"] = fit(case)
        reference = case["reference"]
        # statsmodels stops at its own tolerance.
        assert np.allclose(result.params / units, reference["coefficients"], rtol=1e-5, atol=0), case["name"]
        if case["family"] not in ("tweedie",):
            assert np.allclose(result.deviance, reference["deviance"], rtol=1e-7), case["name"]
        assert np.allclose(result.bse / units, reference["standardErrors"], rtol=1e-5, atol=0), case["name"]
        print(case["name"], reference["coefficients"])
        made.append(case)
    Path(__file__).with_suffix(".json").write_text(json.dumps(made, indent=0).replace("\n", " ") + "\n")


main()
