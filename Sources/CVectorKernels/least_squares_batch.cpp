// Small least-squares problems, eight at a time: every lane of a vector has a problem of its own, from the Gram matrix over Cholesky's
// factor to refinement with anchored sums (see least_squares_row_pass.cpp). No lane waits for another, nothing is allocated.
#define LA_SOURCE "least_squares_batch.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET
#include "transpose.h"
#include "wide.h"

namespace la::LA_TARGET {

// Elements first..<first+count of eight problems that are `distance` apart, lane by lane.
template <class T>
LA_INLINE void interleave(const T *a, size_t distance, size_t problems, size_t first, size_t count, F64 *tile) {
  const T *p[8];
  for (size_t k = 0; k < 8; k++) p[k] = a + (k < problems ? k : problems - 1) * distance + first;
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    F64 v[8];
    for (int k = 0; k < 8; k++) v[k] = loadWide(p[k] + i);
    transpose(v);
    for (int k = 0; k < 8; k++) tile[i + k] = v[k];
  }
  for (; i < count; i++)
    for (int k = 0; k < 8; k++) tile[i][k] = double(p[k][i]);
}

LA_INLINE F64 larger(F64 a, F64 b) { return a > b ? a : b; }

// 1.5·2ᵉ with 2ᵉ ≥ 2·bound, for normal numbers.
LA_INLINE F64 anchor(F64 bound) {
  const F64 least = larger(bound, splat<F64>(0x1p-400));
  return (F64)((I64)least & 0x7ff0000000000000) * 6.0;
}

struct Batch {
  size_t rows, columns, rowsAtOnce, elementSize;
  // rowsAtOnce rows of eight problems, and their right-hand sides.
  F64 *tile, *targets;
  // Upper triangles by rows: of the Gram matrix and then of its factor; and of the factor's inverse.
  F64 *factor, *inverse;
  F64 *cross, *lengths, *sensitivities, *delta, *diagonal;
  // Coefficients, negated; anchors and sums of the gradient.
  Pair *x, *gradient;
  F64 *gradientAnchors;
};

template <class T>
void fill(const Batch &batch, const void *a, const void *b, size_t problems, size_t start, size_t count) {
  interleave(static_cast<const T *>(a), batch.rows * batch.columns, problems, start * batch.columns, count * batch.columns,
             batch.tile);
  interleave(static_cast<const T *>(b), batch.rows, problems, start, count, batch.targets);
}

// The Gram matrix, the products with the right-hand sides and their squares: `count` rows are added. N columns, whose sums stay
// in registers, or as many as the batch has for N = 0.
template <int N> void addToGram(const Batch &batch, size_t count, F64 &squares) {
  if (N == 0) {
    const size_t n = batch.columns;
    for (size_t i = 0; i < count; i += 4) {
      const size_t rows = count - i < 4 ? count - i : 4;
      const F64 *row = batch.tile + i * n;
      for (size_t j = 0; j < n; j++)
        for (size_t k = j; k < n; k++) {
          F64 sum = batch.factor[j * n + k];
          for (size_t r = 0; r < rows; r++) sum = mulAdd(row[r * n + j], row[r * n + k], sum);
          batch.factor[j * n + k] = sum;
        }
      for (size_t r = 0; r < rows; r++) {
        const F64 y = batch.targets[i + r];
        squares = mulAdd(y, y, squares);
        for (size_t j = 0; j < n; j++) batch.cross[j] = mulAdd(y, row[r * n + j], batch.cross[j]);
      }
    }
    return;
  }
  constexpr int M = N > 0 ? N : 1;
  F64 gram[M * M], cross[M];
#pragma clang loop unroll(full)
  for (int j = 0; j < M; j++) {
    cross[j] = batch.cross[j];
#pragma clang loop unroll(full)
    for (int k = j; k < M; k++) gram[j * M + k] = batch.factor[j * M + k];
  }
  for (size_t i = 0; i < count; i++) {
    F64 row[M];
#pragma clang loop unroll(full)
    for (int j = 0; j < M; j++) row[j] = batch.tile[i * M + j];
    const F64 y = batch.targets[i];
    squares = mulAdd(y, y, squares);
#pragma clang loop unroll(full)
    for (int j = 0; j < M; j++) {
      cross[j] = mulAdd(y, row[j], cross[j]);
#pragma clang loop unroll(full)
      for (int k = j; k < M; k++) gram[j * M + k] = mulAdd(row[j], row[k], gram[j * M + k]);
    }
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < M; j++) {
    batch.cross[j] = cross[j];
#pragma clang loop unroll(full)
    for (int k = j; k < M; k++) batch.factor[j * M + k] = gram[j * M + k];
  }
}

// R with RᵀR = the Gram matrix, in its place; 1/rⱼⱼ in `diagonal`. Lanes that are not positive definite become NaN.
LA_INLINE void factorise(const Batch &batch) {
  const size_t n = batch.columns;
  F64 *r = batch.factor;
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < j; i++)
      for (size_t k = j; k < n; k++) r[j * n + k] = mulAdd(-r[i * n + j], r[i * n + k], r[j * n + k]);
    const F64 root = squareRoot(r[j * n + j]), reciprocal = 1.0 / root;
    batch.diagonal[j] = reciprocal;
    r[j * n + j] = root;
    for (size_t k = j + 1; k < n; k++) r[j * n + k] = r[j * n + k] * reciprocal;
  }
}

// The lengths of the rows of R⁻¹.
LA_INLINE void findSensitivities(const Batch &batch) {
  const size_t n = batch.columns;
  for (size_t i = 0; i < n; i++) batch.sensitivities[i] = F64{};
  for (size_t k = 0; k < n; k++) {
    // Column k of the inverse, from the bottom up.
    F64 *column = batch.inverse;
    for (size_t i = k + 1; i-- > 0;) {
      F64 sum = i == k ? splat<F64>(1.0) : F64{};
      for (size_t l = i + 1; l <= k; l++) sum = mulAdd(-batch.factor[i * n + l], column[l], sum);
      column[i] = sum * batch.diagonal[i];
      batch.sensitivities[i] = mulAdd(column[i], column[i], batch.sensitivities[i]);
    }
  }
  for (size_t i = 0; i < n; i++) batch.sensitivities[i] = squareRoot(batch.sensitivities[i]);
}

// delta ← R⁻¹R⁻ᵀ·delta; returns the length of R⁻ᵀ·delta.
LA_INLINE F64 solve(const Batch &batch) {
  const size_t n = batch.columns;
  F64 squares{};
  for (size_t j = 0; j < n; j++) {
    F64 sum = batch.delta[j];
    for (size_t i = 0; i < j; i++) sum = mulAdd(-batch.factor[i * n + j], batch.delta[i], sum);
    batch.delta[j] = sum * batch.diagonal[j];
    squares = mulAdd(batch.delta[j], batch.delta[j], squares);
  }
  for (size_t j = n; j-- > 0;) {
    F64 sum = batch.delta[j];
    for (size_t k = j + 1; k < n; k++) sum = mulAdd(-batch.factor[j * n + k], batch.delta[k], sum);
    batch.delta[j] = sum * batch.diagonal[j];
  }
  return squareRoot(squares);
}

LA_INLINE Pair residualOf(Pair sum, F64 rowAnchor, F64 target, Pair &squares) {
  Pair residual = {sum.high - rowAnchor, sum.low};
  accumulate(residual, {target, F64{}});
  renormalize(residual);
  const F64 square = residual.high * residual.high;
  accumulate(squares, {square, mulAdd(residual.low + residual.low, residual.high,
                                      productError(residual.high, residual.high, square))});
  return residual;
}

// Residuals and gradients of some rows; N as above. What lies as far behind as these rows' problems is fetched meanwhile.
template <int N> void refineRows(const Batch &batch, const char *next, size_t count, const F64 &rowAnchor, Pair &squares) {
  constexpr int M = N > 0 ? N : 1;
  const size_t n = N > 0 ? N : batch.columns;
  Pair x[M], gradient[M];
#pragma clang loop unroll(full)
  for (int j = 0; j < N; j++) x[j] = batch.x[j], gradient[j] = batch.gradient[j];
  for (size_t i = 0; i < count; i++) {
    const F64 *row = batch.tile + i * n;
    for (size_t k = 0; k < 8; k++) __builtin_prefetch(next + (k * batch.rows + i) * n * batch.elementSize, 0, 2);
    Pair sum = {rowAnchor, F64{}};
    if (N > 0) {
#pragma clang loop unroll(full)
      for (int j = 0; j < N; j++) addAnchored(sum, row[j], x[j]);
    } else {
      for (size_t j = 0; j < n; j++) addAnchored(sum, row[j], batch.x[j]);
    }
    const Pair residual = residualOf(sum, rowAnchor, batch.targets[i], squares);
    if (N > 0) {
#pragma clang loop unroll(full)
      for (int j = 0; j < N; j++) addAnchored(gradient[j], row[j], residual);
    } else {
      for (size_t j = 0; j < n; j++) addAnchored(batch.gradient[j], row[j], residual);
    }
    if (i % 8 != 7) continue;
    if (N > 0) {
#pragma clang loop unroll(full)
      for (int j = 0; j < N; j++) renormalize(gradient[j]);
    } else {
      for (size_t j = 0; j < n; j++) renormalize(batch.gradient[j]);
    }
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < N; j++) batch.gradient[j] = gradient[j];
}

// What is compiled for each element type, and for each small number of columns: the sweeps over the rows.
struct Sweeps {
  void (*fill)(const Batch &, const void *, const void *, size_t, size_t, size_t);
  void (*addToGram)(const Batch &, size_t, F64 &);
  void (*refineRows)(const Batch &, const char *, size_t, const F64 &, Pair &);
  size_t elementSize;
};

// coefficients: `problems` × columns; squares, conditions, bounds, steps: one number for each problem, with a bound of infinity
// for those that need more than this.
__attribute__((noinline)) void solveEight(const Sweeps &sweeps, const void *a, const void *b, size_t rows, size_t columns,
                                          size_t problems, double tolerance, double *coefficients, double *residualSquares,
                                          double *conditions, double *bounds, double *steps, double *workspace) {
  const size_t n = columns;
  Batch batch;
  batch.rows = rows;
  batch.columns = n;
  batch.elementSize = sweeps.elementSize;
  batch.rowsAtOnce = rows * n <= 4096 ? rows : 4096 / n;
  F64 *free = reinterpret_cast<F64 *>((reinterpret_cast<uintptr_t>(workspace) + 63) / 64 * 64);
  batch.tile = free, free += 4096;
  batch.targets = free, free += 4096;
  batch.factor = free, free += n * n;
  batch.inverse = free, free += n;
  batch.cross = free, free += n;
  batch.lengths = free, free += n;
  batch.sensitivities = free, free += n;
  batch.delta = free, free += n;
  batch.diagonal = free, free += n;
  batch.gradientAnchors = free, free += n;
  batch.x = reinterpret_cast<Pair *>(free), free += 2 * n;
  batch.gradient = reinterpret_cast<Pair *>(free);

  for (size_t k = 0; k < n * n; k++) batch.factor[k] = F64{};
  for (size_t j = 0; j < n; j++) batch.cross[j] = F64{};
  F64 targetSquares{};
  for (size_t start = 0; start < rows; start += batch.rowsAtOnce) {
    const size_t count = rows - start < batch.rowsAtOnce ? rows - start : batch.rowsAtOnce;
    sweeps.fill(batch, a, b, problems, start, count);
    sweeps.addToGram(batch, count, targetSquares);
  }
  I64 fits = (I64)(targetSquares < splat<F64>(0x1p400)) & ((I64)(targetSquares > splat<F64>(0x1p-400)));
  for (size_t j = 0; j < n; j++) {
    const F64 square = batch.factor[j * n + j];
    fits &= (I64)(square < splat<F64>(0x1p400)) & (I64)(square > splat<F64>(0x1p-400));
    batch.lengths[j] = squareRoot(square);
  }
  factorise(batch);
  findSensitivities(batch);
  F64 magnification{};
  for (size_t j = 0; j < n; j++) magnification = mulAdd(batch.lengths[j], batch.sensitivities[j], magnification);
  fits &= (I64)(magnification < splat<F64>(1e6));

  // From the normal equations, with the lengths of the residuals as these give them.
  for (size_t j = 0; j < n; j++) batch.delta[j] = batch.cross[j];
  const F64 fittedLength = solve(batch);
  F64 left = targetSquares;
  for (size_t j = 0; j < n; j++) {
    batch.x[j] = {-batch.delta[j], F64{}};
    left = mulAdd(-batch.delta[j], batch.cross[j], left);
  }
  F64 residualBound = 1.01 * squareRoot(larger(left, F64{}) + 1e-10 * targetSquares);

  const F64 expected = 4.0 * 0x1p-52 * magnification * magnification;
  const F64 rootRows = squareRoot(splat<F64>(double(rows)));
  F64 previous = fittedLength, bound{}, relative = splat<F64>(__builtin_inf()), squaresLeft{}, used{};
  I64 open = fits;
  for (int step = 1; step <= 4 && any(open); step++) {
    F64 rowBound{}, fitted{};
    for (size_t j = 0; j < n; j++) rowBound = mulAdd(batch.lengths[j], absolute(batch.x[j].high), rowBound);
    fitted = rowBound;
    const F64 rowAnchor = anchor(1.01 * rowBound);
    for (size_t j = 0; j < n; j++) {
      batch.gradientAnchors[j] = anchor(1.01 * batch.lengths[j] * residualBound);
      batch.gradient[j] = {batch.gradientAnchors[j], F64{}};
    }
    Pair squares = {F64{}, F64{}};
    for (size_t start = 0; start < rows; start += batch.rowsAtOnce) {
      const size_t count = rows - start < batch.rowsAtOnce ? rows - start : batch.rowsAtOnce;
      if (batch.rowsAtOnce < rows) sweeps.fill(batch, a, b, problems, start, count);
      sweeps.refineRows(batch, static_cast<const char *>(a) + (8 * rows + start) * n * batch.elementSize, count, rowAnchor, squares);
    }
    const F64 residual = squareRoot(larger(squares.high, F64{}));
    for (size_t j = 0; j < n; j++) batch.delta[j] = (batch.gradient[j].high - batch.gradientAnchors[j]) + batch.gradient[j].low;
    // R⁻ᵀδ and δᵀg change places with δ in solve: keep g.
    F64 *gradient = batch.inverse;
    for (size_t j = 0; j < n; j++) gradient[j] = batch.delta[j];
    const F64 size = solve(batch);
    // Where the anchors did not hold, or steps do not shrink, somebody else has to look.
    const I64 sound = (I64)(residual <= residualBound) & (I64)(size <= 0.5 * previous);
    open &= sound;
    F64 product{};
    for (size_t j = 0; j < n; j++) {
      product = mulAdd(batch.delta[j], gradient[j], product);
      // Lanes that are done keep what they have.
      const F64 change = select(open, batch.delta[j], F64{});
      const F64 s = batch.x[j].high - change, part = s - batch.x[j].high;
      const F64 error = (batch.x[j].high - (s - part)) + (-change - part);
      batch.x[j].low += error;
      batch.x[j].high = s;
      renormalize(batch.x[j]);
    }
    const F64 ratio = size / previous, contraction = larger(expected, select((I64)(previous > F64{}), ratio, F64{}));
    const F64 limited = contraction < 0.9 ? contraction : splat<F64>(0.9);
    const F64 floor = 0x1p-101 * (rootRows * rowBound * double(n) + residual + fitted + residual * magnification * rootRows);
    bound = contraction / (1.0 - limited) * size + floor;
    F64 worst{};
    for (size_t j = 0; j < n; j++) {
      const F64 value = absolute(batch.x[j].high);
      worst = larger(worst, select((I64)(value > F64{}), bound * batch.sensitivities[j] / value, F64{}));
    }
    const I64 settled = open & (I64)(worst <= splat<F64>(tolerance));
    relative = select(settled, worst + 0x1p-53, relative);
    squaresLeft = select(open, larger((squares.high + squares.low) - product, F64{}), squaresLeft);
    used = select(open, splat<F64>(double(step)), used);
    residualBound = 1.05 * (residual + size);
    previous = size;
    open &= ~settled;
  }
  for (size_t p = 0; p < problems; p++) {
    for (size_t j = 0; j < n; j++) coefficients[p * n + j] = -(batch.x[j].high[p] + batch.x[j].low[p]);
    residualSquares[p] = squaresLeft[p];
    conditions[p] = magnification[p];
    bounds[p] = relative[p];
    steps[p] = used[p];
  }
}

template <class T, int N> LA_INLINE Sweeps sweepsFor() { return {fill<T>, addToGram<N>, refineRows<N>, sizeof(T)}; }

template <class T>
void solveBatch(const T *a, const T *b, size_t rows, size_t columns, size_t problems, double tolerance, double *coefficients,
                double *residualSquares, double *conditions, double *bounds, double *steps, double *workspace) {
  const Sweeps sweeps = columns == 1   ? sweepsFor<T, 1>()
                        : columns == 2 ? sweepsFor<T, 2>()
                        : columns == 3 ? sweepsFor<T, 3>()
                        : columns == 4 ? sweepsFor<T, 4>()
                        : columns == 5 ? sweepsFor<T, 5>()
                        : columns == 6 ? sweepsFor<T, 6>()
                                       : sweepsFor<T, 0>();
  solveEight(sweeps, a, b, rows, columns, problems, tolerance, coefficients, residualSquares, conditions, bounds, steps,
             workspace);
}

}  // namespace la::LA_TARGET
#else

extern "C" void la_solve_batch_f32(const float *a, const float *b, size_t rows, size_t columns, size_t problems,
                                   double tolerance, double *coefficients, double *residualSquares, double *conditions,
                                   double *bounds, double *steps, double *workspace) {
  LA_DISPATCH(solveBatch<float>)
  (a, b, rows, columns, problems, tolerance, coefficients, residualSquares, conditions, bounds, steps, workspace);
}

extern "C" void la_solve_batch_f64(const double *a, const double *b, size_t rows, size_t columns, size_t problems,
                                   double tolerance, double *coefficients, double *residualSquares, double *conditions,
                                   double *bounds, double *steps, double *workspace) {
  LA_DISPATCH(solveBatch<double>)
  (a, b, rows, columns, problems, tolerance, coefficients, residualSquares, conditions, bounds, steps, workspace);
}

#endif
