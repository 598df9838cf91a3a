// What an output layer does with its matrices beside multiplying them: rows in another type or another order, sums of columns.
#define LA_SOURCE "output_layer_storage.cpp"
#include "foreach_target.h"
#include "include/COutputLayer.h"

#ifdef LA_TARGET

#include "feature_rows.h"
#include "softmax_row.h"

namespace la::LA_TARGET {

template <class A, class S>
LA_INLINE void gatherRows(const la_feature_rows &x, const int64_t *samples, int64_t begin, int64_t end, A *out) {
  constexpr int64_t lanes = Lane<A>::count;
  const int64_t columns = int64_t(x.columns);
  for (int64_t i = begin; i < end; i++) {
    const S *row = static_cast<const S *>(x.elements) + (samples ? samples[i] : i) * int64_t(x.stride);
    A *target = out + i * columns;
    int64_t j = 0;
    for (; j + lanes <= columns; j += lanes) store(target + j, loadAs<A>(row + j));
    for (; j < columns; j++) target[j] = widened<A>(row[j]);
  }
}

template <class A> void gatherRowsOf(la_feature_rows x, const int64_t *samples, int64_t begin, int64_t end, A *out) {
#define LA_STORED(S) return gatherRows<A, S>(x, samples, begin, end, out);
  LA_SWITCH_STORAGE(x.type)
#undef LA_STORED
}

// So many columns at a time that their sums stay in the nearest cache.
template <class T> void addColumns(const T *elements, int64_t stride, int64_t rows, int64_t begin, int64_t end, double *sums) {
  constexpr int64_t lanes = Lane<double>::count, block = 512;
  for (int64_t first = begin; first < end; first += block) {
    const int64_t last = first + block < end ? first + block : end;
    for (int64_t row = 0; row < rows; row++) {
      const T *p = elements + row * stride;
      int64_t k = first;
      for (; k + lanes <= last; k += lanes) {
        typedef T Part __attribute__((ext_vector_type(lanes)));
        Part part;
        __builtin_memcpy(&part, p + k, sizeof part);
        typedef double Sum __attribute__((ext_vector_type(lanes)));
        const Sum wide = __builtin_convertvector(part, Sum);
        F64 term;
        __builtin_memcpy(&term, &wide, sizeof term);
        store(sums + k, load(sums + k) + term);
      }
      for (; k < last; k++) sums[k] += double(p[k]);
    }
  }
}

}  // namespace la::LA_TARGET

#else

extern "C" {

void la_gather_rows(la_feature_rows x, const int64_t *samples, int64_t begin, int64_t end, void *out, uint8_t type) {
  if (type == LA_TYPE_F32)
    LA_DISPATCH(gatherRowsOf<float>)(x, samples, begin, end, static_cast<float *>(out));
  else
    LA_DISPATCH(gatherRowsOf<double>)(x, samples, begin, end, static_cast<double *>(out));
}

void la_add_columns(const void *elements, uint8_t type, int64_t stride, int64_t rows, int64_t begin, int64_t end, double *sums) {
  if (type == LA_TYPE_F32)
    LA_DISPATCH(addColumns<float>)(static_cast<const float *>(elements), stride, rows, begin, end, sums);
  else
    LA_DISPATCH(addColumns<double>)(static_cast<const double *>(elements), stride, rows, begin, end, sums);
}

}  // extern "C"

#endif
