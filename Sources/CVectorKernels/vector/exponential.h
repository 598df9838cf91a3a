// exp(x) and exp(x) - 1.
//
// Method: x = n·ln 2 + r with n the nearest integer, so |r| <= 0.3466, and e^x = 2^n·(1 + r + r²·q(r)). n comes from
// adding a large number, which leaves it in the low bits of the sum; n·ln 2 is subtracted in two pieces, the first so
// short that its product is exact with and without FMA (Cody and Waite).

// log 2 in two pieces; the first is so short that k·high is exact for every exponent k.
template <class V> struct LogarithmOfTwo;
template <> struct LogarithmOfTwo<F32> { static constexpr float high = 0x1.62e4p-1f, low = 0x1.7f7d1cp-20f; };
template <> struct LogarithmOfTwo<F64> { static constexpr double high = 0x1.62e42fefa4p-1, low = -0x1.8432a1b0e2634p-43; };

// Everything about x = n·ln 2 + r that the functions below need. `shifted` has n + 254 (F32) or n + 2046 (F64) in its
// low bits.
template <class V> struct ReducedExponent { V r, n; typename Element<V>::Bits shifted; };

// |x| <= 160.
LA_INLINE ReducedExponent<F32> reduceExponent(F32 x) {
  const float shift = 0x1.8p23f + 254;
  const F32 t = mulAdd(x, splat<F32>(0x1.715476p0f), shift);
  const F32 n = t - shift;
  F32 r = mulAdd(n, splat<F32>(-LogarithmOfTwo<F32>::high), x);
  r = mulAdd(n, splat<F32>(-LogarithmOfTwo<F32>::low), r);
  return {r, n, bits(t)};
}

// |x| <= 1100.
LA_INLINE ReducedExponent<F64> reduceExponent(F64 x) {
  const double shift = 0x1.8p52 + 2046;
  const F64 t = mulAdd(x, splat<F64>(0x1.71547652b82fep0), shift);
  const F64 n = t - shift;
  F64 r = mulAdd(n, splat<F64>(-LogarithmOfTwo<F64>::high), x);
  r = mulAdd(n, splat<F64>(-LogarithmOfTwo<F64>::low), r);
  return {r, n, bits(t)};
}

// p·2^n, rounded once, also when the result is subnormal or overflows. Without AVX-512 in two factors, the first of
// which is exact.
LA_INLINE F32 scaleByPowerOfTwo(F32 p, const ReducedExponent<F32> &e) {
#if LA_HAS_AVX512
  return (F32)_mm512_scalef_ps((__m512)p, (__m512)e.n);
#else
  const U32 half = e.shifted >> 1;
  return p * (F32)(half << 23) * (F32)((e.shifted - half) << 23);
#endif
}

LA_INLINE F64 scaleByPowerOfTwo(F64 p, const ReducedExponent<F64> &e) {
#if LA_HAS_AVX512
  return (F64)_mm512_scalef_pd((__m512d)p, (__m512d)e.n);
#else
  const U64 half = e.shifted >> 1;
  return p * (F64)(half << 52) * (F64)((e.shifted - half) << 52);
#endif
}

// The same for a constant n. A multiplication takes long where the result is subnormal, AVX-512's instruction does not.
template <int n> LA_INLINE F32 scaleByPowerOfTwo(F32 p) {
#if LA_HAS_AVX512
  return (F32)_mm512_scalef_ps((__m512)p, _mm512_set1_ps(n));
#else
  return p * (F32)(U32{} + ((127 + n) << 23));
#endif
}
template <int n> LA_INLINE F64 scaleByPowerOfTwo(F64 p) {
#if LA_HAS_AVX512
  return (F64)_mm512_scalef_pd((__m512d)p, _mm512_set1_pd(n));
#else
  return p * (F64)(U64{} + (uint64_t(1023 + n) << 52));
#endif
}

// 1 + r + r²·q. Of the two ways the first is shorter and, with FMA only, more exact.
template <class V> LA_INLINE V onePlus(V r, V q) {
  const V one = splat<V>(1);
#if LA_HAS_FMA
  return mulAdd(mulAdd(q, r, one), r, one);
#else
  return (r * r * q + r) + one;
#endif
}

// e^r for |r| <= 0.3466. q = (e^r - 1 - r)/r² as a polynomial of degree 4 (error of e^r 2^-28.2 relative) or 9
// (2^-57.9), by Remez with the two first coefficients rounded before the others were fitted.
LA_INLINE F32 exponentialOfReduced(F32 r) {
  const F32 q = polynomial(r, 0x1.fffffcp-2f, 0x1.55548cp-3f, 0x1.555858p-5f, 0x1.123de6p-7f, 0x1.6ac774p-10f);
  return onePlus(r, q);
}

LA_INLINE F64 exponentialOfReduced(F64 r) {
  const F64 q = polynomial(r, 0x1.000000000000ap-1, 0x1.5555555555503p-3, 0x1.555555555060bp-5, 0x1.1111111124d5bp-7,
                                0x1.6c16c184b2e23p-10, 0x1.a01a013d2aa03p-13, 0x1.a01998987ef1ap-16,
                                0x1.71def4d8e7703p-19, 0x1.28aeca3c3c45bp-22, 0x1.add58bb0adebcp-26);
  return onePlus(r, q);
}

// Where e^x is certainly 0 after rounding, or infinite; and low enough that exponents are at most 128 (1024): see
// exponentialMinusOne.
template <class V> struct ExponentialRange;
template <> struct ExponentialRange<F32> { static constexpr float low = -105, high = 89; };
template <> struct ExponentialRange<F64> { static constexpr double low = -747, high = 710; };

// e^x for x <= 1 or NaN: one clamp less.
template <class V> LA_INLINE V exponentialOfNegative(V x) {
  const V low = splat<V>(ExponentialRange<V>::low);
  const ReducedExponent<V> e = reduceExponent(select(x < low, low, x));
  return scaleByPowerOfTwo(exponentialOfReduced(e.r), e);
}

// e^x. NaN to NaN, -inf to 0, +inf and overflow to +inf; subnormal results are rounded right, not flushed.
// Error at most 1 ulp (measured: F32 0.99, F64 0.96).
template <class V> LA_INLINE V exponential(V x) {
  const V high = splat<V>(ExponentialRange<V>::high);
  return exponentialOfNegative(select(x > high, high, x));
}

// q of e^r - 1 = r + r²·q for |r| <= 0.3466, which is relatively accurate at 0. It has one degree more than above, because the 1 that hid its
// error is gone (degree 5, error 2^-28.5 of e^r - 1; degree 10, 2^-61).
LA_INLINE F32 exponentialSeries(F32 r) {
  return polynomial(r, 0x1p-1f, 0x1.555556p-3f, 0x1.5554aep-5f, 0x1.11109p-7f, 0x1.6d7442p-10f, 0x1.a1a1c4p-13f);
}

LA_INLINE F64 exponentialSeries(F64 r) {
  return polynomial(r, 0x1p-1, 0x1.5555555555559p-3, 0x1.5555555555556p-5, 0x1.111111110f62ap-7, 0x1.6c16c16c166fap-10,
                    0x1.a01a01b020972p-13, 0x1.a01a01a4aba3fp-16, 0x1.71ddf7ae92009p-19, 0x1.27e4e21d9894p-22,
                    0x1.af5ff70da6752p-26, 0x1.1f6547a77010bp-29);
}
template <class V> LA_INLINE V exponentialMinusOneOfReduced(V r) { return mulAdd(r * r, exponentialSeries(r), r); }

// e^(r + rLow) - 1 = high + low for |r| <= 0.3466 and rLow far below r, with a relative error below 2^-58: r + r²/2 keeps what it rounds
// away, and the rest of the series, with the coefficients of above, is small.
LA_INLINE F64 exponentialMinusOneOfReducedInTwoPieces(F64 r, F64 rLow, F64 &low) {
#pragma clang fp contract(off)
  const F64 p = polynomial(r, 0x1.5555555555559p-3, 0x1.5555555555556p-5, 0x1.111111110f62ap-7, 0x1.6c16c16c166fap-10,
                                0x1.a01a01b020972p-13, 0x1.a01a01a4aba3fp-16, 0x1.71ddf7ae92009p-19, 0x1.27e4e21d9894p-22,
                                0x1.af5ff70da6752p-26, 0x1.1f6547a77010bp-29);
  F64 squareLow;
  const F64 square = exactProduct(r, r, squareLow), half = square * 0.5;
  const F64 start = r + half, rest = (half - (start - r)) + (square * r * p + (squareLow * 0.5 + rLow * (r + 1.0)));
  const F64 high = start + rest;
  low = rest - (high - start);
  return high;
}

// 2^(n - 1); n - 1 must be a normal exponent.
LA_INLINE F32 halfPowerOfTwo(const ReducedExponent<F32> &e) { return (F32)((e.shifted + (126 - 254)) << 23); }
LA_INLINE F64 halfPowerOfTwo(const ReducedExponent<F64> &e) { return (F64)((e.shifted + (1022 - 2046)) << 52); }

// e^x - 1 for x <= 0: below -40 it is -1, which the clamp also keeps away from exponents too small for one factor. A -0
// comes out as +0, and subnormals may lose their last bit: exponentialMinusOne puts that right, others need not care.
template <class V> LA_INLINE V exponentialMinusOneOfNegative(V x) {
  const V low = splat<V>(-40);
  const ReducedExponent<V> e = reduceExponent(select(x < low, low, x));
  const V half = halfPowerOfTwo(e);
  const V sum = mulAdd(exponentialMinusOneOfReduced(e.r), half, half - splat<V>(0.5f));
  return sum + sum;
}

// e^x - 1. NaN to NaN, -inf to -1, +inf and overflow to +inf, ±0 and subnormals to themselves.
// 2^n is applied as 2·2^(n - 1), because 2^n alone would overflow for the largest finite results.
// Error at most 2 ulp (measured: F32 1.5, F64 1.93).
template <class V> LA_INLINE V exponentialMinusOne(V x) {
  const V high = splat<V>(ExponentialRange<V>::high), tiny = splat<V>(0x1p-60f);
  const V result = exponentialMinusOneOfNegative(select(x > high, high, x));
  return select(absolute(x) < tiny, x, result);
}

// e^x and e^x - 1 from one series, each with its edges and its bound: the first at most 1 ulp, the second 2.
template <class V> LA_INLINE void exponentialAndMinusOne(V x, V &power, V &minusOne) {
  const V low = splat<V>(ExponentialRange<V>::low), high = splat<V>(ExponentialRange<V>::high), one = splat<V>(1);
  const V v = select(x > high, high, x);
  const ReducedExponent<V> e = reduceExponent(select(v < low, low, v));
  // Below 2^-100, which is nothing beside 1, powers of two would be no numbers of their own.
  const V half = select(e.n < splat<V>(-100), splat<V>(0x1p-101f), halfPowerOfTwo(e)), p = exponentialMinusOneOfReduced(e.r);
  const V sum = mulAdd(p, half, half - splat<V>(0.5f));
  power = scaleByPowerOfTwo(p + one, e);
  minusOne = select(absolute(x) < splat<V>(0x1p-60f), x, sum + sum);
}

// e^x - 1 - x, at least 0, about x²/2 near 0: with x = n·log 2 + r it is (2^n - 1)·(1 + r) - n·log 2 + 2^n·r²·q, in which nothing cancels.
// ±inf to +inf, NaN to NaN. Error at most 5 ulp.
template <class V> LA_INLINE V exponentialExcess(V x) {
  const V low = splat<V>(-40), high = splat<V>(ExponentialRange<V>::high), one = splat<V>(1), point = splat<V>(0.5f);
  const V v = select(x > high, high, x);
  const ReducedExponent<V> e = reduceExponent(select(v < low, low, v));
  // Half of everything: 2^n alone would overflow for the largest finite results.
  const V half = halfPowerOfTwo(e), rise = half - point, n = e.n * point, square = e.r * e.r;
  const V large = mulAdd(n, splat<V>(-LogarithmOfTwo<V>::high), rise);
  const V small = mulAdd(half * square, exponentialSeries(e.r), n * splat<V>(-LogarithmOfTwo<V>::low));
  const V sum = large + mulAdd(rise, e.r, small);
  return select(x < low, -x - one, sum + sum);
}
