// sin x, cos x and arctan x.
//
// Method: x = n·π/2 + t with |t| <= π/4 up to |x| = 2^20 in F64 and 2^12 in F32. Larger arguments are rare in losses: in F32 they go to
// F64, rounded once, and there lane by lane through the C library, which reduces them exactly.

// t = high + low; `quadrant` has n in its low bits.
template <class V> struct ReducedAngle { V high, low; typename Element<V>::Bits quadrant; };

// Where the vector code serves.
template <class V> struct AngleRange;
template <> struct AngleRange<F32> { static constexpr float limit = 0x1p12f; };
template <> struct AngleRange<F64> { static constexpr double limit = 0x1p20; };

#if LA_HAS_FMA
// π/2 in three pieces: the first, rounded down to working precision, leaves a difference that is exact if its product is not rounded; the
// second is so short that its product is exact.
template <class V> struct QuarterTurn;
template <> struct QuarterTurn<F32> {
  static constexpr float inverse = 0x1.45f306p-1f, shift = 0x1.8p23f, first = 0x1.921fb4p0f, second = 0x1.444p-24f, third = 0x1.68c234p-39f;
};
template <> struct QuarterTurn<F64> {
  static constexpr double inverse = 0x1.45f306dc9c883p-1, shift = 0x1.8p52, first = 0x1.921fb54442d18p0, second = 0x1.1a626331p-54,
                          third = 0x1.1701b839a252p-88;
};

template <class V> LA_INLINE ReducedAngle<V> reduceAngle(V x) {
#pragma clang fp contract(off)
  typedef QuarterTurn<V> Turn;
  const V shifted = mulAdd(x, splat<V>(Turn::inverse), Turn::shift), n = splat<V>(Turn::shift) - shifted;  // minus n
  const V first = mulAdd(n, splat<V>(Turn::first), x), second = mulAdd(n, splat<V>(Turn::second), first);
  // What the second rounded away is exact: it is multiples of one small unit that are subtracted here.
  const V lost = mulAdd(n, splat<V>(Turn::second), first - second), rest = mulAdd(n, splat<V>(Turn::third), lost);
  const V high = second + rest;
  return {high, (second - high) + rest, bits(shifted)};
}
#else
// π/2 in four pieces of which three have 33 bits, so that n·piece is exact.
LA_INLINE ReducedAngle<F64> reduceAngle(F64 x) {
#pragma clang fp contract(off)
  const double shift = 0x1.8p52;
  const F64 shifted = x * 0x1.45f306dc9c883p-1 + shift;
  const F64 n = shifted - shift;
  // The first difference is exact; of each further one the rounding error goes into `rest`.
  const F64 first = x - n * 0x1.921fb544p0;
  const F64 secondPart = n * 0x1.0b4611a6p-34, thirdPart = n * 0x1.3198a2ep-69;
  const F64 second = first - secondPart;
  const F64 third = second - thirdPart;
  const F64 rest = ((first - second) - secondPart) + ((second - third) - thirdPart) - n * 0x1.b839a252049c1p-104;
  const F64 high = third + rest;
  return {high, (third - high) + rest, bits(shifted)};
}

// Two pieces of which n has exact products, and two more.
LA_INLINE ReducedAngle<F32> reduceAngle(F32 x) {
#pragma clang fp contract(off)
  const float shift = 0x1.8p23f;
  const F32 shifted = x * 0x1.45f306p-1f + shift, n = shifted - shift;
  const F32 first = x - n * 0x1.92p0f, second = first - n * 0x1.fb4p-12f;
  F32 error;
  const F32 product = exactProduct(n, splat<F32>(0x1.4442d0p-24f), error);
  // The product may be greater than what it is subtracted from: Knuth's sum.
  const F32 third = second - product, back = third - second;
  const F32 rest = ((second - (third - back)) - (product + back)) - error - n * 0x1.84698ap-48f;
  const F32 high = third + rest;
  return {high, (third - high) + rest, bits(shifted)};
}
#endif

// sin t = t + t³·S(t²), S of degree 5 (Remez, error 2^-57.9), and cos t = 1 - t²/2 + t⁴·C(t²), C of degree 5 (2^-63.8), of the reduced
// angle t; in F32 S of degree 3 (2^-32.2) and C of degree 2 (2^-33.1).
LA_INLINE F64 sineSeries(F64 z) {
  return polynomial(z, -0x1.5555555555548p-3, 0x1.111111110f73p-7, -0x1.a01a019be91ebp-13, 0x1.71de355526757p-19,
                    -0x1.ae5e4b7e651dap-26, 0x1.5d8b53941fa0dp-33);
}
LA_INLINE F64 cosineSeries(F64 z) {
  return polynomial(z, 0x1.555555555554cp-5, -0x1.6c16c16c1520fp-10, 0x1.a01a019cbcbf9p-16, -0x1.27e4f8103012dp-22,
                    0x1.1ee9ef430d981p-29, -0x1.8faff929c63e6p-37);
}
LA_INLINE F32 sineSeries(F32 z) { return polynomial(z, -0x1.555556p-3f, 0x1.111174p-7f, -0x1.a059aep-13f, 0x1.7c4826p-19f); }
LA_INLINE F32 cosineSeries(F32 z) { return polynomial(z, 0x1.55554ap-5f, -0x1.6c0c1ap-10f, 0x1.99e0c2p-16f); }

// Both of n·π/2 + t. By the parity of n they are those of t or change places; the next bit of n, and of n + 1, has the sign.
template <class V> LA_INLINE void sineAndCosineOfReduced(const ReducedAngle<V> &angle, V &sine, V &cosine) {
#pragma clang fp contract(off)
  typedef typename Element<V>::Bits Bits;
  constexpr int signBit = 8 * sizeof(typename Element<V>::Type) - 1;
  const V t = angle.high, z = t * t, one = splat<V>(1);
  const V s = t + mulAdd(z * t, sineSeries(z), angle.low);
  // What 1 - z/2 loses in rounding is put back.
  const V head = mulAdd(z, splat<V>(-0.5f), one), lost = mulAdd(z, splat<V>(-0.5f), one - head);
  const V c = head + (lost + mulAdd(z * z, cosineSeries(z), -t * angle.low));
  const auto isOdd = (typename Element<V>::Mask)(angle.quadrant << signBit) != 0;
  const V first = select(isOdd, c, s), second = select(isOdd, s, c);
  sine = (V)((Bits)first ^ ((angle.quadrant >> 1) << signBit));
  cosine = (V)((Bits)second ^ (((angle.quadrant + 1) >> 1) << signBit));
}

template <class V> LA_INLINE typename Element<V>::Mask isLargeAngle(V x) { return absolute(x) > splat<V>(AngleRange<V>::limit); }

// Not inlined, and by pointer: vectors do not cross calls.
__attribute__((noinline, cold)) inline void replaceLargeAngles(const double *x, double *sine, double *cosine) {
  for (int lane = 0; lane < Lane<double>::count; lane++) {
    if (__builtin_fabs(x[lane]) > AngleRange<F64>::limit) {
      sine[lane] = __builtin_sin(x[lane]);
      cosine[lane] = __builtin_cos(x[lane]);
    }
  }
}
inline void replaceLargeAngles(const float *x, float *sine, float *cosine);

// sin x and cos x, for every x: ±0 has itself as its sine, ±inf and NaN have NaN. Error at most 1 ulp (measured: F32 0.86, F64
// 0.79 and 0.89).
template <class V> LA_INLINE void sineAndCosine(V x, V &sine, V &cosine) {
  V s, c;
  sineAndCosineOfReduced(reduceAngle(x), s, c);
  s = select(x == V{}, x, s);
  if (__builtin_expect(any(isLargeAngle(x)), 0)) {
    typedef typename Element<V>::Type T;
    T arguments[Lane<T>::count], sines[Lane<T>::count], cosines[Lane<T>::count];
    store(arguments, x);
    store(sines, s);
    store(cosines, c);
    replaceLargeAngles(arguments, sines, cosines);
    s = load(sines);
    c = load(cosines);
  }
  sine = s;
  cosine = c;
}

// Vectors with large angles are rare: these lanes are computed as F64, the others keep what the short way gave.
__attribute__((noinline, cold)) inline void replaceLargeAngles(const float *x, float *sine, float *cosine) {
  const F32 v = load(x);
  F64 lowSine, highSine, lowCosine, highCosine;
  sineAndCosine(lowHalf(v), lowSine, lowCosine);
  sineAndCosine(highHalf(v), highSine, highCosine);
  store(sine, select(isLargeAngle(v), fromHalves(lowSine, highSine), load(sine)));
  store(cosine, select(isLargeAngle(v), fromHalves(lowCosine, highCosine), load(cosine)));
}

// One of them; the compiler drops what only the other needs.
template <class V> LA_INLINE V sine(V x) {
  V sine, cosine;
  sineAndCosine(x, sine, cosine);
  return sine;
}
template <class V> LA_INLINE V cosine(V x) {
  V sine, cosine;
  sineAndCosine(x, sine, cosine);
  return cosine;
}

// (arctan t)/t = 1 + z·A(z), z = t² <= 1: A of degree 9 (Remez, error 2^-26.6) or 21 (2^-57.6).
LA_INLINE F32 arcTangentSeries(F32 z) {
  return polynomial(z, -0x1.555552p-2f, 0x1.99981cp-3f, -0x1.247616p-3f, 0x1.c510dep-4f, -0x1.695186p-4f,
                    0x1.1504f2p-4f, -0x1.70729p-5f, 0x1.75186p-6f, -0x1.e6746ep-8f, 0x1.294542p-10f);
}
LA_INLINE F64 arcTangentSeries(F64 z) {
  return polynomial(z, -0x1.5555555555554p-2, 0x1.9999999999731p-3, -0x1.24924924864b2p-3, 0x1.c71c71c352e1bp-4,
                    -0x1.745d16e98321bp-4, 0x1.3b13ab63a4b41p-4, -0x1.1110ce16033bbp-4, 0x1.e1dd72922e238p-5,
                    -0x1.af0bc122aa7bdp-5, 0x1.8587ac4b35cdp-5, -0x1.61e791d0da107p-5, 0x1.405406980a557p-5,
                    -0x1.1bf43d84f81ccp-5, 0x1.dff427e8a33f2p-6, -0x1.756c8b5f7bd2fp-6, 0x1.012c901b7ad2bp-6,
                    -0x1.2ced5672fab26p-7, 0x1.1e53697da2a72p-8, -0x1.a4bf6f525174dp-10, 0x1.bc7c94fab0b2dp-12,
                    -0x1.2ad28ab7c67d2p-14, 0x1.7eafed2b5442ap-18);
}

// arctan x = ±π/2 - arctan(1/x) beyond 1. ±0 and subnormals to themselves, ±inf to ±π/2, NaN to NaN.
// Error at most 3 ulp (measured: F32 2.0, F64 2.7).
template <class V> LA_INLINE V arcTangent(V x) {
  const V a = absolute(x);
  const auto beyond = a > splat<V>(1);
  const V t = select(beyond, splat<V>(1) / a, a), z = t * t;
  const V inside = mulAdd(t * z, arcTangentSeries(z), t);
  return copySign(select(beyond, splat<V>(1.5707963267948966) - inside, inside), x);
}
