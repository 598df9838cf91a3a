// The sum of the weights, which the mean divides by, and the check that they are weights.
#define LA_SOURCE "weights.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "conversion.h"
#include "emission.h"

namespace la::LA_TARGET {

template <class T> int64_t sumWeights(const T *weights, int64_t begin, int64_t end, double *sum) {
  typedef typename Lane<T>::Vector V;
  Accumulator<T> accumulator;
  const V infinity = splat<V>(T(__builtin_inf()));
  typename Lane<T>::Mask invalid{};
  int64_t i = begin;
  for (; i + Lane<T>::count <= end; i += Lane<T>::count) {
    const V x = load(weights + i);
    invalid |= ~((x >= V{}) & (x < infinity));
    accumulator.add(x);
  }
  if (i < end) {
    V last{};
    __builtin_memcpy(&last, weights + i, (end - i) * sizeof(T));
    invalid |= ~((last >= V{}) & (last < infinity));
    accumulator.add(last);
  }
  accumulator.total(sum);
  if (!any(invalid)) return -1;
  for (i = begin; weights[i] >= 0 && weights[i] < T(__builtin_inf()); i++) {}
  return i;
}

inline int64_t sumMaskedWeights(const la_batch *batch, int64_t begin, int64_t end, double *sum) {
  constexpr int64_t blockElements = 256;
  alignas(64) double weights[blockElements];
  Accumulator<double> accumulator;
  int64_t invalid = -1;
  for (int64_t start = begin; start < end; start += blockElements) {
    const int64_t count = end - start < blockElements ? end - start : blockElements;
    maskedWeights<double>(*batch, start, count, weights);
    for (int64_t i = count; i % 8 != 0; i++) weights[i] = 0;
    for (int64_t i = 0; i < count; i += 8) accumulator.add(load(weights + i));
    for (int64_t i = 0; i < count && invalid < 0; i++)
      if (!(weights[i] >= 0 && weights[i] < __builtin_inf())) invalid = start + i;
  }
  accumulator.total(sum);
  return invalid;
}

}  // namespace la::LA_TARGET

#else

extern "C" {

int64_t la_sum_weights_f32(const float *weights, int64_t begin, int64_t end, double *sum) {
  return LA_DISPATCH(sumWeights<float>)(weights, begin, end, sum);
}

int64_t la_sum_weights_f64(const double *weights, int64_t begin, int64_t end, double *sum) {
  return LA_DISPATCH(sumWeights<double>)(weights, begin, end, sum);
}

int64_t la_sum_masked_weights(const la_batch *batch, int64_t begin, int64_t end, double *sum) {
  return LA_DISPATCH(sumMaskedWeights)(batch, begin, end, sum);
}

}  // extern "C"

#endif
