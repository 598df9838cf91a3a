// The denominator of a mean of softmax cross-entropies, and the check of labels and weights that comes with it.
#include <cmath>

#include "dispatch.h"

namespace {

// Knuth's two-sum.
struct CompensatedSum {
  double sum = 0, remainder = 0;
  void add(double x) {
#pragma clang fp contract(off) reassociate(off)
    const double next = sum + x, part = next - sum;
    remainder += (sum - (next - part)) + (x - part);
    sum = next;
  }
};

template <class Label> bool inRange(Label label, int64_t classes) {
  return label >= 0 && uint64_t(label) < uint64_t(classes);
}

template <class T> la_softmax_weights distributionWeights(const la_softmax &batch, int64_t begin, int64_t end) {
  const T *weights = static_cast<const T *>(batch.weights);
  if (!weights) return {{double(end - begin), 0}, -1, LA_SOFTMAX_VALID};
  CompensatedSum total;
  for (int64_t row = begin; row < end; row++) {
    if (!(weights[row] >= 0 && std::isfinite(weights[row]))) return {{0, 0}, row, LA_SOFTMAX_INVALID_WEIGHT};
    total.add(weights[row]);
  }
  return {{total.sum, total.remainder}, -1, LA_SOFTMAX_VALID};
}

template <class T, class Label> la_softmax_weights labelWeights(const la_softmax &batch, int64_t begin, int64_t end) {
  const T *weights = static_cast<const T *>(batch.weights);
  const Label *labels = static_cast<const Label *>(batch.labels);
  const bool ignores = batch.hasIgnoredLabel && int64_t(Label(batch.ignoredLabel)) == batch.ignoredLabel;
  const Label ignored = Label(batch.ignoredLabel);
  if (!weights && !batch.classWeights) {
    // Nothing but counting: branch-free, and the offender is searched for only where there is one.
    int64_t counted = 0, bad = 0;
    for (int64_t row = begin; row < end; row++) {
      const bool counts = !(ignores & (labels[row] == ignored));
      counted += counts;
      bad += counts & !inRange(labels[row], batch.classes);
    }
    if (!bad) return {{double(counted), 0}, -1, LA_SOFTMAX_VALID};
  }
  CompensatedSum total;
  for (int64_t row = begin; row < end; row++) {
    const double weight = weights ? double(weights[row]) : 1;
    if (!(weight >= 0 && std::isfinite(weight))) return {{0, 0}, row, LA_SOFTMAX_INVALID_WEIGHT};
    if (weight == 0 || (ignores && labels[row] == ignored)) continue;
    if (!inRange(labels[row], batch.classes)) return {{0, 0}, row, LA_SOFTMAX_INVALID_LABEL};
    total.add(batch.classWeights ? weight * batch.classWeights[labels[row]] : weight);
  }
  return {{total.sum, total.remainder}, -1, LA_SOFTMAX_VALID};
}

template <class T> la_softmax_weights weigh(const la_softmax &batch, int64_t begin, int64_t end) {
  if (!batch.labels) return distributionWeights<T>(batch, begin, end);
  switch (batch.labelType) {
    case LA_TYPE_I8: return labelWeights<T, int8_t>(batch, begin, end);
    case LA_TYPE_I16: return labelWeights<T, int16_t>(batch, begin, end);
    case LA_TYPE_I32: return labelWeights<T, int32_t>(batch, begin, end);
    case LA_TYPE_I64: return labelWeights<T, int64_t>(batch, begin, end);
    case LA_TYPE_U8: return labelWeights<T, uint8_t>(batch, begin, end);
    case LA_TYPE_U16: return labelWeights<T, uint16_t>(batch, begin, end);
    case LA_TYPE_U32: return labelWeights<T, uint32_t>(batch, begin, end);
    default: return labelWeights<T, uint64_t>(batch, begin, end);
  }
}

}  // namespace

extern "C" {

la_softmax_weights la_softmax_weight_f32(const la_softmax *batch, int64_t begin, int64_t end) {
  return weigh<float>(*batch, begin, end);
}

la_softmax_weights la_softmax_weight_f64(const la_softmax *batch, int64_t begin, int64_t end) {
  return weigh<double>(*batch, begin, end);
}

}  // extern "C"
