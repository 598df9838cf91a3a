"""Least squares in Python's libraries and in LossAccel, on the same inputs: times, and correct digits.

Every problem is made of whole numbers and has a known solution: A = (C; C), b = (Cx + r; Cx - r), so that A'(b - Ax) = 0 for any r,
and x is what every exact solver returns. Columns lean on each other, for a condition between 1e2 and 1e4.

Peers are given their inputs in the order and at the setting that suits them best, on one thread of BLAS or on all, whichever is
faster for them; reading, checking and converting inputs is not timed. Called by .ci/peers, which makes the virtual environment.
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


def problem(m, n, seed=7):
    rng = np.random.default_rng(seed)
    half = m // 2
    c = rng.integers(-512, 512, (half, n)).astype(float)
    # Neighbouring columns share a part.
    c[:, 1:] += 16 * c[:, :1]
    x = rng.integers(1, 200, n).astype(float) * rng.choice([-1.0, 1.0], n)
    if m < 2 * n:
        a = rng.integers(-512, 512, (m, n)).astype(float)
        return a, a @ x, x
    fitted, noise = c @ x, rng.integers(-4096, 4096, half).astype(float)
    return np.concatenate([c, c]), np.concatenate([fitted + noise, fitted - noise]), x


def peers():
    """Name -> what makes, from A and b, a call that returns the coefficients. A library that is missing is left out and named."""
    found, missing = {}, []

    found["numpy lstsq"] = lambda a, b: lambda: np.linalg.lstsq(a, b, rcond=None)[0]

    def scipy_gelsy(a, b):
        from scipy.linalg import lstsq

        a = np.asfortranarray(a)
        return lambda: lstsq(a, b, lapack_driver="gelsy", check_finite=False)[0]

    def sklearn(a, b):
        from sklearn.linear_model import LinearRegression

        model = LinearRegression(fit_intercept=False, tol=0)
        return lambda: model.fit(a, b).coef_

    def statsmodels(a, b):
        from statsmodels.regression.linear_model import OLS

        return lambda: OLS(b, a).fit(method="qr").params

    def sklearnex(a, b):
        from sklearnex.linear_model import LinearRegression

        model = LinearRegression(fit_intercept=False)
        return lambda: model.fit(a, b).coef_

    def polars_ols(a, b, method):
        import polars as pl
        import polars_ols  # noqa: F401, registers the namespace

        names = [f"x{j}" for j in range(a.shape[1])]
        frame = pl.DataFrame({name: np.ascontiguousarray(a[:, j]) for j, name in enumerate(names)} | {"y": b})
        expression = pl.col("y").least_squares.ols(*[pl.col(n) for n in names], mode="coefficients", solve_method=method)

        def run():
            row = frame.select(expression).row(0)[0]
            return np.array([row[name] for name in names])

        return run

    for name, make, module in (
        ("scipy gelsy", scipy_gelsy, "scipy"),
        ("scikit-learn", sklearn, "sklearn"),
        ("statsmodels qr", statsmodels, "statsmodels"),
        ("polars-ols qr", lambda a, b: polars_ols(a, b, "qr"), "polars_ols"),
        ("polars-ols chol", lambda a, b: polars_ols(a, b, "chol"), "polars_ols"),
        ("scikit-learn-intelex", sklearnex, "sklearnex"),
    ):
        try:
            __import__(module)
            found[name] = make
        except Exception as error:  # a wheel that does not load on this machine is as good as missing
            missing.append(f"{name}: {error}")
    return found, missing


def digits(x, truth):
    error = np.max(np.abs((np.asarray(x).ravel() - truth) / truth))
    return 16.0 if error == 0 else float(max(0.0, -np.log10(error))) if np.isfinite(error) else 0.0


def median_time(call, budget):
    """Of the better of all threads and one, as far as a library's threads can be limited while it runs."""
    from threadpoolctl import threadpool_limits

    best = median_of_runs(call, budget)
    with threadpool_limits(1):
        return min(best, median_of_runs(call, budget))


def median_of_runs(call, budget):
    """Of at least three runs after one to warm up, which has to do where it alone takes twenty times the budget."""
    warm_up = run_time(call)
    if warm_up > 20 * budget:
        return warm_up
    times = []
    while len(times) < 3 or (sum(times) < budget and len(times) < 51):
        times.append(run_time(call))
    return sorted(times)[len(times) // 2]


def run_time(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def ours(binary, a, b, budget):
    """LossAccel's times by accuracy, and its coefficients."""
    with tempfile.TemporaryDirectory() as folder:
        a.tofile(os.path.join(folder, "A.f64"))
        b.tofile(os.path.join(folder, "b.f64"))
        output = subprocess.run(
            [binary, "--problem", folder, "--columns", str(a.shape[1]), "--budget", str(budget)],
            check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="LossAccelBenchmarks")
    parser.add_argument("--elements", type=float, default=5e7, help="leave out matrices with more elements")
    parser.add_argument("--budget", type=float, default=0.5, help="seconds for each measurement")
    parser.add_argument("--shapes", help="only these, as 1000x10,100000x50")
    options = parser.parse_args()
    found, missing = peers()
    shapes = [(m, n) for m in (1000, 10_000, 100_000, 1_000_000) for n in (2, 10, 50, 200, 1000)]
    if options.shapes:
        shapes = [tuple(map(int, shape.split("x"))) for shape in options.shapes.split(",")]
    skipped = [shape for shape in shapes if shape[0] * shape[1] > options.elements]
    names = list(found)
    lines = [
        "Times over those of LossAccel (`.exact`, all threads), and correct digits of the worst coefficient.", "",
        "| rows × columns | LossAccel exact | fast | " + " | ".join(names) + " |",
        "|---|---|---|" + "---|" * len(names),
    ]
    slower, less_accurate = [], []
    for m, n in shapes:
        if (m, n) in skipped:
            continue
        a, b, truth = problem(m, n)
        mine = ours(options.binary, a, b, options.budget)
        own_digits = digits(mine["exact"]["coefficients"], truth)
        cells = [f"{mine['exact']['seconds'] * 1e3:.3g} ms, {own_digits:.1f}",
                 f"{mine['fast']['seconds'] * 1e3:.3g} ms, {digits(mine['fast']['coefficients'], truth):.1f}"]
        for name in names:
            try:
                call = found[name](a, b)
                seconds = median_time(call, options.budget)
                accuracy = digits(call(), truth)
                ratio = seconds / mine["exact"]["seconds"]
                cells.append(f"{ratio:.2g}×, {accuracy:.1f}")
                if ratio < 1:
                    slower.append(f"{m}×{n}: {name} takes {ratio:.2f} of LossAccel's time, with {accuracy:.1f} digits")
                if accuracy > own_digits:
                    less_accurate.append(f"{m}×{n}: {name} has {accuracy:.1f} digits, LossAccel {own_digits:.1f}")
            except Exception as error:
                cells.append(f"failed: {type(error).__name__}")
        lines.append(f"| {m} × {n} | " + " | ".join(cells) + " |")
        print(lines[-1], file=sys.stderr, flush=True)
    lines += ["", "Faster than LossAccel: " + ("; ".join(slower) or "none") + "."]
    lines += ["", "More accurate than LossAccel: " + ("; ".join(less_accurate) or "none") + "."]
    if skipped:
        lines += ["", "Left out for their size: " + ", ".join(f"{m}×{n}" for m, n in skipped) + "."]
    if missing:
        lines += ["", "Not available here: " + "; ".join(missing) + "."]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
