// x to the power y, e^(x·y), and whole numbers.

// log(x) = high + low for finite x > 0, with a relative error below 2^-66: as in logarithm.h, with s, s³ and 2/3 of it
// in two pieces. 2·atanh(s) = 2s + s³·(2/3 + z·P(z)), P of degree 7 on [0, 0.0401] (Remez, error 2^-68.8 of the
// logarithm).
LA_INLINE F64 logarithmInTwoPieces(F64 x, F64 &low) {
#pragma clang fp contract(off)
  const ReducedArgument<F64> a = reduceArgument(x);
  const F64 f = a.m - 1.0;
  const F64 d = a.m + 1.0, dRest = a.m - (d - 1.0);
  const F64 inverse = 1.0 / d;
  const F64 s = f * inverse;
  F64 error;
  const F64 product = exactProduct(s, d, error);
  const F64 sLow = (((f - product) - error) - s * dRest) * inverse;

  F64 zLow;
  const F64 z = exactProduct(s, s, zLow);
  zLow += 2.0 * s * sLow;
  const F64 p = z * polynomial(z, 0x1.9999999999967p-2, 0x1.2492492498f1ep-2, 0x1.c71c71bc4d833p-3, 0x1.745d1bd2030e3p-3,
                                0x1.3b1296113c1ebp-3, 0x1.113a5b20d0b61p-3, 0x1.dac8842a3779fp-4, 0x1.0196076e19c68p-3);
  const F64 c = p + 0x1.5555555555555p-1;
  const F64 cLow = (p - (c - 0x1.5555555555555p-1)) + 0x1.5555555555555p-55;
  F64 wLow, vLow;
  const F64 w = exactProduct(z, c, wLow);
  wLow += z * cLow + zLow * c;
  const F64 v = exactProduct(s, w, vLow);
  vLow += s * wLow + sLow * w;

  // k·log 2 + 2s + v, largest first; each sum keeps what it rounded away.
  const F64 kHigh = a.k * LogarithmOfTwo<F64>::high, twice = s + s;
  const F64 first = kHigh + twice;
  const F64 firstRest = twice - (first - kHigh);
  const F64 second = first + v;
  const F64 secondRest = v - (second - first);
  low = (firstRest + secondRest) + (vLow + 2.0 * sLow + a.k * LogarithmOfTwo<F64>::low);
  return second;
}

// x^y for finite x > 0 and |y| <= 1e25. In F64 y·log(x) needs 64 good bits; in F32 plain double precision has them.
LA_INLINE F64 powerOfPositive(F64 x, F64 y) {
  F64 logarithmLow, error;
  const F64 logarithmHigh = logarithmInTwoPieces(x, logarithmLow);
  const F64 product = exactProduct(y, logarithmHigh, error);
  const F64 rest = mulAdd(y, logarithmLow, error);
  const F64 low = splat<F64>(ExponentialRange<F64>::low), high = splat<F64>(ExponentialRange<F64>::high);
  const F64 inside = minimum(maximum(product, low), high);
  ReducedExponent<F64> e = reduceExponent(inside);
  e.r = e.r + select(inside == product, rest, F64{});
  return scaleByPowerOfTwo(exponentialOfReduced(e.r), e);
}

LA_INLINE F32 powerOfPositive(F32 x, F32 y) {
  return fromHalves(exponential(lowHalf(y) * logarithm(lowHalf(x))), exponential(highHalf(y) * logarithm(highHalf(x))));
}

// From here on every number is whole.
template <class V> struct WholeNumbers;
template <> struct WholeNumbers<F32> { static constexpr float start = 0x1p23f; };
template <> struct WholeNumbers<F64> { static constexpr double start = 0x1p52; };
template <class V> LA_INLINE typename Element<V>::Mask isWhole(V magnitude) {
  const V start = splat<V>(WholeNumbers<V>::start);
  return (magnitude >= start) | ((magnitude + start) - start == magnitude);
}

// The nearest whole number, the even one of two. ±0, ±inf and NaN to themselves.
template <class V> LA_INLINE V nearestWhole(V x) {
  const V start = splat<V>(WholeNumbers<V>::start), magnitude = absolute(x);
  return copySign(select(magnitude < start, (magnitude + start) - start, magnitude), x);
}

// x^y with the edges of IEEE 754's pow: 1 where y = 0 or x = 1, even if the other is NaN; a negative x needs a whole y
// (NaN otherwise), and an odd one keeps its sign; 0 and infinity are the limits, with the sign of -0 for odd y;
// (-1)^±inf = 1; other NaN to NaN. Error at most 2 ulp (measured: F32 0.51, F64 1.15).
template <class V> LA_INLINE V power(V x, V y) {
  const V zero{}, one = splat<V>(1), infinity = splat<V>(__builtin_inff()), limit = splat<V>(1e25f);
  const V a = absolute(x), b = absolute(y);
  const auto whole = isWhole(b), odd = whole & ~isWhole(b * splat<V>(0.5f));
  // Beyond the limit every power is 0, 1 or infinite; within it no product overflows.
  V result = powerOfPositive(a, select(b > limit, copySign(limit, y), y));
  result = select((a == zero) | (a == infinity), select((a == zero) == (y < zero), infinity, zero), result);
  result = select((x < zero) & (a < infinity) & ~whole, splat<V>(__builtin_nanf("")), result);
  result = select(odd, copySign(result, x), result);
  result = select((x != x) | (y != y), x + y, result);
  return select((y == zero) | (x == one), one, result);
}

// e^(x·y), where rounding a great product would cost digits. 0·inf to NaN, NaN to NaN; overflow to +inf, subnormal
// results are rounded right. Error at most 2 ulp.
template <class V> LA_INLINE V exponentialOfProduct(V x, V y) {
#if !LA_HAS_FMA
  // The exact product splits its factors: neither may be so large that this overflows.
  const V limit = splat<V>(0x1p64f), down = splat<V>(0x1p-64f);
  const auto isLarge = absolute(x) > limit, isOtherLarge = absolute(y) > limit;
  const V first = x, second = y;
  x = select(isLarge, first * down, select(isOtherLarge, first * limit, first));
  y = select(isOtherLarge, second * down, select(isLarge, second * limit, second));
#endif
  V error;
  const V product = exactProduct(x, y, error);
  const V low = splat<V>(ExponentialRange<V>::low), high = splat<V>(ExponentialRange<V>::high);
  const V inside = minimum(maximum(product, low), high);
  ReducedExponent<V> e = reduceExponent(inside);
  e.r = e.r + select((inside == product) & (absolute(error) < splat<V>(1)), error, V{});
  return scaleByPowerOfTwo(exponentialOfReduced(e.r), e);
}
