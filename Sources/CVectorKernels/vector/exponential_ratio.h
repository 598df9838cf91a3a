// x/(e^x - 1) and what belongs to it: hazards, truncated counts, and everything else whose chance is 1 - e^-x.

// (x/(1 - e^-x) - 1)/x = 1/2 + x·P(x²) for 0 <= x <= 1: P of degree 3 (Remez, error 2^-27.8 of the result) or 7 (2^-56.8).
LA_INLINE F32 exponentialRatioSeries(F32 z) {
  return polynomial(z, 0x1.555556p-4f, -0x1.6c197ep-10f, 0x1.1632d0p-15f, -0x1.d0b1a6p-21f);
}
LA_INLINE F64 exponentialRatioSeries(F64 z) {
  return polynomial(z, 0x1.5555555555555p-4, -0x1.6c16c16c163b1p-10, 0x1.1566abbefcaf7p-15, -0x1.bbd77785dc03bp-21,
                    0x1.66a8524c2da0ep-26, -0x1.2260e64156fa8p-31, 0x1.d0684f80f208bp-37, -0x1.2eae580b673c1p-42);
}

// x/(e^x - 1) and x/(1 - e^-x) - 1 for x >= 0: the first falls from 1 to 0, the second rises from 0 like x/2 and in the end like x - 1; minus
// the first's slope on the scale of log x is their product. Both relatively accurate everywhere, subnormal results too. NaN below 0, NaN to
// NaN, +inf to 0 and +inf. Error at most 4 ulp (measured: F32 2.7 and 1.6, F64 3.0 and 1.7).
template <class V> struct RatioRange;
template <> struct RatioRange<F32> { static constexpr float limit = 115; };
template <> struct RatioRange<F64> { static constexpr double limit = 760; };
template <class V> LA_INLINE void exponentialRatios(V x, V &ratio, V &excess) {
  const V one = splat<V>(1), limit = splat<V>(RatioRange<V>::limit), far = splat<V>(-100);
  const V inside = select(x >= V{}, x, splat<V>(__builtin_nanf(""))), v = select(inside > limit, limit, inside);
  // e^-x = 2^n·(1 + p), and x/(e^x - 1) = x/(1 - e^-x)·(1 + p)·2^n with one rounding at the end.
  const ReducedExponent<V> e = reduceExponent(-v);
  const V half = select(e.n < far, splat<V>(0x1p-101f), halfPowerOfTwo(e)), p = exponentialMinusOneOfReduced(e.r);
  const V sum = mulAdd(p, half, half - splat<V>(0.5f)), fall = sum + sum;
  const auto isTiny = v < splat<V>(0x1p-60f);
  const V share = select(isTiny, one, v / select(isTiny, one, -fall));
  ratio = scaleByPowerOfTwo(mulAdd(share, p, share), e);
  excess = select(inside < one, inside * mulAdd(inside, exponentialRatioSeries(inside * inside), splat<V>(0.5f)), ratio + (inside - one));
}
