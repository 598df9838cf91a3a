// One pass of iterative refinement: the residual r = b − Ax and the gradient AᵀWr, as if computed in twice the working precision;
// `deep`, the gradient in three times, which ill-conditioned columns with large residuals need: AᵀWr nearly cancels.
//
// Products are split exactly (with one FMA) and sums compensated (T. Ogita, S. M. Rump, S. Oishi, SIAM J. Sci. Comput. 26,
// 2005). Thirty-two rows are transposed into a tile that stays in cache, so that a vector holds eight rows of one column: then a
// narrow matrix fills the vectors as well as a wide one, x is broadcast, and nothing is added across lanes until the very end.
#define LA_SOURCE "least_squares_refinement.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET
#include "transpose.h"
#include "wide.h"

namespace la::LA_TARGET {

typedef Pair Wide;

// sum += term, where `rest` is what the term lacks.
LA_INLINE void accumulate(Wide &sum, F64 term, F64 rest) { accumulate(sum, Pair{term, rest}); }

// A sum, what its roundings lost, and what the roundings of that lost.
struct Deep {
  Wide wide;
  F64 rest;
};

// sum += v·r for r = high + low.
template <bool deep> LA_INLINE void accumulateProduct(Deep &sum, F64 v, Wide r) {
  const F64 p = v * r.high, e = productError(v, r.high, p);
  if (!deep) return accumulate(sum.wide, p, mulAdd(v, r.low, e));
  const F64 q = v * r.low;
  sum.rest += productError(v, r.low, q);
  sum.rest += twoSum(sum.wide.low, twoSum(sum.wide.high, p));
  sum.rest += twoSum(sum.wide.low, e);
  sum.rest += twoSum(sum.wide.low, q);
}

// Moves what `low` has gathered into `high`, exactly.
LA_INLINE void renormalize(Deep &sum) { sum.wide.low = twoSum(sum.wide.high, sum.wide.low); }

LA_INLINE Deep loadSum(const double *sums, size_t j) {
  return {{load(sums + 24 * j), load(sums + 24 * j + 8)}, load(sums + 24 * j + 16)};
}
LA_INLINE void storeSum(double *sums, size_t j, Deep sum) {
  store(sums + 24 * j, sum.wide.high);
  store(sums + 24 * j + 8, sum.wide.low);
  store(sums + 24 * j + 16, sum.rest);
}

constexpr int groups = 4;
constexpr size_t tileRows = 8 * groups;

// tile[32·j + i] = a[i][j]·scale[j] for i < rows ≤ 32; rows beyond are zero.
template <class T>
LA_INLINE void fillTile(const T *a, size_t stride, size_t rows, size_t columns, const double *scale, double *tile) {
  size_t j = 0;
  if (rows == tileRows) {
    for (; j + 8 <= columns; j += 8)
      for (int g = 0; g < groups; g++) {
        F64 v[8];
        for (int r = 0; r < 8; r++) v[r] = loadWide(a + (8 * g + r) * stride + j);
        transpose(v);
        for (int c = 0; c < 8; c++) store(tile + (j + c) * tileRows + 8 * g, v[c] * scale[j + c]);
      }
  }
  for (size_t i = 0; i < tileRows; i++)
    for (size_t c = j; c < columns; c++) tile[c * tileRows + i] = i < rows ? double(a[i * stride + c]) * scale[c] : 0.0;
}

template <class T, bool deep>
LA_INLINE void refinementPass(const T *a, size_t stride, size_t rows, size_t columns, const double *scale, const double *x,
                    const T *b, size_t bStride, double bScale, const double *weights, double *residual, double *sums,
                    double *tile) {
  for (size_t start = 0; start < rows; start += tileRows) {
    const size_t count = rows - start < tileRows ? rows - start : tileRows;
    fillTile(a + start * stride, stride, count, columns, scale, tile);

    double targets[tileRows], rowWeights[tileRows];
    for (size_t i = 0; i < tileRows; i++) {
      targets[i] = i < count ? double(b[(start + i) * bStride]) * bScale : 0.0;
      rowWeights[i] = i < count ? (weights ? weights[start + i] : 1.0) : 0.0;
    }
    Wide r[groups];
    for (int g = 0; g < groups; g++) {
      r[g] = {load(targets + 8 * g), F64{}};
      accumulate(r[g], splat<F64>(-x[2 * columns]), splat<F64>(-x[2 * columns + 1]));
    }
    for (size_t j = 0; j < columns; j++) {
      const F64 high = splat<F64>(-x[2 * j]), low = splat<F64>(-x[2 * j + 1]);
#pragma clang loop unroll(full)
      for (int g = 0; g < groups; g++) {
        const F64 v = load(tile + j * tileRows + 8 * g), p = v * high;
        accumulate(r[g], p, mulAdd(v, low, productError(v, high, p)));
      }
    }
    for (int g = 0; g < groups; g++) {
      renormalize(r[g]);
      if (residual) {
        double values[8];
        store(values, r[g].high);
        for (size_t i = 8 * g; i < 8u * g + 8 && i < count; i++) residual[start + i] = values[i - 8 * g];
      }
    }
    // From here on the residuals are weighted; the weights also remove the rows that fill up the tile.
    for (int g = 0; g < groups; g++) {
      const Wide weighted = times(r[g], load(rowWeights + 8 * g));
      const F64 square = r[g].high * weighted.high;
      Deep sum = loadSum(sums, columns), squares = loadSum(sums, columns + 1);
      accumulate(squares.wide, square,
                 mulAdd(r[g].low, weighted.high, mulAdd(r[g].high, weighted.low, productError(r[g].high, weighted.high, square))));
      accumulateProduct<deep>(sum, splat<F64>(1.0), weighted);
      renormalize(squares);
      renormalize(sum);
      storeSum(sums, columns, sum);
      storeSum(sums, columns + 1, squares);
      r[g] = weighted;
    }
    for (size_t j = 0; j < columns; j++) {
      Deep sum = loadSum(sums, j);
#pragma clang loop unroll(full)
      for (int g = 0; g < groups; g++) accumulateProduct<deep>(sum, load(tile + j * tileRows + 8 * g), r[g]);
      renormalize(sum);
      storeSum(sums, j, sum);
    }
  }
}

template <class T>
void widePass(const T *a, size_t stride, size_t rows, size_t columns, const double *scale, const double *x, const T *b,
              size_t bStride, double bScale, const double *weights, double *residual, double *sums, double *tile) {
  refinementPass<T, false>(a, stride, rows, columns, scale, x, b, bStride, bScale, weights, residual, sums, tile);
}

template <class T>
void deepPass(const T *a, size_t stride, size_t rows, size_t columns, const double *scale, const double *x, const T *b,
              size_t bStride, double bScale, const double *weights, double *residual, double *sums, double *tile) {
  refinementPass<T, true>(a, stride, rows, columns, scale, x, b, bStride, bScale, weights, residual, sums, tile);
}

}  // namespace la::LA_TARGET
#else

extern "C" void la_refinement_pass_f32(const float *a, size_t stride, size_t rows, size_t columns, const double *scale,
                                       const double *x, const float *b, size_t bStride, double bScale, const double *weights,
                                       bool deep, double *residual, double *sums, double *tile) {
  const auto pass = deep ? LA_DISPATCH(deepPass<float>) : LA_DISPATCH(widePass<float>);
  pass(a, stride, rows, columns, scale, x, b, bStride, bScale, weights, residual, sums, tile);
}

extern "C" void la_refinement_pass_f64(const double *a, size_t stride, size_t rows, size_t columns, const double *scale,
                                       const double *x, const double *b, size_t bStride, double bScale, const double *weights,
                                       bool deep, double *residual, double *sums, double *tile) {
  const auto pass = deep ? LA_DISPATCH(deepPass<double>) : LA_DISPATCH(widePass<double>);
  pass(a, stride, rows, columns, scale, x, b, bStride, bScale, weights, residual, sums, tile);
}

#endif
