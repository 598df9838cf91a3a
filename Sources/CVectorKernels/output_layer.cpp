// The logits of an output layer: losses, gradients and what changes make of these, row by row and in place.
#define LA_SOURCE "output_layer.cpp"
#include "foreach_target.h"
#include "include/COutputLayer.h"

#ifdef LA_TARGET

#include "conversion.h"
#include "list_scalar.h"
#include "softmax_row.h"

#include "softmax_loss.h"
#include "softmax_wide.h"

#include "output_layer_row.h"

namespace la::LA_TARGET {

template <class T, bool capped, bool moves>
__attribute__((noinline)) la_rows_result outputRowsOf(const la_output_rows &batch, int64_t begin, int64_t end) {
#pragma clang fp contract(off) reassociate(off)
  la_rows_result result = {{0, 0}, -1, 0};
  for (int64_t row = begin; row < end; row++) {
    const OutputRow<T, capped, moves> rest(batch, row);
    result.column = rest.complete(rest.z, static_cast<const T *>(batch.bias), T(-__builtin_inf()));
    if (moves && result.column < 0) {
      result.column = rest.complete(rest.d, static_cast<const T *>(batch.biasChange), 0);
      if (result.column >= 0) result.column += batch.stride;
    }
    if (result.column >= 0) {
      result.row = row;
      return result;
    }
    const double loss = rest.run(batch.weights[row]);
    if (batch.values) static_cast<T *>(batch.values)[batch.samples[row]] = T(loss);
    const double sum = result.sum[0] + loss, part = sum - result.sum[0];
    result.sum[1] += (result.sum[0] - (sum - part)) + (loss - part);
    result.sum[0] = sum;
  }
  return result;
}

template <class T> la_rows_result outputRows(const la_output_rows *batch, int64_t begin, int64_t end) {
  if (batch->cap > 0)
    return batch->changes ? outputRowsOf<T, true, true>(*batch, begin, end) : outputRowsOf<T, true, false>(*batch, begin, end);
  return batch->changes ? outputRowsOf<T, false, true>(*batch, begin, end) : outputRowsOf<T, false, false>(*batch, begin, end);
}

inline int64_t countingRows(const la_softmax *batch, uint8_t weightType, int64_t begin, int64_t end, int64_t capacity,
                            int64_t *samples, int32_t *labels, double *weights, int64_t *count) {
  const LabelShares shares(*batch);
  int64_t found = 0, row = begin;
  for (; row < end && found < capacity; row++) {
    int64_t label;
    readLabels(batch->labels, batch->labelType, row, 1, &label);
    double weight = 1;
    if (batch->weights) convertBlock(batch->weights, weightType, row, 1, 1, &weight);
    if (weight == 0 || (batch->hasIgnoredLabel && label == batch->ignoredLabel)) continue;
    if (shares.mass(shares.own(*batch, label)) == 0) continue;
    samples[found] = row;
    labels[found] = int32_t(label);
    weights[found++] = weight;
  }
  *count = found;
  return row;
}

}  // namespace la::LA_TARGET

#else

extern "C" {

la_rows_result la_run_output_rows(const la_output_rows *rows, int64_t begin, int64_t end) {
  return rows->elementType == LA_TYPE_F32 ? LA_DISPATCH(outputRows<float>)(rows, begin, end)
                                          : LA_DISPATCH(outputRows<double>)(rows, begin, end);
}

int64_t la_counting_rows(const la_softmax *batch, uint8_t weightType, int64_t begin, int64_t end, int64_t capacity,
                         int64_t *samples, int32_t *labels, double *weights, int64_t *count) {
  return LA_DISPATCH(countingRows)(batch, weightType, begin, end, capacity, samples, labels, weights, count);
}

}  // extern "C"

#endif
