// Sorting and weighing, which are the same on every instruction set.
#include <algorithm>

#include "list_access.h"

namespace {

// Here and not beside the kernels: std::sort is compiled without their instruction set, and could not inline a comparison that needs it.
struct ByKey {
  bool operator()(const la_sort_key &a, const la_sort_key &b) const {
    return a.bits < b.bits || (a.bits == b.bits && a.index < b.index);
  }
};

template <class T> void fillKeys(const void *values, int64_t count, la_sort_key *keys) {
  const T *source = static_cast<const T *>(values);
  for (int64_t i = 0; i < count; i++) keys[i] = {la_ascending_bits(double(source[i])), i};
}

template <class T>
int64_t selectedWeight(const T *weights, const uint8_t *mask, const uint8_t *selected, int64_t count, double *sum) {
  la::LongSum total;
  for (int64_t i = 0; i < count; i++) {
    if (mask && !mask[i]) continue;
    const double w = weights ? double(weights[i]) : 1;
    if (!(w >= 0 && w < __builtin_inf())) return i;
    if (!selected || selected[i]) total.add(w);
  }
  sum[0] = total.high, sum[1] = total.low;
  return -1;
}

}  // namespace

extern "C" {

int64_t la_selected_weight(uint8_t elementType, const void *weights, const uint8_t *mask, const uint8_t *selected, int64_t count,
                           double *sum) {
  return elementType == LA_TYPE_F32 ? selectedWeight(static_cast<const float *>(weights), mask, selected, count, sum)
                                    : selectedWeight(static_cast<const double *>(weights), mask, selected, count, sum);
}

void la_sort_keys(la_sort_key *keys, int64_t count) { std::sort(keys, keys + count, ByKey()); }

void la_sort_order(uint8_t type, const void *values, int64_t count, la_sort_key *keys, int64_t *order) {
  switch (type) {
    case LA_TYPE_F32: fillKeys<float>(values, count, keys); break;
    case LA_TYPE_F64: fillKeys<double>(values, count, keys); break;
    case LA_TYPE_F16: fillKeys<_Float16>(values, count, keys); break;
    case LA_TYPE_I8: fillKeys<int8_t>(values, count, keys); break;
    case LA_TYPE_I16: fillKeys<int16_t>(values, count, keys); break;
    case LA_TYPE_I32: fillKeys<int32_t>(values, count, keys); break;
    case LA_TYPE_I64: fillKeys<int64_t>(values, count, keys); break;
    case LA_TYPE_U8: fillKeys<uint8_t>(values, count, keys); break;
    case LA_TYPE_U16: fillKeys<uint16_t>(values, count, keys); break;
    case LA_TYPE_U32: fillKeys<uint32_t>(values, count, keys); break;
    case LA_TYPE_U64: fillKeys<uint64_t>(values, count, keys); break;
  }
  la_sort_keys(keys, count);
  for (int64_t i = 0; i < count; i++) order[i] = keys[i].index;
}

}  // extern "C"
