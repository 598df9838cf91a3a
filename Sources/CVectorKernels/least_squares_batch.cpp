// Small least-squares problems, eight at a time: every lane of a vector has a problem of its own, from the Gram matrix over Cholesky's
// factor to refinement with anchored sums (see least_squares_row_pass.cpp). No lane waits for another, nothing is allocated.
#define LA_SOURCE "least_squares_batch.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET
#include "small_problems.h"
#include "wide.h"

// Loops over columns are unrolled where their number is a constant.
#pragma clang diagnostic ignored "-Wpass-failed"

namespace la::LA_TARGET {

// Of each problem at once; what more there is comes piece by piece.
constexpr size_t mostElements = 4096;

LA_INLINE F64 larger(F64 a, F64 b) { return a > b ? a : b; }

// 1.5·2ᵉ with 2ᵉ ≥ 2·bound, for normal numbers.
LA_INLINE F64 anchor(F64 bound) {
  const F64 least = larger(bound, splat<F64>(0x1p-400));
  return (F64)((I64)least & 0x7ff0000000000000) * 6.0;
}

// What belongs to N columns, in registers where the compiler likes; or to any number of columns, in the workspace, for N = 0.
template <int N, int size, class V = F64> struct Local {
  V values[size];
  LA_INLINE Local(F64 *&, size_t) {}
  LA_INLINE V &operator[](size_t k) { return values[k]; }
};
template <int size, class V> struct Local<0, size, V> {
  V *values;
  LA_INLINE Local(F64 *&free, size_t count) : values(reinterpret_cast<V *>(free)) { free += count * sizeof(V) / sizeof(F64); }
  LA_INLINE V &operator[](size_t k) { return values[k]; }
};

// Eight problems of `rows` × `columns`, one behind the other from `a` and `b` on, read some rows at a time.
struct EightProblems {
  const char *a, *b;
  size_t rows, columns, problems, elementSize;
  void (*fill)(const EightProblems &, size_t start, size_t count, F64 *tile, F64 *targets);
};

// Rows start..<start+count of the problems as columns: tile[i·columns + j] and targets[i] for row start + i.
template <class T> void fill(const EightProblems &eight, size_t start, size_t count, F64 *tile, F64 *targets) {
  interleaveProblems(reinterpret_cast<const T *>(eight.a) + start * eight.columns, eight.rows * eight.columns, eight.problems,
                     count * eight.columns, tile);
  interleaveProblems(reinterpret_cast<const T *>(eight.b) + start, eight.rows, eight.problems, count, targets);
}

// The eight problems behind these, which come into the cache meanwhile: one half of them with the Gram matrix, the other with the
// refinement. Addresses beyond the last problem do no harm.
struct ProblemsAhead {
  const char *a, *b;

  LA_INLINE ProblemsAhead(const EightProblems &eight, size_t half, size_t start) {
    const size_t rows = eight.rows, rowSize = eight.columns * eight.elementSize;
    const size_t place = half * (rows / 2) + start / 2;
    a = eight.a + 8 * (rows + place) * rowSize;
    b = eight.b + 8 * (rows + place) * eight.elementSize;
  }

  // With row i of every problem.
  template <int N> LA_INLINE void ask(size_t i) {
    constexpr int lines = N > 0 ? (N + 1) / 2 : 4;
#pragma clang loop unroll(full)
    for (int line = 0; line < lines; line++) __builtin_prefetch(a + 64 * (lines * i + line), 0, 2);
    if (i % 2 == 0) __builtin_prefetch(b + 32 * i, 0, 2);
  }
};

// The Gram matrix, the products with the right-hand sides and their squares: `count` rows are added.
template <int N>
LA_INLINE void addToGram(const F64 *tile, const F64 *targets, size_t columns, size_t count, F64 *gram, F64 *cross, F64 &squares,
                         ProblemsAhead ahead) {
  if (N == 0) {
    const size_t n = columns;
    for (size_t i = 0; i < count; i += 4) {
      const size_t rows = count - i < 4 ? count - i : 4;
      const F64 *row = tile + i * n;
      for (size_t j = 0; j < n; j++)
        for (size_t k = j; k < n; k++) {
          F64 sum = gram[j * n + k];
          for (size_t r = 0; r < rows; r++) sum = mulAdd(row[r * n + j], row[r * n + k], sum);
          gram[j * n + k] = sum;
        }
      for (size_t r = 0; r < rows; r++) {
        const F64 y = targets[i + r];
        squares = mulAdd(y, y, squares);
        for (size_t j = 0; j < n; j++) cross[j] = mulAdd(y, row[r * n + j], cross[j]);
      }
    }
    return;
  }
  constexpr int M = N > 0 ? N : 1;
  F64 sums[M * M], products[M], square = squares;
#pragma clang loop unroll(full)
  for (int j = 0; j < M; j++) {
    products[j] = cross[j];
#pragma clang loop unroll(full)
    for (int k = j; k < M; k++) sums[j * M + k] = gram[j * M + k];
  }
  for (size_t i = 0; i < count; i++) {
    F64 row[M];
    ahead.ask<N>(i);
#pragma clang loop unroll(full)
    for (int j = 0; j < M; j++) row[j] = tile[i * M + j];
    const F64 y = targets[i];
    square = mulAdd(y, y, square);
#pragma clang loop unroll(full)
    for (int j = 0; j < M; j++) {
      products[j] = mulAdd(y, row[j], products[j]);
#pragma clang loop unroll(full)
      for (int k = j; k < M; k++) sums[j * M + k] = mulAdd(row[j], row[k], sums[j * M + k]);
    }
  }
  squares = square;
#pragma clang loop unroll(full)
  for (int j = 0; j < M; j++) {
    cross[j] = products[j];
#pragma clang loop unroll(full)
    for (int k = j; k < M; k++) gram[j * M + k] = sums[j * M + k];
  }
}

// R with RᵀR = the Gram matrix, in its place; 1/rⱼⱼ in `diagonal`. Lanes that are not positive definite become NaN.
template <class Triangle, class Vector> LA_INLINE void factorise(Triangle &r, Vector &diagonal, const size_t n) {
#pragma clang loop unroll(full)
  for (size_t j = 0; j < n; j++) {
#pragma clang loop unroll(full)
    for (size_t i = 0; i < j; i++)
#pragma clang loop unroll(full)
      for (size_t k = j; k < n; k++) r[j * n + k] = mulAdd(-r[i * n + j], r[i * n + k], r[j * n + k]);
    const F64 root = squareRoot(r[j * n + j]), reciprocal = 1.0 / root;
    diagonal[j] = reciprocal;
    r[j * n + j] = root;
#pragma clang loop unroll(full)
    for (size_t k = j + 1; k < n; k++) r[j * n + k] = r[j * n + k] * reciprocal;
  }
}

// The lengths of the rows of R⁻¹.
template <class Triangle, class Vector>
LA_INLINE void findSensitivities(Triangle &r, Vector &diagonal, Vector &column, Vector &sensitivities, const size_t n) {
  for (size_t i = 0; i < n; i++) sensitivities[i] = F64{};
#pragma clang loop unroll(full)
  for (size_t k = 0; k < n; k++) {
    // Column k of the inverse, from the bottom up.
#pragma clang loop unroll(full)
    for (size_t i = k + 1; i-- > 0;) {
      F64 sum = i == k ? splat<F64>(1.0) : F64{};
#pragma clang loop unroll(full)
      for (size_t l = i + 1; l <= k; l++) sum = mulAdd(-r[i * n + l], column[l], sum);
      column[i] = sum * diagonal[i];
      sensitivities[i] = mulAdd(column[i], column[i], sensitivities[i]);
    }
  }
  for (size_t i = 0; i < n; i++) sensitivities[i] = squareRoot(sensitivities[i]);
}

// delta ← R⁻¹R⁻ᵀ·delta; returns the length of R⁻ᵀ·delta.
template <class Triangle, class Vector>
LA_INLINE F64 solve(Triangle &r, Vector &diagonal, Vector &delta, const size_t n) {
  F64 squares{};
#pragma clang loop unroll(full)
  for (size_t j = 0; j < n; j++) {
    F64 sum = delta[j];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < j; i++) sum = mulAdd(-r[i * n + j], delta[i], sum);
    delta[j] = sum * diagonal[j];
    squares = mulAdd(delta[j], delta[j], squares);
  }
#pragma clang loop unroll(full)
  for (size_t j = n; j-- > 0;) {
    F64 sum = delta[j];
#pragma clang loop unroll(full)
    for (size_t k = j + 1; k < n; k++) sum = mulAdd(-r[j * n + k], delta[k], sum);
    delta[j] = sum * diagonal[j];
  }
  return squareRoot(squares);
}

// b − Ax of one row, whose sum began at `rowAnchor`; `squares` is anchored, too.
LA_INLINE Pair residualOf(Pair sum, F64 rowAnchor, Pair &squares) {
  Pair residual = {sum.high - rowAnchor, sum.low};
  renormalize(residual);
  addAnchored(squares, residual.high, {residual.high, residual.low + residual.low});
  return residual;
}

// Residuals and gradients of some rows; N as above. `x` is the negated solution, whose low words are zero at the `first` refinement.
template <int N, bool first>
__attribute__((noinline)) void refineRows(const F64 *tile, const F64 *targets, size_t columns, size_t count, ProblemsAhead ahead,
                                          const Pair *xs, const F64 &rowAnchor, Pair *gradients, Pair &squares) {
  constexpr int M = N > 0 ? N : 1;
  const size_t n = N > 0 ? N : columns;
  const F64 start = rowAnchor;
  Pair x[M], gradient[M], square = squares;
#pragma clang loop unroll(full)
  for (int j = 0; j < N; j++) x[j] = xs[j], gradient[j] = gradients[j];
  for (size_t i = 0; i < count; i++) {
    // Backwards: the last rows are still in the nearest cache, and the first ones will be where the next problems go.
    const size_t place = count - 1 - i;
    const F64 *row = tile + place * n, target = targets[place];
    ahead.ask<N>(i);
    Pair sum = {start + target, F64{}};
    sum.low = target - (sum.high - start);
    if (N > 0) {
#pragma clang loop unroll(full)
      for (int j = 0; j < N; j++) first ? addAnchored(sum, row[j], x[j].high) : addAnchored(sum, row[j], x[j]);
    } else {
      for (size_t j = 0; j < n; j++) addAnchored(sum, row[j], xs[j]);
    }
    const Pair residual = residualOf(sum, start, square);
    const bool tidy = i % 8 == 7;
    if (N > 0) {
#pragma clang loop unroll(full)
      for (int j = 0; j < N; j++) addAnchored(gradient[j], row[j], residual);
      if (!tidy) continue;
#pragma clang loop unroll(full)
      for (int j = 0; j < N; j++) renormalize(gradient[j]);
    } else {
      for (size_t j = 0; j < n; j++) {
        addAnchored(gradients[j], row[j], residual);
        if (tidy) renormalize(gradients[j]);
      }
    }
    renormalize(square);
  }
  squares = square;
#pragma clang loop unroll(full)
  for (int j = 0; j < N; j++) gradients[j] = gradient[j];
}

// coefficients: `problems` × columns; squares and bounds: one number for each problem, with a bound of infinity for those that need
// more than this.
template <int N>
__attribute__((noinline)) void solveEight(const EightProblems &eight, double tolerance, double *coefficients,
                                          double *residualSquares, double *bounds, double *workspace) {
  constexpr int M = N > 0 ? N : 1;
  const size_t n = N > 0 ? N : eight.columns, rows = eight.rows;
  const size_t rowsAtOnce = rows * n <= mostElements ? rows : mostElements / n / 8 * 8;
  F64 *free = reinterpret_cast<F64 *>((reinterpret_cast<uintptr_t>(workspace) + 63) / 64 * 64);
  F64 *const tile = free, *const targets = tile + rowsAtOnce * n;
  free = targets + rowsAtOnce;
  Local<N, M * M> factor(free, n * n);
  Local<N, M> cross(free, n), lengths(free, n), sensitivities(free, n), delta(free, n), diagonal(free, n), column(free, n);
  Local<N, M> anchors(free, n);
  Local<N, M, Pair> x(free, n), gradient(free, n);

  for (size_t k = 0; k < n * n; k++) factor[k] = F64{};
  for (size_t j = 0; j < n; j++) cross[j] = F64{};
  F64 targetSquares{};
  for (size_t start = 0; start < rows;) {
    // While the columns are in the nearest cache.
    const size_t place = start % rowsAtOnce, left = rows - start < rowsAtOnce - place ? rows - start : rowsAtOnce - place;
    const size_t count = left < 32 ? left : 32;
    eight.fill(eight, start, count, tile + place * n, targets + place);
    addToGram<N>(tile + place * n, targets + place, n, count, &factor[0], &cross[0], targetSquares,
                 ProblemsAhead(eight, 0, start));
    start += count;
  }
  I64 fits = (I64)(targetSquares < splat<F64>(0x1p400)) & ((I64)(targetSquares > splat<F64>(0x1p-400)));
  for (size_t j = 0; j < n; j++) {
    const F64 square = factor[j * n + j];
    fits &= (I64)(square < splat<F64>(0x1p400)) & (I64)(square > splat<F64>(0x1p-400));
    lengths[j] = squareRoot(square);
  }
  factorise(factor, diagonal, n);
  findSensitivities(factor, diagonal, column, sensitivities, n);
  F64 magnification{};
  for (size_t j = 0; j < n; j++) magnification = mulAdd(lengths[j], sensitivities[j], magnification);
  fits &= (I64)(magnification < splat<F64>(1e6));

  // From the normal equations, with the lengths of the residuals as these give them.
  for (size_t j = 0; j < n; j++) delta[j] = cross[j];
  const F64 fittedLength = solve(factor, diagonal, delta, n), targetLength = squareRoot(targetSquares);
  F64 left = targetSquares;
  for (size_t j = 0; j < n; j++) {
    x[j] = {-delta[j], F64{}};
    left = mulAdd(-delta[j], cross[j], left);
  }
  F64 residualBound = 1.01 * squareRoot(larger(left, F64{}) + 1e-10 * targetSquares);

  const F64 expected = 4.0 * 0x1p-52 * magnification * magnification;
  const F64 rootRows = squareRoot(splat<F64>(double(rows)));
  F64 previous = fittedLength, relative = splat<F64>(__builtin_inf()), squaresLeft{};
  I64 open = fits;
  for (int step = 1; step <= 4 && any(open); step++) {
    F64 rowBound = targetLength;
    for (size_t j = 0; j < n; j++) rowBound = mulAdd(lengths[j], absolute(x[j].high), rowBound);
    const F64 rowAnchor = anchor(1.01 * rowBound), squareAnchor = anchor(1.01 * residualBound * residualBound);
    for (size_t j = 0; j < n; j++) {
      anchors[j] = anchor(1.01 * lengths[j] * residualBound);
      gradient[j] = {anchors[j], F64{}};
    }
    Pair squares = {squareAnchor, F64{}};
    for (size_t start = 0; start < rows; start += rowsAtOnce) {
      const size_t count = rows - start < rowsAtOnce ? rows - start : rowsAtOnce;
      if (rowsAtOnce < rows) eight.fill(eight, start, count, tile, targets);
      const auto refine = step == 1 ? refineRows<N, true> : refineRows<N, false>;
      refine(tile, targets, n, count, ProblemsAhead(eight, 1, start), &x[0], rowAnchor, &gradient[0], squares);
    }
    squares.high -= squareAnchor;
    const F64 residual = squareRoot(larger(squares.high, F64{}));
    for (size_t j = 0; j < n; j++) {
      delta[j] = (gradient[j].high - anchors[j]) + gradient[j].low;
      // R⁻ᵀδ and δᵀg change places with δ in solve: keep g.
      column[j] = delta[j];
    }
    const F64 size = solve(factor, diagonal, delta, n);
    // Where the anchors did not hold, or steps do not shrink, somebody else has to look.
    const I64 sound = (I64)(residual <= residualBound) & (I64)(size <= 0.5 * previous);
    open &= sound;
    F64 product{};
    for (size_t j = 0; j < n; j++) {
      product = mulAdd(delta[j], column[j], product);
      // Lanes that are done keep what they have.
      const F64 change = select(open, delta[j], F64{});
      const F64 s = x[j].high - change, part = s - x[j].high;
      const F64 error = (x[j].high - (s - part)) + (-change - part);
      x[j].low += error;
      x[j].high = s;
      renormalize(x[j]);
    }
    const F64 ratio = size / previous, contraction = larger(expected, select((I64)(previous > F64{}), ratio, F64{}));
    const F64 limited = contraction < 0.9 ? contraction : splat<F64>(0.9);
    const F64 floor = 0x1p-101 * (rootRows * rowBound * double(n + 1) + residual + residual * magnification * rootRows);
    const F64 bound = contraction / (1.0 - limited) * size + floor;
    F64 worst{};
    for (size_t j = 0; j < n; j++) {
      const F64 value = absolute(x[j].high);
      worst = larger(worst, select((I64)(value > F64{}), bound * sensitivities[j] / value, F64{}));
    }
    const I64 settled = open & (I64)(worst <= splat<F64>(tolerance));
    relative = select(settled, worst + 0x1p-53, relative);
    squaresLeft = select(open, larger((squares.high + squares.low) - product, F64{}), squaresLeft);
    residualBound = 1.05 * (residual + size);
    previous = size;
    open &= ~settled;
  }
  for (size_t p = 0; p < eight.problems; p++) {
    for (size_t j = 0; j < n; j++) coefficients[p * n + j] = -(x[j].high[p] + x[j].low[p]);
    residualSquares[p] = squaresLeft[p];
    bounds[p] = relative[p];
  }
}

template <class T>
void solveBatch(const T *a, const T *b, size_t rows, size_t columns, size_t problems, double tolerance, double *coefficients,
                double *residualSquares, double *bounds, double *workspace) {
  const EightProblems eight = {reinterpret_cast<const char *>(a), reinterpret_cast<const char *>(b), rows, columns, problems,
                               sizeof(T), fill<T>};
  const auto solve = columns == 1   ? solveEight<1>
                     : columns == 2 ? solveEight<2>
                     : columns == 3 ? solveEight<3>
                     : columns == 4 ? solveEight<4>
                     : columns == 5 ? solveEight<5>
                     : columns == 6 ? solveEight<6>
                                    : solveEight<0>;
  solve(eight, tolerance, coefficients, residualSquares, bounds, workspace);
}

}  // namespace la::LA_TARGET
#else

extern "C" void la_solve_batch_f32(const float *a, const float *b, size_t rows, size_t columns, size_t problems,
                                   double tolerance, double *coefficients, double *residualSquares, double *bounds,
                                   double *workspace) {
  LA_DISPATCH(solveBatch<float>)
  (a, b, rows, columns, problems, tolerance, coefficients, residualSquares, bounds, workspace);
}

extern "C" void la_solve_batch_f64(const double *a, const double *b, size_t rows, size_t columns, size_t problems,
                                   double tolerance, double *coefficients, double *residualSquares, double *bounds,
                                   double *workspace) {
  LA_DISPATCH(solveBatch<double>)
  (a, b, rows, columns, problems, tolerance, coefficients, residualSquares, bounds, workspace);
}

#endif
