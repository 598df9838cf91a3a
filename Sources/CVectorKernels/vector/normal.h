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

// u beyond 2^60 counts as infinite, where G is constant.
template <class V> LA_INLINE V millsArgument(V u) {
  const V limit = splat<V>(0x1p60f);
  return select(u > limit, limit, u);
}
// s, this way best near u = 0, where G is steepest.
template <class V> LA_INLINE V millsVariable(V v) { return (v + v) / (v + splat<V>(4)) - splat<V>(1); }

// M(u)/√(2π). What u + 1 loses in rounding is put back.
template <class V> LA_INLINE V scaledMillsRatio(V u) {
#pragma clang fp contract(off)
  const V one = splat<V>(1), v = millsArgument(u), numerator = millsNumerator(millsVariable(v));
  const V sum = v + one, rounded = sum - one, lost = (v - rounded) + (one - (sum - rounded));
#if LA_HAS_FMA
  return correctedQuotient(numerator, sum, lost, roughInverse(sum));
#else
  const V ratio = numerator / sum;
  return ratio - ratio * (lost / sum);
#endif
}

// e^(-scale·t²) = (1 + p)·2^n for a power of two as scale; at the limit it is 0.
template <class V> struct Gaussian {
  ReducedExponent<V> exponent;
  V p;

  // factor·(1 + p) in one operation rounds once less than factor·e^r.
  LA_INLINE V unscaled(V factor) const { return mulAdd(factor, p, factor); }
  // Times 2^n, with one rounding where the result is subnormal.
  LA_INLINE V scaled(V unscaled) const { return scaleByPowerOfTwo(unscaled, exponent); }
};
template <class V> LA_INLINE Gaussian<V> gaussian(V t, typename Element<V>::Type scale, typename Element<V>::Type limit) {
  const V bound = splat<V>(limit), v = select(absolute(t) > bound, bound, t);
  V low;
  const V high = exactProduct(v, v, low);
  ReducedExponent<V> e = reduceExponent(high * splat<V>(-scale));
  e.r = mulAdd(low, splat<V>(-scale), e.r);
  return {e, exponentialMinusOneOfReduced(e.r)};
}
// factor·e^(-scale·t²).
template <class V> LA_INLINE V gaussian(V t, typename Element<V>::Type scale, typename Element<V>::Type limit, V factor) {
  const Gaussian<V> g = gaussian(t, scale, limit);
  return g.scaled(g.unscaled(factor));
}

// Beyond this, φ and Φ(-u) are 0 after rounding; and √2 times the same for erfc.
template <class V> struct NormalRange;
template <> struct NormalRange<F32> { static constexpr float limit = 15, errorLimit = 10.6f; };
template <> struct NormalRange<F64> { static constexpr double limit = 39, errorLimit = 27.6; };

// Φ(x), the probability that a standard normal variable is below x. -inf to 0, +inf to 1, NaN to NaN; subnormal results
// are right. Error at most 4 ulp (measured: F32 3.4, F64 2.9).
template <class V> LA_INLINE V normalCumulative(V x) {
  const V u = absolute(x), tail = gaussian(u, 0.5f, NormalRange<V>::limit, scaledMillsRatio(u));
  return select(x > V{}, splat<V>(1) - tail, tail);
}

// erfc(x) = 2·Φ(-√2·x). -inf to 2, +inf to 0, NaN to NaN; subnormal results are right.
// Error at most 5 ulp (measured: F32 3.5, F64 3.9).
template <class V> LA_INLINE V errorFunctionComplement(V x) {
  const V magnitude = absolute(x);
  const V half = scaledMillsRatio(magnitude * splat<V>(1.4142135623730951));
  const V tail = gaussian(magnitude, 1, NormalRange<V>::errorLimit, half + half);
  return select(x < V{}, splat<V>(2) - tail, tail);
}

// What log Φ(x) and φ(x)/Φ(x) have in common, one exponential for both: left of 0 M(-x)/√(2π) and the density at 0, right of it Φ(-x) and
// φ(x). The first comes times a power of two so great that it is never subnormal, the density times its square.
template <class V> struct NormalScale;
template <> struct NormalScale<F32> { static constexpr int exponent = 48; static constexpr float power = 0x1p48f; };
template <> struct NormalScale<F64> { static constexpr int exponent = 128; static constexpr double power = 0x1p128; };
template <class V> LA_INLINE void normalTailAndDensity(V x, V &tail, V &density) {
  typedef NormalScale<V> Scale;
  // Left of 0 the exponential is that of 0: 1.
  Gaussian<V> g = gaussian(select(x < V{}, V{}, x), 0.5f, NormalRange<V>::limit);
  g.exponent.n += splat<V>(Scale::exponent);
  g.exponent.shifted += Scale::exponent;
  tail = g.scaled(g.unscaled(scaledMillsRatio(absolute(x))));
  density = g.scaled(g.unscaled(splat<V>(0.3989422804014327 * Scale::power)));  // 1/√(2π)
}

// log Φ(x): -x²/2 - log(-x√(2π)) far to the left, -Φ(-x) far to the right. -inf to -inf, +inf to -0, NaN to NaN. Left
// of 0 it is log(M(-x)/√(2π)) - x²/2, where nothing cancels; right of it log1p(-Φ(-x)). One reduced logarithm serves
// both. Error at most 5 ulp (measured: F32 4.3, F64 3.4, the worst without FMA). `tail` and `density` come from the function above.
template <class V> LA_INLINE V logNormalCumulative(V x, V tail) {
  typedef NormalScale<V> Scale;
  const V one = splat<V>(1), unit = splat<V>(1 / Scale::power);
  const auto isLeft = x < V{}, isLow = tail > splat<V>(0.25f * Scale::power);
  const ReducedArgument<V> a = reduceArgument(tail);
  // Right of 0 1 - Φ(-x) = 2^-step·(1 + f).
  const V step = select(isLow, one, V{});
  const V k = select(isLeft, a.k - splat<V>(Scale::exponent), -step);
  const V f = select(isLeft, a.m - one, mulAdd(-tail, select(isLow, unit + unit, unit), step));
  const V core = logarithmOfReduced(f, k);
  return select(isLeft, core - splat<V>(0.5f) * x * x, -absolute(core));
}

// φ(x)/Φ(x), the derivative of log Φ: -x - 1/x far to the left, φ(x) far to the right. -inf to +inf, +inf to 0, NaN to
// NaN. Left of 0 it is 1/M, right of it φ(x)/(1 - Φ(-x)). Error at most 5 ulp (measured: F32 3.7, F64 3.4).
template <class V> LA_INLINE V inverseMillsRatio(V x, V tail, V density) {
  const V power = splat<V>(NormalScale<V>::power);
  // A subnormal result is rounded here, once.
  const V ratio = scaleByPowerOfTwo<-NormalScale<V>::exponent>(density / select(x < V{}, tail, power - tail));
  // It is greater than -x, or that counts as infinite.
  return select(ratio < -x, -x, ratio);
}
template <class V> LA_INLINE V logNormalCumulative(V x) {
  V tail, density;
  normalTailAndDensity(x, tail, density);
  return logNormalCumulative(x, tail);
}
template <class V> LA_INLINE V inverseMillsRatio(V x) {
  V tail, density;
  normalTailAndDensity(x, tail, density);
  return inverseMillsRatio(x, tail, density);
}

// φ(x), the density of a standard normal variable. ±inf to 0, NaN to NaN; subnormal results are right, far out where the
// square of x must be known to more than working precision. Error at most 2 ulp.
template <class V> LA_INLINE V normalDensity(V x) {
  return gaussian(x, 0.5f, NormalRange<V>::limit, splat<V>(0.3989422804014327));
}

// e^(-x²), likewise. Error at most 2 ulp.
template <class V> LA_INLINE V exponentialOfNegativeSquare(V x) {
  return gaussian(x, 1, NormalRange<V>::errorLimit, splat<V>(1));
}

// (φ(u)/Φ(-u) - u)·(u + 1), between 0.79 and 1.14, in the same s: by interpolation at the Chebyshev points, degree 14 (error
// 2^-23.7, most of it rounded coefficients) or 27 (2^-52.6).
LA_INLINE F32 millsExcessNumerator(F32 s) {
  return polynomial(s, 0x1.20c6f2p+0f, -0x1.fc5dcep-5f, -0x1.896db2p-3f, 0x1.8b2184p-3f, -0x1.f44ae6p-5f, -0x1.f89674p-6f,
                    0x1.0999b4p-5f, -0x1.037b8ep-10f, -0x1.5b2d74p-7f, 0x1.80210ep-9f, 0x1.659004p-9f, -0x1.31762ep-10f,
                    -0x1.17d164p-11f, 0x1.a5d8b6p-13f, 0x1.f75434p-15f);
}
LA_INLINE F64 millsExcessNumerator(F64 s) {
  return polynomial(s, 0x1.20c6f2f8a1916p+0, -0x1.fc5da950de41cp-5, -0x1.896db09f593bep-3, 0x1.8b202da160e01p-3,
                    -0x1.f44b58ac792acp-5, -0x1.f8202f1d20271p-6, 0x1.099e7c8d4835bp-5, -0x1.27fbafb60927cp-10,
                    -0x1.5b85b67d8ae75p-7, 0x1.af935aaa4a424p-9, 0x1.68b72b9c3b496p-9, -0x1.bbff320ac6ec9p-10,
                    -0x1.25cff23399c8bp-11, 0x1.4f053e1f45d2ap-11, 0x1.2099510c1213ep-14, -0x1.a885ce6c0c251p-13,
                    0x1.2fa49161a6124p-17, 0x1.cff38c92148ccp-15, -0x1.4f4ebafc59655p-17, -0x1.ac7a319f7226dp-17,
                    0x1.1d6c85fdaafaap-18, 0x1.3632dbb86ba9dp-19, -0x1.508fbcc56957ap-20, -0x1.1fca6f0e97190p-22,
                    0x1.0a370458fc852p-22, 0x1.a6ce895d44acep-28, -0x1.a8a713e6bd46bp-26, 0x1.3541831550e80p-29);
}

// x + φ(x)/Φ(x) of x and φ(x)/Φ(x), which far to the left is about -1/x and would cancel there: minus the derivative of φ/Φ is their
// product. -inf to 0, +inf to +inf, NaN to NaN. Error at most 5 ulp (measured: F32 4.0, F64 3.6).
template <class V> LA_INLINE V inverseMillsExcess(V x, V ratio) {
  const V u = absolute(x), left = millsExcessNumerator(millsVariable(millsArgument(u))) / (u + splat<V>(1));
  return select(x < V{}, left, x + ratio);
}
template <class V> LA_INLINE V inverseMillsExcess(V x) { return inverseMillsExcess(x, inverseMillsRatio(x)); }

// w·log Φ(x), w·φ(x)/Φ(x), and w·φ(x)/Φ(x)·(x + φ(x)/Φ(x)), which is minus the derivative of the second; 0 where w is 0, whatever x is.
// Vectors without weight take no time: where labels are classes, one of a likelihood's two terms has none.
template <class V> LA_INLINE V weightedLogNormal(V w, V x) {
  const typename Element<V>::Mask isPresent = w != V{};
  return any(isPresent) ? select(isPresent, w * logNormalCumulative(x), V{}) : V{};
}
template <class V> LA_INLINE V weightedMills(V w, V x) {
  const typename Element<V>::Mask isPresent = w != V{};
  return any(isPresent) ? select(isPresent, w * inverseMillsRatio(x), V{}) : V{};
}
template <class V> LA_INLINE V weightedMillsFall(V w, V x) {
  const typename Element<V>::Mask isPresent = w != V{};
  if (!any(isPresent)) return V{};
  const V ratio = inverseMillsRatio(x);
  return select(isPresent, w * (ratio * inverseMillsExcess(x, ratio)), V{});
}

// erf(x)/x - 1 as a polynomial in x² on [0, 1]: degree 7 (Remez, error 2^-28.5 of the result) or 13 (2^-56.3).
LA_INLINE F32 errorFunctionNear(F32 z) {
  return polynomial(z, 0x1.06eba8p-3f, -0x1.812740p-2f, 0x1.ce2d74p-4f, -0x1.b80438p-6f, 0x1.5481a0p-8f, -0x1.a98584p-11f,
                    0x1.6930a8p-14f, -0x1.1e7446p-19f);
}
LA_INLINE F64 errorFunctionNear(F64 z) {
  return polynomial(z, 0x1.06eba8214db69p-3, -0x1.812746b037a31p-2, 0x1.ce2f21a046ba2p-4, -0x1.b82ce313e194cp-6,
                    0x1.565bcd4b1ce7cp-8, -0x1.c02dc0bc3f956p-11, 0x1.f9a4de8065d20p-14, -0x1.f4fa1a7c50b65p-17,
                    0x1.bc5ce01ed69d3p-20, -0x1.7a413ea5e56c5p-23, 0x1.c3785b4bda7f8p-26, -0x1.13ff4457d83c0p-27,
                    0x1.4fd00a7d54cefp-29, -0x1.90faa8f758a29p-32);
}

// erf(x) = 2·Φ(√2·x) - 1, relatively accurate at 0, where the right side is not. ±0 to themselves, ±inf to ±1, NaN to NaN.
// Error at most 3 ulp.
template <class V> LA_INLINE V errorFunction(V x) {
  const V magnitude = absolute(x);
  const auto isNear = magnitude < splat<V>(1);
  const V inside = select(isNear, x, V{});
  const V near = mulAdd(x, errorFunctionNear(inside * inside), x);
  return select(isNear, near, copySign(splat<V>(1) - errorFunctionComplement(magnitude), x));
}
