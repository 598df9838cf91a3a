// Rows of features times coefficients, row by row: what the kernels of linear predictors share.
#ifndef LA_TARGET
#error "include linear_rows.h from a kernel file's target section"
#endif

#include "feature_rows.h"

namespace la::LA_TARGET {

// Two rows of partial sums become one of pair sums, and so on: after three rounds lane k is the sum of vector k.
LA_INLINE F64 sumsOfLanes(const F64 *v) {
  F64 pairs[4], quads[2];
  for (int k = 0; k < 4; k++) {
    const F64 a = v[2 * k], b = v[2 * k + 1];
    pairs[k] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14) + __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int k = 0; k < 2; k++) {
    const F64 a = pairs[2 * k], b = pairs[2 * k + 1];
    quads[k] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13) + __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  }
  return __builtin_shufflevector(quads[0], quads[1], 0, 1, 2, 3, 8, 9, 10, 11) +
         __builtin_shufflevector(quads[0], quads[1], 4, 5, 6, 7, 12, 13, 14, 15);
}
LA_INLINE F64 inDouble(F64 v) { return v; }
LA_INLINE F64 inDouble(F32 v) { return lowHalf(v) + highHalf(v); }

// The coefficients of a row's last vector: behind whole vectors one that overlaps them, with 0 for what these have; or else the last
// whole one. There are at least as many columns as lanes.
template <class A> LA_INLINE typename Lane<A>::Vector lastCoefficients(const A *coefficients, size_t columns) {
  typedef typename Lane<A>::Vector V;
  constexpr size_t lanes = Lane<A>::count;
  V last = columns % lanes ? V{} : load(coefficients + columns - lanes);
  for (size_t k = 0; k < columns % lanes; k++) {
    const size_t lane = lanes - columns % lanes + k;
    last[lane] = coefficients[columns - lanes + lane];
  }
  return last;
}

// The sum of one row of `width` vectors, with the coefficients and shifts in registers.
template <class A, int width> struct ShortRow {
  typedef typename Lane<A>::Vector V;
  V coefficients[width], shift[width];
  size_t lastColumn;

  LA_INLINE ShortRow(const A *c, const A *s, size_t columns, V last) : lastColumn(columns - Lane<A>::count) {
#pragma clang loop unroll(full)
    for (int w = 0; w < width; w++) {
      coefficients[w] = w == width - 1 ? last : load(c + w * Lane<A>::count);
      shift[w] = s ? load(s + place(w)) : V{};
    }
  }
  LA_INLINE size_t place(int w) const { return w == width - 1 ? lastColumn : w * Lane<A>::count; }

  template <bool shifted, class S> LA_INLINE V sum(const S *row) const {
    V sums[2] = {};
#pragma clang loop unroll(full)
    for (int w = 0; w < width; w++) {
      const V x = loadAs<A>(row + place(w));
      sums[w % 2] = mulAdd(shifted ? x - shift[w] : x, coefficients[w], sums[w % 2]);
    }
    return sums[0] + sums[1];
  }
};

// The sum of one row of any length, element by element.
template <class S, class A, bool shifted>
LA_INLINE A rowSum(const S *row, size_t columns, const A *coefficients, const A *shift) {
  A sums[4] = {};
  for (size_t j = 0; j < columns; j++)
    sums[j % 4] += ((shifted ? widened<A>(row[j]) - shift[j] : widened<A>(row[j])) * coefficients[j]);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace la::LA_TARGET
