// a/b for b and a/b far from overflow and underflow: correct to 0.51 ulp, and on AVX-512 in a third of the time of a
// division.

// One Newton step on the quotient of the 14-bit reciprocal, with the remainder exact by FMA.
LA_INLINE F32 quotient(F32 a, F32 b) {
#if LA_HAS_AVX512
  const F32 y = (F32)_mm512_rcp14_ps((__m512)b);
  const F32 q = a * y;
  return mulAdd(mulAdd(-q, b, a), y, q);
#else
  return a / b;
#endif
}

LA_INLINE F64 quotient(F64 a, F64 b) {
#if LA_HAS_AVX512
  const F64 rough = (F64)_mm512_rcp14_pd((__m512d)b);
  const F64 y = mulAdd(mulAdd(-b, rough, 1.0), rough, rough);
  const F64 q = a * y;
  return mulAdd(mulAdd(-q, b, a), y, q);
#else
  return a / b;
#endif
}

// 1/(1 + x²) without overflow, in the same way for subnormal results. ±inf to 0, NaN to NaN. Error at most 3 ulp (without FMA; 2 with it).
template <class V> LA_INLINE V inverseOfOnePlusSquare(V x) {
  const auto large = absolute(x) > splat<V>(0x1p60f);
  const V inverse = splat<V>(1) / select(large, x, mulAdd(x, x, splat<V>(1)));
  return select(large, inverse * inverse, inverse);
}

// x/(1 + x²) without overflow. ±0 to themselves, ±inf to ±0, NaN to NaN. Error at most 3 ulp (without FMA; 2 with it).
template <class V> LA_INLINE V overOnePlusSquare(V x) {
  const auto large = absolute(x) > splat<V>(0x1p60f);
  return select(large, splat<V>(1), x) / select(large, x, mulAdd(x, x, splat<V>(1)));
}
