// Quotients that a plain division does not serve. It serves best elsewhere, also with AVX-512: amid multiplications it is nearly free.

// 1/d to 14 bits or better, where a corrected quotient needs no more.
LA_INLINE F32 roughInverse(F32 d) {
#if LA_HAS_AVX512
  return (F32)_mm512_rcp14_ps((__m512)d);
#else
  return 1.0f / d;
#endif
}
LA_INLINE F64 roughInverse(F64 d) {
#if LA_HAS_AVX512
  const F64 rough = (F64)_mm512_rcp14_pd((__m512d)d);
  return mulAdd(mulAdd(-d, rough, 1.0), rough, rough);
#else
  return 1.0 / d;
#endif
}

// dividend/(head + rest), where `inverse` is 1/head to half precision or better: one Newton step on the quotient
// itself, which rounds once.
template <class V> LA_INLINE V correctedQuotient(V dividend, V head, V rest, V inverse) {
  const V q = dividend * inverse;
  const V remainder = mulAdd(-q, rest, mulAdd(-q, head, dividend));
  return mulAdd(remainder, inverse, q);
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
