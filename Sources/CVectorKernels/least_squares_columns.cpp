// Least squares on blocks of columns whose elements have two words, high + low: the Gram matrix, the residual and its products with the
// columns, and the arithmetic that polynomial and interaction columns are made with.
//
// Products are split exactly and sums compensated (T. Ogita, S. M. Rump, S. Oishi, SIAM J. Sci. Comput. 26, 2005). Within a block of
// at most 128 rows a lane adds 16 terms to two words; blocks are added up in three words, which loses nothing that matters, so
// that the error of a sum does not grow with the number of rows.
#define LA_SOURCE "least_squares_columns.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET
#include "wide.h"

namespace la::LA_TARGET {

// I columns of the left side times one of the right.
template <int I>
LA_INLINE void gramTile(const double *left, const double *leftLow, const double *right, const double *rightLow, size_t stride,
                        size_t rows, double *sums) {
  Pair total[I] = {};
  for (size_t k = 0; k < rows; k += 8) {
    const Pair r = loadWords(right, rightLow, k);
#pragma clang loop unroll(full)
    for (int i = 0; i < I; i++) accumulate(total[i], product(loadWords(left, leftLow, i * stride + k), r));
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < I; i++) addToSums(sums + 24 * i, total[i]);
}

void wideGram(const double *left, const double *leftLow, const double *right, const double *rightLow, size_t stride,
              size_t rows, size_t columns, double *sums) {
  for (size_t j = 0; j < columns; j++) {
    double *pairs = sums + 24 * (j * (j + 1) / 2);
    const double *r = right + j * stride, *rLow = rightLow + j * stride;
    size_t i = 0;
    for (; i + 4 <= j + 1; i += 4)
      gramTile<4>(left + i * stride, leftLow + i * stride, r, rLow, stride, rows, pairs + 24 * i);
    for (; i <= j; i++) gramTile<1>(left + i * stride, leftLow + i * stride, r, rLow, stride, rows, pairs + 24 * i);
  }
}

// Four vectors of rows at a time, so that the additions of one do not wait for those of another.
template <int G>
LA_INLINE void residualOfRows(const double *high, const double *low, size_t stride, size_t columns, const double *x,
                              double *residual, double *residualLow) {
  Pair r[G];
  for (int g = 0; g < G; g++) r[g] = loadWords(residual, residualLow, 8 * g);
  for (size_t j = 0; j < columns; j++) {
    const Pair factor = {splat<F64>(-x[2 * j]), splat<F64>(-x[2 * j + 1])};
#pragma clang loop unroll(full)
    for (int g = 0; g < G; g++) accumulate(r[g], product(loadWords(high, low, j * stride + 8 * g), factor));
  }
  for (int g = 0; g < G; g++) {
    const F64 error = twoSum(r[g].high, r[g].low);
    store(residual + 8 * g, r[g].high);
    store(residualLow + 8 * g, error);
  }
}

void wideResidual(const double *high, const double *low, size_t stride, size_t rows, size_t columns, const double *x,
                  double *residual, double *residualLow) {
  size_t k = 0;
  for (; k + 32 <= rows; k += 32) residualOfRows<4>(high + k, low + k, stride, columns, x, residual + k, residualLow + k);
  for (; k < rows; k += 8) residualOfRows<1>(high + k, low + k, stride, columns, x, residual + k, residualLow + k);
}

// All three words of every product: what is summed here nearly cancels.
void wideProducts(const double *high, const double *low, size_t stride, size_t rows, size_t columns, const double *vector,
                  const double *vectorLow, double *sums) {
  for (size_t j = 0; j < columns; j++) {
    F64 total = load(sums + 24 * j), second = load(sums + 24 * j + 8), third = load(sums + 24 * j + 16);
    for (size_t k = 0; k < rows; k += 8) {
      const Pair a = loadWords(high, low, j * stride + k), v = loadWords(vector, vectorLow, k);
      const F64 p = a.high * v.high, q = a.high * v.low, s = a.low * v.high;
      third += twoSum(second, twoSum(total, p));
      third += twoSum(second, productError(a.high, v.high, p));
      third += twoSum(second, q);
      third += twoSum(second, s);
      third += productError(a.high, v.low, q) + productError(a.low, v.high, s) + a.low * v.low;
    }
    store(sums + 24 * j, total);
    store(sums + 24 * j + 8, second);
    store(sums + 24 * j + 16, third);
  }
}

#define LA_ELEMENTWISE(name, operation, expression)                                                                             \
  void name(const double *a, const double *aLow, const double *b, const double *bLow, size_t count, double *high,    \
            double *low) {                                                                                           \
    for (size_t k = 0; k < count; k += 8) {                                                                          \
      const Pair left = loadWords(a, aLow, k), right = loadWords(b, bLow, k);                                    \
      storeWords(high, low, k, left.high operation right.high, expression);                                          \
    }                                                                                                                \
  }
LA_INLINE Pair normalized(Pair value) { return ordered(value.high, value.low); }
LA_ELEMENTWISE(wideAdd, +, sumOf(left, right))
LA_ELEMENTWISE(wideSubtract, -, sumOf(left, (Pair{-right.high, -right.low})))
LA_ELEMENTWISE(wideMultiply, *, normalized(product(left, right)))
LA_ELEMENTWISE(wideDivide, /, quotientOf(left, right))

// Rows of a matrix as columns, times the columns' scales; the largest magnitudes are raised as in packRows.
template <class T>
void columnsOfRows(const T *a, size_t stride, size_t rows, size_t columns, const double *scale, double *out,
                   size_t outStride, int64_t *largest) {
  for (size_t c = 0; c < columns; c++) {
    int64_t most = largest[c];
    const double factor = scale[c];
    for (size_t i = 0; i < rows; i++) {
      const double x = double(a[i * stride + c]);
      int64_t magnitude;
      __builtin_memcpy(&magnitude, &x, 8);
      magnitude &= 0x7fffffffffffffff;
      most = magnitude > most ? magnitude : most;
      out[c * outStride + i] = x * factor;
    }
    largest[c] = most;
  }
}

}  // namespace la::LA_TARGET
#else

extern "C" void la_wide_gram(const double *left, const double *leftLow, const double *right, const double *rightLow,
                             size_t stride, size_t rows, size_t columns, double *sums) {
  LA_DISPATCH(wideGram)(left, leftLow, right, rightLow, stride, rows, columns, sums);
}

extern "C" void la_wide_residual(const double *high, const double *low, size_t stride, size_t rows, size_t columns,
                                 const double *x, double *residual, double *residualLow) {
  LA_DISPATCH(wideResidual)(high, low, stride, rows, columns, x, residual, residualLow);
}

extern "C" void la_wide_products(const double *high, const double *low, size_t stride, size_t rows, size_t columns,
                                 const double *vector, const double *vectorLow, double *sums) {
  LA_DISPATCH(wideProducts)(high, low, stride, rows, columns, vector, vectorLow, sums);
}

extern "C" void la_wide_arithmetic(int operation, const double *a, const double *aLow, const double *b, const double *bLow,
                                   size_t count, double *high, double *low) {
  const auto function = operation == LA_WIDE_ADD        ? LA_DISPATCH(wideAdd)
                        : operation == LA_WIDE_SUBTRACT ? LA_DISPATCH(wideSubtract)
                        : operation == LA_WIDE_MULTIPLY ? LA_DISPATCH(wideMultiply)
                                                        : LA_DISPATCH(wideDivide);
  function(a, aLow, b, bLow, count, high, low);
}

extern "C" void la_columns_of_rows_f32(const float *a, size_t stride, size_t rows, size_t columns, const double *scale,
                                       double *out, size_t outStride, int64_t *largest) {
  LA_DISPATCH(columnsOfRows<float>)(a, stride, rows, columns, scale, out, outStride, largest);
}

extern "C" void la_columns_of_rows_f64(const double *a, size_t stride, size_t rows, size_t columns, const double *scale,
                                       double *out, size_t outStride, int64_t *largest) {
  LA_DISPATCH(columnsOfRows<double>)(a, stride, rows, columns, scale, out, outStride, largest);
}

#endif
