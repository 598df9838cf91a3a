// The first pass of least squares: rows are shifted, scaled and checked while they are packed, and the packed block, which is
// still in the nearest cache, is multiplied into the Gram matrix.
#define LA_SOURCE "least_squares_gram.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET
namespace la::LA_TARGET {

// Eight elements as doubles.
LA_INLINE F64 loadWide(const double *p) { return load(p); }
LA_INLINE F64 loadWide(const float *p) {
  typedef float Half __attribute__((vector_size(32)));
  Half v;
  __builtin_memcpy(&v, p, sizeof v);
  return __builtin_convertvector(v, F64);
}

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

// The tile of PᵀP with rows i..<i+I and columns j..<j+8J, added to `gram`.
template <int I, int J>
LA_INLINE void gramTile(const double *p, size_t stride, size_t rows, size_t i, size_t j, double *gram, size_t gramStride) {
  F64 sum[I][J];
#pragma clang loop unroll(full)
  for (int r = 0; r < I; r++)
#pragma clang loop unroll(full)
    for (int c = 0; c < J; c++) sum[r][c] = load(gram + (i + r) * gramStride + j + 8 * c);
  for (size_t k = 0; k < rows; k++) {
    const double *row = p + k * stride;
    F64 right[J];
#pragma clang loop unroll(full)
    for (int c = 0; c < J; c++) right[c] = load(row + j + 8 * c);
#pragma clang loop unroll(full)
    for (int r = 0; r < I; r++) {
      const F64 left = splat<F64>(row[i + r]);
#pragma clang loop unroll(full)
      for (int c = 0; c < J; c++) sum[r][c] = mulAdd(left, right[c], sum[r][c]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < I; r++)
#pragma clang loop unroll(full)
    for (int c = 0; c < J; c++) store(gram + (i + r) * gramStride + j + 8 * c, sum[r][c]);
}

// The tile is as large as the registers: 8 × 3 accumulators of 32 with AVX-512, otherwise 4 × 1 (of two or four registers each).
void gram(const double *p, size_t stride, size_t rows, double *gram) {
#if LA_HAS_AVX512
  constexpr int I = 8, J = 3;
#else
  constexpr int I = 4, J = 1;
#endif
  for (size_t i = 0; i < stride; i += I) {
    size_t j = i / 8 * 8;
    for (; j + 8 * J <= stride; j += 8 * J) gramTile<I, J>(p, stride, rows, i, j, gram, stride);
#if LA_HAS_AVX512
    if (j + 16 <= stride) gramTile<I, 2>(p, stride, rows, i, j, gram, stride), j += 16;
    if (j + 8 <= stride) gramTile<I, 1>(p, stride, rows, i, j, gram, stride);
#endif
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

extern "C" void la_gram_f64(const double *p, size_t stride, size_t rows, double *gram) {
  LA_DISPATCH(gram)(p, stride, rows, gram);
}

#endif
