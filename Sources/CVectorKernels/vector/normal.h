// The normal distribution, accurate far into its tails: Φ, log Φ, φ/Φ and the complementary error function.
//
// All stand on Mills' ratio M(u) = Φ(-u)/φ(u), u >= 0, which falls slowly, in the end as 1/u: M(u)/√(2π) = G/(u + 1),
// with G between 0.39 and 0.53 a polynomial in s = (u - 4)/(u + 4), which maps [0, inf) to [-1, 1). The exponential,
// whose argument must be known to more than working precision, is a factor of its own, so that no digits are lost in
// the tails.

// G by interpolation at the Chebyshev points in s: degree 12 (error 2^-25.81 relative, most of it rounded coefficients)
// or 25 (2^-54.22).
LA_INLINE F32 millsNumerator(F32 s) {
  return polynomial(s, 0x1.e361eap-2f, -0x1.8c18fp-4f, 0x1.cabd7cp-7f, 0x1.d495c8p-6f, -0x1.07c404p-5f, 0x1.25e43ep-6f,
                    -0x1.47c518p-8f, -0x1.317874p-12f, 0x1.6a739ep-11f, -0x1.626da6p-14f, -0x1.55cf78p-14f,
                    0x1.a519d6p-17f, 0x1.05b73ap-17f);
}
LA_INLINE F64 millsNumerator(F64 s) {
  return polynomial(s, 0x1.e361ea6fba141p-2, -0x1.8c18f2086e34ap-4, 0x1.cabd72a60f829p-7, 0x1.d4969f10dffc6p-6,
                    -0x1.07c3c2582b303p-5, 0x1.25dd720601ed3p-6, -0x1.47d5fc7509f7ep-8, -0x1.2b7f5e0ae6403p-12,
                    0x1.6c53834fd27a3p-11, -0x1.8c11aeea8be61p-14, -0x1.707bc4c6cf324p-14, 0x1.6483917534296p-16,
                    0x1.c9427c966dff3p-17, -0x1.cc939724573cep-19, -0x1.5ee6f1e4df899p-19, 0x1.b07d8b888ccadp-22,
                    0x1.29e2ee5772f2dp-21, 0x1.3806842ade5ecp-28, -0x1.ebbd6dc6586cap-24, -0x1.9595113c81d09p-26,
                    0x1.5c4ac01321f75p-26, 0x1.36af5e38f34d6p-27, -0x1.68a2155c3362bp-29, -0x1.0f3b89d2ec4bfp-29,
                    0x1.8b3426df06767p-33, 0x1.c85d41d2f8208p-33);
}

// G and M(u)/√(2π). u beyond 2^60 counts as infinite, where G is constant. What u + 1 loses in rounding is put back.
template <class V> struct MillsRatio { V numerator, scaled; };
template <class V> LA_INLINE MillsRatio<V> millsRatio(V u) {
#pragma clang fp contract(off)
  const V one = splat<V>(1), limit = splat<V>(0x1p60f), v = select(u > limit, limit, u);
  // s this way is best near u = 0, where G is steepest.
  const V numerator = millsNumerator(quotient(v + v, v + splat<V>(4)) - one);
  const V sum = v + one, rounded = sum - one;
  const V lost = (v - rounded) + (one - (sum - rounded));
  const V ratio = quotient(numerator, sum);
  return {numerator, ratio - ratio * quotient(lost, sum)};
}

// factor·e^(-scale·t²) for a power of two as scale, with one rounding at the end where the result is subnormal. At the
// limit it is 0.
template <class V> LA_INLINE V gaussian(V t, typename Element<V>::Type scale, typename Element<V>::Type limit, V factor) {
  const V bound = splat<V>(limit), v = select(absolute(t) > bound, bound, t);
  V low;
  const V high = exactProduct(v, v, low);
  ReducedExponent<V> e = reduceExponent(high * splat<V>(-scale));
  e.r = mulAdd(low, splat<V>(-scale), e.r);
  // factor·(1 + (e^r - 1)) in one operation rounds once less than factor·e^r.
  return scaleByPowerOfTwo(mulAdd(factor, exponentialMinusOneOfReduced(e.r), factor), e);
}

// Beyond this, φ and Φ(-u) are 0 after rounding; and √2 times the same for erfc.
template <class V> struct NormalRange;
template <> struct NormalRange<F32> { static constexpr float limit = 15, errorLimit = 10.6f; };
template <> struct NormalRange<F64> { static constexpr double limit = 39, errorLimit = 27.6; };

// Φ(-u) = M(u)·φ(u), u >= 0.
template <class V> LA_INLINE V normalTail(V u) {
  return gaussian(u, 0.5f, NormalRange<V>::limit, millsRatio(u).scaled);
}

// Φ(x), the probability that a standard normal variable is below x. -inf to 0, +inf to 1, NaN to NaN; subnormal results
// are right. Error at most 4 ulp (measured: F32 3.4, F64 3.1).
template <class V> LA_INLINE V normalCumulative(V x) {
  const V tail = normalTail(absolute(x));
  return select(x > V{}, splat<V>(1) - tail, tail);
}

// erfc(x) = 2·Φ(-√2·x). -inf to 2, +inf to 0, NaN to NaN; subnormal results are right.
// Error at most 5 ulp (measured: F32 3.3, F64 3.9).
template <class V> LA_INLINE V errorFunctionComplement(V x) {
  const V magnitude = absolute(x);
  const V half = millsRatio(magnitude * splat<V>(1.4142135623730951)).scaled;
  const V tail = gaussian(magnitude, 1, NormalRange<V>::errorLimit, half + half);
  return select(x < V{}, splat<V>(2) - tail, tail);
}

// log Φ(x): -x²/2 - log(-x√(2π)) far to the left, -Φ(-x) far to the right. -inf to -inf, +inf to -0, NaN to NaN. Left
// of 0 it is log(M(-x)/√(2π)) - x²/2, where nothing cancels; right of it log1p(-Φ(-x)). One reduced logarithm serves
// both. Error at most 5 ulp (measured: F32 4.3, F64 3.9).
template <class V> LA_INLINE V logNormalCumulative(V x) {
  const V one = splat<V>(1), u = absolute(x);
  const V mills = millsRatio(u).scaled;
  const V tail = gaussian(u, 0.5f, NormalRange<V>::limit, mills);
  const auto isLeft = x < V{}, isLow = tail > splat<V>(0.25f);
  const ReducedArgument<V> a = reduceArgument(mills);
  const V k = select(isLeft, a.k, select(isLow, -one, V{}));
  const V f = select(isLeft, a.m - one, select(isLow, one - (tail + tail), -tail));
  const V core = logarithmOfReduced(f, k);
  const V left = core - splat<V>(0.5f) * u * u;
  return select(isLeft, left, -absolute(core));
}

// φ(x)/Φ(x), the derivative of log Φ: -x - 1/x far to the left, φ(x) far to the right. -inf to +inf, +inf to 0, NaN to
// NaN. Error at most 5 ulp (measured: F32 3.9, F64 3.8).
template <class V> LA_INLINE V inverseMillsRatio(V x) {
  const V one = splat<V>(1), u = absolute(x), density = splat<V>(0.3989422804014327);  // 1/√(2π)
  const MillsRatio<V> mills = millsRatio(u);
  const V left = select(u > splat<V>(0x1p60f), u, (u + one) * density / mills.numerator);
  // Right of 0 the denominator is Φ(x), between 1/2 and 1.
  const V right = gaussian(u, 0.5f, NormalRange<V>::limit, density / (one - gaussian(u, 0.5f, NormalRange<V>::limit, mills.scaled)));
  return select(x < V{}, left, right);
}
