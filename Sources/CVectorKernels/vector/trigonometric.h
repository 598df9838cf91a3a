// sin x, cos x and arctan x.
//
// Method: x = n·π/2 + t with |t| <= π/4 up to |x| = 2^20, π/2 in four pieces of which three have 33 bits, so that
// n·piece is exact. Larger arguments are rare in losses, and go lane by lane through the C library, which reduces them
// exactly. F32 goes to |x| = 2^12 by itself, in the same way, and beyond as F64, rounded once.

// t = high + low; `quadrant` has n in its low bits. |x| <= 2^20.
struct ReducedAngle { F64 high, low; U64 quadrant; };

LA_INLINE ReducedAngle reduceAngle(F64 x) {
#pragma clang fp contract(off)
  const double shift = 0x1.8p52;
  const F64 shifted = mulAdd(x, splat<F64>(0x1.45f306dc9c883p-1), shift);
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

// |x| <= 2^12: two pieces of which n has exact products, and two more.
struct ReducedShortAngle { F32 high, low; U32 quadrant; };

LA_INLINE ReducedShortAngle reduceAngle(F32 x) {
#pragma clang fp contract(off)
  const float shift = 0x1.8p23f;
  const F32 shifted = mulAdd(x, splat<F32>(0x1.45f306p-1f), shift), n = shifted - shift;
  const F32 first = mulAdd(n, splat<F32>(-0x1.92p0f), x), second = mulAdd(n, splat<F32>(-0x1.fb4p-12f), first);
  F32 error;
  const F32 product = exactProduct(n, splat<F32>(0x1.4442d0p-24f), error);
  // The product may be greater than what it is subtracted from: Knuth's sum.
  const F32 third = second - product, back = third - second;
  const F32 rest = mulAdd(n, splat<F32>(-0x1.84698ap-48f), ((second - (third - back)) - (product + back)) - error);
  const F32 high = third + rest;
  return {high, (third - high) + rest, bits(shifted)};
}

// Where the vector code serves: everywhere but for large finite numbers.
LA_INLINE I64 isLargeAngle(F64 x) { return (absolute(x) > splat<F64>(0x1p20)) & (absolute(x) < splat<F64>(__builtin_inf())); }
LA_INLINE I32 isLargeAngle(F32 x) { return (absolute(x) > splat<F32>(0x1p12f)) & (absolute(x) < splat<F32>(__builtin_inff())); }

// sin(t + turn·π/2): by the parity of n + turn the sine of t = t + t³·S(t²), S of degree 5 (Remez, error 2^-57.9), or
// its cosine = 1 - t²/2 + t⁴·C(t²), C of degree 5 (2^-63.8); by the next bit with the other sign.
LA_INLINE F64 sineOfReduced(const ReducedAngle &angle, uint64_t turn) {
  const F64 t = angle.high, z = t * t;
  const F64 s = polynomial(z, -0x1.5555555555548p-3, 0x1.111111110f73p-7, -0x1.a01a019be91ebp-13, 0x1.71de355526757p-19,
                           -0x1.ae5e4b7e651dap-26, 0x1.5d8b53941fa0dp-33);
  const F64 c = polynomial(z, 0x1.555555555554cp-5, -0x1.6c16c16c1520fp-10, 0x1.a01a019cbcbf9p-16,
                           -0x1.27e4f8103012dp-22, 0x1.1ee9ef430d981p-29, -0x1.8faff929c63e6p-37);
  const F64 sine = t + mulAdd(z * t, s, angle.low);
  // What 1 - z/2 loses in rounding is put back.
  const F64 half = z * 0.5, head = 1.0 - half;
  const F64 cosine = head + (((1.0 - head) - half) + mulAdd(z * z, c, -t * angle.low));
  const U64 quadrant = angle.quadrant + turn;
  const F64 magnitude = select((I64)(quadrant << 63) != 0, cosine, sine);
  return (F64)((U64)magnitude ^ ((quadrant >> 1) << 63));
}

// The same in F32: S of degree 3 (error 2^-32.2), C of degree 2 (2^-33.1).
LA_INLINE F32 sineOfReduced(const ReducedShortAngle &angle, uint64_t turn) {
#pragma clang fp contract(off)
  const F32 t = angle.high, z = t * t;
  const F32 s = polynomial(z, -0x1.555556p-3f, 0x1.111174p-7f, -0x1.a059aep-13f, 0x1.7c4826p-19f);
  const F32 c = polynomial(z, 0x1.55554ap-5f, -0x1.6c0c1ap-10f, 0x1.99e0c2p-16f);
  const F32 sine = t + mulAdd(z * t, s, angle.low);
  const F32 half = z * 0.5f, head = 1.0f - half;
  const F32 cosine = head + (((1.0f - head) - half) + mulAdd(z * z, c, -t * angle.low));
  const U32 quadrant = angle.quadrant + uint32_t(turn);
  const F32 magnitude = select((I32)(quadrant << 31) != 0, cosine, sine);
  return (F32)((U32)magnitude ^ ((quadrant >> 1) << 31));
}

// Not inlined, and by pointer: vectors do not cross calls.
__attribute__((noinline, cold)) inline void replaceLargeAngles(const double *x, double *result, bool isCosine) {
  for (int lane = 0; lane < Lane<double>::count; lane++)
    if (__builtin_fabs(x[lane]) > 0x1p20) result[lane] = isCosine ? __builtin_cos(x[lane]) : __builtin_sin(x[lane]);
}

LA_INLINE F64 sineShifted(F64 x, uint64_t turn) {
  F64 result = sineOfReduced(reduceAngle(x), turn);
  if (__builtin_expect(any(isLargeAngle(x)), 0)) {
    double arguments[Lane<double>::count], results[Lane<double>::count];
    store(arguments, x);
    store(results, result);
    replaceLargeAngles(arguments, results, turn == 1);
    result = load(results);
  }
  return result - (x - x);  // NaN for infinities
}

// Vectors with large angles are rare: these lanes are computed as F64, the others keep what the short way gave.
__attribute__((noinline, cold)) inline void replaceLargeAngles(const float *x, float *result, bool isCosine) {
  const F32 v = load(x);
  const F64 low = sineShifted(lowHalf(v), isCosine), high = sineShifted(highHalf(v), isCosine);
  store(result, select(isLargeAngle(v), fromHalves(low, high), load(result)));
}

LA_INLINE F32 sineShifted(F32 x, uint64_t turn) {
  F32 result = sineOfReduced(reduceAngle(x), turn);
  if (__builtin_expect(any(isLargeAngle(x)), 0)) {
    float arguments[Lane<float>::count], results[Lane<float>::count];
    store(arguments, x);
    store(results, result);
    replaceLargeAngles(arguments, results, turn == 1);
    result = load(results);
  }
  return result - (x - x);
}

// sin x, for every x. ±0 to itself, ±inf and NaN to NaN. Error at most 1 ulp (measured: F32 0.83, F64 0.79).
template <class V> LA_INLINE V sine(V x) { return select(x == V{}, x, sineShifted(x, 0)); }

// cos x, for every x. ±inf and NaN to NaN. Error at most 1 ulp (measured: F32 0.83, F64 0.89).
template <class V> LA_INLINE V cosine(V x) { return sineShifted(x, 1); }

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
