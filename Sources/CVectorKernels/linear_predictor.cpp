// A block of feature rows times a vector, and its transpose times a vector: the two halves of one step of a linear model. The
// rows are read as they are stored and converted in registers; the caller runs both halves while the block is in the second cache.
#define LA_SOURCE "linear_predictor.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "linear_rows.h"

namespace la::LA_TARGET {

// As many rows at once as keep their sums in registers.
#if LA_HAS_AVX512
constexpr int rowsAtOnce = 8;
#else
constexpr int rowsAtOnce = 4;
#endif

// Row sums of (x - shift)·coefficient over whole vectors; the last one overlaps its neighbour, and has 0 for coefficients there.
template <class S, class A, bool shifted>
LA_INLINE void partialSums(const S *rows, size_t stride, size_t columns, const A *coefficients, const A *shift,
                           typename Lane<A>::Vector lastCoefficients, F64 *sums) {
  typedef typename Lane<A>::Vector V;
  constexpr size_t lanes = Lane<A>::count;
  V sum[rowsAtOnce] = {};
  const size_t whole = columns / lanes * lanes;
  for (size_t j = 0; j < whole; j += lanes) {
    const V c = load(coefficients + j);
    const V s = shifted ? load(shift + j) : V{};
#pragma clang loop unroll(full)
    for (int r = 0; r < rowsAtOnce; r++) {
      const V x = loadAs<A>(rows + r * stride + j);
      sum[r] = mulAdd(shifted ? x - s : x, c, sum[r]);
    }
  }
  if (whole < columns) {
    const size_t j = columns - lanes;
    const V s = shifted ? load(shift + j) : V{};
#pragma clang loop unroll(full)
    for (int r = 0; r < rowsAtOnce; r++) {
      const V x = loadAs<A>(rows + r * stride + j);
      sum[r] = mulAdd(shifted ? x - s : x, lastCoefficients, sum[r]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rowsAtOnce; r++) sums[r] = inDouble(sum[r]);
}

// Rows shorter than a page are read in the order of memory, which the processor foresees; of longer ones several are read side by side,
// and the next block is asked for in advance (measured: 1.2 to 1.7 times as fast as the other way round).
template <class S> LA_INLINE bool isReadInOrder(size_t columns) { return columns * sizeof(S) < 4096; }

template <class S, class A, int width, bool shifted>
LA_INLINE size_t shortRows(const S *x, size_t stride, size_t rows, size_t columns, const A *coefficients, const A *shift,
                           typename Lane<A>::Vector last, A constant, A *out) {
  const ShortRow<A, width> row(coefficients, shifted ? shift : nullptr, columns, last);
  size_t i = 0;
  for (; i + 8 <= rows; i += 8) {
    F64 sums[8];
    for (int r = 0; r < 8; r++) sums[r] = inDouble(row.template sum<shifted>(x + (i + r) * stride));
    const F64 totals = sumsOfLanes(sums);
    for (int r = 0; r < 8; r++) out[i + r] = A(totals[r]) + constant;
  }
  return i;
}

// The sum of one row of any length.
template <class S, class A, bool shifted>
LA_INLINE F64 longRow(const S *row, size_t columns, const A *coefficients, const A *shift, typename Lane<A>::Vector last) {
  typedef typename Lane<A>::Vector V;
  constexpr size_t lanes = Lane<A>::count;
  V sums[4] = {};
  size_t j = 0;
  for (; j + 4 * lanes <= columns; j += 4 * lanes)
#pragma clang loop unroll(full)
    for (int u = 0; u < 4; u++) {
      const V x = loadAs<A>(row + j + u * lanes);
      sums[u] = mulAdd(shifted ? x - load(shift + j + u * lanes) : x, load(coefficients + j + u * lanes), sums[u]);
    }
  for (; j + lanes <= columns; j += lanes) {
    const V x = loadAs<A>(row + j);
    sums[0] = mulAdd(shifted ? x - load(shift + j) : x, load(coefficients + j), sums[0]);
  }
  if (j < columns) {
    j = columns - lanes;
    const V x = loadAs<A>(row + j);
    sums[1] = mulAdd(shifted ? x - load(shift + j) : x, last, sums[1]);
  }
  return inDouble((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

template <class S, class A, bool shifted>
void rowsTimesVector(const void *source, size_t stride, size_t rows, size_t columns, const A *coefficients, const A *shift,
                     A constant, const A *offsets, A *out) {
  typedef typename Lane<A>::Vector V;
  constexpr size_t lanes = Lane<A>::count;
  const S *x = static_cast<const S *>(source);
  size_t i = 0;
  if (columns >= lanes) {
    const V last = lastCoefficients(coefficients, columns);
#define LA_WIDTH(w)                                                                                                     \
  case w: i = shortRows<S, A, w, shifted>(x, stride, rows, columns, coefficients, shift, last, constant, out); break;
    switch ((columns + lanes - 1) / lanes) {
      LA_WIDTH(1) LA_WIDTH(2) LA_WIDTH(3) LA_WIDTH(4) LA_WIDTH(5) LA_WIDTH(6) LA_WIDTH(7) LA_WIDTH(8)
    }
#undef LA_WIDTH
    for (; i + 8 <= rows; i += 8) {
      F64 sums[8];
      if (isReadInOrder<S>(columns)) {
        for (int r = 0; r < 8; r++)
          sums[r] = longRow<S, A, shifted>(x + (i + r) * stride, columns, coefficients, shift, last);
      } else {
        for (int r = 0; r < 8; r += rowsAtOnce)
          partialSums<S, A, shifted>(x + (i + r) * stride, stride, columns, coefficients, shift, last, sums + r);
      }
      const F64 totals = sumsOfLanes(sums);
      for (int r = 0; r < 8; r++) out[i + r] = A(totals[r]) + constant;
    }
  }
  // The rows that are left, and rows of less than a vector.
  for (; i < rows; i++) out[i] = rowSum<S, A, shifted>(x + i * stride, columns, coefficients, shift) + constant;
  if (offsets)
    for (size_t k = 0; k < rows; k++) out[k] += offsets[k];
}

// `width` vectors of columns over all rows, with their sums in registers. The last vector may overlap the one before it: only its
// last `kept` lanes count. Rows with factor 0 are passed over, whatever they hold. Meanwhile the same place of the next block is
// asked for.
template <class S, class A, int width, bool shifted>
LA_INLINE void columnSums(const S *x, size_t stride, size_t rows, size_t lastColumn, size_t kept, const A *factors,
                          const A *weights, const A *shift, const S *next, A *sums) {
  typedef typename Lane<A>::Vector V;
  constexpr size_t lanes = Lane<A>::count;
  V sum[width] = {}, s[width];
#pragma clang loop unroll(full)
  for (int w = 0; w < width; w++) s[w] = shifted ? load(shift + (w == width - 1 ? lastColumn : w * lanes)) : V{};
  for (size_t i = 0; i < rows; i++) {
    const A scalar = weights ? factors[i] * weights[i] : factors[i];
    const V factor = splat<V>(scalar);
    const S *row = x + i * stride;
    if (next) {
      const char *ahead = reinterpret_cast<const char *>(next + i * stride);
#pragma clang loop unroll(full)
      for (size_t line = 0; line < width * lanes * sizeof(S); line += 64) __builtin_prefetch(ahead + line, 0, 2);
    }
    if (weights ? weights[i] == 0 : scalar == 0) continue;
#pragma clang loop unroll(full)
    for (int w = 0; w < width; w++) {
      const V v = loadAs<A>(row + (w == width - 1 ? lastColumn : w * lanes));
      sum[w] = mulAdd(shifted ? v - s[w] : v, factor, sum[w]);
    }
  }
#pragma clang loop unroll(full)
  for (int w = 0; w < width - 1; w++) store(sums + w * lanes, load(sums + w * lanes) + sum[w]);
  for (size_t k = lanes - kept; k < lanes; k++) sums[lastColumn + k] += sum[width - 1][k];
}

template <class S, class A, bool shifted>
void transposedTimesVector(const void *source, size_t stride, size_t rows, size_t columns, const A *factors, const A *weights,
                           const A *shift, const void *ahead, A *sums) {
  constexpr size_t lanes = Lane<A>::count;
#if LA_HAS_AVX512
  constexpr size_t panel = 8;
#else
  constexpr size_t panel = 4;
#endif
  const S *x = static_cast<const S *>(source), *next = isReadInOrder<S>(columns) ? nullptr : static_cast<const S *>(ahead);
  if (columns < lanes) {
    for (size_t i = 0; i < rows; i++) {
      if (weights ? weights[i] == 0 : factors[i] == 0) continue;
      const A factor = weights ? factors[i] * weights[i] : factors[i];
      for (size_t j = 0; j < columns; j++)
        sums[j] += (shifted ? widened<A>(x[i * stride + j]) - shift[j] : widened<A>(x[i * stride + j])) * factor;
    }
  } else {
    for (size_t j = 0; j < columns;) {
      const size_t left = columns - j, vectors = (left + lanes - 1) / lanes;
      // A single vector that is left incomplete has to overlap the panel before it, and starts before j.
      const size_t width = vectors < panel ? vectors : panel;
      const size_t covered = width * lanes < left ? width * lanes : left;
      const size_t kept = covered - (width - 1) * lanes;
      const size_t start = width == 1 ? j + kept - lanes : j;
      const size_t lastColumn = j + covered - lanes - start;
#define LA_WIDTH(w)                                                                                                     \
  case w:                                                                                                               \
    columnSums<S, A, w, shifted>(x + start, stride, rows, lastColumn, kept, factors, weights, shifted ? shift + start : nullptr, \
                                 next ? next + start : nullptr, sums + start);                                          \
    break;
      switch (width) {
        LA_WIDTH(1) LA_WIDTH(2) LA_WIDTH(3) LA_WIDTH(4)
#if LA_HAS_AVX512
        LA_WIDTH(5) LA_WIDTH(6) LA_WIDTH(7) LA_WIDTH(8)
#endif
      }
#undef LA_WIDTH
      j += covered;
    }
  }
  A total[4] = {};
  for (size_t i = 0; i < rows; i++)
    if (!weights || weights[i] != 0) total[i % 4] += weights ? factors[i] * weights[i] : factors[i];
  sums[columns] += (total[0] + total[1]) + (total[2] + total[3]);
}

// out = √max(sign·weight, 0)·[(x - shift)·scale, 1, 0…]: the rows whose Gram matrix is that of the weighted ones, in double whatever
// the weights are. Rows with factor 0 become 0, whatever they hold.
template <class S, class W>
bool weightedRows(la_feature_rows source, const double *shift, const double *scale, const W *weights, double sign, double *out,
                  size_t outStride) {
  constexpr size_t lanes = Lane<double>::count;
  const S *x = static_cast<const S *>(source.elements);
  const size_t columns = source.columns;
  bool othersLeft = false;
  for (size_t i = 0; i < source.rows; i++) {
    const S *row = x + i * source.stride;
    double *target = out + i * outStride, factor = 1;
    if (weights) {
      const double weight = sign * double(weights[i]);
      othersLeft |= weight < 0;
      factor = weight > 0 ? __builtin_elementwise_sqrt(weight) : weight != weight ? weight : 0;
    }
    std::memset(target + columns, 0, (outStride - columns) * sizeof(double));
    if (factor == 0) {
      std::memset(target, 0, columns * sizeof(double));
      continue;
    }
    size_t j = 0;
    for (; j + lanes <= columns; j += lanes)
      store(target + j, (loadAs<double>(row + j) - load(shift + j)) * (load(scale + j) * splat<F64>(factor)));
    for (; j < columns; j++) target[j] = (widened<double>(row[j]) - shift[j]) * (scale[j] * factor);
    if (columns < outStride) target[columns] = factor;
  }
  return othersLeft;
}

template <class A>
void rowsTimesVectorOf(la_feature_rows x, const A *coefficients, const A *shift, A constant, const A *offsets, A *out) {
#define LA_STORED(S)                                                                                                   \
  return shift ? rowsTimesVector<S, A, true>(x.elements, x.stride, x.rows, x.columns, coefficients, shift, constant,   \
                                             offsets, out)                                                             \
               : rowsTimesVector<S, A, false>(x.elements, x.stride, x.rows, x.columns, coefficients, shift, constant,  \
                                              offsets, out);
  LA_SWITCH_STORAGE(x.type)
#undef LA_STORED
}

template <class A>
void transposedTimesVectorOf(la_feature_rows x, const A *factors, const A *weights, const A *shift, const void *next,
                             A *sums) {
#define LA_STORED(S)                                                                                                   \
  return shift ? transposedTimesVector<S, A, true>(x.elements, x.stride, x.rows, x.columns, factors, weights, shift,   \
                                                   next, sums)                                                         \
               : transposedTimesVector<S, A, false>(x.elements, x.stride, x.rows, x.columns, factors, weights, shift,  \
                                                    next, sums);
  LA_SWITCH_STORAGE(x.type)
#undef LA_STORED
}

template <class W>
bool weightedRowsOf(la_feature_rows x, const double *shift, const double *scale, const W *weights, double sign, double *out,
                    size_t outStride) {
#define LA_STORED(S) return weightedRows<S, W>(x, shift, scale, weights, sign, out, outStride);
  LA_SWITCH_STORAGE(x.type)
#undef LA_STORED
  return false;
}

}  // namespace la::LA_TARGET

#else

extern "C" {

void la_rows_times_vector_f32(la_feature_rows x, const float *coefficients, const float *shift, float constant,
                              const float *offsets, float *out) {
  LA_DISPATCH(rowsTimesVectorOf<float>)(x, coefficients, shift, constant, offsets, out);
}
void la_rows_times_vector_f64(la_feature_rows x, const double *coefficients, const double *shift, double constant,
                              const double *offsets, double *out) {
  LA_DISPATCH(rowsTimesVectorOf<double>)(x, coefficients, shift, constant, offsets, out);
}
void la_transposed_times_vector_f32(la_feature_rows x, const float *factors, const float *weights, const float *shift,
                                    const void *next, float *sums) {
  LA_DISPATCH(transposedTimesVectorOf<float>)(x, factors, weights, shift, next, sums);
}
void la_transposed_times_vector_f64(la_feature_rows x, const double *factors, const double *weights, const double *shift,
                                    const void *next, double *sums) {
  LA_DISPATCH(transposedTimesVectorOf<double>)(x, factors, weights, shift, next, sums);
}
bool la_weighted_rows_f32(la_feature_rows x, const double *shift, const double *scale, const float *weights, double sign,
                          double *out, size_t outStride) {
  return LA_DISPATCH(weightedRowsOf<float>)(x, shift, scale, weights, sign, out, outStride);
}
bool la_weighted_rows_f64(la_feature_rows x, const double *shift, const double *scale, const double *weights, double sign,
                          double *out, size_t outStride) {
  return LA_DISPATCH(weightedRowsOf<double>)(x, shift, scale, weights, sign, out, outStride);
}

}  // extern "C"

#endif
