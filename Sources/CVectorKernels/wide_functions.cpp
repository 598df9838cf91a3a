// Exponential functions and logarithms of numbers in two words, element by element, to a relative error near 2^-98.
//
// The exponential: x = n·ln 2 + r, and r/32 has a Taylor series of thirteen terms, whose higher powers need one word only; e^r − 1 is
// doubled in argument five times, so that the 1 does not swallow its digits. The logarithm: the one of a double, improved by one step of
// Newton's method, which squares its error.
#define LA_SOURCE "wide_functions.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET
#include "wide.h"

namespace la::LA_TARGET {

LA_INLINE Pair constant(double high, double low) { return {splat<F64>(high), splat<F64>(low)}; }

// a + b where |a| ≥ |b|.
LA_INLINE Pair orderedSum(Pair a, Pair b) {
  const Pair s = ordered(a.high, b.high);
  return ordered(s.high, s.low + (a.low + b.low));
}

LA_INLINE Pair scaled(Pair a, double powerOfTwo) { return {a.high * powerOfTwo, a.low * powerOfTwo}; }

// What ln 2 has beyond the short piece that every exponent can be multiplied by exactly.
LA_INLINE Pair restOfLogarithmOfTwo() { return constant(-0x1.8432a1b0e2634p-43, 0x1.f97b57a079a19p-103); }

// n·ln 2, added to or subtracted from what its first piece leaves of x without rounding.
LA_INLINE Pair withMultipleOfLogarithm(F64 first, F64 low, F64 n) {
  const Pair rest = product(restOfLogarithmOfTwo(), {n, F64{}});
  return sumOf({first, low}, ordered(rest.high, rest.low));
}

// e^r − 1 for |r| ≤ 0.3466.
LA_INLINE Pair powerMinusOneOfReduced(Pair r) {
  const Pair t = scaled(r, 0x1p-5);
  // Σ t^(k − 7)/k!: what it lacks is below 2^-110 of the whole.
  const F64 higher = polynomial(t.high, 0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-16, 0x1.71de3a556c734p-19,
                                0x1.27e4fb7789f5cp-22, 0x1.ae64567f544e4p-26, 0x1.1eed8eff8d898p-29, 0x1.6124613a86d09p-33);
  const F64 last = t.high * higher;
  Pair sum = orderedSum(constant(0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65), {last, F64{}});
  sum = orderedSum(constant(0x1.1111111111111p-7, 0x1.1111111111111p-63), product(sum, t));
  sum = orderedSum(constant(0x1.5555555555555p-5, 0x1.5555555555555p-59), product(sum, t));
  sum = orderedSum(constant(0x1.5555555555555p-3, 0x1.5555555555555p-57), product(sum, t));
  sum = orderedSum(constant(0.5, 0), product(sum, t));
  sum = orderedSum(constant(1, 0), product(sum, t));
  Pair power = product(sum, t);
  power = ordered(power.high, power.low);
#pragma clang loop unroll(full)
  for (int k = 0; k < 5; k++) power = orderedSum(scaled(power, 2), product(power, power));
  return power;
}

struct ReducedPair {
  Pair r;
  ReducedExponent<F64> exponent;
};

LA_INLINE ReducedPair reduced(Pair x) {
  const F64 low = splat<F64>(-800), high = splat<F64>(711);
  const I64 isInside = (x.high > low) & (x.high < high);
  const F64 inside = select(isInside, x.high, select(x.high < high, low, high));
  const ReducedExponent<F64> e = reduceExponent(inside);
  const F64 first = mulAdd(e.n, splat<F64>(-LogarithmOfTwo<F64>::high), inside);
  return {withMultipleOfLogarithm(first, select(isInside, x.low, F64{}), -e.n), e};
}

LA_INLINE Pair scaledByPowerOfTwo(Pair a, const ReducedExponent<F64> &e) {
  return {scaleByPowerOfTwo(a.high, e), scaleByPowerOfTwo(a.low, e)};
}

LA_INLINE Pair wideExponentialOf(Pair x) {
  const ReducedPair parts = reduced(x);
  return scaledByPowerOfTwo(orderedSum(constant(1, 0), powerMinusOneOfReduced(parts.r)), parts.exponent);
}

// e^x − 1 = 2^n·(e^r − 1) + (2^n − 1).
LA_INLINE Pair wideExponentialMinusOneOf(Pair x) {
  const ReducedPair parts = reduced(x);
  const Pair power = powerMinusOneOfReduced(parts.r);
  F64 whole = scaleByPowerOfTwo(splat<F64>(1), parts.exponent);
  const F64 error = twoSum(whole, splat<F64>(-1));
  const Pair near = sumOf({whole, error}, scaledByPowerOfTwo(power, parts.exponent));
  // Beyond e^100 the 1 is lost anyway, and 2^n might overflow where the result does not.
  const Pair far = scaledByPowerOfTwo(orderedSum(constant(1, 0), power), parts.exponent);
  const I64 isFar = x.high > 100.0;
  return {select(isFar, far.high, near.high), select(isFar, far.low, near.low)};
}

LA_INLINE Pair wideLogarithmOf(Pair x) {
  const ReducedArgument<F64> a = reduceArgument(x.high);
  const F64 start = logarithmOfReduced(a.m - 1.0, F64{});
  // 2^-k, for the second word. Its bits are those that scaleByPowerOfTwo wants.
  const ReducedExponent<F64> down = {F64{}, -a.k, bits(-a.k + (0x1.8p52 + 2046))};
  const Pair mantissa = {a.m, scaleByPowerOfTwo(x.low, down)};
  const Pair quotient = product(mantissa, wideExponentialOf({-start, F64{}}));
  const Pair residual = sumOf(ordered(quotient.high, quotient.low), constant(-1, 0));
  const Pair step = {residual.high, mulAdd(residual.high * residual.high, splat<F64>(-0.5), residual.low)};
  const Pair logarithm = sumOf({start, F64{}}, ordered(step.high, step.low));
  F64 first = a.k * LogarithmOfTwo<F64>::high;
  const F64 error = twoSum(first, logarithm.high);
  return withMultipleOfLogarithm(first, error + logarithm.low, a.k);
}

LA_INLINE Pair wideRootOf(Pair x) {
  const F64 root = squareRoot(x.high);
  F64 square = root * root;
  const F64 error = productError(root, root, square);
  const F64 rest = (x.high - square) - error + x.low;
  const Pair result = ordered(root, rest / (root + root));
  return {result.high, select(x.high == F64{}, F64{}, result.low)};
}

#define LA_OF_EACH(name, plain, expression)                                                              \
  void name(const double *words, const double *lowWords, size_t count, double *high, double *low) {      \
    for (size_t k = 0; k < count; k += 8) {                                                              \
      const Pair x = loadWords(words, lowWords, k);                                                      \
      storeWords(high, low, k, plain, expression);                                                       \
    }                                                                                                    \
  }
LA_OF_EACH(wideExponential, exponential(x.high), wideExponentialOf(x))
LA_OF_EACH(wideExponentialMinusOne, exponentialMinusOne(x.high), wideExponentialMinusOneOf(x))
LA_OF_EACH(wideLogarithm, logarithm(x.high), wideLogarithmOf(x))
LA_OF_EACH(wideRoot, squareRoot(x.high), wideRootOf(x))

void wideWherePositive(const double *x, const double *a, const double *aLow, const double *b, const double *bLow, size_t count,
                       double *high, double *low) {
  for (size_t k = 0; k < count; k += 8) {
    const I64 isPositive = load(x + k) > F64{};
    const Pair yes = loadWords(a, aLow, k), no = loadWords(b, bLow, k);
    store(high + k, select(isPositive, yes.high, no.high));
    store(low + k, select(isPositive, yes.low, no.low));
  }
}

}  // namespace la::LA_TARGET
#else

extern "C" void la_wide_function(int function, const double *x, const double *xLow, size_t count, double *high, double *low) {
  const auto apply = function == LA_WIDE_EXPONENTIAL             ? LA_DISPATCH(wideExponential)
                     : function == LA_WIDE_EXPONENTIAL_MINUS_ONE ? LA_DISPATCH(wideExponentialMinusOne)
                     : function == LA_WIDE_LOGARITHM             ? LA_DISPATCH(wideLogarithm)
                                                                 : LA_DISPATCH(wideRoot);
  apply(x, xLow, count, high, low);
}

extern "C" void la_wide_where_positive(const double *x, const double *a, const double *aLow, const double *b, const double *bLow,
                                       size_t count, double *high, double *low) {
  LA_DISPATCH(wideWherePositive)(x, a, aLow, b, bLow, count, high, low);
}

#endif
