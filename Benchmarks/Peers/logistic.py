"""Logistic regression in Python's libraries and in LossAccel, on the same inputs and to the same accuracy.

Two classes in three shapes, ten classes in one, with the ridge that scikit-learn has by default, or none where a library has none for the
likelihood, and no intercept (liblinear would penalise it). Every library gets tighter and tighter tolerances until the norm of
the objective's gradient, computed here, is the wanted part of that at zero coefficients; its time is that of the first fit which gets
there, on all threads or on one, whichever is faster. What does not get there in time is named with what it reached.

Every library runs in a process of its own, which can be stopped. Called by .ci/peers, which makes the virtual environment.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")
RIDGE = 1.0
TOLERANCES = (1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14)


def two_classes(rows, columns, seed=5):
    """Columns that lean on their neighbours, and logits of variance 1."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((rows, columns))
    x[:, 1:] += 0.5 * x[:, :-1]
    logits = x @ rng.standard_normal(columns)
    logits /= logits.std()
    return x, (rng.random(rows) < 1 / (1 + np.exp(-logits))).astype(np.int32)


def ten_classes(rows, columns, seed=5):
    """Like scans of handwritten digits: blots in 0...1 that are 0 in four fifths of the places, ten shapes with noise."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(columns**0.5))
    labels = rng.integers(0, 10, rows).astype(np.int32)
    grid = np.stack(np.meshgrid(np.linspace(-1, 1, side), np.linspace(-1, 1, side)), -1).reshape(-1, 2)[:columns]

    def blots(count):
        ink = np.zeros((count, columns))
        for _ in range(4):
            centres = rng.uniform(-0.7, 0.7, (count, 1, 2))
            ink += np.exp(-((grid[None] - centres) ** 2).sum(-1) / 0.03)
        return ink

    shapes = blots(10)
    x = np.empty((rows, columns))
    for start in range(0, rows, 5000):
        part = labels[start:start + 5000]
        ink = shapes[part] * rng.uniform(0.4, 1.4, (len(part), 1)) + 0.8 * blots(len(part))
        x[start:start + 5000] = np.round(255 * np.clip(ink + 0.1 * rng.standard_normal(ink.shape) - 0.3, 0, 1)) / 255
    return x, labels


def gradient_norm(x, labels, coefficients, ridge):
    """Of the sum of the losses and half the ridge, in blocks of rows."""
    coefficients = np.asarray(coefficients, dtype=float)
    gradient = ridge * coefficients
    for start in range(0, len(x), 50_000):
        block, own = x[start:start + 50_000], labels[start:start + 50_000]
        logits = block @ coefficients
        if coefficients.ndim == 1:
            slopes = 1 / (1 + np.exp(-logits)) - own
        else:
            slopes = np.exp(logits - logits.max(1, keepdims=True))
            slopes /= slopes.sum(1, keepdims=True)
            slopes[np.arange(len(own)), own] -= 1
        gradient = gradient + block.T @ slopes
    return float(np.linalg.norm(gradient))


def scikit_learn(solver):
    def make(tolerance):
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(C=1 / RIDGE, fit_intercept=False, solver=solver, tol=tolerance, max_iter=20_000)

    return lambda x, y, tolerance: make(tolerance).fit(x, y).coef_


def intelex(solver):
    def fit(x, y, tolerance):
        from sklearnex.linear_model import LogisticRegression

        model = LogisticRegression(C=1 / RIDGE, fit_intercept=False, solver=solver, tol=tolerance, max_iter=20_000)
        return model.fit(x, y).coef_

    return fit


def glum(solver):
    def fit(x, y, tolerance):
        from glum import GeneralizedLinearRegressor

        model = GeneralizedLinearRegressor(
            family="binomial", alpha=RIDGE / len(x), l1_ratio=0, fit_intercept=False, solver=solver,
            gradient_tol=tolerance, max_iter=10_000)
        return model.fit(x, y.astype(float)).coef_

    return fit


def statsmodels(method):
    def fit(x, y, tolerance):
        import statsmodels.api as sm

        if method == "IRLS":
            return sm.GLM(y, x, family=sm.families.Binomial()).fit(tol=tolerance, maxiter=1000).params
        return sm.Logit(y, x).fit(method=method, disp=0, maxiter=1000, tol=tolerance, gtol=tolerance).params

    return fit


# Name -> (fit, whether it takes ten classes, whether it has the ridge).
PEERS = {
    **{f"scikit-learn {s}": (scikit_learn(s), s != "liblinear", True)
       for s in ("lbfgs", "newton-cg", "newton-cholesky", "liblinear", "sag", "saga")},
    **{f"scikit-learn-intelex {s}": (intelex(s), True, True) for s in ("lbfgs", "newton-cg")},
    **{f"glum {s}": (glum(s), False, True) for s in ("irls-ls", "lbfgs")},
    **{f"statsmodels {m}": (statsmodels(m), False, False) for m in ("IRLS", "newton")},
}


def read(folder, columns):
    x = np.fromfile(os.path.join(folder, "X.f64")).reshape(-1, columns)
    return x, np.fromfile(os.path.join(folder, "labels.i32"), dtype=np.int32)


def run_peer(name, folder, columns, wanted):
    """In a process of its own: prints a line for every tolerance that was tried."""
    from threadpoolctl import threadpool_limits

    fit, _, has_ridge = PEERS[name]
    x, labels = read(folder, columns)
    classes, ridge = labels.max() + 1, RIDGE if has_ridge else 0.0
    first = gradient_norm(x, labels, np.zeros(columns if classes == 2 else (columns, classes)), ridge)
    fit(x[:2000].copy(), labels[:2000].copy(), 1e-2)

    def timed(tolerance):
        start = time.perf_counter()
        coefficients = np.asarray(fit(x, labels, tolerance))
        seconds = time.perf_counter() - start
        return seconds, coefficients.ravel() if classes == 2 else coefficients.T

    for tolerance in TOLERANCES:
        seconds, coefficients = timed(tolerance)
        reached = gradient_norm(x, labels, coefficients, ridge) / first
        report = {"seconds": seconds, "gradient": reached}
        print(json.dumps(report), flush=True)
        if reached <= wanted:
            times = [seconds, timed(tolerance)[0]]
            with threadpool_limits(1):
                times.append(timed(tolerance)[0])
            print(json.dumps({"seconds": min(times), "gradient": reached}), flush=True)
            return


def peer(name, folder, columns, wanted, limit):
    """(seconds, relative gradient) of the fit that got there, or else of the best one; None if there is none."""
    command = [sys.executable, __file__, "--peer", name, "--folder", folder, "--columns", str(columns), "--wanted", str(wanted)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
        output, problem = done.stdout, (done.stderr.strip().splitlines() or [""])[-1] if done.returncode else ""
    except subprocess.TimeoutExpired as error:
        output, problem = (error.stdout or b"").decode(), f"stopped after {limit:.0f} s"
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    if not lines:
        return None, problem or "no result"
    best = lines[-1] if lines[-1]["gradient"] <= wanted else min(lines, key=lambda line: line["gradient"])
    return best, problem


def ours(binary, folder, columns, budget):
    output = subprocess.run(
        [binary, "--problem", folder, "--loss", "logistic-regression", "--columns", str(columns), "--budget", str(budget)],
        check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def race(shape, x, labels, options, lines):
    rows, columns = x.shape
    classes = int(labels.max()) + 1
    print(shape, file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        x.tofile(os.path.join(folder, "X.f64"))
        labels.tofile(os.path.join(folder, "labels.i32"))
        np.array([RIDGE]).tofile(os.path.join(folder, "ridge.f64"))
        outputs = columns if classes == 2 else (columns, classes)
        first = gradient_norm(x, labels, np.zeros(outputs), RIDGE)
        fits = ours(options.binary, folder, columns, options.budget)
        for name, fit in sorted(fits.items()):
            fit["gradient"] = gradient_norm(x, labels, np.reshape(fit["coefficients"], outputs), RIDGE) / first
            detail = fit["method"] + (f", {fit['passes']} passes" if fit.get("passes") else "")
            lines.append(f"| {shape} | LossAccel, {name} ({detail}) | {fit['seconds']:.3g} s | {fit['gradient']:.1e} | |")
            print(lines[-1], file=sys.stderr, flush=True)
        own = fits["search"]["seconds"]
        best = None
        for name, (_, many, _) in PEERS.items():
            if (classes > 2 and not many) or (options.only and options.only not in name):
                continue
            result, problem = peer(name, folder, columns, options.wanted, options.limit)
            if result is None:
                lines.append(f"| {shape} | {name} | | | {problem} |")
            else:
                reached = result["gradient"] <= options.wanted
                ratio = result["seconds"] / own
                note = f"{ratio:.1f}×" if reached else f"does not get there; {problem}".rstrip("; ")
                lines.append(f"| {shape} | {name} | {result['seconds']:.3g} s | {result['gradient']:.1e} | {note} |")
                if reached and (best is None or ratio < best[1]):
                    best = (name, ratio)
            print(lines[-1], file=sys.stderr, flush=True)
        if best:
            lines.append(f"| {shape} | best: **{best[0]}** | | | **{best[1]:.1f}×** |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", help="LossAccelBenchmarks")
    parser.add_argument("--elements", type=float, default=5e7, help="leave out matrices with more elements")
    parser.add_argument("--budget", type=float, default=0.5, help="seconds for each measurement")
    parser.add_argument("--limit", type=float, default=120, help="seconds for all tolerances of a library")
    parser.add_argument("--wanted", type=float, default=1e-8, help="the part of the first gradient that may be left")
    parser.add_argument("--only", help="libraries whose name contains this")
    parser.add_argument("--shape", help="the shape whose name contains this")
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    parser.add_argument("--columns", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return run_peer(options.peer, options.folder, options.columns, options.wanted)
    lines = [
        f"Logistic regression to {options.wanted:.0e} of the first gradient: seconds, the gradient that is left, and times over those of"
        " LossAccel's search.", "", "| shape | library | time | gradient | |", "|---|---|---|---|---|"]
    problems = [(two_classes, m, n, 2) for m, n in ((1_000_000, 20), (100_000, 200), (20_000, 1000))]
    skipped = []
    for make, rows, columns, classes in problems + [(ten_classes, 60_000, 784, 10)]:
        shape = f"{rows} × {columns}" + (f" × {classes}" if classes > 2 else "")
        if options.shape and options.shape not in shape:
            continue
        if rows * columns > options.elements:
            skipped.append(shape)
            continue
        race(shape, *make(rows, columns), options, lines)
    if skipped:
        lines += ["", "Left out for their size: " + ", ".join(skipped) + "."]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
