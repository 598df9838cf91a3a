// The operations of programs as types: whoever runs a program, step by step or compiled in one piece, applies these to its vectors.
#ifndef LA_TARGET
#error "include operations.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

#define LA_UNARY(name, body)                                                                       \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE V apply(V a) { return body; }                              \
  };
#define LA_FUNCTION(name, body) LA_UNARY(name, body)
#define LA_BINARY(name, body)                                                                      \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE V apply(V a, V b) { return body; }                         \
  };
#define LA_BINARY_FUNCTION(name, body) LA_BINARY(name, body)
#define LA_TERNARY(name, body)                                                                     \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE V apply(V a, V b, V c) { return body; }                    \
  };
#define LA_HALVES(name, prepare, finish)                                                           \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE void begin(V a, V &x, V &y) { prepare; }                   \
    template <class V> static LA_INLINE V apply(V a, V x, V y) { return finish; }                  \
  };
#define LA_PAIR(name, prepare, finish)                                                             \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE void begin(V a, V &x, V &y) { prepare; }                   \
    template <class V> static LA_INLINE void apply(V a, V x, V y, V &first, V &second) { finish; } \
  };
#define LA_TWIN(name, body)                                                                        \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE void apply(V a, V &first, V &second) { body; }             \
  };
#define LA_TRIPLE(name, body)                                                                      \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE void apply(V a, V &first, V &second, V &third) { body; }   \
  };
#define LA_TRIO(name, prepare, finish)                                                             \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE void begin(V a, V &x, V &y) { prepare; }                   \
    template <class V>                                                                             \
    static LA_INLINE void apply(V a, V x, V y, V &first, V &second, V &third) { finish; }          \
  };
#include "operations.def"

}  // namespace la::LA_TARGET
