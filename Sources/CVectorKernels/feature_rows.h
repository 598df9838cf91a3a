// Reading features in whatever type they are stored as vectors of the type that is computed in.
#ifndef LA_TARGET
#error "include feature_rows.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// The upper half of a float.
struct BrainFloat {
  uint16_t bits;
};

template <class A, class S> LA_INLINE A widened(S x) { return A(x); }
template <class A> LA_INLINE A widened(BrainFloat x) {
  const uint32_t bits = uint32_t(x.bits) << 16;
  float value;
  __builtin_memcpy(&value, &bits, 4);
  return A(value);
}

template <class A, class S> struct Loader {
  static LA_INLINE typename Lane<A>::Vector load(const S *p) {
    typedef S Stored __attribute__((ext_vector_type(Lane<A>::count)));
    typedef A Wanted __attribute__((ext_vector_type(Lane<A>::count)));
    Stored v;
    __builtin_memcpy(&v, p, Lane<A>::count * sizeof(S));
    const Wanted w = __builtin_convertvector(v, Wanted);
    typename Lane<A>::Vector result;
    __builtin_memcpy(&result, &w, sizeof result);
    return result;
  }
};
template <class A> struct Loader<A, A> {
  static LA_INLINE typename Lane<A>::Vector load(const A *p) { return la::LA_TARGET::load(p); }
};
template <class A> struct Loader<A, BrainFloat> {
  static LA_INLINE typename Lane<A>::Vector load(const BrainFloat *p) {
    typedef uint16_t Stored __attribute__((ext_vector_type(Lane<A>::count)));
    typedef uint32_t Bits __attribute__((ext_vector_type(Lane<A>::count)));
    typedef float Single __attribute__((ext_vector_type(Lane<A>::count)));
    typedef A Wanted __attribute__((ext_vector_type(Lane<A>::count)));
    Stored v;
    __builtin_memcpy(&v, p, sizeof v);
    const Bits bits = __builtin_convertvector(v, Bits) << 16;
    const Wanted w = __builtin_convertvector((Single)bits, Wanted);
    typename Lane<A>::Vector result;
    __builtin_memcpy(&result, &w, sizeof result);
    return result;
  }
};

// As many elements as a vector of A has, widened exactly (from double to float: rounded).
template <class A, class S> LA_INLINE typename Lane<A>::Vector loadAs(const S *p) { return Loader<A, S>::load(p); }

}  // namespace la::LA_TARGET

// LA_STORED(S) for the element type that the number stands for.
#ifndef LA_SWITCH_STORAGE
#define LA_SWITCH_STORAGE(type)            \
  switch (type) {                          \
    case LA_TYPE_F32: LA_STORED(float)     \
    case LA_TYPE_F64: LA_STORED(double)    \
    case LA_TYPE_F16: LA_STORED(_Float16)  \
    case LA_TYPE_BF16: LA_STORED(BrainFloat) \
  }
#endif
