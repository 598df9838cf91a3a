"""Losses and gradients of single samples in scikit-learn's sklearn._loss and in LossAccel: times on the same inputs, on one thread.

Both write the loss and the gradient of every sample to buffers that are reused, in double precision. The two take turns, and ratios are
those of their medians. Results must agree. Called by .ci/peers, which makes the virtual environment.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

# scikit-learn's class, the loss of LossAccel, targets, and the ratio to reach where the batch stays in cache.
LOSSES = [
    ("HalfBinomialLoss", "bce-logits", lambda rng, n: rng.integers(0, 2, n).astype(float), 10),
    ("HalfPoissonLoss", "poisson", lambda rng, n: rng.poisson(2.0, n).astype(float), 4),
    ("HalfGammaLoss", "gamma", lambda rng, n: rng.gamma(2.0, 1.0, n) + 1e-3, 4),
]


def ours(binary, folder, loss, budget):
    output = subprocess.run(
        [binary, "--problem", folder, "--loss", loss, "--budget", str(budget)], check=True, capture_output=True,
        text=True).stdout
    return json.loads(output)["seconds"]


def theirs(loss, y, p, values, gradient, budget):
    times, repetitions = [], 1
    while len(times) < 5 or sum(times) * repetitions < budget:
        start = time.perf_counter()
        for _ in range(repetitions):
            loss.loss_gradient(y_true=y, raw_prediction=p, loss_out=values, gradient_out=gradient, n_threads=1)
        elapsed = time.perf_counter() - start
        if elapsed < 1e-3:
            repetitions *= 2
        else:
            times.append(elapsed / repetitions)
    return sorted(times)[len(times) // 2]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="LossAccelBenchmarks")
    parser.add_argument("--elements", type=float, default=5e7, help="leave out batches with more samples")
    parser.add_argument("--budget", type=float, default=0.5, help="seconds for each measurement")
    parser.add_argument("--rounds", type=int, default=5, help="how often the two take turns")
    options = parser.parse_args()
    try:
        import sklearn
        from sklearn._loss import loss as peers
    except Exception as error:  # a wheel that does not load on this machine is as good as missing
        print(f"scikit-learn is not available here: {error}")
        return
    lines = [
        f"Loss and gradient of every sample, f64, one thread, against scikit-learn {sklearn.__version__}.", "",
        "| loss | samples | LossAccel, ns per sample | scikit-learn | ratio | to reach |", "|---|---|---|---|---|---|",
    ]
    rng = np.random.default_rng(7)
    for name, own, make, goal in LOSSES:
        for n in (8192, 4_000_000):
            if n > options.elements:
                continue
            p, y = rng.normal(0, 2, n), make(rng, n)
            values, gradient = np.empty(n), np.empty(n)
            loss = getattr(peers, name)()
            with tempfile.TemporaryDirectory() as folder:
                p.tofile(os.path.join(folder, "p.f64"))
                y.tofile(os.path.join(folder, "y.f64"))
                share = options.budget / options.rounds
                turns = [
                    (ours(options.binary, folder, own, share), theirs(loss, y, p, values, gradient, share))
                    for _ in range(options.rounds)
                ]
                for result, expected in (("values", values), ("gradient", gradient)):
                    got = np.fromfile(os.path.join(folder, result + ".f64"))
                    # Both round a few times, and gradients pass through 0.
                    assert np.allclose(got, expected, rtol=1e-13, atol=1e-14), f"{own}: {result} differ"
            mine, other = (float(np.median([turn[k] for turn in turns])) for k in (0, 1))
            lines.append(
                f"| {own} | {n} | {mine / n * 1e9:.2f} | {other / n * 1e9:.2f} | {other / mine:.1f}× | "
                f"{f'{goal}×' if n < 100_000 else '–'} |")
            print(lines[-1], file=sys.stderr, flush=True)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
