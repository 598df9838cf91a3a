// What regression diagnostics do to blocks of rows: lengths of rows, rows times factors, sums of rows by group, and the errors that
// rows leave when they are predicted without themselves.
#define LA_SOURCE "least_squares_rows.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET
namespace la::LA_TARGET {

void rowSquares(const double *q, size_t stride, size_t rows, size_t columns, double *squares) {
  for (size_t i = 0; i < rows; i++) {
    const double *row = q + i * stride;
    F64 sum = {};
    size_t j = 0;
    for (; j + 8 <= columns; j += 8) {
      const F64 x = load(row + j);
      sum = mulAdd(x, x, sum);
    }
    double total = sumOfLanes(sum);
    for (; j < columns; j++) total += row[j] * row[j];
    squares[i] = total;
  }
}

void scaleRows(double *q, size_t stride, size_t rows, size_t columns, const double *factors) {
  for (size_t i = 0; i < rows; i++) {
    double *row = q + i * stride;
    const double factor = factors[i];
    const F64 wide = splat<F64>(factor);
    size_t j = 0;
    for (; j + 8 <= columns; j += 8) store(row + j, load(row + j) * wide);
    for (; j < columns; j++) row[j] *= factor;
  }
}

void addRowsToGroups(const double *q, size_t stride, size_t rows, size_t columns, const int64_t *groups, double *sums) {
  for (size_t i = 0; i < rows; i++) {
    const double *row = q + i * stride;
    double *sum = sums + size_t(groups[i]) * columns;
    size_t j = 0;
    for (; j + 8 <= columns; j += 8) store(sum + j, load(sum + j) + load(row + j));
    for (; j < columns; j++) sum[j] += row[j];
  }
}

void squareElements(double *x, size_t count) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const F64 v = load(x + i);
    store(x + i, v * v);
  }
  for (; i < count; i++) x[i] *= x[i];
}

LA_INLINE void addDeletedErrors(const double *residuals, const double *leverages, double *sums, size_t j) {
  const F64 r = load(residuals + j), left = 1.0 - load(leverages + j), deleted = r / left;
  // A row that only itself determines has no prediction without itself.
  store(sums + j, load(sums + j) + select(left > 0x1p-44, deleted * deleted, splat<F64>(__builtin_inf())));
}

void deletedErrors(const double *residuals, const double *leverages, size_t rows, size_t columns, double *sums, double *squares) {
  for (size_t i = 0; i < rows; i++) {
    const double *r = residuals + i * columns, *h = leverages + i * columns;
    size_t j = 0;
    for (; j + 8 <= columns; j += 8) {
      addDeletedErrors(r, h, sums, j);
      const F64 x = load(r + j);
      store(squares + j, mulAdd(x, x, load(squares + j)));
    }
    for (; j < columns; j++) {
      const double left = 1.0 - h[j], deleted = r[j] / left;
      sums[j] += left > 0x1p-44 ? deleted * deleted : __builtin_inf();
      squares[j] += r[j] * r[j];
    }
  }
}

}  // namespace la::LA_TARGET
#else

extern "C" void la_row_squares_f64(const double *q, size_t stride, size_t rows, size_t columns, double *squares) {
  LA_DISPATCH(rowSquares)(q, stride, rows, columns, squares);
}

extern "C" void la_scale_rows_f64(double *q, size_t stride, size_t rows, size_t columns, const double *factors) {
  LA_DISPATCH(scaleRows)(q, stride, rows, columns, factors);
}

extern "C" void la_add_rows_to_groups_f64(const double *q, size_t stride, size_t rows, size_t columns, const int64_t *groups,
                                          double *sums) {
  LA_DISPATCH(addRowsToGroups)(q, stride, rows, columns, groups, sums);
}

extern "C" void la_square_elements_f64(double *x, size_t count) { LA_DISPATCH(squareElements)(x, count); }

extern "C" void la_deleted_errors_f64(const double *residuals, const double *leverages, size_t rows, size_t columns,
                                      double *sums, double *squares) {
  LA_DISPATCH(deletedErrors)(residuals, leverages, rows, columns, sums, squares);
}

#endif
