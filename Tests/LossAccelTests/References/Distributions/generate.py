"""Reference values of Student's t, F and the normal distribution at 360 digits: run `python3 generate.py` in this folder.

Every line of distributions.csv is: function, parameter, parameter, argument, value; arguments are exact doubles.
"""
import mpmath as mp

mp.mp.dps = 360  # so that even 1 − I keeps digits where it is as small as a double can be


def beta(x, y, a, b):
    """I_x(a, b) with x + y = 1: the series DLMF 8.17.8, whose terms are all positive, on the side where it converges fast."""
    if x > mp.mpf("0.75") or x * (a + b) > a and x > mp.mpf("0.25"):
        return 1 - beta(y, x, b, a)
    term, total, n = mp.mpf(1), mp.mpf(1), 0
    while term > total * mp.mpf(10) ** -358:
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
    return x**a * y**b / (a * mp.beta(a, b)) * total


def t_tail(nu, t):
    nu, t = mp.mpf(nu), mp.mpf(t)
    return beta(nu / (nu + t * t), t * t / (nu + t * t), nu / 2, mp.mpf(1) / 2)


def f_tail(d1, d2, f):
    d1, d2, f = mp.mpf(d1), mp.mpf(d2), mp.mpf(f)
    return beta(d2 / (d2 + d1 * f), d1 * f / (d2 + d1 * f), d2 / 2, d1 / 2)


def normal_tail(z):
    return mp.erfc(mp.mpf(z) / mp.sqrt(2)) / 2


lines = []


def add(name, p, q, x, value):
    if value > mp.mpf("1e-305"):
        lines.append(f"{name},{float(p)!r},{float(q)!r},{float(x)!r},{mp.nstr(value, 25)}")


for nu in (0.5, 1, 2, 3, 4.5, 9, 30, 100, 1000.5, 1e5):
    for t in (1e-8, 0.1, 0.7, 1.0, 1.96, 2.5, 4.0, 10.0, 30.0, 100.0, 1e4, 1e8):
        add("t", nu, 0, t, t_tail(nu, t))
for d1, d2 in ((1, 1), (1, 14), (2, 3), (3, 7.5), (6, 9), (10, 1000), (50, 50), (200, 3e4), (1, 1e6)):
    for f in (1e-6, 0.01, 0.5, 0.99, 1.0, 1.5, 3.0, 10.0, 330.285, 1e4, 1e9):
        add("F", d1, d2, f, f_tail(d1, d2, f))
for z in (-5.0, -1.0, -1e-9, 0.0, 0.3, 1.0, 1.96, 3.0, 6.0, 12.5, 20.3, 30.7, 37.0):
    add("normal", 0, 0, z, normal_tail(z))


def root(function, low, high):
    """Bisection on a decreasing function, in the exponent first."""
    low, high = mp.mpf(low), mp.mpf(high)
    for step in range(320):
        middle = mp.sqrt(low * high) if high > 2 * low else (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
        if high - low < low * mp.mpf(10) ** -28:
            break
    return low


for nu in (1, 2.5, 9, 30, 1e4):
    for p in (0.6, 0.5000001, 0.9, 0.975, 0.995, 0.999999):
        add("tq", nu, 0, p, root(lambda t: t_tail(nu, t) / 2 - (1 - mp.mpf(p)), "1e-9", "1e9"))
for p in (0.6, 0.5000001, 0.9, 0.975, 0.995, 0.999999):
    add("normalq", 0, 0, p, root(lambda z: normal_tail(z) - (1 - mp.mpf(p)), "1e-9", "40"))
for d1, d2 in ((1, 5), (3, 7.5), (6, 9), (10, 1000)):
    for p in (0.001, 0.3, 0.5, 0.95, 0.999):
        add("Fq", d1, d2, p, root(lambda f: f_tail(d1, d2, f) - (1 - mp.mpf(p)), "1e-12", "1e12"))

with open("distributions.csv", "w") as file:
    file.write("\n".join(lines) + "\n")
