// One pass over rows as they lie in memory, a vector along a row: residuals r = b − Ax and the gradients AᵀWr, for any number of right-hand
// sides at once, either in doubles or with sums that are anchored.
//
// An anchored sum begins at a number so large that no term can take it out of its binade. It then moves in steps of one fixed
// size: what a term adds to it is found by one subtraction, exactly, and the rest of the term by one more multiplication. That is half
// of what a compensated sum costs, for an error relative to the anchor instead of the sum (S. M. Rump, T. Ogita, S. Oishi,
// SIAM J. Sci. Comput. 31, 2008, extract high parts alike). The caller chooses anchors and judges whether that is good enough.
#define LA_SOURCE "least_squares_row_pass.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET
#include "wide.h"
#include "narrow_rows.h"

namespace la::LA_TARGET {

// sum += a·b, for an anchored sum and b in two words; or in plain doubles.
template <bool anchored> LA_INLINE void accumulateProduct(Pair &sum, F64 a, Pair b) {
  if (anchored) addAnchored(sum, a, b);
  else sum.high = mulAdd(a, b.high, sum.high);
}

LA_INLINE Pair loadPair(const double *p) { return {load(p), load(p + 8)}; }
LA_INLINE void storePair(double *p, Pair pair) {
  store(p, pair.high);
  store(p + 8, pair.low);
}

// The sums over the lanes of eight vectors, as one vector.
LA_INLINE F64 sumsOfLanes(const F64 v[8]) {
  F64 a[4], b[2];
  for (int k = 0; k < 4; k++)
    a[k] = __builtin_shufflevector(v[2 * k], v[2 * k + 1], 0, 8, 2, 10, 4, 12, 6, 14) +
           __builtin_shufflevector(v[2 * k], v[2 * k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  for (int k = 0; k < 2; k++)
    b[k] = __builtin_shufflevector(a[2 * k], a[2 * k + 1], 0, 1, 8, 9, 4, 5, 12, 13) +
           __builtin_shufflevector(a[2 * k], a[2 * k + 1], 2, 3, 10, 11, 6, 7, 14, 15);
  return __builtin_shufflevector(b[0], b[1], 0, 1, 2, 3, 8, 9, 10, 11) +
         __builtin_shufflevector(b[0], b[1], 4, 5, 6, 7, 12, 13, 14, 15);
}

// squares += r·wr and total += wr.
LA_INLINE void addSquareAndSum(Pair residual, Pair weighted, Pair &squares, Pair &total) {
  const F64 square = residual.high * weighted.high;
  accumulate(squares, {square, mulAdd(residual.low, weighted.high,
                                      mulAdd(residual.high, weighted.low, productError(residual.high, weighted.high, square)))});
  accumulate(total, weighted);
}

// Eight rows of one right-hand side.
template <class T, bool anchored>
LA_INLINE void passOfEight(const T *a, size_t stride, size_t vectors, bool prefetch, const double *x, double anchor, F64 targets,
                           F64 weights, bool weighted, double *sums) {
  Pair partial[8];
  for (int r = 0; r < 8; r++) partial[r] = {splat<F64>(anchor), F64{}};
  for (size_t k = 0; k < vectors; k++) {
    const Pair coefficients = loadPair(x + 16 * k);
#pragma clang loop unroll(full)
    for (int r = 0; r < 8; r++) {
      if (prefetch) __builtin_prefetch(a + (r + 8) * stride + 8 * k);
      accumulateProduct<anchored>(partial[r], loadWide(a + r * stride + 8 * k), coefficients);
    }
  }
  F64 highs[8], lows[8];
  for (int r = 0; r < 8; r++) highs[r] = partial[r].high - anchor, lows[r] = partial[r].low;
  // Multiples of one step, whose sums are exact as long as they stay below the anchor.
  Pair residual = {sumsOfLanes(highs), anchored ? sumsOfLanes(lows) : F64{}};
  accumulate(residual, loadPair(x + 16 * vectors));
  accumulate(residual, {targets, F64{}});
  renormalize(residual);

  const Pair weightedResidual = weighted ? times(residual, weights) : residual;
  double *totals = sums + 16 * vectors;
  Pair squares = loadPair(totals + 16), total = loadPair(totals);
  addSquareAndSum(residual, weightedResidual, squares, total);
  renormalize(squares);
  renormalize(total);
  storePair(totals, total);
  storePair(totals + 16, squares);

  double high[8], low[8];
  store(high, weightedResidual.high);
  store(low, weightedResidual.low);
  for (size_t k = 0; k < vectors; k++) {
    Pair gradient = loadPair(sums + 16 * k);
#pragma clang loop unroll(full)
    for (int r = 0; r < 8; r++)
      accumulateProduct<anchored>(gradient, loadWide(a + r * stride + 8 * k), {splat<F64>(high[r]), splat<F64>(low[r])});
    if (anchored) renormalize(gradient);
    storePair(sums + 16 * k, gradient);
  }
}

// A tile of 64 narrow rows; `weights` may be null. Sums are those of the columns, of w·r and of w·r², lane by lane.
template <bool anchored>
LA_INLINE void passOfTile(const F64 *tile, size_t n, const F64 *targets, const F64 *weights, const Pair *x, bool hasConstant,
                          double anchor, Pair *sums, RowsAhead ahead) {
  Pair rows[8];
#pragma clang loop unroll(full)
  for (int r = 0; r < 8; r++) rows[r] = {splat<F64>(anchor), F64{}};
  for (size_t j = 0; j < n; j++) {
    const Pair coefficient = x[j];
    ahead.ask();
#pragma clang loop unroll(full)
    for (int r = 0; r < 8; r++) accumulateProduct<anchored>(rows[r], tile[r * n + j], coefficient);
  }
  Pair total = sums[n], squares = sums[n + 1];
#pragma clang loop unroll(full)
  for (int r = 0; r < 8; r++) {
    Pair residual = {rows[r].high - anchor, rows[r].low};
    if (hasConstant) accumulate(residual, x[n]);
    accumulate(residual, {targets[r], F64{}});
    renormalize(residual);
    const Pair weighted = weights ? times(residual, weights[r]) : residual;
    addSquareAndSum(residual, weighted, squares, total);
    rows[r] = weighted;
  }
  renormalize(squares);
  renormalize(total);
  sums[n] = total;
  sums[n + 1] = squares;
  for (size_t j = 0; j < n; j++) {
    Pair gradient = sums[j];
    ahead.ask();
#pragma clang loop unroll(full)
    for (int r = 0; r < 8; r++) accumulateProduct<anchored>(gradient, tile[r * n + j], rows[r]);
    if (anchored) renormalize(gradient);
    sums[j] = gradient;
  }
}

// The pass over narrow rows for one right-hand side, which has no gaps.
template <class T, bool anchored>
LA_INLINE void narrowPass(const T *a, size_t rows, size_t n, const T *b, double bScale, const double *weights, const double *x,
                          double anchor, double *sums) {
  F64 tile[8 * mostNarrow], targets[8], rowWeights[8];
  Pair coefficients[mostNarrow + 1], lanes[mostNarrow + 2];
  const size_t vectors = (n + 7) / 8;
  double *totals = sums + 16 * vectors;
  for (size_t j = 0; j < n; j++) {
    const size_t place = j / 8 * 16 + j % 8;
    coefficients[j] = {splat<F64>(x[place]), splat<F64>(x[place + 8])};
    // Every lane begins at the anchor.
    lanes[j] = {splat<F64>(sums[place]), F64{}};
  }
  coefficients[n] = loadPair(x + 16 * vectors);
  const bool hasConstant = x[16 * vectors] != 0;
  lanes[n] = loadPair(totals);
  lanes[n + 1] = loadPair(totals + 16);
  for (size_t start = 0; start < rows; start += narrowRows) {
    const size_t count = rows - start;
    interleaveUpTo64(a + start * n, count, n, tile);
    interleaveUpTo64(b + start, count, 1, targets);
    for (int r = 0; r < 8; r++) targets[r] = targets[r] * bScale;
    const bool weighted = weights || count < narrowRows;
    if (weights) {
      interleaveUpTo64(weights + start, count, 1, rowWeights);
    } else if (weighted) {
      double ones[narrowRows];
      for (size_t i = 0; i < count; i++) ones[i] = 1;
      interleaveUpTo64(ones, count, 1, rowWeights);
    }
    passOfTile<anchored>(tile, n, targets, weighted ? rowWeights : nullptr, coefficients, hasConstant, anchor, lanes,
                         RowsAhead(a + (start + narrowRows) * n, narrowRows * n * sizeof(T), 2 * n));
  }
  for (size_t j = 0; j < n; j++) {
    const size_t place = j / 8 * 16 + j % 8;
    // What the lanes have gathered are multiples of one step, whose sum is exact as long as it stays below the anchor.
    const double first = sums[place];
    sums[place] = first + sumOfLanes(lanes[j].high - first);
    sums[place + 8] += sumOfLanes(lanes[j].low);
  }
  storePair(totals, lanes[n]);
  storePair(totals + 16, lanes[n + 1]);
}

template <class T, bool anchored>
LA_INLINE void pass(const T *a, size_t stride, size_t rows, size_t columns, size_t readable, const T *b, size_t bStride,
                    const size_t *targets, size_t targetCount, const double *bScales, const double *weights, const double *x,
                    const double *anchors, double *sums, T *block) {
  if (columns <= mostNarrow && stride == columns && targetCount == 1 && bStride == 1)
    return narrowPass<T, anchored>(a, rows, columns, b, bScales[0], weights, x, anchors[0], sums);
  const size_t vectors = (columns + 7) / 8, width = 8 * vectors;
  for (size_t i = 0; i < rows; i += 8) {
    const size_t count = rows - i < 8 ? rows - i : 8;
    const T *p = a + i * stride;
    size_t step = stride;
    if (count < 8 || (i + 7) * stride + width > readable) {
      // Vectors would reach beyond the matrix.
      for (size_t k = 0; k < 8 * width; k++) block[k] = 0;
      for (size_t r = 0; r < count; r++) __builtin_memcpy(block + r * width, p + r * stride, columns * sizeof(T));
      p = block;
      step = width;
    }
    double rowWeights[8];
    for (size_t r = 0; r < 8; r++) rowWeights[r] = r < count ? (weights ? weights[i + r] : 1.0) : 0.0;
    const bool weighted = weights || count < 8;
    for (size_t t = 0; t < targetCount; t++) {
      double values[8];
      for (size_t r = 0; r < 8; r++) values[r] = r < count ? double(b[(i + r) * bStride + targets[t]]) * bScales[t] : 0.0;
      passOfEight<T, anchored>(p, step, vectors, t == 0 && vectors >= 8, x + t * 16 * (vectors + 1), anchors[t], load(values),
                               load(rowWeights), weighted, sums + t * 16 * (vectors + 2));
    }
  }
}

template <class T>
void rowPass(const T *a, size_t stride, size_t rows, size_t columns, size_t readable, const T *b, size_t bStride,
             const size_t *targets, size_t targetCount, const double *bScales, const double *weights, const double *x,
             const double *anchors, double *sums, T *block) {
  pass<T, false>(a, stride, rows, columns, readable, b, bStride, targets, targetCount, bScales, weights, x, anchors, sums, block);
}

template <class T>
void anchoredRowPass(const T *a, size_t stride, size_t rows, size_t columns, size_t readable, const T *b, size_t bStride,
                     const size_t *targets, size_t targetCount, const double *bScales, const double *weights, const double *x,
                     const double *anchors, double *sums, T *block) {
  pass<T, true>(a, stride, rows, columns, readable, b, bStride, targets, targetCount, bScales, weights, x, anchors, sums, block);
}

}  // namespace la::LA_TARGET
#else

extern "C" void la_row_pass_f32(const float *a, size_t stride, size_t rows, size_t columns, size_t readable, const float *b,
                                size_t bStride, const size_t *targets, size_t targetCount, const double *bScales,
                                const double *weights, const double *x, bool anchored, const double *anchors, double *sums,
                                float *block) {
  const auto pass = anchored ? LA_DISPATCH(anchoredRowPass<float>) : LA_DISPATCH(rowPass<float>);
  pass(a, stride, rows, columns, readable, b, bStride, targets, targetCount, bScales, weights, x, anchors, sums, block);
}

extern "C" void la_row_pass_f64(const double *a, size_t stride, size_t rows, size_t columns, size_t readable, const double *b,
                                size_t bStride, const size_t *targets, size_t targetCount, const double *bScales,
                                const double *weights, const double *x, bool anchored, const double *anchors, double *sums,
                                double *block) {
  const auto pass = anchored ? LA_DISPATCH(anchoredRowPass<double>) : LA_DISPATCH(rowPass<double>);
  pass(a, stride, rows, columns, readable, b, bStride, targets, targetCount, bScales, weights, x, anchors, sums, block);
}

#endif
