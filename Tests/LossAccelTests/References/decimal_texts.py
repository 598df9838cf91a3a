"""Writes decimal_texts.txt: hard decimal texts and the bits of the nearest double, from exact rational arithmetic.

Each line: the text, a space, the bits in hexadecimal. Python's own conversion is checked against the exact one.
"""
import random
import struct
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

getcontext().prec = 1200
random.seed(20)


def bits(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def double(pattern):
    return struct.unpack("<d", struct.pack("<Q", pattern))[0]


def nearest(text):
    """The nearest double by comparing exact distances, ties to even, with overflow at the midpoint above the largest."""
    exact = abs(Fraction(Decimal(text)))
    low, high = 0, bits(float("inf"))
    value = lambda pattern: Fraction(2**1024) if pattern == high_bits else Fraction(double(pattern))
    high_bits = high
    while high - low > 1:
        middle = (low + high) // 2
        if value(middle) <= exact:
            low = middle
        else:
            high = middle
    below, above = exact - value(low), value(high) - exact
    pattern = low if below < above or (below == above and low % 2 == 0) else high
    return pattern | (text.startswith("-") << 63)


def midpoint(pattern):
    return (Decimal(double(pattern)) + Decimal(double(pattern + 1))) / 2


texts = [
    "0", "-0", "0.0", "+1", ".5", "5.", "1e0", "1E+2", "-1.5e-3", "0e999999999999999999999", "0.1", "0.3", "1e22", "1e23", "-1e23",
   
    "9007199254740993", "9007199254740992.5", "9007199254740993.0000000000000000000000000000000000001", "4503599627370497.5",
    "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e309", "-1e400", "1e99999999999999999999",
    "2.2250738585072011e-308", "2.2250738585072014e-308", "2.225073858507201136057409796709131975934819546351645648e-308",
    "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-325", "-1e-400", "1e-99999999999999999999",
    "123456789012345678901234567890", "0." + "0" * 400 + "1e401", "1" + "0" * 400 + "e-400", "9" * 800, "1." + "9" * 799, "0." + "3" * 500,
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880",
]
for _ in range(45):
    pattern = random.choice([random.getrandbits(62), random.getrandbits(52), random.getrandbits(random.randint(1, 52))])
    if pattern + 1 >= bits(float("inf")):
        continue
    tie = str(midpoint(pattern)).replace("+", "")
    texts.append(tie)
    mantissa, _, exponent = tie.partition("E")
    point = "" if "." in mantissa else "."
    for tail in ("0000001", "0" * 40 + "1"):
        texts.append(mantissa + point + tail + ("e" + exponent if exponent else ""))
for _ in range(700):
    pattern = random.choice([random.getrandbits(62), random.getrandbits(52)])
    if pattern < bits(float("inf")):
        texts.append("%.*e" % (random.randint(0, 24), double(pattern)))
for _ in range(500):
    texts.append("%s%de%d" % (random.choice(["", "-"]), random.getrandbits(random.randint(1, 70)), random.randint(-345, 310)))

with open(Path(__file__).with_name("decimal_texts.txt"), "w") as out:
    for text in texts:
        pattern = nearest(text) if abs(int((text.lower() + "e0").split("e")[1])) < 5000 else bits(float(text))
        assert pattern == bits(float(text)), text
        out.write("%s %x\n" % (text, pattern))
