"""Cox's partial likelihood from its definition. Run in this folder: python3 survival.py writes survival.json."""

from common import EDGES, case, mpf, mpmath, normals, random, single, write

generator = random.Random(20261122)


def cox(scores, times, events, weights, strata, efron):
    """The sum over events; samples of weight 0 do not exist."""
    total = mpf(0)
    there = [i for i in range(len(scores)) if weights[i] != 0]
    share = {i: mpf(weights[i]) * mpmath.exp(scores[i]) for i in there}
    for moment in sorted({(strata[i], times[i]) for i in there if events[i]}):
        risk = [i for i in there if strata[i] == moment[0] and times[i] >= moment[1]]
        tied = [i for i in risk if times[i] == moment[1] and events[i]]
        whole, own = mpmath.fsum(share[i] for i in risk), mpmath.fsum(share[i] for i in tied)
        mean = mpmath.fsum(mpf(weights[i]) for i in tied) / len(tied)
        for l, i in enumerate(tied):
            total -= mpf(weights[i]) * scores[i]
            if efron:
                total += mean * mpmath.log(whole - mpf(l) / len(tied) * own)
            else:
                total += mpf(weights[i]) * mpmath.log(whole)
    return total


def one(name, scores, times, events, weights=None, strata=None, efron=True):
    count = len(scores)
    w, s = weights or [1.0] * count, strata or [0] * count
    skipped = [i for i in range(count) if w[i] == 0]
    return case(
        name, lambda x: cox(x, times, events, w, s, efron), scores, normals(generator, count), skipped,
        {"efron": float(efron)}, times=times, events=[float(e) for e in events], weights=w, strata=[float(v) for v in s])


cases = []
for efron in (True, False):
    rule = "efron" if efron else "breslow"
    cases.append(one(f"one event, {rule}", [0.5], [3.0], [1], efron=efron))
    cases.append(one(f"all censored, {rule}", normals(generator, 4), [1.0, 2.0, 2.0, 3.0], [0] * 4, efron=efron))
    for ties in (False, True):
        times = [float(generator.randrange(1, 6) if ties else t) for t in range(1, 13)]
        generator.shuffle(times)
        events = [int(generator.random() < 0.6) for _ in times]
        name = f"{'ties' if ties else 'no ties'}, {rule}"
        cases.append(one(name, normals(generator, 12), times, events, efron=efron))
        weights = [single(generator.uniform(0.2, 3)) for _ in times]
        weights[3] = 0.0
        cases.append(one(f"{name}, weights", normals(generator, 12, 2), times, events, weights, efron=efron))
        strata = [generator.randrange(3) for _ in times]
        cases.append(one(f"{name}, strata", normals(generator, 12, 3), times, events, weights, strata, efron=efron))
        for scale in (100, 1e4):
            far = [single(generator.uniform(-scale, scale)) for _ in times]
            cases.append(one(f"{name}, scores up to {scale:g}", far, times, events, efron=efron))
            cases.append(one(f"{name}, rising to {scale:g}", sorted(far), sorted(times), events, efron=efron))
            cases.append(one(f"{name}, falling from {scale:g}", sorted(far)[::-1], sorted(times), events, efron=efron))
for efron in (True, False):
    times = [float(3 * k % 7) for k in range(len(EDGES))]
    events = [int(k % 4 != 3) for k in range(len(EDGES))]
    cases.append(one(f"ties, scores of every size, {'efron' if efron else 'breslow'}", EDGES, times, events, efron=efron))
write(cases, "survival.json")
