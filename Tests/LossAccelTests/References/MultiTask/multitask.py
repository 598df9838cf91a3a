"""Weightings of several tasks, common directions of their gradients, and ridge regression with related tasks, to 50 digits rounded to
double: multitask.json. Run: python3 multitask.py (needs mpmath, numpy and cvxpy).

Derivatives are numerical ones of the definitions. PCGrad works on the vectors, not on their products. The shortest vector of a hull is
found among all faces. CAGrad's primal problem is solved as a cone program by cvxpy; which tasks are active is taken from there, and the
optimality conditions are then solved to 50 digits. The related ridge is one dense system of all coefficients.
"""
import itertools
import json
import random

import cvxpy
import numpy
from mpmath import mp, mpf, diff, exp, findroot, fsum, log, lu_solve, matrix, sqrt

mp.dps = 50


def number(x):
    return float(x)


def numbers(values):
    return [number(x) for x in values]


# Weightings.

def fixed(losses, s):
    return fsum(w * x for w, x in zip([mpf("0.5"), mpf(2), mpf("0.25")], losses))


def geometric(losses, s):
    product = mpf(1)
    for x in losses:
        product *= x
    return product ** (mpf(1) / len(losses))


def uncertainty(losses, s):
    return fsum((1 + log(x)) / 2 for x in losses)


def learned(losses, s):
    return fsum((exp(-v) * x + v) / 2 for x, v in zip(losses, s))


def weighting(name, f, losses, s):
    losses, s = [mpf(x) for x in losses], [mpf(x) for x in s]
    point = losses + s
    count = len(point)

    def at(*z):
        return f(list(z[: len(losses)]), list(z[len(losses):]))

    def order(*places):
        return tuple(sum(1 for p in places if p == i) for i in range(count))

    return {
        "name": name, "losses": numbers(losses), "parameters": numbers(s), "value": number(at(*point)),
        "gradient": [number(diff(at, tuple(point), order(i))) for i in range(count)],
        "curvature": [number(diff(at, tuple(point), order(i, j))) for i in range(count) for j in range(count)],
    }


weightings = []
for losses in ([0.5, 2, 0.125], [1e-3, 40, 7]):
    weightings += [
        weighting("fixed", fixed, losses, []), weighting("geometric", geometric, losses, []),
        weighting("uncertainty", uncertainty, losses, []),
        weighting("learned uncertainty", learned, losses, [0.25, -1.5, 2]),
    ]


def average(rounds, temperature):
    ratios = [mpf(a) / mpf(b) for a, b in zip(rounds[-1], rounds[-2])]
    shares = [exp(r / mpf(temperature)) for r in ratios]
    return {
        "rounds": rounds, "temperature": temperature,
        "weights": [number(len(shares) * x / fsum(shares)) for x in shares],
    }


averages = [average([[1, 2, 4], [0.5, 1.75, 4.5]], 2), average([[9, 9], [3, 0.25], [1.5, 0.5]], 0.5)]


# Directions.

def dot(a, b):
    return fsum(x * y for x, y in zip(a, b))


def pcgrad(g):
    """In the order of the tasks."""
    total = [mpf(0)] * len(g[0])
    for i, own in enumerate(g):
        own = list(own)
        for j, other in enumerate(g):
            if j != i and dot(own, other) < 0:
                part = dot(own, other) / dot(other, other)
                own = [x - part * y for x, y in zip(own, other)]
        total = [x + y for x, y in zip(total, own)]
    return total


def shortest(g):
    best = None
    for size in range(1, len(g) + 1):
        for face in itertools.combinations(range(len(g)), size):
            system, side = matrix(size + 1, size + 1), matrix(size + 1, 1)
            for a, i in enumerate(face):
                for b, j in enumerate(face):
                    system[a, b] = dot(g[i], g[j])
                system[a, size] = system[size, a] = 1
            side[size] = 1
            try:
                w = lu_solve(system, side)
            except ZeroDivisionError:
                continue
            if any(w[a] < 0 for a in range(size)):
                continue
            d = [fsum(w[a] * g[i][k] for a, i in enumerate(face)) for k in range(len(g[0]))]
            if best is None or dot(d, d) < dot(best, best):
                best = d
    return best


def cagrad(g, radius):
    count, radius = len(g), mpf(radius)
    mean = [fsum(x) / count for x in zip(*g)]
    reach = radius * sqrt(dot(mean, mean))
    rows = numpy.array([[float(x) for x in row] for row in g])
    d, level = cvxpy.Variable(rows.shape[1]), cvxpy.Variable()
    conditions = [rows @ d >= level, cvxpy.norm(d - numpy.array(numbers(mean))) <= float(reach)]
    cvxpy.Problem(cvxpy.Maximize(level), conditions).solve(
        solver="CLARABEL", tol_gap_abs=1e-13, tol_gap_rel=1e-13, tol_feas=1e-13)
    multipliers = [float(x) for x in conditions[0].dual_value]
    active = [i for i in range(count) if multipliers[i] > 1e-6]

    def direction(w):
        gw = [fsum(x * g[i][k] for x, i in zip(w, active)) for k in range(len(mean))]
        length = sqrt(dot(gw, gw))
        return [m + reach * x / length for m, x in zip(mean, gw)]

    def conditions_of(*z):
        d = direction(z[:-1])
        return [dot(g[i], d) - z[-1] for i in active] + [fsum(z[:-1]) - 1]

    start = [multipliers[i] / sum(multipliers) for i in active] + [float(level.value)]
    end = findroot(conditions_of, start, tol=mpf(10) ** -80)
    d = direction(list(end)[:-1])
    worst = min(dot(row, d) for row in g)
    # The optimality conditions: weights not negative, and no task gains less than the active ones.
    assert all(x > 0 for x in list(end)[:-1]) and all(dot(row, d) >= worst - mpf(10) ** -40 for row in g)
    assert abs(worst - level.value) < 1e-7 * max(1, abs(level.value)), (worst, level.value)
    return d, worst


random.seed(5)
directions = []
for tasks, parameters, lean in ((2, 3, 0), (2, 2, -3), (3, 4, 0), (3, 7, 1), (5, 6, 0), (5, 12, 1), (7, 9, 0)):
    g = []
    for task in range(tasks):
        size = 2 ** random.randint(-3, 3)
        g.append([mpf(size) * (random.randint(-16, 16) + 4 * lean) / 16 for _ in range(parameters)])
    half, worst = cagrad(g, "0.5")
    wide, wide_worst = cagrad(g, 2)
    directions.append({
        "gradients": [numbers(row) for row in g], "pcgrad": numbers(pcgrad(g)), "mgda": numbers(shortest(g)),
        "cagrad": numbers(half), "worst": number(worst), "cagradWide": numbers(wide), "worstWide": number(wide_worst),
    })


# Ridge with related tasks: Σ ‖y_t − b_t − Xβ_t‖² + λ Σ_st Ω_st β_s·β_t, one system for all coefficients and intercepts.

def related(rows, columns, precision, penalty, intercept):
    tasks = len(precision)
    x = [[mpf(random.randint(-32, 32)) / 8 for _ in range(columns)] for _ in range(rows)]
    y = [[mpf(random.randint(-32, 32)) / 4 for _ in range(tasks)] for _ in range(rows)]
    wide = columns + (1 if intercept else 0)
    design = [([mpf(1)] if intercept else []) + row for row in x]
    size = tasks * wide
    system, side = matrix(size, size), matrix(size, 1)
    for t in range(tasks):
        for i in range(wide):
            side[t * wide + i] = fsum(design[r][i] * y[r][t] for r in range(rows))
            for j in range(wide):
                system[t * wide + i, t * wide + j] = fsum(row[i] * row[j] for row in design)
        for s in range(tasks):
            for i in range(columns):
                place = i + wide - columns
                system[t * wide + place, s * wide + place] += mpf(penalty) * precision[s][t]
    solution = lu_solve(system, side)
    return {
        "features": [numbers(row) for row in x], "targets": [numbers(row) for row in y],
        "precision": [numbers(row) for row in precision], "penalty": penalty, "intercept": intercept,
        "coefficients": [[number(solution[t * wide + i]) for i in range(wide)] for t in range(tasks)],
    }


chain = [[mpf(x) for x in row] for row in ([1.5, -1, 0], [-1, 2.5, -1], [0, -1, 1.5])]
pair = [[mpf(x) for x in row] for row in ([2, 0.5], [0.5, 1])]
ridges = [
    related(8, 3, chain, 0.75, True), related(8, 3, chain, 0.75, False), related(4, 6, pair, 2, True),
    related(12, 1, pair, 0.125, True),
]

with open("multitask.json", "w") as file:
    json.dump(
        {"weightings": weightings, "averages": averages, "directions": directions, "ridges": ridges}, file, indent=1)
    file.write("\n")
