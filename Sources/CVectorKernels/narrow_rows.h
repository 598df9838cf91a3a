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

// tile[i·columns + j], lane k: element j of row 8k + i, for 64 rows that lie one behind the other.
template <class T> LA_INLINE void interleaveRows(const T *a, size_t columns, F64 *tile) {
  const size_t distance = 8 * columns;
  for (size_t i = 0; i < distance; i += 8) {
    F64 v[8];
#pragma clang loop unroll(full)
    for (int k = 0; k < 8; k++) v[k] = loadWide(a + k * distance + i);
    transpose(v);
#pragma clang loop unroll(full)
    for (int k = 0; k < 8; k++) tile[i + k] = v[k];
  }
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
