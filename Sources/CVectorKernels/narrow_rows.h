// Blocks of narrow rows as columns: a vector holds an element of each of eight rows. Of a vector along such a row most lanes would
// stay empty, and all would have to be added up in the end.
#ifndef LA_TARGET
#error "include narrow_rows.h from a kernel file's target section"
#endif

#include "include/CNarrowRows.h"
#include "transpose.h"

namespace la::LA_TARGET {

// Up to so many columns that is faster (measured; beyond, the transposition costs more than the empty lanes).
constexpr size_t mostNarrow = LA_MOST_NARROW;
constexpr size_t narrowRows = 64;

// The rows behind a tile, which are asked for while it is computed with, a few lines at each step: in the tile's eight places at once the
// processor does not foresee them, and all together they would wait for each other.
struct RowsAhead {
  const char *next;
  int64_t linesPerStep;

  // For `bytes` within `steps` steps.
  LA_INLINE RowsAhead(const void *rows, size_t bytes, size_t steps)
      : next(static_cast<const char *>(rows)), linesPerStep(int64_t((bytes / 64 + steps) / steps)) {}

  // Addresses beyond the matrix do no harm.
  LA_INLINE void ask() {
    for (int64_t line = 0; line < linesPerStep; line++) __builtin_prefetch(next + 64 * line, 0, 2);
    next += 64 * linesPerStep;
  }
};

// Four elements of each of two places as one vector.
LA_INLINE F64 loadHalves(const double *p, const double *q) {
  typedef double Half __attribute__((vector_size(32)));
  Half low, high;
  __builtin_memcpy(&low, p, sizeof low);
  __builtin_memcpy(&high, q, sizeof high);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
}
LA_INLINE F64 loadHalves(const float *p, const float *q) {
  typedef float Half __attribute__((vector_size(16)));
  typedef double WideHalf __attribute__((vector_size(32)));
  Half low, high;
  __builtin_memcpy(&low, p, sizeof low);
  __builtin_memcpy(&high, q, sizeof high);
  return __builtin_shufflevector(__builtin_convertvector(low, WideHalf), __builtin_convertvector(high, WideHalf),
                                 0, 1, 2, 3, 4, 5, 6, 7);
}

// Elements first..<first+4 of eight places as columns: places 0 and 2, 1 and 3, 4 and 6, 5 and 7 share a vector, so that two rounds of
// shuffles, within its quarters and of quarters, are a transposition.
template <class T> LA_INLINE void interleaveFour(const T *const *p, size_t first, F64 *columns) {
  F64 a[4];
#pragma clang loop unroll(full)
  for (int k = 0; k < 4; k++) a[k] = loadHalves(p[k / 2 * 4 + k % 2] + first, p[k / 2 * 4 + k % 2 + 2] + first);
#pragma clang loop unroll(full)
  for (int k = 0; k < 2; k++) {
    const F64 even = a[2 * k], odd = a[2 * k + 1];
    a[2 * k] = __builtin_shufflevector(even, odd, 0, 8, 2, 10, 4, 12, 6, 14);
    a[2 * k + 1] = __builtin_shufflevector(even, odd, 1, 9, 3, 11, 5, 13, 7, 15);
  }
#pragma clang loop unroll(full)
  for (int k = 0; k < 2; k++) {
    columns[k] = __builtin_shufflevector(a[k], a[2 + k], 0, 1, 4, 5, 8, 9, 12, 13);
    columns[2 + k] = __builtin_shufflevector(a[k], a[2 + k], 2, 3, 6, 7, 10, 11, 14, 15);
  }
}

// tile[i·columns + j], lane k: element j of row 8k + i, for 64 rows that lie one behind the other.
template <class T> LA_INLINE void interleaveRows(const T *a, size_t columns, F64 *tile) {
  const size_t distance = 8 * columns;
  const T *p[8];
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k++) p[k] = a + k * distance;
  for (size_t i = 0; i < distance; i += 4) interleaveFour(p, i, tile + i);
}

// The same for `rows` of them; the others are zero.
template <class T> LA_INLINE void interleaveUpTo64(const T *a, size_t rows, size_t columns, F64 *tile) {
  if (rows >= narrowRows) return interleaveRows(a, columns, tile);
  T padded[narrowRows * mostNarrow];
  __builtin_memset(padded, 0, narrowRows * columns * sizeof(T));
  __builtin_memcpy(padded, a, rows * columns * sizeof(T));
  interleaveRows(padded, columns, tile);
}

}  // namespace la::LA_TARGET
