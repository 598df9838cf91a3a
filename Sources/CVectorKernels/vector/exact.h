// Products without rounding error.

// 2^s + 1 cuts a number in two halves whose products are exact (Dekker 1971).
template <class V> struct Splitter;
template <> struct Splitter<F32> { static constexpr float value = 0x1.001p12f; };
template <> struct Splitter<F64> { static constexpr double value = 0x1.0000002p27; };

// a·b = product + error, exactly, unless something overflows or the error underflows.
template <class V> LA_INLINE V exactProduct(V a, V b, V &error) {
#pragma clang fp contract(off)
  const V product = a * b;
#if LA_HAS_FMA
  error = __builtin_elementwise_fma(a, b, -product);
#else
  const V aScaled = a * splat<V>(Splitter<V>::value), bScaled = b * splat<V>(Splitter<V>::value);
  const V aHigh = aScaled - (aScaled - a), bHigh = bScaled - (bScaled - b);
  const V aLow = a - aHigh, bLow = b - bHigh;
  error = ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
#endif
  return product;
}
