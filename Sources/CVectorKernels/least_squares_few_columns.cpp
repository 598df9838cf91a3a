// The one pass over the rows that least squares on up to four columns takes: the Gram matrix of [1 | A | b] in more than twice the
// working precision, so that its Cholesky factor alone gives coefficients to the last bit.
//
// Sums are anchored, block by block (see least_squares_row_pass.cpp for what that is). A lane has eight rows of a block; the anchor of
// Σ u·v is a power of two beyond ‖u‖·‖v‖ of those rows, which no partial sum exceeds, so that its step is below 2⁻⁴⁸·‖u‖·‖v‖ and the
// roundings of what is left of eight products are below 2⁻⁹⁷·‖u‖·‖v‖. By Cauchy's inequality the same holds with the lengths of the whole
// columns for all blocks together, however many there are and however the sizes of rows differ. Blocks are added up in two words, sixteen
// blocks in three.
#define LA_SOURCE "least_squares_few_columns.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET
#include "wide.h"

namespace la::LA_TARGET {

constexpr size_t blockSteps = 8, blockRows = 8 * blockSteps, blocksInRun = 16;

// How many rows ahead memory is asked for. Two arrays that begin at the same place of a page and are read at the same pace, as one column and
// the right-hand side are, take more than twice as long without.
constexpr size_t rowsAhead = 8 * blockRows;

// Products whose sums the registers hold at once.
#if LA_HAS_AVX512
constexpr int productsAtOnce = 10;
#elif LA_HAS_FMA
constexpr int productsAtOnce = 3;
#else
constexpr int productsAtOnce = 1;
#endif

// Pairs i ≤ j < M in the order of j.
template <int M> struct PairsOfColumns {
  static constexpr int count = M * (M + 1) / 2;
  int left[count], right[count];
  constexpr PairsOfColumns() : left(), right() {
    int p = 0;
    for (int j = 0; j < M; j++)
      for (int i = 0; i <= j; i++, p++) left[p] = i, right[p] = j;
  }
};

// Eight rows of N elements as columns.
template <class T, int N> LA_INLINE void columnsOfEight(const T *a, F64 *columns) {
  F64 v[N];
#pragma clang loop unroll(full)
  for (int k = 0; k < N; k++) v[k] = loadWide(a + 8 * k);
  if constexpr (N == 1) {
    columns[0] = v[0];
  } else if constexpr (N == 2) {
    columns[0] = __builtin_shufflevector(v[0], v[1], 0, 2, 4, 6, 8, 10, 12, 14);
    columns[1] = __builtin_shufflevector(v[0], v[1], 1, 3, 5, 7, 9, 11, 13, 15);
  } else if constexpr (N == 3) {
    const F64 a0 = __builtin_shufflevector(v[0], v[1], 0, 3, 6, 9, 12, 15, 0, 0);
    const F64 b0 = __builtin_shufflevector(v[0], v[1], 1, 4, 7, 10, 13, 0, 0, 0);
    const F64 c0 = __builtin_shufflevector(v[0], v[1], 2, 5, 8, 11, 14, 0, 0, 0);
    columns[0] = __builtin_shufflevector(a0, v[2], 0, 1, 2, 3, 4, 5, 10, 13);
    columns[1] = __builtin_shufflevector(b0, v[2], 0, 1, 2, 3, 4, 8, 11, 14);
    columns[2] = __builtin_shufflevector(c0, v[2], 0, 1, 2, 3, 4, 9, 12, 15);
  } else {
    F64 halves[4];
#pragma clang loop unroll(full)
    for (int k = 0; k < 4; k += 2) {
      halves[k] = __builtin_shufflevector(v[k], v[k + 1], 0, 4, 8, 12, 1, 5, 9, 13);
      halves[k + 1] = __builtin_shufflevector(v[k], v[k + 1], 2, 6, 10, 14, 3, 7, 11, 15);
    }
#pragma clang loop unroll(full)
    for (int k = 0; k < 2; k++) {
      columns[2 * k] = __builtin_shufflevector(halves[k], halves[2 + k], 0, 1, 2, 3, 8, 9, 10, 11);
      columns[2 * k + 1] = __builtin_shufflevector(halves[k], halves[2 + k], 4, 5, 6, 7, 12, 13, 14, 15);
    }
  }
}

// A power of two beyond √square, and at most twice it or so; not below 2⁻³⁰⁰.
LA_INLINE F64 powerBeyondRoot(F64 square) {
  // Half the bits of a number, as an integer, are those of its root's upper bound by the means of its binade.
  const F64 least = square > 0x1p-600 ? square : splat<F64>(0x1p-600);
  const I64 root = ((I64)least >> 1) + 0x1ff8000000000000;
  return 2.0 * (F64)(root & 0x7ff0000000000000);
}

// Columns of a block: tile[k·M + c] for c < M, the ones left out where `ones`.
template <int M, bool ones> struct Block {
  static constexpr int stored = ones ? M - 1 : M;
  F64 tile[blockSteps * stored], powers[M];

  LA_INLINE F64 element(size_t k, int column) const {
    return ones && column == 0 ? splat<F64>(1.0) : tile[k * stored + column - (ones ? 1 : 0)];
  }
};

// The products first..<first+count of a block, added to `totals`.
template <int M, bool ones, int first, int count> LA_INLINE void addProducts(const Block<M, ones> &block, Pair *totals) {
  constexpr PairsOfColumns<M> pairs;
  F64 anchors[count];
  Pair sums[count];
#pragma clang loop unroll(full)
  for (int p = 0; p < count; p++) {
    anchors[p] = 3.0 * block.powers[pairs.left[first + p]] * block.powers[pairs.right[first + p]];
    sums[p] = {anchors[p], F64{}};
  }
  for (size_t k = 0; k < blockSteps; k++) {
    F64 row[M];
#pragma clang loop unroll(full)
    for (int c = 0; c < M; c++) row[c] = block.element(k, c);
#pragma clang loop unroll(full)
    for (int p = 0; p < count; p++) addAnchored(sums[p], row[pairs.left[first + p]], row[pairs.right[first + p]]);
  }
#pragma clang loop unroll(full)
  for (int p = 0; p < count; p++) {
    Pair sum = {sums[p].high - anchors[p], sums[p].low};
    renormalize(sum);
    Pair total = totals[first + p];
    accumulate(total, sum);
    renormalize(total);
    totals[first + p] = total;
  }
}

template <int M, bool ones, int first> LA_INLINE void addAllProducts(const Block<M, ones> &block, Pair *totals) {
  constexpr int left = M * (M + 1) / 2 - first;
  if constexpr (left > 0) {
    addProducts<M, ones, first, (left < productsAtOnce ? left : productsAtOnce)>(block, totals);
    addAllProducts<M, ones, first + productsAtOnce>(block, totals);
  }
}

template <class T, int N, bool ones>
void fewColumns(const T *a, const T *b, size_t rows, double *sums, double *squares) {
  constexpr int M = N + 1 + (ones ? 1 : 0), products = M * (M + 1) / 2, skipped = ones ? 1 : 0;
  F64 most[N + 1] = {};
  Block<M, ones> block;
  // Of eight ones.
  if (ones) block.powers[0] = splat<F64>(4.0);
  for (size_t start = 0; start < rows;) {
    Pair totals[products] = {};
    for (size_t n = 0; n < blocksInRun && start < rows; n++, start += blockRows) {
      const T *p = a + start * N, *q = b + start;
      T lastRows[blockRows * N], lastTargets[blockRows];
      if (rows - start < blockRows) {
        __builtin_memset(lastRows, 0, sizeof lastRows);
        __builtin_memset(lastTargets, 0, sizeof lastTargets);
        __builtin_memcpy(lastRows, p, (rows - start) * N * sizeof(T));
        __builtin_memcpy(lastTargets, q, (rows - start) * sizeof(T));
        p = lastRows;
        q = lastTargets;
      }
      F64 square[N + 1] = {};
      for (size_t k = 0; k < blockSteps; k++) {
        F64 columns[N + 1];
#pragma clang loop unroll(full)
        for (int v = 0; v < N; v++) __builtin_prefetch(p + (8 * k + rowsAhead) * N + 8 * v);
        __builtin_prefetch(q + 8 * k + rowsAhead);
        columnsOfEight<T, N>(p + 8 * k * N, columns);
        columns[N] = loadWide(q + 8 * k);
#pragma clang loop unroll(full)
        for (int c = 0; c <= N; c++) {
          block.tile[k * (N + 1) + c] = columns[c];
          square[c] = mulAdd(columns[c], columns[c], square[c]);
        }
      }
#pragma clang loop unroll(full)
      for (int c = 0; c <= N; c++) {
        most[c] = square[c] > most[c] ? square[c] : most[c];
        block.powers[c + skipped] = powerBeyondRoot(square[c]);
      }
      addAllProducts<M, ones, skipped>(block, totals);
    }
    for (int p = skipped; p < products; p++) addToSums(sums + 24 * p, totals[p]);
  }
  for (int c = 0; c <= N; c++)
    for (int lane = 0; lane < 8; lane++) squares[c] = most[c][lane] > squares[c] ? most[c][lane] : squares[c];
}

template <class T>
void fewColumnsOf(const T *a, const T *b, size_t rows, size_t columns, bool ones, double *sums, double *squares) {
  switch (2 * columns + (ones ? 1 : 0)) {
    case 2: return fewColumns<T, 1, false>(a, b, rows, sums, squares);
    case 3: return fewColumns<T, 1, true>(a, b, rows, sums, squares);
    case 4: return fewColumns<T, 2, false>(a, b, rows, sums, squares);
    case 5: return fewColumns<T, 2, true>(a, b, rows, sums, squares);
    case 6: return fewColumns<T, 3, false>(a, b, rows, sums, squares);
    case 7: return fewColumns<T, 3, true>(a, b, rows, sums, squares);
    case 8: return fewColumns<T, 4, false>(a, b, rows, sums, squares);
    default: __builtin_unreachable();
  }
}

}  // namespace la::LA_TARGET
#else

extern "C" void la_few_columns_f32(const float *a, const float *b, size_t rows, size_t columns, bool ones, double *sums,
                                   double *squares) {
  LA_DISPATCH(fewColumnsOf<float>)(a, b, rows, columns, ones, sums, squares);
}

extern "C" void la_few_columns_f64(const double *a, const double *b, size_t rows, size_t columns, bool ones, double *sums,
                                   double *squares) {
  LA_DISPATCH(fewColumnsOf<double>)(a, b, rows, columns, ones, sums, squares);
}

#endif
