// tanh(x) and log cosh(x), both from e^-|x| - 1, so both are relatively accurate at 0 and cannot overflow.

// tanh(x). ±0 and subnormals to themselves, ±inf to ±1, NaN to NaN. With m = e^(-2|x|) - 1 it is -m/(2 + m).
// Error at most 3 ulp (measured: F32 2.5, F64 2.6).
template <class V> LA_INLINE V hyperbolicTangent(V x) {
  const V magnitude = absolute(x);
  const V m = exponentialMinusOneOfNegative(-(magnitude + magnitude));
  const V result = -m / (m + splat<V>(2));
  return copySign(select(magnitude < splat<V>(0x1p-60f), magnitude, result), x);
}

// tanh(x + xLow) = high + low for x from 0 to 400 and xLow far below x, with a relative error below 2^-57 (F32: 2^-50).
LA_INLINE F64 hyperbolicTangentInTwoPieces(F64 x, F64 xLow, F64 &low) {
#pragma clang fp contract(off)
  // m = e^(-2x) - 1 = 2^n·(e^r - 1) + (2^n - 1). Below e^-100 nothing of it is left beside 1.
  const F64 y = x * -2.0, lowest = splat<F64>(-100), inside = select(y < lowest, lowest, y);
  const ReducedExponent<F64> e = reduceExponent(inside);
  F64 productLow;
  const F64 product = exactProduct(e.n, splat<F64>(LogarithmOfTwo<F64>::low), productLow);
  const F64 near = mulAdd(e.n, splat<F64>(-LogarithmOfTwo<F64>::high), inside), r = near - product;
  const F64 rLow = ((near - r) - product) - productLow + select(inside == y, xLow * -2.0, F64{});
  F64 risenLow;
  const F64 risen = exponentialMinusOneOfReducedInTwoPieces(r, rLow, risenLow);
  const F64 half = halfPowerOfTwo(e), power = half + half;
  const F64 fall = power - 1.0, fallRest = power - (fall + 1.0), rise = risen * power;
  const F64 m = fall + rise, mLow = ((rise - (m - fall)) + fallRest) + risenLow * power;
  // -m/(2 + m), and what is left of the numerator.
  const F64 d = m + 2.0, dLow = (m - (d - 2.0)) + mLow, inverse = 1.0 / d, q = -m * inverse;
  F64 backLow;
  const F64 back = exactProduct(q, d, backLow);
  const F64 rest = (((-m - back) - backLow) - mLow) - q * dLow;
  const auto isTiny = x < splat<F64>(0x1p-60);
  low = select(isTiny, xLow, rest * inverse);
  return select(isTiny, x, q);
}

LA_INLINE F32 hyperbolicTangentInTwoPieces(F32 x, F32 xLow, F32 &low) {
  const F64 first = hyperbolicTangent(lowHalf(x) + lowHalf(xLow)), second = hyperbolicTangent(highHalf(x) + highHalf(xLow));
  const F32 high = fromHalves(first, second);
  low = fromHalves(first - lowHalf(high), second - highHalf(high));
  return high;
}

// (log cosh x)/x² as a polynomial in z = x² on [0, 1]: degree 7 (Remez, error 2^-29.4 relative) or 15 (2^-57.8).
LA_INLINE F32 logHyperbolicCosineNear(F32 z) {
  return z * polynomial(z, 0x1p-1f, -0x1.55555p-4f, 0x1.6c148ap-6f, -0x1.b9ca12p-8f, 0x1.1bce56p-9f, -0x1.675184p-11f,
                        0x1.7ab5c8p-13f, -0x1.c310a8p-16f);
}
LA_INLINE F64 logHyperbolicCosineNear(F64 z) {
  return z * polynomial(z, 0x1p-1, -0x1.555555555554fp-4, 0x1.6c16c16c16159p-6, -0x1.ba1ba1b9b3e66p-8, 0x1.1ea5d38be305ep-9,
                        -0x1.833d9996c0760p-11, 0x1.0d0b26c6ca4c9p-12, -0x1.7d9fcf8475694p-14, 0x1.12de6c7cbf78ep-15,
                        -0x1.9010afed1feadp-17, 0x1.2318dab6ac0adp-18, -0x1.9c09bf117a719p-20, 0x1.0b22044396379p-21,
                        -0x1.1e28abf2f44b3p-23, 0x1.ae2bad4633456p-26, -0x1.4739aacfb1319p-29);
}

// log(1 + e) for 0 <= e <= e^-2: degree 4 in e times e (Remez, absolute error 2^-29.4) or 10 (2^-58.8).
LA_INLINE F32 logarithmOnePlusTail(F32 e) {
  return e * polynomial(e, 1.0f, -0x1.ffff26p-2f, 0x1.5519e2p-2f, -0x1.f59b66p-3f, 0x1.3a2352p-3f);
}
LA_INLINE F64 logarithmOnePlusTail(F64 e) {
  return e * polynomial(e, 1.0, -0x1.fffffffffff70p-2, 0x1.555555554a749p-2, -0x1.fffffff63b708p-3, 0x1.9999975278a94p-3,
                        -0x1.5555048f2e05cp-3, 0x1.248b32deeb7c4p-3, -0x1.ff30919032cd5p-4, 0x1.bf5d78f3374b5p-4,
                        -0x1.6a589e84d40e3p-4, 0x1.8dd41a3b0b687p-5);
}

// e^x, with an absolute error of an ulp of 1/4 (which is all that log(1 + e^x) needs), and e^x - 1, relatively accurate, for x <= 0: both
// from one reduction. Below -40 e^x is nothing beside 1.
template <class V> LA_INLINE V exponentialAndMinusOneOfNegative(V x, V &minusOne) {
  const V low = splat<V>(-40);
  const ReducedExponent<V> e = reduceExponent(select(x < low, low, x));
  const V half = halfPowerOfTwo(e), p = exponentialMinusOneOfReduced(e.r);
  const V sum = mulAdd(p, half, half - splat<V>(0.5f)), power = mulAdd(p, half, half);
  minusOne = sum + sum;
  return power + power;
}

#if LA_HAS_AVX512
// By sixteenths of powers of two, as in logistic_tables.h. What they lack to a float counts, and what is lost where 1 is subtracted.
LA_INLINE F32 exponentialAndMinusOneOfNegative(F32 x, F32 &minusOne) {
#pragma clang fp contract(off)
  const QuickExponent e = quickExponent(x);
  // The series to r^4/24: the next term is less than 2^-29 of the sum.
  const F32 risen = mulAdd(e.r * e.r, polynomial(e.r, 0x1p-1f, 0x1.555556p-3f, 0x1.555556p-5f), e.r + e.lost);
  const F32 scale = (F32)_mm512_scalef_ps((__m512)e.power, (__m512)e.n);
  const F32 fall = scale - 1.0f, rest = scale - (fall + 1.0f);
  minusOne = fall + mulAdd(scale, risen, rest);
  return mulAdd(scale, risen, scale);
}
#endif

// log cosh x, an even function. ±inf to +inf, NaN to NaN.
// Below 1 it is a polynomial in x² times x², which keeps the relative accuracy that |x| + log1p(e^-2|x|) - log 2 loses
// near 0; that formula serves from 1 on. Error at most 2 ulp (measured: F32 1.9, F64 1.95), also where x²/2 is
// subnormal.
// `power` is e^(-2|x|).
template <class V> LA_INLINE V logHyperbolicCosine(V x, V power) {
  const V a = absolute(x);
  const V far = logarithmOnePlusTail(power) - splat<V>(LogarithmOfTwo<V>::low);
  const V near = logHyperbolicCosineNear(x * x);
  return select(a < splat<V>(1), near, (a - splat<V>(LogarithmOfTwo<V>::high)) + far);
}
template <class V> LA_INLINE V logHyperbolicCosine(V x) {
  const V a = absolute(x);
  return logHyperbolicCosine(x, exponentialOfNegative(-(a + a)));
}

// log cosh x and its derivative tanh x from one exponential, with the edges and the bounds that each has by itself: from e^(-2|x|) and
// e^(-2|x|) - 1, which the first half makes.
template <class V> LA_INLINE V exponentialsOfTwice(V x, V &minusOne) {
  const V magnitude = absolute(x);
  return exponentialAndMinusOneOfNegative(-(magnitude + magnitude), minusOne);
}
template <class V> LA_INLINE void logHyperbolicCosineAndTangent(V x, V power, V minusOne, V &value, V &tangent) {
  const V magnitude = absolute(x);
  value = logHyperbolicCosine(x, power);
  const V result = -minusOne / (minusOne + splat<V>(2));
  tangent = copySign(select(magnitude < splat<V>(0x1p-60f), magnitude, result), x);
}

// e^x - 1, 2·e^x and e^x for x <= 0: relatively accurate, the second far out too, where it is subnormal; the third with an absolute error of
// an ulp of 1/4.
template <class V> struct NegativeExponential { V minusOne, twice, once; };
template <class V> LA_INLINE NegativeExponential<V> negativeExponential(V x) {
  const V low = splat<V>(ExponentialRange<V>::low), far = splat<V>(-100);
  const ReducedExponent<V> e = reduceExponent(select(x < low, low, x));
  // Beyond 2^-100, which is nothing beside 1, powers of two would be no numbers of their own.
  const V half = select(e.n < far, splat<V>(0x1p-101f), halfPowerOfTwo(e)), p = exponentialMinusOneOfReduced(e.r);
  const V sum = mulAdd(p, half, half - splat<V>(0.5f)), power = mulAdd(p, half, half);
  return {sum + sum, scaleByPowerOfTwo(mulAdd(p, splat<V>(2), splat<V>(2)), e), power + power};
}

#if LA_HAS_AVX512
// By sixteenths of powers of two, as above.
LA_INLINE NegativeExponential<F32> negativeExponential(F32 x) {
#pragma clang fp contract(off)
  const QuickExponent e = quickExponent(x);
  const F32 risen = mulAdd(e.r * e.r, polynomial(e.r, 0x1p-1f, 0x1.555556p-3f, 0x1.555556p-5f), e.r + e.lost);
  const F32 scale = (F32)_mm512_scalef_ps((__m512)e.power, (__m512)e.n);
  const F32 fall = scale - 1.0f, rest = scale - (fall + 1.0f);
  const F32 twice = (F32)_mm512_scalef_ps((__m512)mulAdd(e.power, risen, e.power), (__m512)(e.n + 1.0f));
  return {fall + mulAdd(scale, risen, rest), twice, mulAdd(scale, risen, scale)};
}
#endif

// log cosh x, tanh x and 1/cosh² x, the derivative of tanh, from one exponential. With e = e^(-2|x|) the last is 4e/(1 + e)², here the
// product of 2e/(1 + e) and 1 + tanh|x|, in which nothing cancels: ±inf to 0, NaN to NaN. The first two have the edges and the bounds that
// each has by itself, the third is within 4 ulp (measured: F32 3.4, F64 3.6, the worst without FMA).
template <class V> LA_INLINE void hyperbolicTriple(V x, V &value, V &tangent, V &slope) {
  const V magnitude = absolute(x);
  const NegativeExponential<V> e = negativeExponential(-(magnitude + magnitude));
  value = logHyperbolicCosine(x, e.once);
  const V d = e.minusOne + splat<V>(2);
  const V rest = e.minusOne - (d - splat<V>(2));
#if LA_HAS_FMA
  const V inverse = roughInverse(d);
  const V result = correctedQuotient(-e.minusOne, d, rest, inverse), share = correctedQuotient(e.twice, d, rest, inverse);
  slope = mulAdd(share, result, share);
#else
  // What d lost is so small that an eighth of it does not matter, nor does an eighth of 1/d, which is about this.
  const V lost = rest * (splat<V>(1.5f) - splat<V>(0.5f) * d), rough = -e.minusOne / d, share = e.twice / d;
  const V result = rough - rough * lost;
  slope = share + share * (result - lost * (splat<V>(1) + result));
#endif
  tangent = copySign(select(magnitude < splat<V>(0x1p-60f), magnitude, result), x);
}

template <class V> LA_INLINE V hyperbolicSecantSquare(V x) {
  V value, tangent, slope;
  hyperbolicTriple(x, value, tangent, slope);
  return slope;
}
