// exp(x) and exp(x) - 1.
//
// Method: x = n·ln 2 + r with n the nearest integer, so |r| <= 0.3466, and e^x = 2^n·(1 + (r + r²·q(r))). n comes from adding a
// large number, which leaves it in the low bits of the sum; n·ln 2 is subtracted in two pieces, the first so short that its product
// is exact with and without FMA (Cody and Waite).

// Everything about x = n·ln 2 + r that the functions below need. `shifted` has n + 254 (F32) or n + 2046 (F64) in its low bits.
template <class V> struct ReducedExponent { V r, n; typename Element<V>::Bits shifted; };

// |x| <= 160.
LA_INLINE ReducedExponent<F32> reduceExponent(F32 x) {
  const float shift = 0x1.8p23f + 254;
  const F32 t = mulAdd(x, splat<F32>(0x1.715476p0f), shift);
  const F32 n = t - shift;
  F32 r = mulAdd(n, splat<F32>(-0x1.62e4p-1f), x);
  r = mulAdd(n, splat<F32>(-0x1.7f7d1cp-20f), r);
  return {r, n, bits(t)};
}

// |x| <= 1100.
LA_INLINE ReducedExponent<F64> reduceExponent(F64 x) {
  const double shift = 0x1.8p52 + 2046;
  const F64 t = mulAdd(x, splat<F64>(0x1.71547652b82fep0), shift);
  const F64 n = t - shift;
  F64 r = mulAdd(n, splat<F64>(-0x1.62e42fefa4p-1), x);
  r = mulAdd(n, splat<F64>(0x1.8432a1b0e2634p-43), r);
  return {r, n, bits(t)};
}

// p·2^n, rounded once, also when the result is subnormal or overflows. Without AVX-512 in two factors, the first of which is exact.
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

// e^r for |r| <= 0.3466. q = (e^r - 1 - r)/r² as a polynomial of degree 4 (error of e^r 2^-28.2 relative) or 9 (2^-57.9), by Remez with the
// two first coefficients rounded before the others were fitted.
LA_INLINE F32 exponentialOfReduced(F32 r) {
  F32 q = splat<F32>(0x1.6ac774p-10f);
  q = mulAdd(q, r, 0x1.123de6p-7f);
  q = mulAdd(q, r, 0x1.555858p-5f);
  q = mulAdd(q, r, 0x1.55548cp-3f);
  q = mulAdd(q, r, 0x1.fffffcp-2f);
  return mulAdd(r * r, q, r) + 1.0f;
}

LA_INLINE F64 exponentialOfReduced(F64 r) {
  F64 q = splat<F64>(0x1.add58bb0adebcp-26);
  q = mulAdd(q, r, 0x1.28aeca3c3c45bp-22);
  q = mulAdd(q, r, 0x1.71def4d8e7703p-19);
  q = mulAdd(q, r, 0x1.a01998987ef1ap-16);
  q = mulAdd(q, r, 0x1.a01a013d2aa03p-13);
  q = mulAdd(q, r, 0x1.6c16c184b2e23p-10);
  q = mulAdd(q, r, 0x1.1111111124d5bp-7);
  q = mulAdd(q, r, 0x1.555555555060bp-5);
  q = mulAdd(q, r, 0x1.5555555555503p-3);
  q = mulAdd(q, r, 0x1.000000000000ap-1);
  return mulAdd(r * r, q, r) + 1.0;
}

// Where e^x is certainly 0 after rounding, or infinite.
template <class V> struct ExponentialRange;
template <> struct ExponentialRange<F32> { static constexpr float low = -105, high = 90; };
template <> struct ExponentialRange<F64> { static constexpr double low = -747, high = 711; };

// e^x for x <= 1 or NaN: one clamp less.
template <class V> LA_INLINE V exponentialOfNegative(V x) {
  const V low = splat<V>(ExponentialRange<V>::low);
  const ReducedExponent<V> e = reduceExponent(select(x < low, low, x));
  return scaleByPowerOfTwo(exponentialOfReduced(e.r), e);
}

// e^x. NaN to NaN, -inf to 0, +inf and overflow to +inf; subnormal results are rounded right, not flushed.
// Error at most 1 ulp (measured: F32 0.99, F64 0.99).
template <class V> LA_INLINE V exponential(V x) {
  const V high = splat<V>(ExponentialRange<V>::high);
  return exponentialOfNegative(select(x > high, high, x));
}
