// Cross-entropy H(p, q) = -Σ p·log q between rows of probabilities.
#define LA_SOURCE "cross_entropy.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "softmax_row.h"
#include "transpose.h"

namespace la::LA_TARGET {

template <class T> struct CrossEntropyRows {
  typedef typename Lane<T>::Vector V;
  static constexpr int64_t lanes = Lane<T>::count;
  const la_cross_entropy &batch;
  const T *targets, *predictions, *weights;
  T *gradient, *curvature;

  explicit CrossEntropyRows(const la_cross_entropy &batch)
      : batch(batch), targets(static_cast<const T *>(batch.targets)), predictions(static_cast<const T *>(batch.predictions)),
        weights(static_cast<const T *>(batch.weights)), gradient(static_cast<T *>(batch.gradient)),
        curvature(static_cast<T *>(batch.curvature)) {}

  LA_INLINE T weight(int64_t row) const { return weights ? weights[row] : T(1); }

  // What lies outside 0...1. A prediction that is NaN passes: it propagates.
  static LA_INLINE typename Lane<T>::Mask improper(V p, V q) {
    const V one = splat<V>(1);
    return ~((p >= V{}) & (p <= one)) | (q < V{}) | (q > one);
  }

  // The losses of `count` <= lanes elements from `at` on; their derivatives, times factor, are stored on the way.
  LA_INLINE V elements(int64_t at, int64_t count, V factor, typename Lane<T>::Mask &bad) const {
    V p{}, q{};
    if (count == lanes)
      p = load(targets + at), q = load(predictions + at);
    else
      __builtin_memcpy(&p, targets + at, count * sizeof(T)), __builtin_memcpy(&q, predictions + at, count * sizeof(T));
    bad |= improper(p, q);
    if (gradient || curvature) {
      // A class of probability 0 does not depend on its prediction, even where that is 0.
      const auto absent = (p == V{}) & (q == q);
      const V slope = select(absent, V{}, p / q);
      if (gradient) put(gradient + at, -factor * slope, count);
      if (curvature) put(curvature + at, select(absent, V{}, factor * (slope / q)), count);
    }
    return -xLogY(p, q);
  }

  static LA_INLINE void put(T *destination, V x, int64_t count) {
    if (count == lanes)
      store(destination, x);
    else
      __builtin_memcpy(destination, &x, count * sizeof(T));
  }

  void clear(int64_t row) const {
    const int64_t bytes = batch.columns * sizeof(T);
    if (gradient) __builtin_memset(gradient + row * batch.columns, 0, bytes);
    if (curvature) __builtin_memset(curvature + row * batch.columns, 0, bytes);
  }

  // The first column of a row that holds something outside 0...1, or -1.
  int64_t firstImproper(int64_t row) const {
    for (int64_t k = 0; k < batch.columns; k++) {
      const T p = targets[row * batch.columns + k], q = predictions[row * batch.columns + k];
      if (!(p >= 0 && p <= 1) || q < 0 || q > 1) return k;
    }
    return -1;
  }

  // One row after the other.
  LA_INLINE V wideLosses(int64_t row, int64_t rows, typename Lane<T>::Mask &bad) const {
    V losses{};
    for (int64_t r = 0; r < rows; r++) {
      const T w = weight(row + r);
      if (w == 0) {
        clear(row + r);
        continue;
      }
      const V factor = splat<V>(T(w * batch.scale));
      const int64_t start = (row + r) * batch.columns;
      RowSum<T> sum;
      int64_t k = 0;
      for (; k + lanes <= batch.columns; k += lanes) sum.add(elements(start + k, lanes, factor, bad));
      if (k < batch.columns) sum.add(elements(start + k, batch.columns - k, factor, bad));
      losses[r] = T(sum.total());
    }
    return losses;
  }

  // All elements of the rows as one array; their losses are then added up by columns, one row per lane.
  LA_INLINE V narrowLosses(int64_t row, int64_t rows, typename Lane<T>::Mask &bad) const {
    alignas(64) T terms[(narrowClasses + 1) * lanes], factors[(narrowClasses + 1) * lanes];
    const int64_t start = row * batch.columns, count = rows * batch.columns;
    if (rows < lanes) __builtin_memset(terms, 0, sizeof terms);
    if (weights)
      for (int64_t r = 0; r < rows; r++)
        for (int64_t k = 0; k < batch.columns; k++) factors[r * batch.columns + k] = T(weights[row + r] * batch.scale);
    const V scale = splat<V>(T(batch.scale));
    for (int64_t i = 0; i < count; i += lanes) {
      const int64_t n = count - i < lanes ? count - i : lanes;
      store(terms + i, elements(start + i, n, weights ? load(factors + i) : scale, bad));
    }
    V columns[narrowClasses + lanes];
    rowsToColumns(terms, batch.columns, columns);
    RowSum<T> sum;
    for (int64_t k = 0; k < batch.columns; k++) sum.add(columns[k]);
    V losses = sum.lanes();
    if (weights)
      for (int64_t r = 0; r < rows; r++)
        if (weights[row + r] == 0) clear(row + r), losses[r] = 0;
    return losses;
  }

  LA_INLINE la_rows_result run(int64_t begin, int64_t end) const {
    la_rows_result result = {{0, 0}, -1, 0};
    RowSum<T> total;
    for (int64_t row = begin; row < end; row += lanes) {
      const int64_t rows = end - row < lanes ? end - row : lanes;
      typename Lane<T>::Mask bad{};
      const V losses = batch.columns < narrowClasses ? narrowLosses(row, rows, bad) : wideLosses(row, rows, bad);
      if (any(bad))
        for (int64_t r = 0; r < rows; r++) {
          const int64_t column = weight(row + r) == 0 ? -1 : firstImproper(row + r);
          if (column >= 0) return {{0, 0}, row + r, column};
        }
      V w{};
      for (int64_t r = 0; r < rows; r++) w[r] = weight(row + r);
      total.addProduct(losses, w);
      if (batch.values) put(static_cast<T *>(batch.values) + row, losses * w, rows);
    }
    total.total(result.sum);
    return result;
  }
};

template <class T> la_rows_result crossEntropy(const la_cross_entropy *batch, int64_t begin, int64_t end) {
  return CrossEntropyRows<T>(*batch).run(begin, end);
}

}  // namespace la::LA_TARGET

#else

extern "C" {

la_rows_result la_cross_entropy_f32(const la_cross_entropy *batch, int64_t begin, int64_t end) {
  return LA_DISPATCH(crossEntropy<float>)(batch, begin, end);
}

la_rows_result la_cross_entropy_f64(const la_cross_entropy *batch, int64_t begin, int64_t end) {
  return LA_DISPATCH(crossEntropy<double>)(batch, begin, end);
}

}  // extern "C"

#endif
