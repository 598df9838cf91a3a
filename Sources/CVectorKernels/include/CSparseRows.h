// Part of CVectorKernels: rows of features of which only the elements that are not 0 are stored.
#ifndef LA_SPARSE_ROWS_H
#define LA_SPARSE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Row i has the elements starts[i] ..< starts[i + 1] of values, in columns that rise; values are f64 if `isDouble`, or else f32.
typedef struct la_sparse_rows {
  const void *values;
  const int32_t *columns;
  const int64_t *starts;
  size_t rows;
  bool isDouble;
} la_sparse_rows;

// out[i] = constant + offsets[i] + Σ x[i][j]·coefficients[j]; offsets may be NULL, for zeros. Computed in the type that the name says.
void la_sparse_times_vector_f32(la_sparse_rows x, const float *coefficients, float constant, const float *offsets, float *out);
void la_sparse_times_vector_f64(la_sparse_rows x, const double *coefficients, double constant, const double *offsets,
                                double *out);

// sums[j] += Σ f[i]·x[i][j], and the sum of the f is returned; f = factors, or factors·weights where weights is not NULL. A row with
// factor 0, or else weight 0, is passed over, even if it is not finite.
float la_sparse_transposed_times_vector_f32(la_sparse_rows x, const float *factors, const float *weights, float *sums);
double la_sparse_transposed_times_vector_f64(la_sparse_rows x, const double *factors, const double *weights, double *sums);

// gram[j·stride + k] += Σ w[i]·(x[i][j]·scale[j])·(x[i][k]·scale[k]) for j ≤ k, where column `columns` is 1 everywhere; weights may be
// negative, or NULL for ones. A row of weight 0 is passed over, even if it is not finite. `row` is workspace for as many elements as
// the longest row has.
void la_sparse_gram_f32(la_sparse_rows x, size_t columns, const double *scale, const float *weights, double *gram,
                        size_t stride, double *row);
void la_sparse_gram_f64(la_sparse_rows x, size_t columns, const double *scale, const double *weights, double *gram,
                        size_t stride, double *row);

// out[i] = √max(sign·weights[i], 0)·[(x[i][j] − shift[j])·scale[j], 1, 0…] for all columns, stored or not; the one and the zeros fill the row up
// to outStride, which is more than columns. A row with factor 0 becomes 0, even if it is not finite. weights may be NULL, for ones. Returns
// whether sign·weights has negative elements.
bool la_sparse_weighted_rows_f32(la_sparse_rows x, size_t columns, const double *shift, const double *scale,
                                 const float *weights, double sign, double *out, size_t outStride);
bool la_sparse_weighted_rows_f64(la_sparse_rows x, size_t columns, const double *shift, const double *scale,
                                 const double *weights, double sign, double *out, size_t outStride);

// sums[j] += Σ x[i][j] and largest[j] = max(largest[j], |x[i][j]|), over the elements that are finite.
void la_sparse_column_sums(la_sparse_rows x, double *sums, double *largest);

// squares[j] += Σ ((x[i][j] − shift[j])/unit[j])² over the elements that are stored and finite; counts[j] += their number. Columns
// with unit 0 are passed over.
void la_sparse_column_squares(la_sparse_rows x, const double *shift, const double *unit, double *squares, double *counts);

#ifdef __cplusplus
}
#endif

#endif
