// What the benchmarks measure the library against; the library itself calls none of it. A triad moves the same bytes as a
// pointwise loss with its gradient and computes next to nothing: the speed of the memory. The fused loops are what a C
// programmer would write by hand for one loss, on the same vector primitives and with the same sums as the interpreter: the
// price of interpreting.
#define LA_SOURCE "yardsticks.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "emission.h"

namespace la::LA_TARGET {

template <class T> void triad(const T *a, const T *b, T *output, int64_t begin, int64_t end) {
  int64_t i = begin;
#pragma clang loop unroll_count(2)
  for (; i + Lane<T>::count <= end; i += Lane<T>::count)
    store(output + i, load(a + i) + load(b + i) * T(0.5));
  for (; i < end; i++) output[i] = a[i] + b[i] * T(0.5);
}

template <class T> struct SquaredErrorLoop {
  static LA_INLINE void apply(typename Lane<T>::Vector prediction, typename Lane<T>::Vector target,
                              typename Lane<T>::Vector &value, typename Lane<T>::Vector &gradient) {
    const auto residual = prediction - target;
    value = residual * residual;
    gradient = residual + residual;
  }
};

template <class T> struct BinaryCrossEntropyLoop {
  static LA_INLINE void apply(typename Lane<T>::Vector logit, typename Lane<T>::Vector target,
                              typename Lane<T>::Vector &value, typename Lane<T>::Vector &gradient) {
    typedef typename Lane<T>::Vector V;
    V tail, side;
    logisticTail(logit, tail, side);
    value = maximum(logit, V{}) + tail - target * logit;
    gradient = select(logit > V{}, splat<V>(1), V{}) - side - target;
  }
};

// Two accumulators, so that the loop does not wait for its own additions.
template <class T, class Loss>
LA_INLINE double fused(const T *predictions, const T *targets, T scale, T *gradient, int64_t count) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  Accumulator<T> even, odd;
  const V factor = splat<V>(scale);
  V value, derivative;
  int64_t i = 0;
  for (; i + 2 * lanes <= count; i += 2 * lanes) {
    Loss::apply(load(predictions + i), load(targets + i), value, derivative);
    even.add(value);
    store(gradient + i, derivative * factor);
    Loss::apply(load(predictions + i + lanes), load(targets + i + lanes), value, derivative);
    odd.add(value);
    store(gradient + i + lanes, derivative * factor);
  }
  double rest = 0;
  for (; i < count; i++) {
    Loss::apply(splat<V>(predictions[i]), splat<V>(targets[i]), value, derivative);
    rest += value[0];
    gradient[i] = derivative[0] * scale;
  }
  double sums[4];
  even.total(sums);
  odd.total(sums + 2);
  return (sums[0] + sums[2]) + (sums[1] + sums[3] + rest);
}

template <class T>
double fusedSquaredError(const T *predictions, const T *targets, T scale, T *gradient, int64_t count) {
  return fused<T, SquaredErrorLoop<T>>(predictions, targets, scale, gradient, count);
}

template <class T>
double fusedBinaryCrossEntropy(const T *logits, const T *targets, T scale, T *gradient, int64_t count) {
  return fused<T, BinaryCrossEntropyLoop<T>>(logits, targets, scale, gradient, count);
}

}  // namespace la::LA_TARGET

#else

#include <pthread.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace {

template <class T, class Pointer> T *elements(Pointer pointer) { return static_cast<T *>(pointer); }

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
struct Probe {
  void (*body)(void *context);
  void *context;
  int64_t growth;
};

void *measure(void *argument) {
  Probe &probe = *static_cast<Probe *>(argument);
  const size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
  probe.body(probe.context);
  probe.growth = int64_t(mallinfo2().uordblks + mallinfo2().hblkhd - before);
  return nullptr;
}
#endif

}  // namespace

extern "C" {

void la_yardstick_triad(uint8_t type, const void *a, const void *b, void *output, int64_t begin, int64_t end) {
  if (type == LA_TYPE_F32)
    LA_DISPATCH(triad<float>)(elements<const float>(a), elements<const float>(b), elements<float>(output), begin, end);
  else
    LA_DISPATCH(triad<double>)(elements<const double>(a), elements<const double>(b), elements<double>(output), begin, end);
}

double la_yardstick_squared_error(uint8_t type, const void *predictions, const void *targets, double scale, void *gradient,
                                  int64_t count) {
  if (type == LA_TYPE_F32)
    return LA_DISPATCH(fusedSquaredError<float>)(
        elements<const float>(predictions), elements<const float>(targets), float(scale), elements<float>(gradient), count);
  return LA_DISPATCH(fusedSquaredError<double>)(
      elements<const double>(predictions), elements<const double>(targets), scale, elements<double>(gradient), count);
}

double la_yardstick_binary_cross_entropy(uint8_t type, const void *logits, const void *targets, double scale,
                                         void *gradient, int64_t count) {
  if (type == LA_TYPE_F32)
    return LA_DISPATCH(fusedBinaryCrossEntropy<float>)(
        elements<const float>(logits), elements<const float>(targets), float(scale), elements<float>(gradient), count);
  return LA_DISPATCH(fusedBinaryCrossEntropy<double>)(
      elements<const double>(logits), elements<const double>(targets), scale, elements<double>(gradient), count);
}

int64_t la_heap_growth(void (*body)(void *context), void *context) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
  Probe probe = {body, context, INT64_MIN};
  pthread_t thread;
  if (pthread_create(&thread, nullptr, measure, &probe) != 0) return INT64_MIN;
  pthread_join(thread, nullptr);
  return probe.growth;
#else
  return INT64_MIN;
#endif
}

#define LA_TEXT(number) LA_LITERAL(number)
#define LA_LITERAL(number) #number
const char *la_compiler(void) { return "clang " LA_TEXT(__clang_major__) "." LA_TEXT(__clang_minor__); }

}  // extern "C"

#endif
