// The curvature of softmax cross-entropy: shares q = softmax(z), and products with s·(diag q - q·qᵀ) and its factor.
#define LA_SOURCE "softmax_curvature.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "softmax_row.h"
#include "transpose.h"

#include "softmax_loss.h"
#include "softmax_narrow.h"
#include "softmax_wide.h"

namespace la::LA_TARGET {

template <class T> LA_INLINE void narrowShares(const la_softmax_curvature &batch, int64_t row, int64_t rows, bool roomy) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const int64_t classes = batch.classes;
  alignas(64) T copy[lanes * (narrowClasses + 1)];
  V columns[narrowClasses + lanes];
  rowsToColumns(groupRows(static_cast<const T *>(batch.logits) + row * classes, rows, classes, roomy, copy), classes, columns);
  const NarrowExponentials<T> e = narrowExponentials<T>(columns, classes);
  const V total = e.others + e.largest, inverse = splat<V>(1) / total, complement = e.others / total;
  V leader{};
  for (int64_t k = classes - 1; k >= 0; k--) {
    leader = select(columns[k] == e.largest, splat<V>(T(k)), leader);
    columns[k] *= inverse;
  }
  T *shares = static_cast<T *>(batch.shares) + row * classes, *output = roomy ? shares : copy;
  columnsToRows(columns, classes, output);
  if (!roomy) __builtin_memcpy(shares, copy, rows * classes * sizeof(T));
  for (int64_t r = 0; r < rows; r++) {
    static_cast<T *>(batch.complements)[row + r] = complement[r];
    batch.leaders[row + r] = int32_t(leader[r]);
  }
}

template <class T> LA_INLINE void wideShares(const la_softmax_curvature &batch, int64_t row) {
  typedef typename Lane<T>::Vector V;
  const int64_t classes = batch.classes;
  const T *z = static_cast<const T *>(batch.logits) + row * classes;
  T *shares = static_cast<T *>(batch.shares) + row * classes;
  const RowExponentials<T> e = rowExponentials<true>(z, classes, shares, z);
  const double inverse = 1 / (e.others + e.largest);
  int64_t leader = 0;
  while (leader < classes - 1 && z[leader] != e.maximum) leader++;
  writeGradient(shares, shares, classes, PlainGradient<T>{splat<V>(T(inverse))}, false);
  static_cast<T *>(batch.complements)[row] = T(e.others * inverse);
  batch.leaders[row] = int32_t(leader);
}

template <class T> void softmaxShares(const la_softmax_curvature *batch, int64_t begin, int64_t end) {
  constexpr int64_t lanes = Lane<T>::count;
  const int64_t classes = batch->classes;
  const T *scales = static_cast<const T *>(batch->scales);
  for (int64_t row = begin; row < end; row += lanes) {
    const int64_t rows = end - row < lanes ? end - row : lanes;
    if (classes < narrowClasses) narrowShares<T>(*batch, row, rows, (end - row - rows) * classes >= lanes);
    for (int64_t r = row; r < row + rows; r++) {
      if (scales[r] != 0 && classes >= narrowClasses) wideShares<T>(*batch, r);
      if (scales[r] != 0) continue;
      // A row that does not count may hold anything; it must not reach the products, not even times 0.
      __builtin_memset(static_cast<T *>(batch->shares) + r * classes, 0, classes * sizeof(T));
      static_cast<T *>(batch->complements)[r] = 0;
      batch->leaders[r] = 0;
    }
  }
}

// The rows of a product, by vectors, and element by element where a row is shorter than one.
template <class T> struct CurvatureRow {
  typedef typename Lane<T>::Vector V;
  static constexpr int64_t lanes = Lane<T>::count;
  const T *q, *v;
  T *out;
  int64_t classes, leader;
  T complement;

  // √q, or q itself.
  template <bool root> static LA_INLINE V share(V q) { return root ? squareRoot(q) : q; }
  template <bool root> static LA_INLINE T share(T q) { return root ? T(__builtin_sqrt(double(q))) : q; }

  // out = scale·share(q)·((v - c) - qᵀ(v - c)), the same for every c. c is v at the largest share: the terms that are then left
  // in the sum are small where that share is close to 1, and cancel nothing.
  template <bool root> LA_INLINE void centered(T scale) const {
    const T c = v[leader];
    if (classes < lanes) {
      double mean = 0;
      for (int64_t k = 0; k < classes; k++) mean += double(q[k]) * double(v[k] - c);
      for (int64_t k = 0; k < classes; k++) out[k] = scale * share<root>(q[k]) * T(double(v[k] - c) - mean);
      return;
    }
    RowSum<T> sum;
    int64_t k = 0;
    for (; k + lanes <= classes; k += lanes) sum.addProduct(load(q + k), load(v + k) - c);
    if (k < classes)
      sum.add(select(freshLanes<T>(classes), load(q + classes - lanes) * (load(v + classes - lanes) - c), V{}));
    const V mean = splat<V>(T(sum.total())), s = splat<V>(scale);
    for (k = 0; k < classes; k += lanes) {
      const int64_t at = k + lanes <= classes ? k : classes - lanes;
      store(out + at, s * share<root>(load(q + at)) * ((load(v + at) - c) - mean));
    }
  }

  // out = scale·(√q·v - q·(√qᵀv)).
  LA_INLINE void spread(T scale) const {
    double others = 0;
    if (classes < lanes) {
      for (int64_t k = 0; k < classes; k++)
        if (k != leader) others += __builtin_sqrt(double(q[k])) * double(v[k]);
    } else {
      RowSum<T> sum;
      typename Lane<T>::Mask index;
      for (int j = 0; j < lanes; j++) index[j] = j;
      for (int64_t k = 0; k < classes; k += lanes) {
        const int64_t at = k + lanes <= classes ? k : classes - lanes;
        V x = squareRoot(load(q + at)) * load(v + at);
        x = select(index == int(leader - at), V{}, x);
        sum.add(at < k ? select(freshLanes<T>(classes), x, V{}) : x);
      }
      others = sum.total();
    }
    const double root = __builtin_sqrt(double(q[leader])), own = root * double(v[leader]);
    const T all = T(others + own);
    const T atLeader = T(double(scale) * (own * double(complement) - double(q[leader]) * others));
    if (classes < lanes) {
      for (int64_t k = 0; k < classes; k++) out[k] = scale * (share<true>(q[k]) * v[k] - q[k] * all);
    } else {
      for (int64_t k = 0; k < classes; k += lanes) {
        const int64_t at = k + lanes <= classes ? k : classes - lanes;
        const V share = load(q + at);
        store(out + at, scale * (squareRoot(share) * load(v + at) - share * all));
      }
    }
    out[leader] = atLeader;
  }

  // out = scale·q·(1 - q).
  LA_INLINE void diagonal(T scale) const {
    for (int64_t k = 0; k < classes; k++) out[k] = scale * q[k] * (1 - q[k]);
    out[leader] = scale * q[leader] * complement;
  }
};

template <class T> void softmaxProduct(const la_softmax_curvature *batch, la_softmax_operator kind, const T *vector, T *output,
                                       int64_t begin, int64_t end) {
  const T *scales = static_cast<const T *>(batch->scales);
  for (int64_t i = begin; i < end; i++) {
    const int64_t start = i * batch->classes;
    if (scales[i] == 0) {
      __builtin_memset(output + start, 0, batch->classes * sizeof(T));
      continue;
    }
    const CurvatureRow<T> row = {static_cast<const T *>(batch->shares) + start, vector ? vector + start : nullptr,
                                 output + start, batch->classes, batch->leaders[i],
                                 static_cast<const T *>(batch->complements)[i]};
    const T root = T(__builtin_sqrt(double(scales[i])));
    switch (kind) {
      case LA_SOFTMAX_HESSIAN: row.template centered<false>(scales[i]); break;
      case LA_SOFTMAX_FACTOR: row.spread(root); break;
      case LA_SOFTMAX_FACTOR_TRANSPOSED: row.template centered<true>(root); break;
      case LA_SOFTMAX_DIAGONAL: row.diagonal(scales[i]); break;
    }
  }
}

}  // namespace la::LA_TARGET

#else

extern "C" {

void la_softmax_shares_f32(const la_softmax_curvature *batch, int64_t begin, int64_t end) {
  LA_DISPATCH(softmaxShares<float>)(batch, begin, end);
}

void la_softmax_shares_f64(const la_softmax_curvature *batch, int64_t begin, int64_t end) {
  LA_DISPATCH(softmaxShares<double>)(batch, begin, end);
}

void la_softmax_product_f32(const la_softmax_curvature *batch, la_softmax_operator kind, const float *vector, float *output,
                            int64_t begin, int64_t end) {
  LA_DISPATCH(softmaxProduct<float>)(batch, kind, vector, output, begin, end);
}

void la_softmax_product_f64(const la_softmax_curvature *batch, la_softmax_operator kind, const double *vector, double *output,
                            int64_t begin, int64_t end) {
  LA_DISPATCH(softmaxProduct<double>)(batch, kind, vector, output, begin, end);
}

}  // extern "C"

#endif
