// The first pass of least squares: rows are shifted, scaled and checked while they are packed, and the packed block, which is
// still in the nearest cache, is multiplied into the Gram matrix.
#define LA_SOURCE "least_squares_gram.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET
#include "wide.h"
#include "narrow_rows.h"

namespace la::LA_TARGET {

// |x| as an integer: ordered like |x|, with infinities and NaN above every number.
LA_INLINE I64 magnitudeBits(F64 x) { return (I64)x & 0x7fffffffffffffff; }

// W vectors of columns, all rows: the columns' constants stay in registers.
template <class T, int W>
LA_INLINE void packColumns(const T *a, size_t stride, size_t rows, const double *shift, const double *scale,
                           const double *rowScale, double *out, size_t outStride, int64_t *largest) {
  F64 shifts[W], scales[W];
  I64 largests[W];
  for (int w = 0; w < W; w++) {
    shifts[w] = load(shift + 8 * w);
    scales[w] = load(scale + 8 * w);
    __builtin_memcpy(&largests[w], largest + 8 * w, 64);
  }
  for (size_t i = 0; i < rows; i++) {
    const F64 factor = splat<F64>(rowScale ? rowScale[i] : 1.0);
#pragma clang loop unroll(full)
    for (int w = 0; w < W; w++) {
      const F64 x = loadWide(a + i * stride + 8 * w);
      const I64 magnitude = magnitudeBits(x);
      largests[w] = magnitude > largests[w] ? magnitude : largests[w];
      store(out + i * outStride + 8 * w, (x - shifts[w]) * scales[w] * factor);
    }
  }
  for (int w = 0; w < W; w++) __builtin_memcpy(largest + 8 * w, &largests[w], 64);
}

template <class T>
void packRows(const T *a, size_t stride, size_t rows, size_t columns, const double *shift, const double *scale,
              const double *rowScale, double *out, size_t outStride, int64_t *largest) {
  size_t j = 0;
  for (; j + 32 <= columns; j += 32)
    packColumns<T, 4>(a + j, stride, rows, shift + j, scale + j, rowScale, out + j, outStride, largest + j);
  for (; j + 8 <= columns; j += 8)
    packColumns<T, 1>(a + j, stride, rows, shift + j, scale + j, rowScale, out + j, outStride, largest + j);
  if (j == columns) return;
  for (size_t i = 0; i < rows; i++) {
    const double factor = rowScale ? rowScale[i] : 1.0;
    for (size_t c = j; c < columns; c++) {
      const double x = double(a[i * stride + c]);
      int64_t magnitude;
      __builtin_memcpy(&magnitude, &x, 8);
      magnitude &= 0x7fffffffffffffff;
      if (magnitude > largest[c]) largest[c] = magnitude;
      out[i * outStride + c] = (x - shift[c]) * scale[c] * factor;
    }
  }
}

// I rows and 8·J columns of LᵀP, for I columns of L and 8·J of P, added to `product`. With `ahead` the rows behind these are fetched
// into the cache meanwhile.
template <int I, int J, bool ahead = false>
LA_INLINE void productTile(const double *l, size_t leftStride, const double *p, size_t stride, size_t rows, double *product,
                           size_t productStride) {
  F64 sum[I][J];
#pragma clang loop unroll(full)
  for (int r = 0; r < I; r++)
#pragma clang loop unroll(full)
    for (int c = 0; c < J; c++) sum[r][c] = load(product + r * productStride + 8 * c);
  for (size_t k = 0; k < rows; k++) {
    F64 right[J];
#pragma clang loop unroll(full)
    for (int c = 0; c < J; c++) {
      right[c] = load(p + k * stride + 8 * c);
      if (ahead) __builtin_prefetch(p + (k + rows) * stride + 8 * c);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < I; r++) {
      const F64 left = splat<F64>(l[k * leftStride + r]);
#pragma clang loop unroll(full)
      for (int c = 0; c < J; c++) sum[r][c] = mulAdd(left, right[c], sum[r][c]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < I; r++)
#pragma clang loop unroll(full)
    for (int c = 0; c < J; c++) store(product + r * productStride + 8 * c, sum[r][c]);
}

// The tile of PᵀP with rows i..<i+I and columns j..<j+8J, added to `gram`.
template <int I, int J, bool ahead>
LA_INLINE void gramTile(const double *p, size_t stride, size_t rows, size_t i, size_t j, double *gram, size_t gramStride) {
  productTile<I, J, ahead>(p + i, stride, p + j, stride, rows, gram + i * gramStride + j, gramStride);
}

// I rows of PᵀP from row i on, from the diagonal's block of eight to the right.
template <int I, bool ahead = false>
LA_INLINE void gramBand(const double *p, size_t stride, size_t rows, size_t i, double *gram, size_t width) {
#if LA_HAS_AVX512
  size_t j = i / 8 * 8;
  for (; j + 24 <= width; j += 24) gramTile<I, 3, ahead>(p, stride, rows, i, j, gram, width);
  if (j + 16 <= width) gramTile<I, 2, ahead>(p, stride, rows, i, j, gram, width), j += 16;
  if (j + 8 <= width) gramTile<I, 1, ahead>(p, stride, rows, i, j, gram, width);
#else
  for (size_t j = i / 8 * 8; j < width; j += 8) gramTile<I, 1, ahead>(p, stride, rows, i, j, gram, width);
#endif
}

// The tile is as large as the registers: 8 × 3 accumulators of 32 with AVX-512, otherwise 4 × 1 (of two or four registers each).
void gram(const double *p, size_t stride, size_t rows, double *gram) {
#if LA_HAS_AVX512
  for (size_t i = 0; i < stride; i += 8) gramBand<8>(p, stride, rows, i, gram, stride);
#else
  for (size_t i = 0; i < stride; i += 4) gramBand<4>(p, stride, rows, i, gram, stride);
#endif
}

// J vectors of columns of bᵀP, added to `cross` where there is a b, and their largest magnitudes. Infinities count, NaN does not.
template <int J, bool hasTarget>
LA_INLINE void crossTile(const double *p, size_t stride, size_t rows, const double *b, size_t bStride, double *cross,
                         int64_t *largest) {
  // Four rows in turn, so that no sum waits for the one before it.
  F64 sums[4][J], largests[2][J];
#pragma clang loop unroll(full)
  for (int c = 0; c < J; c++) {
    sums[0][c] = hasTarget ? load(cross + 8 * c) : F64{};
    for (int r = 1; r < 4; r++) sums[r][c] = F64{};
    __builtin_memcpy(&largests[0][c], largest + 8 * c, 64);
    largests[1][c] = largests[0][c];
  }
  size_t k = 0;
  for (; k + 4 <= rows; k += 4)
#pragma clang loop unroll(full)
    for (int r = 0; r < 4; r++) {
      const F64 factor = splat<F64>(hasTarget ? b[(k + r) * bStride] : 0.0);
#pragma clang loop unroll(full)
      for (int c = 0; c < J; c++) {
        const F64 v = load(p + (k + r) * stride + 8 * c), magnitude = absolute(v);
        if (hasTarget) sums[r][c] = mulAdd(factor, v, sums[r][c]);
        largests[r % 2][c] = magnitude > largests[r % 2][c] ? magnitude : largests[r % 2][c];
      }
    }
  for (; k < rows; k++)
#pragma clang loop unroll(full)
    for (int c = 0; c < J; c++) {
      const F64 v = load(p + k * stride + 8 * c), magnitude = absolute(v);
      if (hasTarget) sums[0][c] = mulAdd(splat<F64>(b[k * bStride]), v, sums[0][c]);
      largests[0][c] = magnitude > largests[0][c] ? magnitude : largests[0][c];
    }
#pragma clang loop unroll(full)
  for (int c = 0; c < J; c++) {
    if (hasTarget) store(cross + 8 * c, (sums[0][c] + sums[1][c]) + (sums[2][c] + sums[3][c]));
    largests[0][c] = largests[1][c] > largests[0][c] ? largests[1][c] : largests[0][c];
    __builtin_memcpy(largest + 8 * c, &largests[0][c], 64);
  }
}

template <bool hasTarget>
LA_INLINE void crossBand(const double *p, size_t stride, size_t rows, size_t width, const double *b, size_t bStride,
                         double *cross, int64_t *largest) {
  size_t j = 0;
#if LA_HAS_AVX512
  for (; j + 24 <= width; j += 24) crossTile<3, hasTarget>(p + j, stride, rows, b, bStride, cross + j, largest + j);
  if (j + 16 <= width) crossTile<2, hasTarget>(p + j, stride, rows, b, bStride, cross + j, largest + j), j += 16;
#endif
  for (; j < width; j += 8) crossTile<1, hasTarget>(p + j, stride, rows, b, bStride, cross + j, largest + j);
}

// Columns of a tile of narrow rows are multiplied in groups whose sums fit the registers.
#if LA_HAS_AVX512
constexpr int group = 4;
#else
constexpr int group = 2;
#endif

struct NarrowSums {
  F64 gram[mostNarrow * mostNarrow], cross[mostNarrow], largest[mostNarrow], squares, largestTarget;
};

// Columns i..<i+group times columns j..<j+Q.
template <int Q> LA_INLINE void narrowProducts(const F64 *tile, size_t n, size_t steps, size_t i, size_t j, F64 *gram, RowsAhead &ahead) {
  F64 sum[group][Q];
#pragma clang loop unroll(full)
  for (int p = 0; p < group; p++)
#pragma clang loop unroll(full)
    for (int q = 0; q < Q; q++) sum[p][q] = gram[(i + p) * n + j + q];
  for (size_t k = 0; k < steps; k++) {
    const F64 *row = tile + k * n;
    ahead.ask();
#pragma clang loop unroll(full)
    for (int p = 0; p < group; p++)
#pragma clang loop unroll(full)
      for (int q = 0; q < Q; q++) sum[p][q] = mulAdd(row[i + p], row[j + q], sum[p][q]);
  }
#pragma clang loop unroll(full)
  for (int p = 0; p < group; p++)
#pragma clang loop unroll(full)
    for (int q = 0; q < Q; q++) gram[(i + p) * n + j + q] = sum[p][q];
}

// Columns i..<i+P times each other and times the targets, and their largest magnitudes.
template <int P> LA_INLINE void narrowDiagonal(const F64 *tile, const F64 *targets, size_t n, size_t steps, size_t i, NarrowSums &sums,
                                                RowsAhead &ahead) {
  F64 sum[P][P], cross[P], largest[P];
#pragma clang loop unroll(full)
  for (int p = 0; p < P; p++) {
    cross[p] = sums.cross[i + p];
    largest[p] = sums.largest[i + p];
#pragma clang loop unroll(full)
    for (int q = p; q < P; q++) sum[p][q] = sums.gram[(i + p) * n + i + q];
  }
  for (size_t k = 0; k < steps; k++) {
    F64 row[P];
    ahead.ask();
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++) row[p] = tile[k * n + i + p];
    const F64 target = targets[k];
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++) {
      const F64 magnitude = absolute(row[p]);
      largest[p] = magnitude > largest[p] ? magnitude : largest[p];
      cross[p] = mulAdd(target, row[p], cross[p]);
#pragma clang loop unroll(full)
      for (int q = p; q < P; q++) sum[p][q] = mulAdd(row[p], row[q], sum[p][q]);
    }
  }
#pragma clang loop unroll(full)
  for (int p = 0; p < P; p++) {
    sums.cross[i + p] = cross[p];
    sums.largest[i + p] = largest[p];
#pragma clang loop unroll(full)
    for (int q = p; q < P; q++) sums.gram[(i + p) * n + i + q] = sum[p][q];
  }
}

LA_INLINE void raise(int64_t &largest, F64 lanes) {
  double most;
  __builtin_memcpy(&most, &largest, 8);
  for (int k = 0; k < 8; k++) most = lanes[k] > most ? lanes[k] : most;
  __builtin_memcpy(&largest, &most, 8);
}

// Σ b² and the largest magnitude, for one right-hand side.
LA_INLINE void addSquares(const F64 *targets, size_t steps, F64 &squares, F64 &largest) {
  for (size_t k = 0; k < steps; k++) {
    const F64 magnitude = absolute(targets[k]);
    squares = mulAdd(targets[k], targets[k], squares);
    largest = magnitude > largest ? magnitude : largest;
  }
}

// [A | b]ᵀA for narrow rows, and one right-hand side or none.
LA_INLINE void gramOfNarrowRows(const double *a, size_t rows, size_t n, const double *b, double *gram, double *cross,
                                double *squares, int64_t *largest) {
  constexpr size_t blocks = 2;
  const size_t groups = (n + group - 1) / group, pairs = groups * (groups + 1) / 2;
  F64 tile[8 * blocks * mostNarrow], targets[8 * blocks];
  NarrowSums sums = {};
  for (size_t k = 0; k < 8 * blocks; k++) targets[k] = F64{};
  for (size_t start = 0; start < rows;) {
    size_t steps = 0;
    for (; steps < 8 * blocks && start < rows; steps += 8, start += narrowRows) {
      interleaveUpTo64(a + start * n, rows - start, n, tile + steps * n);
      if (b) interleaveUpTo64(b + start, rows - start, 1, targets + steps);
    }
    addSquares(targets, steps, sums.squares, sums.largestTarget);
    RowsAhead ahead(a + start * n, 8 * steps * n * sizeof(double), pairs * steps);
    for (size_t i = 0; i < n; i += group) {
      switch (n - i) {
        case 1: narrowDiagonal<1>(tile, targets, n, steps, i, sums, ahead); break;
#if LA_HAS_AVX512
        case 2: narrowDiagonal<2>(tile, targets, n, steps, i, sums, ahead); break;
        case 3: narrowDiagonal<3>(tile, targets, n, steps, i, sums, ahead); break;
#endif
        default: narrowDiagonal<group>(tile, targets, n, steps, i, sums, ahead);
      }
      for (size_t j = i + group; j < n; j += group) {
        switch (n - j) {
          case 1: narrowProducts<1>(tile, n, steps, i, j, sums.gram, ahead); break;
#if LA_HAS_AVX512
          case 2: narrowProducts<2>(tile, n, steps, i, j, sums.gram, ahead); break;
          case 3: narrowProducts<3>(tile, n, steps, i, j, sums.gram, ahead); break;
#endif
          default: narrowProducts<group>(tile, n, steps, i, j, sums.gram, ahead);
        }
      }
    }
  }
  const size_t width = (n + 7) / 8 * 8;
  for (size_t i = 0; i < n; i++) {
    for (size_t j = i; j < n; j++) gram[i * width + j] += sumOfLanes(sums.gram[i * n + j]);
    raise(largest[i], sums.largest[i]);
    if (b) cross[i] += sumOfLanes(sums.cross[i]);
  }
  if (!b) return;
  squares[0] += sumOfLanes(sums.squares);
  raise(largest[width], sums.largestTarget);
}

// [A | B]ᵀA as it lies in memory, in blocks of rows that stay in the nearest cache.
void gramOfRows(const double *a, size_t stride, size_t rows, size_t columns, size_t readable, const double *b, size_t targets,
                double *gram, double *cross, double *squares, int64_t *largest, double *block) {
  if (columns <= mostNarrow && stride == columns && targets <= 1)
    return gramOfNarrowRows(a, rows, columns, targets > 0 ? b : nullptr, gram, cross, squares, largest);
  const size_t width = (columns + 7) / 8 * 8;
  size_t length = 3072 / width / 8 * 8;
  length = length < 16 ? 16 : length > 128 ? 128 : length;
  for (size_t start = 0; start < rows; start += length) {
    const size_t count = rows - start < length ? rows - start : length;
    const double *p = a + start * stride, *q = b + start * targets;
    size_t step = stride;
    if ((start + count - 1) * stride + width > readable) {
      // Vectors would reach beyond the matrix.
      for (size_t k = 0; k < count * width; k++) block[k] = 0;
      for (size_t r = 0; r < count; r++) __builtin_memcpy(block + r * width, p + r * stride, columns * sizeof(double));
      p = block;
      step = width;
    }
    if (targets > 0) crossBand<true>(p, step, count, width, q, targets, cross, largest);
    else crossBand<false>(p, step, count, width, q, targets, cross, largest);
#if LA_HAS_AVX512
    size_t i = 0;
    if (columns >= 8) gramBand<8, true>(p, step, count, i, gram, width), i = 8;
    for (; i + 8 <= columns; i += 8) gramBand<8>(p, step, count, i, gram, width);
    if (columns - i > 4) gramBand<8>(p, step, count, i, gram, width);
    else if (columns - i > 2) gramBand<4>(p, step, count, i, gram, width);
    else if (columns - i > 0) gramBand<2>(p, step, count, i, gram, width);
#else
    for (size_t i = 0; i < columns; i += 4) gramBand<4>(p, step, count, i, gram, width);
#endif
    if (targets == 1) {
      F64 sum{}, most{};
      size_t k = 0;
      for (; k + 8 <= count; k += 8) {
        const F64 y = load(q + k);
        addSquares(&y, 1, sum, most);
      }
      if (k < count) {
        double rest[8] = {};
        __builtin_memcpy(rest, q + k, (count - k) * sizeof(double));
        const F64 y = load(rest);
        addSquares(&y, 1, sum, most);
      }
      squares[0] += sumOfLanes(sum);
      raise(largest[width], most);
      continue;
    }
    for (size_t t = 0; t < targets; t++) {
      if (t > 0) crossBand<true>(p, step, count, width, q + t, targets, cross + t * width, largest);
      double sum = squares[t], most;
      __builtin_memcpy(&most, &largest[width + t], 8);
      for (size_t k = 0; k < count; k++) {
        const double y = q[k * targets + t], magnitude = y < 0 ? -y : y;
        sum += y * y;
        most = magnitude > most ? magnitude : most;
      }
      squares[t] = sum;
      __builtin_memcpy(&largest[width + t], &most, 8);
    }
  }
}

// Sums and largest distances from `center` of every `step`-th row's finite elements.
template <class T>
void sampleColumns(const T *a, size_t stride, size_t rows, size_t columns, size_t count, const double *center, double *sums,
                   int64_t *counts, double *largest) {
  for (size_t s = 0; s < count; s++) {
    const T *row = a + s * rows / count * stride;
    for (size_t j = 0; j < columns; j++) {
      const double x = double(row[j]);
      if (!(x - x == 0)) continue;
      sums[j] += x;
      counts[j]++;
      const double d = x > center[j] ? x - center[j] : center[j] - x;
      if (d > largest[j]) largest[j] = d;
    }
  }
}

}  // namespace la::LA_TARGET
#else

extern "C" void la_pack_rows_f32(const float *a, size_t stride, size_t rows, size_t columns, const double *shift,
                                 const double *scale, const double *rowScale, double *out, size_t outStride, int64_t *largest) {
  LA_DISPATCH(packRows<float>)(a, stride, rows, columns, shift, scale, rowScale, out, outStride, largest);
}

extern "C" void la_pack_rows_f64(const double *a, size_t stride, size_t rows, size_t columns, const double *shift,
                                 const double *scale, const double *rowScale, double *out, size_t outStride, int64_t *largest) {
  LA_DISPATCH(packRows<double>)(a, stride, rows, columns, shift, scale, rowScale, out, outStride, largest);
}

extern "C" void la_gram_rows_f64(const double *a, size_t stride, size_t rows, size_t columns, size_t readable, const double *b,
                                 size_t targets, double *gram, double *cross, double *squares, int64_t *largest, double *block) {
  LA_DISPATCH(gramOfRows)(a, stride, rows, columns, readable, b, targets, gram, cross, squares, largest, block);
}

extern "C" void la_sample_columns_f32(const float *a, size_t stride, size_t rows, size_t columns, size_t count,
                                      const double *center, double *sums, int64_t *counts, double *largest) {
  LA_DISPATCH(sampleColumns<float>)(a, stride, rows, columns, count, center, sums, counts, largest);
}

extern "C" void la_sample_columns_f64(const double *a, size_t stride, size_t rows, size_t columns, size_t count,
                                      const double *center, double *sums, int64_t *counts, double *largest) {
  LA_DISPATCH(sampleColumns<double>)(a, stride, rows, columns, count, center, sums, counts, largest);
}

extern "C" void la_gram_f64(const double *p, size_t stride, size_t rows, double *gram) {
  LA_DISPATCH(gram)(p, stride, rows, gram);
}

#endif
