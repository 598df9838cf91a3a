// Eight small problems as columns: every lane of a vector has an element of a problem of its own.
#ifndef LA_TARGET
#error "include small_problems.h from a kernel file's target section"
#endif

#include "narrow_rows.h"

namespace la::LA_TARGET {

// columns[i], lane k: element i of the k-th of eight places that are `distance` apart; the last of `places` stands for those behind it.
template <class T> LA_INLINE void interleaveProblems(const T *a, size_t distance, size_t places, size_t count, F64 *columns) {
  const T *p[8];
#pragma clang loop unroll(full)
  for (size_t k = 0; k < 8; k++) p[k] = a + (k < places ? k : places - 1) * distance;
  size_t i = 0;
  for (; i + 4 <= count; i += 4) interleaveFour(p, i, columns + i);
  // The last four once more, where that fills up.
  if (i < count && count >= 4) return interleaveFour(p, count - 4, columns + count - 4);
  for (; i < count; i++)
    for (int k = 0; k < 8; k++) columns[i][k] = double(p[k][i]);
}

}  // namespace la::LA_TARGET
