// One vector of 64 bytes on every target: 16 floats or 8 doubles, so that every target sums in the same order.
// The compiler splits it into two AVX2 or four SSE2/NEON registers.

typedef float F32 __attribute__((vector_size(64)));
typedef double F64 __attribute__((vector_size(64)));
typedef int32_t I32 __attribute__((vector_size(64)));
typedef int64_t I64 __attribute__((vector_size(64)));
typedef uint32_t U32 __attribute__((vector_size(64)));
typedef uint64_t U64 __attribute__((vector_size(64)));

// Lane<float>::Vector is F32, and so on. A comparison of two vectors is a Mask: all bits set in the lanes where it
// holds.
template <class T> struct Lane;
template <> struct Lane<float> { typedef F32 Vector; typedef I32 Mask; typedef U32 Bits; static constexpr int count = 16; };
template <> struct Lane<double> { typedef F64 Vector; typedef I64 Mask; typedef U64 Bits; static constexpr int count = 8; };
template <class V> struct Element;
template <> struct Element<F32> { typedef float Type; typedef I32 Mask; typedef U32 Bits; };
template <> struct Element<F64> { typedef double Type; typedef I64 Mask; typedef U64 Bits; };

template <class T> LA_INLINE typename Lane<T>::Vector load(const T *p) {
  typename Lane<T>::Vector v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
template <class T> LA_INLINE void store(T *p, typename Lane<T>::Vector v) { __builtin_memcpy(p, &v, sizeof v); }
template <class V> LA_INLINE V splat(typename Element<V>::Type x) { return V{} + x; }

// p must be 64-byte aligned. Goes around the caches: for outputs larger than the last of them.
template <class T> LA_INLINE void storeStreaming(T *p, typename Lane<T>::Vector v) {
  __builtin_nontemporal_store(v, reinterpret_cast<typename Lane<T>::Vector *>(p));
}

LA_INLINE F32 select(I32 mask, F32 yes, F32 no) { return mask ? yes : no; }
LA_INLINE F64 select(I64 mask, F64 yes, F64 no) { return mask ? yes : no; }
LA_INLINE bool any(I32 mask) { I64 m = (I64)mask; return (m[0] | m[1] | m[2] | m[3] | m[4] | m[5] | m[6] | m[7]) != 0; }
LA_INLINE bool any(I64 m) { return (m[0] | m[1] | m[2] | m[3] | m[4] | m[5] | m[6] | m[7]) != 0; }

// a·b + c with one rounding where the target has FMA, two where it has not.
template <class V> LA_INLINE V mulAdd(V a, V b, V c) {
#if LA_HAS_FMA
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}
template <class V> LA_INLINE V mulAdd(V a, V b, typename Element<V>::Type c) { return mulAdd(a, b, splat<V>(c)); }

template <class V> LA_INLINE V absolute(V x) { return __builtin_elementwise_abs(x); }
template <class V> LA_INLINE V copySign(V magnitude, V sign) { return __builtin_elementwise_copysign(magnitude, sign); }
template <class V> LA_INLINE V squareRoot(V x) { return __builtin_elementwise_sqrt(x); }
template <class V> LA_INLINE typename Element<V>::Bits bits(V x) { return (typename Element<V>::Bits)x; }

// 1 for positive numbers, 0 for others, NaN for NaN. AVX-512 has an instruction that answers by the kind of a number: a digit for each kind,
// from the last digit on NaN (2: itself), signalling NaN, 0 (8: 0), 1 (a: 1), -inf, inf, negative, positive.
LA_INLINE F32 unitStep(F32 x) {
#if LA_HAS_AVX512
  return (F32)_mm512_fixupimm_ps((__m512)x, (__m512)x, _mm512_set1_epi32(int(0xa8a8a822)), 0);
#else
  return select(x > 0, splat<F32>(1), select(x != x, x, splat<F32>(0)));
#endif
}
LA_INLINE F64 unitStep(F64 x) {
#if LA_HAS_AVX512
  return (F64)_mm512_fixupimm_pd((__m512d)x, (__m512d)x, _mm512_set1_epi64(0xa8a8a822), 0);
#else
  return select(x > 0, splat<F64>(1), select(x != x, x, splat<F64>(0)));
#endif
}

// 1 - unitStep(x).
LA_INLINE F32 unitStepDown(F32 x) {
#if LA_HAS_AVX512
  return (F32)_mm512_fixupimm_ps((__m512)x, (__m512)x, _mm512_set1_epi32(int(0x8a8a8a22)), 0);
#else
  return select(x > 0, splat<F32>(0), select(x != x, x, splat<F32>(1)));
#endif
}
LA_INLINE F64 unitStepDown(F64 x) {
#if LA_HAS_AVX512
  return (F64)_mm512_fixupimm_pd((__m512d)x, (__m512d)x, _mm512_set1_epi64(0x8a8a8a22), 0);
#else
  return select(x > 0, splat<F64>(0), select(x != x, x, splat<F64>(1)));
#endif
}

// IEEE 754 maximum and minimum: NaN if either is NaN.
template <class V> LA_INLINE V maximum(V a, V b) { V m = select(a > b, a, b); return select(a != a, a, m); }
template <class V> LA_INLINE V minimum(V a, V b) { V m = select(a < b, a, b); return select(a != a, a, m); }

// The sixteen floats as two times eight doubles.
LA_INLINE F64 lowHalf(F32 v) {
  typedef float Half __attribute__((vector_size(32)));
  return __builtin_convertvector((Half)__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7), F64);
}
LA_INLINE F64 highHalf(F32 v) {
  typedef float Half __attribute__((vector_size(32)));
  return __builtin_convertvector((Half)__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15), F64);
}
LA_INLINE F32 fromHalves(F64 low, F64 high) {
  typedef float Half __attribute__((vector_size(32)));
  return __builtin_shufflevector(__builtin_convertvector(low, Half), __builtin_convertvector(high, Half),
                                 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
LA_INLINE double sumOfLanes(F64 v) { return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7])); }
