// log(x), log(1 + x) and what is built on them.
//
// Method: x = 2^k·(1 + f) with f in [-1/4, 1/2], and log(1 + f) from a polynomial (F32, with AVX-512 and a table) or from s = f/(2 + f) (F64).
// This interval, and not the usual one around 1 in ratio, because AVX-512 splits numbers so in one instruction.

template <class V> struct ReducedArgument { V k, m; };

// x = 2^k·m with m in [3/4, 3/2), for finite x > 0, subnormal ones too. Others give anything.
LA_INLINE ReducedArgument<F32> reduceArgument(F32 x) {
#if LA_HAS_AVX512
  const __m512 m = _mm512_getmant_ps((__m512)x, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_src);
  return {(F32)_mm512_sub_ps(_mm512_getexp_ps((__m512)x), _mm512_getexp_ps(m)), (F32)m};
#else
  const I32 subnormal = x < splat<F32>(0x1p-126f);
  const I32 word = (I32)select(subnormal, x * 0x1p23f, x);
  const I32 k = (word - 0x3f400000) >> 23;
  const F32 m = (F32)(word - (k << 23));
  return {__builtin_convertvector(k, F32) - select(subnormal, splat<F32>(23), F32{}), m};
#endif
}

LA_INLINE ReducedArgument<F64> reduceArgument(F64 x) {
#if LA_HAS_AVX512
  const __m512d m = _mm512_getmant_pd((__m512d)x, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_src);
  return {(F64)_mm512_sub_pd(_mm512_getexp_pd((__m512d)x), _mm512_getexp_pd(m)), (F64)m};
#else
  // AVX2 has no arithmetic shift of 64 bits and no conversion to double: k is biased by 1024 to be positive, and
  // becomes a number by filling the low bits of 2^52.
  const I64 subnormal = x < splat<F64>(0x1p-1022);
  const U64 word = bits(select(subnormal, x * 0x1p52, x));
  const U64 biased = (word - 0x3fe8000000000000 + (uint64_t(1024) << 52)) >> 52;
  const F64 m = (F64)(word - ((biased - 1024) << 52));
  const F64 k = (F64)(biased | 0x4330000000000000) - select(subnormal, splat<F64>(0x1p52 + 1024 + 52), splat<F64>(0x1p52 + 1024));
  return {k, m};
#endif
}

// The same but for the range of m, which with AVX-512 is [1, 2), and NaN for negative numbers.
#if LA_HAS_AVX512
LA_INLINE ReducedArgument<F32> reduceAmount(F32 x) {
  return {(F32)_mm512_getexp_ps((__m512)x), (F32)_mm512_getmant_ps((__m512)x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_nan)};
}
LA_INLINE ReducedArgument<F64> reduceAmount(F64 x) {
  return {(F64)_mm512_getexp_pd((__m512d)x), (F64)_mm512_getmant_pd((__m512d)x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_nan)};
}
#else
template <class V> LA_INLINE ReducedArgument<V> reduceAmount(V x) { return reduceArgument(x); }
#endif

#if LA_HAS_AVX512
#include "logarithm_table.h"
#else
// log(2^k·(1 + f)). log(1 + f) = f - f²/2 + f³·Q(f), Q of degree 7 on [-1/4, 1/2] (Remez, error 2^-26.6 of the
// logarithm).
LA_INLINE F32 logarithmOfReduced(F32 f, F32 k) {
  const F32 q = polynomial(f, 0x1.5555a4p-2f, -0x1.000048p-2f, 0x1.996912p-3f, -0x1.54eab6p-3f, 0x1.2887fep-3f,
                                -0x1.0def98p-3f, 0x1.ae957cp-4f, -0x1.746286p-5f);
  const F32 square = f * f;
  // The small terms first; k·high is exact.
  F32 low = mulAdd(square * f, q, k * LogarithmOfTwo<F32>::low);
  low = mulAdd(square, splat<F32>(-0.5f), low);
  return mulAdd(k, splat<F32>(LogarithmOfTwo<F32>::high), f + low);
}
#endif

// z·R(z) with 2·atanh(s) = 2s + s·z·R(z), z = s²; R of degree 7 on [0, 0.0458] (Remez, error 2^-60.9 of the result).
LA_INLINE F64 inverseTangentSeries(F64 z) {
  const F64 p = polynomial(z, 0x1.5555555555543p-1, 0x1.999999999ffb5p-2, 0x1.2492491e88b7ep-2, 0x1.c71c77487ab7fp-3,
                                0x1.745bb4e657c78p-3, 0x1.3b47656f81f4p-3, 0x1.0cb955804fc19p-3, 0x1.223a7543dd8edp-3);
  return p * z;
}

// The same in F32: R of degree 3 (error 2^-33.9).
LA_INLINE F32 inverseTangentSeries(F32 z) {
  const F32 p = polynomial(z, 0x1.555554p-1f, 0x1.999c6p-2f, 0x1.23c8ep-2f, 0x1.f1aa54p-3f);
  return p * z;
}

// log(1 + f) = f - (f²/2 - s·(f²/2 + z·R(z))), so that the rounding of s hardly matters.
LA_INLINE F64 logarithmOfReduced(F64 f, F64 k) {
  const F64 s = f / (f + 2.0);
  const F64 half = f * f * 0.5;
  const F64 low = mulAdd(s, half + inverseTangentSeries(s * s), k * LogarithmOfTwo<F64>::low);
  return mulAdd(k, splat<F64>(LogarithmOfTwo<F64>::high), f - (half - low));
}

// `result` where x is positive and finite, `atZero` where x is ±0, NaN below, inf and NaN themselves. AVX-512 has an instruction for it: see
// unitStep; here 0 leaves the result, 3 is NaN, 4 is -inf, 5 inf.
template <class V> LA_INLINE V withEdges(V x, V result, V atZero) {
  const V zero{}, infinity = splat<V>(__builtin_inff());
  const V edge = select(x == zero, atZero, splat<V>(__builtin_nanf("")));
  return select(x <= zero, edge, select(x < infinity, result, x));
}
#if LA_HAS_AVX512
LA_INLINE F32 withEdges(F32 x, F32 result, int table) {
  return (F32)_mm512_fixupimm_ps((__m512)result, (__m512)x, _mm512_set1_epi32(table), 0);
}
LA_INLINE F64 withEdges(F64 x, F64 result, int table) {
  return (F64)_mm512_fixupimm_pd((__m512d)result, (__m512d)x, _mm512_set1_epi64(table), 0);
}
#endif

// The logarithm of x where x is positive and finite, and IEEE's answers elsewhere: log(±0) = -inf, log(x < 0) = NaN,
// inf and NaN themselves.
template <class V> LA_INLINE V withLogarithmEdges(V x, V logarithm) {
#if LA_HAS_AVX512
  return withEdges(x, logarithm, 0x03530422);
#else
  return withEdges(x, logarithm, splat<V>(-__builtin_inff()));
#endif
}

// log(x), for every x. Error at most 1 ulp (measured: F32 0.89 over all of them, with AVX-512 0.79; F64 0.90).
template <class V> LA_INLINE V logarithm(V x) {
  const ReducedArgument<V> a = reduceArgument(x);
  return withLogarithmEdges(x, logarithmOfReduced(a.m - splat<V>(1), a.k));
}

// x·2^k for a whole number k that is the exponent of a normal number; with AVX-512 for any k.
LA_INLINE F32 timesPowerOfTwo(F32 x, F32 k) {
#if LA_HAS_AVX512
  return (F32)_mm512_scalef_ps((__m512)x, (__m512)k);
#else
  return x * (F32)((__builtin_convertvector(k, I32) + 127) << 23);
#endif
}
LA_INLINE F64 timesPowerOfTwo(F64 x, F64 k) {
#if LA_HAS_AVX512
  return (F64)_mm512_scalef_pd((__m512d)x, (__m512d)k);
#else
  return x * (F64)(bits(k + (0x1p52 + 1023)) << 52);
#endif
}

// 2^-k·(1 + x) - 1 with one rounding at most, and none where k = 0; k and m are those of 1 + x rounded.
template <class V> LA_INLINE V fractionOfOnePlus(V x, const ReducedArgument<V> &a) {
  const V scale = timesPowerOfTwo(splat<V>(1), -a.k), fraction = mulAdd(x, scale, scale - splat<V>(1));
#if LA_HAS_AVX512
  return fraction;
#else
  // Where 1 is nothing beside x, 2^-k may be no normal number.
  return select(x > splat<V>(0x1p60f), a.m - splat<V>(1), fraction);
#endif
}

// log(1 + x). log1p(±0) = ±0 and subnormals come back unchanged, log1p(-1) = -inf, NaN below, +inf to +inf.
// Error at most 1 ulp (measured: F32 0.89, with AVX-512 0.79; F64 0.88).
template <class V> LA_INLINE V logarithmOnePlus(V x) {
  const V u = x + splat<V>(1);
  const ReducedArgument<V> a = reduceArgument(u);
  const V result = withLogarithmEdges(u, logarithmOfReduced(fractionOfOnePlus(x, a), a.k));
  // The sign of the result is that of x; this restores the one of -0.
  return copySign(result, x);
}

// log(1 - e^-x) for x > 0, also called log1mexp: -inf at ±0, NaN below, -0 at +inf, NaN to NaN.
// Below log 2 it is the logarithm of -expm1(-x), above it log1p(-e^-x) (Maechler 2012). Both are brought to one reduced
// logarithm. Error at most 3 ulp (measured: F32 2.1, F64 2.24); 1 ulp of the least subnormal for the results near it.
// The first half: 1 - e^-x = 2^k·(1 + f).
template <class V> LA_INLINE void reduceOneMinusExponential(V x, V &f, V &k) {
  const V one = splat<V>(1), low = splat<V>(ExponentialRange<V>::low);
  const V t = -x;
  const ReducedExponent<V> e = reduceExponent(select(t < low, low, t));
  const V minusOne = exponentialMinusOneOfReduced(e.r);
  const V near = select(e.n == V{}, -minusOne, mulAdd(minusOne, splat<V>(-0.5f), splat<V>(0.5f)));
  const V power = scaleByPowerOfTwo(minusOne + one, e);

  const auto isNear = x < splat<V>(0.6931472f);
  const ReducedArgument<V> a = reduceArgument(near);
  const auto isLow = power > splat<V>(0.25f);
  k = select(isNear, a.k, select(isLow, -one, V{}));
  f = select(isNear, a.m - one, select(isLow, one - (power + power), -power));
}
template <class V> LA_INLINE V logarithmOneMinusExponential(V x, V f, V k) {
  const V result = withLogarithmEdges(x, logarithmOfReduced(f, k));
  return -absolute(select(x == splat<V>(__builtin_inff()), V{}, result));
}
template <class V> LA_INLINE V logarithmOneMinusExponential(V x) {
  V f, k;
  reduceOneMinusExponential(x, f, k);
  return logarithmOneMinusExponential(x, f, k);
}

// x·log(y), and 0 where x = 0 unless y is NaN: so that 0·log 0 = 0 in entropies. Error at most 2 ulp (measured: F32
// 1.76, F64 1.79).
template <class V> LA_INLINE V xLogY(V x, V y) { return select((x == V{}) & (y == y), V{}, x * logarithm(y)); }

// x·log(1 + y), and 0 where x = 0 unless y is NaN. Error at most 2 ulp (measured: F32 1.73, F64 1.77).
template <class V> LA_INLINE V xLogOnePlusY(V x, V y) { return select((x == V{}) & (y == y), V{}, x * logarithmOnePlus(y)); }

// -y·log(p) - (1 - y)·log(1 - p), each product 0 where its first factor is, unless p is NaN. Where all of y is 0 or 1 only one logarithm
// of each p is taken, with the same bits. Error at most 2 ulp there; in between both terms have one sign for 0 <= y <= 1.
template <class V> LA_INLINE V binaryEntropy(V y, V p) {
  const V zero{}, one = splat<V>(1), x = -p;
  const typename Element<V>::Mask isPresent = y == one, isAbsent = y == zero;
  if (any(~(isPresent | isAbsent))) return (zero - xLogY(y, p)) - xLogOnePlusY(one - y, x);
  const V u = select(isPresent, p, one + x);
  const ReducedArgument<V> a = reduceArgument(u);
  const V f = select(isPresent, a.m - one, fractionOfOnePlus(x, a));
  return zero - withLogarithmEdges(u, logarithmOfReduced(f, a.k));
}

// log(1 + x²), an even function; ±inf to +inf, NaN to NaN. Where x² would overflow it is 2·log|x|, taken from a power of two
// times x. Error at most 2 ulp.
template <class V> struct SquareRange;
template <> struct SquareRange<F32> { static constexpr float start = 0x1p60f, scale = 0x1p-64f, logarithm = 128; };
template <> struct SquareRange<F64> { static constexpr double start = 0x1p500, scale = 0x1p-520, logarithm = 1040; };
// The first half: 1 + x² = 2^k·(1 + f), with the same scale for both.
template <class V> LA_INLINE void reduceOnePlusSquare(V x, V &f, V &k) {
  const auto large = absolute(x) > splat<V>(SquareRange<V>::start);
  const V scaled = select(large, x * splat<V>(SquareRange<V>::scale), x), square = scaled * scaled;
  const ReducedArgument<V> a = reduceArgument(select(large, square, square + splat<V>(1)));
  f = select(large, a.m - splat<V>(1), fractionOfOnePlus(square, a));
  k = select(large, a.k + splat<V>(SquareRange<V>::logarithm), a.k);
}
template <class V> LA_INLINE V logarithmOnePlusSquare(V x, V f, V k) {
  // Infinity and NaN come back as their absolute value.
  const V magnitude = absolute(x);
  return select(magnitude < splat<V>(__builtin_inff()), absolute(logarithmOfReduced(f, k)), magnitude);
}
template <class V> LA_INLINE V logarithmOnePlusSquare(V x) {
  V f, k;
  reduceOnePlusSquare(x, f, k);
  return logarithmOnePlusSquare(x, f, k);
}

// R as above, on [0, 1/9]: for s from -1/3 to 1/3, as 1 + e from 1/2 to 2 needs it. Of degree 9 (error 2^-59.4 of the logarithm).
LA_INLINE F64 wideInverseTangentSeries(F64 z) {
  return polynomial(z, 0x1.5555555555535p-1, 0x1.99999999a074ep-2, 0x1.249249208c76ep-2, 0x1.c71c741c60d0cp-3,
                    0x1.745cb40314668p-3, 0x1.3b1ddb2b014b2p-3, 0x1.1067c8fe6ff6dp-3, 0x1.efd80c08f4923p-4,
                    0x1.55b22363f439bp-4, 0x1.5c77ee5b4cb11p-3);
}

// f - log(1 + f) for f in [-1/4, 1/2], relatively accurate at 0: f²/2 - f³·Q(f), Q of degree 8 (Remez, error 2^-26.6 of the result), or as
// in logarithmOfReduced.
LA_INLINE F32 deficitOfReduced(F32 f) {
  const F32 q = polynomial(f, 0x1.555556p-2f, -0x1.00004cp-2f, 0x1.9999c4p-3f, -0x1.55278p-3f, 0x1.24384ep-3f, -0x1.03b854p-3f,
                                0x1.e0091ep-4f, -0x1.80c874p-4f, 0x1.4c0242p-5f);
  const F32 square = f * f;
  return mulAdd(-square, f * q, square * 0.5f);
}
LA_INLINE F64 deficitOfReduced(F64 f) {
  const F64 s = f / (f + 2.0), half = f * f * 0.5;
  return mulAdd(-s, half + inverseTangentSeries(s * s), half);
}

// x - log(1 + x), at least 0, about x²/2 near 0, where the difference would cancel. With 1 + x = 2^k·(1 + f) it is x - f - k·log 2 plus
// f - log(1 + f): nothing but x - f, for k = 0, where x is f, and the rest of that difference is kept. ±0 to 0, -1 and +inf to +inf, NaN
// below -1, NaN to NaN. Error at most 5 ulp.
template <class V> LA_INLINE V logarithmOnePlusDeficit(V x) {
  const V u = x + splat<V>(1);
  const ReducedArgument<V> a = reduceArgument(u);
  const V f = fractionOfOnePlus(x, a);
  const V difference = x - f, rest = (x - difference) - f;
  const V large = mulAdd(a.k, splat<V>(-LogarithmOfTwo<V>::high), difference);
  const V small = rest + mulAdd(a.k, splat<V>(-LogarithmOfTwo<V>::low), deficitOfReduced(f));
#if LA_HAS_AVX512
  return withEdges(u, large + small, 0x03530522);
#else
  return withEdges(u, large + small, splat<V>(__builtin_inff()));
#endif
}

// a/b = 2^k·(1 + f) for a, b >= 0, with f in about [-1/4, 1/2] from a difference that is exact. With AVX-512 k is infinite, or NaN, where
// a/b is 0, infinite or not defined, and f is NaN for negative numbers.
template <class V> struct ReducedRatio { V k, f; };
template <class V> LA_INLINE ReducedRatio<V> reduceRatio(V a, V b) {
  const V zero{}, one = splat<V>(1), half = splat<V>(0.5f);
  const ReducedArgument<V> top = reduceAmount(a), bottom = reduceAmount(b);
  const auto isHigh = top.m >= splat<V>(1.5f) * bottom.m, isLow = top.m < splat<V>(0.75f) * bottom.m;
  const V m = select(isHigh, top.m * half, select(isLow, top.m + top.m, top.m));
  return {(top.k - bottom.k) + select(isHigh, one, select(isLow, -one, zero)), (m - bottom.m) / bottom.m};
}

#if !LA_HAS_AVX512
// `result` where a and b are positive and finite, elsewhere the limit for a/b towards 0 or infinity, NaN if there is none.
template <class V> LA_INLINE V withRatioEdges(V a, V b, V result, V atZero) {
  const V zero{}, infinity = splat<V>(__builtin_inff());
  const V edge = a / (b + zero);  // a zero below is positive
  const V limit = select(edge == zero, atZero, select(edge == infinity, infinity, edge));
  const V outside = select((a >= zero) & (b >= zero), limit, splat<V>(__builtin_nanf("")));
  return select((a > zero) & (a < infinity) & (b > zero) & (b < infinity), result, outside);
}
#endif

// log(a/b) for a, b >= 0, with full relative accuracy where they are close, and whatever a/b would overflow or underflow to. 0 and infinity
// are the limits, 0/0, inf/inf and negative numbers NaN, NaN to NaN. Error at most 3 ulp.
template <class V> LA_INLINE V logarithmOfRatio(V a, V b) {
  const V infinity = splat<V>(__builtin_inff());
  const ReducedRatio<V> ratio = reduceRatio(a, b);
  const V result = logarithmOfReduced(ratio.f, ratio.k);
#if LA_HAS_AVX512
  return select(absolute(ratio.k) < infinity, result, ratio.k + ratio.f);
#else
  return withRatioEdges(a, b, result, -infinity);
#endif
}

// a/b - 1 - log(a/b) for a, b >= 0: with a/b = 2^k·(1 + f) it is (2^k - 1)·(1 + f) - k·log 2 + (f - log(1 + f)), where nothing cancels for
// k = 0. Infinite where just one of them is 0 or infinity, NaN where both are, and for negative numbers and NaN. Error at most 5 ulp (measured:
// F32 3.9).
template <class V> LA_INLINE V deficitOfRatio(V a, V b) {
  const V one = splat<V>(1), far = splat<V>(100), infinity = splat<V>(__builtin_inff());
  const ReducedRatio<V> ratio = reduceRatio(a, b);
  // Beyond 2^100 nothing but the ratio is left, below 2^-100 nothing of it.
  const auto isFar = ratio.k > far;
  const V rise = timesPowerOfTwo(one, select(isFar, far, select(ratio.k < -far, -far, ratio.k))) - one;
  const V large = mulAdd(ratio.k, splat<V>(-LogarithmOfTwo<V>::high), rise);
  const V small = mulAdd(ratio.k, splat<V>(-LogarithmOfTwo<V>::low), deficitOfReduced(ratio.f));
  const V result = mulAdd(rise, ratio.f, large) + small;
#if LA_HAS_AVX512
  const V finite = select(isFar, timesPowerOfTwo(one + ratio.f, ratio.k), result);
  return select(absolute(ratio.k) < infinity, finite, absolute(ratio.k) + ratio.f);
#else
  return withRatioEdges(a, b, select(isFar, a / b, result), infinity);
#endif
}

// √(1 + x²) without overflow. Error at most 1.1 ulp (without FMA; 1 with it).
template <class V> LA_INLINE V rootOfOnePlusSquare(V x) {
  const V magnitude = absolute(x);
  return select(magnitude > splat<V>(0x1p60f), magnitude, squareRoot(mulAdd(x, x, splat<V>(1))));
}
