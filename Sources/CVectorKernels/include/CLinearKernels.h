// The kernels of least squares and of linear predictors. As everywhere in the C interface: arguments are checked by the caller,
// nothing allocates, locks or keeps state; workspaces are the caller's.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------- least squares

// out[i][j] = (a[i][j] − shift[j])·scale[j]·rowScale[i] (rowScale may be NULL, for ones), and largest[j] becomes the bits of the largest
// |a[i][j]| if that is larger; infinities and NaN count as larger than any number. Strides are in elements.
void la_pack_rows_f32(const float *a, size_t stride, size_t rows, size_t columns, const double *shift, const double *scale,
                      const double *rowScale, double *out, size_t outStride, int64_t *largest);
void la_pack_rows_f64(const double *a, size_t stride, size_t rows, size_t columns, const double *shift, const double *scale,
                      const double *rowScale, double *out, size_t outStride, int64_t *largest);

// gram += PᵀP for the row-major `rows` × `stride` matrix p; `stride` is a multiple of 8. Only blocks of 8 × 8 on and above the
// diagonal are written. gram is `stride` × `stride`.
void la_gram_f64(const double *p, size_t stride, size_t rows, double *gram);

// gram += AᵀA, cross += BᵀA and squares += the squares of B's columns, for the row-major `rows` × `columns` matrix A and `rows` × `targets`
// matrix B as they lie in memory; `largest` as above, of A's columns and, from `width` = columns rounded up to a multiple of 8 on,
// of B's. `readable` elements may be read from a on. gram is width × width, of which blocks of 8 on and above the diagonal are written;
// cross is targets × width; block is workspace of 128·width elements or, where width > 192, 16·width. Nothing is scaled.
void la_gram_rows_f64(const double *a, size_t stride, size_t rows, size_t columns, size_t readable, const double *b,
                      size_t targets, double *gram, double *cross, double *squares, int64_t *largest, double *block);

// Sums of products of the columns of [1 | A | b], the ones only if `ones` is set, for a row-major `rows` × `columns` matrix A and a vector b,
// both without gaps; 1 ≤ columns ≤ 4, or 3 with ones. Σ u_i·u_j for i ≤ j < M = columns + 1 (+ 1) is added to the 24 numbers from
// 24·(j·(j + 1)/2 + i) on: three words of eight lanes each; the ones' own product is left alone. Errors are below 2^-97 times the lengths of
// both columns, for squares of these between 2^-400 and 2^400; what is not finite makes the sums of squares NaN or infinite.
// squares[c], of a column of [A | b], becomes a bound on the squares of its elements if that is larger.
void la_few_columns_f32(const float *a, const float *b, size_t rows, size_t columns, bool ones, double *sums, double *squares);
void la_few_columns_f64(const double *a, const double *b, size_t rows, size_t columns, bool ones, double *sums, double *squares);

// Adds up `count` evenly spread rows of a matrix of `rows`, without what is not finite: sums and counts of each column, and the
// largest distance from its center.
void la_sample_columns_f32(const float *a, size_t stride, size_t rows, size_t columns, size_t count, const double *center,
                           double *sums, int64_t *counts, double *largest);
void la_sample_columns_f64(const double *a, size_t stride, size_t rows, size_t columns, size_t count, const double *center,
                           double *sums, int64_t *counts, double *largest);

// Residuals r = bScale·b + (x_n + Σⱼ a[·][j]·x_j) of several right-hand sides, the columns targets[t] of the row-major matrix b (row
// stride bStride), and the sums Σ w·r·a[·][j], Σ w·r, Σ w·r². For every right-hand side, with V = columns/8 rounded up:
// x: V + 1 times 8 high and 8 low parts, in the order of columns with zeros behind them, the last for x_n in each lane; note the
// signs. sums: V + 2 times 8 high and 8 low parts, added to; the gradient's by column, Σ w·r and Σ w·r² lane by lane.
// Not anchored: products and sums in doubles; anchors are zeros. Anchored: anchors[t] and the gradient's high parts on entry (to be subtracted
// afterwards) are numbers 1.5·2^e with 2^(e-1) no smaller than Σ |a·x_j| of any row, and than any partial sum of w·r·a, respectively;
// errors are about 2^-104 of the anchor for each term. `readable` elements may be read from a on, and must be finite; block is
// workspace of 64·V elements. Magnitudes should lie between 2^-400 and 2^400.
void la_row_pass_f32(const float *a, size_t stride, size_t rows, size_t columns, size_t readable, const float *b,
                     size_t bStride, const size_t *targets, size_t targetCount, const double *bScales, const double *weights,
                     const double *x, bool anchored, const double *anchors, double *sums, float *block);
void la_row_pass_f64(const double *a, size_t stride, size_t rows, size_t columns, size_t readable, const double *b,
                     size_t bStride, const size_t *targets, size_t targetCount, const double *bScales, const double *weights,
                     const double *x, bool anchored, const double *anchors, double *sums, double *block);

// Up to eight problems of the same shape at once, one behind the other in a and in b, rows ≥ 1 and 1 ≤ columns ≤ 64: Gram matrix, Cholesky,
// refinement in twice the working precision until no coefficient changes by more than `tolerance` of itself. coefficients is problems ×
// columns; the others get one number for each problem: Σ r², and a bound on the coefficients' relative errors. That is infinite for
// problems that need more care: then nothing else of theirs means anything. Inputs may hold anything.
// workspace: 8·((columns + 1)·min(rows, 4096 / columns) + columns² + 11·columns) + 8 doubles.
void la_solve_batch_f32(const float *a, const float *b, size_t rows, size_t columns, size_t problems, double tolerance,
                        double *coefficients, double *residualSquares, double *bounds, double *workspace);
void la_solve_batch_f64(const double *a, const double *b, size_t rows, size_t columns, size_t problems, double tolerance,
                        double *coefficients, double *residualSquares, double *bounds, double *workspace);

// Residuals r = bScale·b − (x_n + Σⱼ a[·][j]·scale[j]·x_j) and the sums Σ w·r·a[·][j]·scale[j], Σ w·r, Σ w·r², with about twice the
// precision of a double, `deep` the first two sums with three times; weights may be NULL, for ones. x holds columns + 1 pairs (high,
// low), the last one for the constant x_n. residual may be NULL; it gets the high parts. sums holds columns + 2 times 8 high, 8 low
// and 8 lower parts, which are added to, lane by lane. tile is workspace of 32·columns elements. The magnitudes should lie
// between 2^-450 and 2^450; smaller ones lose low parts.
void la_refinement_pass_f32(const float *a, size_t stride, size_t rows, size_t columns, const double *scale, const double *x,
                            const float *b, size_t bStride, double bScale, const double *weights, bool deep,
                            double *residual, double *sums, double *tile);
void la_refinement_pass_f64(const double *a, size_t stride, size_t rows, size_t columns, const double *scale, const double *x,
                            const double *b, size_t bStride, double bScale, const double *weights, bool deep,
                            double *residual, double *sums, double *tile);

// squares[i] = Σⱼ q[i][j]².
void la_row_squares_f64(const double *q, size_t stride, size_t rows, size_t columns, double *squares);

// q[i][j] *= factors[i].
void la_scale_rows_f64(double *q, size_t stride, size_t rows, size_t columns, const double *factors);

// sums[groups[i]][j] += q[i][j], row after row; sums has `columns` elements for every group.
void la_add_rows_to_groups_f64(const double *q, size_t stride, size_t rows, size_t columns, const int64_t *groups, double *sums);

// x[i] *= x[i].
void la_square_elements_f64(double *x, size_t count);

// sums[j] += (r[i][j] / (1 − h[i][j]))², infinity where 1 − h is rounding error, and squares[j] += r[i][j]²; row-major without gaps.
void la_deleted_errors_f64(const double *residuals, const double *leverages, size_t rows, size_t columns, double *sums,
                           double *squares);
// ---------------------------------------------------------------- least squares on columns of two words

// Columns lie `stride` apart; `rows` is a multiple of 8, at most 128 for the Gram matrix. Every value is high + low.

// Adds the products of columns i ≤ j, the i-th of the left side with the j-th of the right, to the three words (8 lanes each) of pair
// j(j + 1)/2 + i.
void la_wide_gram(const double *left, const double *leftLow, const double *right, const double *rightLow, size_t stride,
                  size_t rows, size_t columns, double *sums);

// residual −= Σⱼ columnⱼ·xⱼ, where x holds a pair (high, low) for every column.
void la_wide_residual(const double *high, const double *low, size_t stride, size_t rows, size_t columns, const double *x,
                      double *residual, double *residualLow);

// Adds the product of every column with the vector to its three words (8 lanes each).
void la_wide_products(const double *high, const double *low, size_t stride, size_t rows, size_t columns, const double *vector,
                      const double *vectorLow, double *sums);

// Elementwise, with a relative error below 2^-100; `count` is a multiple of 8, and the result may stand over an operand.
enum { LA_WIDE_ADD = 0, LA_WIDE_SUBTRACT = 1, LA_WIDE_MULTIPLY = 2, LA_WIDE_DIVIDE = 3 };
void la_wide_arithmetic(int operation, const double *a, const double *aLow, const double *b, const double *bLow, size_t count,
                        double *high, double *low);

// Elementwise, with a relative error near 2^-98 (the logarithm: 2^-98 of the larger of 1 and itself); edges as those of a double. `count` is
// a multiple of 8, and the result may stand over the operand.
enum { LA_WIDE_EXPONENTIAL = 0, LA_WIDE_EXPONENTIAL_MINUS_ONE = 1, LA_WIDE_LOGARITHM = 2, LA_WIDE_ROOT = 3 };
void la_wide_function(int function, const double *x, const double *xLow, size_t count, double *high, double *low);

// a where x > 0, b elsewhere; `count` is a multiple of 8.
void la_wide_where_positive(const double *x, const double *a, const double *aLow, const double *b, const double *bLow,
                            size_t count, double *high, double *low);

// out[c·outStride + i] = a[i·stride + c]·scale[c]; largest[c] becomes the bits of the largest |a[·][c]| if that is larger.
void la_columns_of_rows_f32(const float *a, size_t stride, size_t rows, size_t columns, const double *scale, double *out,
                            size_t outStride, int64_t *largest);
void la_columns_of_rows_f64(const double *a, size_t stride, size_t rows, size_t columns, const double *scale, double *out,
                            size_t outStride, int64_t *largest);
// ---------------------------------------------------------------- linear predictors

// Rows of features, `stride` elements apart, stored as f32, f64, f16 or bf16 (`type`).
typedef struct la_feature_rows {
  const void *elements;
  size_t stride, rows, columns;
  uint8_t type;
} la_feature_rows;

// out[i] = constant + offsets[i] + Σⱼ (x[i][j] − shift[j])·coefficients[j]; shift and offsets may be NULL, for zeros. Computed in
// the type that the name says.
void la_rows_times_vector_f32(la_feature_rows x, const float *coefficients, const float *shift, float constant,
                              const float *offsets, float *out);
void la_rows_times_vector_f64(la_feature_rows x, const double *coefficients, const double *shift, double constant,
                              const double *offsets, double *out);
// sums[j] += Σᵢ f[i]·(x[i][j] − shift[j]) and sums[columns] += Σ f[i], f = factors, or factors·weights where weights is not NULL. A row
// with factor 0, or else weight 0, is passed over, even if it is not finite. `next`, if it is not NULL, is a block of the same
// shape that is asked for ahead of time.
void la_transposed_times_vector_f32(la_feature_rows x, const float *factors, const float *weights, const float *shift,
                                    const void *next, float *sums);
void la_transposed_times_vector_f64(la_feature_rows x, const double *factors, const double *weights, const double *shift,
                                    const void *next, double *sums);
// out[i] = √max(sign·weights[i], 0)·[(x[i][j] − shift[j])·scale[j], 1, 0…], in double, with weights of the type that the name says or
// NULL for ones. The one and the zeros fill the row up to outStride. A row with factor 0 becomes 0, even if it is not finite.
// Returns whether sign·weights has negative elements.
bool la_weighted_rows_f32(la_feature_rows x, const double *shift, const double *scale, const float *weights, double sign,
                          double *out, size_t outStride);
bool la_weighted_rows_f64(la_feature_rows x, const double *shift, const double *scale, const double *weights, double sign,
                          double *out, size_t outStride);

#ifdef __cplusplus
}
#endif
