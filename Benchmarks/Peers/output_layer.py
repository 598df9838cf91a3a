"""Linear cross-entropy, forward and backward, in PyTorch (eager and compiled), in JAX and in LossAccel: times and memory on the same inputs,
single precision, all threads.

Each runs in a process of its own, whose peak of resident memory is compared with what is resident before a step; gradients that are
made by the step are subtracted. They take turns, and ratios are those of medians. Results must agree. PyTorch and JAX are large and not
among the pinned requirements: they are raced where the environment has them. Called by .ci/peers.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

SHAPES = [(2048, 1024, 32768), (1024, 512, 128_000)]
PEERS = ["torch", "torch.compile", "jax"]


def resident(field):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith(field + ":"))


def forget_peak():
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def torch_step(h, w, y, compiled):
    import torch

    torch.set_num_threads(os.cpu_count())
    h, w = (torch.from_numpy(x).requires_grad_() for x in (h, w))
    y = torch.from_numpy(y.astype(np.int64))

    def loss(h, w, y):
        return torch.nn.functional.cross_entropy(h @ w.T, y)

    if compiled:
        loss = torch.compile(loss)

    def step():
        h.grad = w.grad = None
        value = loss(h, w, y)
        value.backward()
        return float(value.detach()), h.grad.numpy(), w.grad.numpy()

    return step, torch.__version__.split("+")[0]


def jax_step(h, w, y):
    import jax
    import jax.numpy as jnp

    h, w, y = (jnp.asarray(x) for x in (h, w, y))

    def loss(h, w):
        logits = h @ w.T
        return jnp.mean(jax.nn.logsumexp(logits, 1) - jnp.take_along_axis(logits, y[:, None], 1)[:, 0])

    both = jax.jit(jax.value_and_grad(loss, (0, 1)))

    def step():
        value, gradients = jax.block_until_ready(both(h, w))
        return float(value), *(np.asarray(g) for g in gradients)

    return step, jax.__version__


def run_peer(name, folder, width, budget):
    """Called in a process of its own."""
    h, w = (np.fromfile(os.path.join(folder, f), np.float32).reshape(-1, width) for f in ("hidden.f32", "classifier.f32"))
    y = np.fromfile(os.path.join(folder, "labels.i32"), np.int32)
    step, version = jax_step(h, w, y) if name == "jax" else torch_step(h, w, y, name == "torch.compile")
    value, dh, dw = step()
    differences = [
        float(np.abs(mine - np.fromfile(os.path.join(folder, f), np.float32).reshape(mine.shape)).max() / np.abs(mine).max())
        for mine, f in ((dh, "hidden_gradient.f32"), (dw, "classifier_gradient.f32"))
    ]
    outputs = dh.nbytes + dw.nbytes
    del dh, dw
    before = resident("VmRSS")
    forget_peak()
    # The gradients of the step before are let go by this one.
    step()
    extra = resident("VmHWM") - before - (outputs if name == "jax" else 0)
    times = []
    while len(times) < 3 or sum(times) < budget:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    json.dump({"seconds": float(np.median(times)), "value": value, "extraBytes": extra, "version": version,
               "difference": max(differences)}, sys.stdout)


def child(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return json.loads(done.stdout[done.stdout.index("{"):]) if done.returncode == 0 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", help="LossAccelBenchmarks")
    parser.add_argument("--elements", type=float, default=5e7, help="leave out classifiers with more elements than this, doubled")
    parser.add_argument("--budget", type=float, default=3, help="seconds for each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="how often they take turns")
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    parser.add_argument("--width", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return run_peer(options.peer, options.folder, options.width, options.budget)

    lines = ["Linear cross-entropy, mean and gradients, f32, all threads.", "",
             "| tokens × width × classes | | seconds | ratio | MiB beside inputs and gradients |", "|---|---|---|---|---|"]
    rng = np.random.default_rng(7)
    for tokens, width, classes in SHAPES:
        if classes * width > 2 * options.elements:
            continue
        with tempfile.TemporaryDirectory() as folder:
            rng.standard_normal((tokens, width), np.float32).tofile(os.path.join(folder, "hidden.f32"))
            rows = rng.standard_normal((classes, width), np.float32) / np.float32(width**0.5)
            rows.tofile(os.path.join(folder, "classifier.f32"))
            rng.integers(0, classes, tokens, dtype=np.int32).tofile(os.path.join(folder, "labels.i32"))
            share = str(options.budget / options.rounds)
            ours = [options.binary, "--problem", folder, "--loss", "linear-cross-entropy", "--columns", str(width),
                    "--budget", share]
            # With less memory than it takes unless told.
            commands = {"LossAccel": ours, "LossAccel, in 24 MiB": [*ours, "--memory", "24"]}
            for peer in PEERS:
                commands[peer] = [sys.executable, __file__, "--peer", peer, "--folder", folder, "--width", str(width),
                                  "--budget", share]
            turns = [{name: child(command) for name, command in commands.items()} for _ in range(options.rounds)]
            mine = [turn["LossAccel"] for turn in turns]
            for name in commands:
                results = [turn[name] for turn in turns]
                if None in results:
                    lines.append(f"| {tokens} × {width} × {classes} | {name} | not available here | | |")
                    continue
                for result in results:
                    assert abs(result["value"] - mine[0]["value"]) < 1e-5 * mine[0]["value"], f"{name}: values differ"
                    # Gradients are sums of products in single precision.
                    assert result.get("difference", 0) < 1e-4, f"{name}: gradients differ by {result['difference']}"
                seconds, extra = (float(np.median([r[key] for r in results])) for key in ("seconds", "extraBytes"))
                ratio = seconds / float(np.median([r["seconds"] for r in mine]))
                label = " ".join([name, results[0].get("version", "")]).strip()
                lines.append(f"| {tokens} × {width} × {classes} | {label} | {seconds:.2f} | {ratio:.2f}× | {extra / 2**20:.0f} |")
                print(lines[-1], file=sys.stderr, flush=True)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
