// Between rows in memory and vectors that hold one column of as many rows as they have lanes.
#ifndef LA_TARGET
#error "include transpose.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

LA_INLINE void zip(F32 a, F32 b, F32 &low, F32 &high) {
  low = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  high = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

LA_INLINE void zip(F64 a, F64 b, F64 &low, F64 &high) {
  low = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  high = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

// The inverse of zip.
LA_INLINE void unzip(F32 low, F32 high, F32 &a, F32 &b) {
  a = __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  b = __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

LA_INLINE void unzip(F64 low, F64 high, F64 &a, F64 &b) {
  a = __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14);
  b = __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
}

// Transposes a square of vectors: interleaving its two halves as often as the lane count can be halved.
template <class V> LA_INLINE void transpose(V *v) {
  constexpr int lanes = sizeof(V) / sizeof(typename Element<V>::Type);
  V w[lanes];
#pragma clang loop unroll(full)
  for (int round = 1; round < lanes; round *= 2) {
#pragma clang loop unroll(full)
    for (int k = 0; k < lanes / 2; k++) zip(v[k], v[k + lanes / 2], w[2 * k], w[2 * k + 1]);
#pragma clang loop unroll(full)
    for (int k = 0; k < lanes; k++) v[k] = w[k];
  }
}

// columns[k] = element k of each row. Reads up to one vector past the last row's end, and writes as much past the last column.
template <class T> inline void rowsToColumns(const T *rows, int64_t classes, typename Lane<T>::Vector *columns) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  if (classes == 2) return unzip(load(rows), load(rows + lanes), columns[0], columns[1]);
  for (int64_t c = 0; c < classes; c += lanes) {
    V tile[lanes];
#pragma clang loop unroll(full)
    for (int r = 0; r < lanes; r++) tile[r] = load(rows + r * classes + c);
    transpose(tile);
#pragma clang loop unroll(full)
    for (int k = 0; k < lanes; k++) columns[c + k] = tile[k];
  }
}

// The inverse. Writes up to one vector past the last row's end, and reads as much past the last column.
// The incomplete columns come first, so that what their rows write too much is written again.
template <class T> inline void columnsToRows(const typename Lane<T>::Vector *columns, int64_t classes, T *rows) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  if (classes == 2) {
    V low, high;
    zip(columns[0], columns[1], low, high);
    store(rows, low);
    return store(rows + lanes, high);
  }
  for (int64_t c = (classes - 1) / lanes * lanes; c >= 0; c -= lanes) {
    V tile[lanes];
#pragma clang loop unroll(full)
    for (int k = 0; k < lanes; k++) tile[k] = columns[c + k];
    transpose(tile);
#pragma clang loop unroll(full)
    for (int r = 0; r < lanes; r++) store(rows + r * classes + c, tile[r]);
  }
}

// Below this many classes a row does not fill enough vectors to be worth one loop; measured where both take the same time.
constexpr int64_t narrowClasses = 40;

}  // namespace la::LA_TARGET
