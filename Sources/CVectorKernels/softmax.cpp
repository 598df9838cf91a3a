// Softmax cross-entropy over rows of logits.
#define LA_SOURCE "softmax.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "softmax_row.h"
#include "transpose.h"

#include "softmax_loss.h"
#include "softmax_narrow.h"
#include "softmax_wide.h"

namespace la::LA_TARGET {

// A row's exponentials wait here for their sum, when the gradient itself is written around the caches.
template <class T> struct StreamingScratch {
  static constexpr int64_t bytes = 128 * 1024, count = bytes / sizeof(T);
  // Shorter rows gain nothing: they spend their time at the two lines that they share with their neighbours.
  static constexpr int64_t fewest = 16 * 1024 / sizeof(T);
};

template <SoftmaxTargets kind, class T>
LA_INLINE int64_t wideGroup(const la_softmax &batch, const LabelShares &shares, SoftmaxGroup<T> &group, int64_t row,
                            int64_t end, T *scratch, int64_t *column) {
  const int64_t classes = batch.classes;
  T *gradient = static_cast<T *>(batch.gradient);
  for (int64_t r = 0; r < group.rows; r++) {
    T *destination = gradient ? gradient + (row + r) * classes : nullptr;
    if (group.weight[r] == 0) {
      if (gradient) __builtin_memset(destination, 0, classes * sizeof(T));
      continue;
    }
    const int64_t next = row + r + 1 < end ? row + r + 1 : row + r;
    *column = wideRow<kind>(batch, shares, group, r, row + r, static_cast<const T *>(batch.logits) + next * classes,
                            scratch ? scratch : destination, destination, scratch != nullptr);
    if (*column >= 0) return row + r;
  }
  return -1;
}

template <SoftmaxTargets kind, class T>
__attribute__((noinline)) la_rows_result softmaxRows(const la_softmax &batch, int64_t begin, int64_t end, T *scratch) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const LabelShares shares(batch);
  const int64_t classes = batch.classes;
  RowSum<T> sum;
  la_rows_result result = {{0, 0}, -1, 0};
  for (int64_t row = begin; row < end; row += lanes) {
    SoftmaxGroup<T> group(batch, shares, row, end);
    if (classes < narrowClasses) {
      const bool roomy = (end - row - group.rows) * classes >= lanes;
      result.row = narrowGroup<kind>(batch, shares, group, row, roomy);
      if (result.row >= 0)
        result.column = firstImproper(static_cast<const T *>(batch.targets) + result.row * classes, classes);
    } else {
      result.row = wideGroup<kind>(batch, shares, group, row, end, scratch, &result.column);
    }
    if (result.row >= 0) return result;
    const V losses = group.losses(), weights = load(group.weight);
    sum.addProduct(losses, weights);
    if (batch.values) {
      const V values = losses * weights;
      __builtin_memcpy(static_cast<T *>(batch.values) + row, &values, group.rows * sizeof(T));
    }
    if (batch.masses) {
      const V masses = load(group.mass) * weights;
      __builtin_memcpy(static_cast<T *>(batch.masses) + row, &masses, group.rows * sizeof(T));
    }
  }
  sum.total(result.sum);
  return result;
}

template <class T> LA_INLINE la_rows_result softmaxWith(T *scratch, const la_softmax &batch, int64_t begin, int64_t end) {
  if (!batch.labels) return softmaxRows<SoftmaxTargets::distributions, T>(batch, begin, end, scratch);
  if (batch.labelSmoothing != 0) return softmaxRows<SoftmaxTargets::smoothedLabels, T>(batch, begin, end, scratch);
  return softmaxRows<SoftmaxTargets::labels, T>(batch, begin, end, scratch);
}

// Apart, so that only these batches need that much of the stack.
template <class T> __attribute__((noinline)) la_rows_result softmaxStreaming(const la_softmax &batch, int64_t begin, int64_t end) {
  alignas(64) T scratch[StreamingScratch<T>::count];
  return softmaxWith<T>(scratch, batch, begin, end);
}

template <class T> la_rows_result softmax(const la_softmax *batch, int64_t begin, int64_t end) {
  const bool streams = batch->streaming && batch->gradient && batch->classes >= StreamingScratch<T>::fewest &&
                       batch->classes <= StreamingScratch<T>::count;
  return streams ? softmaxStreaming<T>(*batch, begin, end) : softmaxWith<T>(nullptr, *batch, begin, end);
}

}  // namespace la::LA_TARGET

#else

extern "C" {

la_rows_result la_softmax_f32(const la_softmax *batch, int64_t begin, int64_t end) {
  return LA_DISPATCH(softmax<float>)(batch, begin, end);
}

la_rows_result la_softmax_f64(const la_softmax *batch, int64_t begin, int64_t end) {
  return LA_DISPATCH(softmax<double>)(batch, begin, end);
}

}  // extern "C"

#endif
