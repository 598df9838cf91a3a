// Sparse rows times vectors. Elements come from anywhere, so memory decides and not the instruction set: four sums at a time are enough.
#include <algorithm>
#include <cmath>

#include "include/CSparseRows.h"

namespace {

// Calls `body(values)` with the values in their type.
template <class Body>
void withValues(const la_sparse_rows &x, Body body) {
  if (x.isDouble) body(static_cast<const double *>(x.values));
  else body(static_cast<const float *>(x.values));
}

template <class A>
void timesVector(const la_sparse_rows &x, const A *coefficients, A constant, const A *offsets, A *out) {
  withValues(x, [&](auto values) {
    for (size_t row = 0; row < x.rows; row++) {
      const int64_t end = x.starts[row + 1];
      int64_t k = x.starts[row];
      A sums[4] = {};
      for (; k + 4 <= end; k += 4)
        for (int lane = 0; lane < 4; lane++) sums[lane] += A(values[k + lane]) * coefficients[x.columns[k + lane]];
      for (; k < end; k++) sums[0] += A(values[k]) * coefficients[x.columns[k]];
      out[row] = constant + (offsets ? offsets[row] : A(0)) + ((sums[0] + sums[1]) + (sums[2] + sums[3]));
    }
  });
}

template <class A>
A transposedTimesVector(const la_sparse_rows &x, const A *factors, const A *weights, A *sums) {
  A total = 0;
  withValues(x, [&](auto values) {
    for (size_t row = 0; row < x.rows; row++) {
      if ((weights ? weights[row] : factors[row]) == 0) continue;
      const A factor = weights ? factors[row] * weights[row] : factors[row];
      total += factor;
      for (int64_t k = x.starts[row]; k < x.starts[row + 1]; k++) sums[x.columns[k]] += factor * A(values[k]);
    }
  });
  return total;
}

template <class A>
void gramOfRows(const la_sparse_rows &x, size_t columns, const double *scale, const A *weights, double *gram, size_t stride,
                double *scaled) {
  withValues(x, [&](auto values) {
    for (size_t row = 0; row < x.rows; row++) {
      const double weight = weights ? double(weights[row]) : 1;
      if (weight == 0) continue;
      const int64_t start = x.starts[row], count = x.starts[row + 1] - start;
      const int32_t *const places = x.columns + start;
      for (int64_t k = 0; k < count; k++) scaled[k] = double(values[start + k]) * scale[places[k]];
      for (int64_t k = 0; k < count; k++) {
        double *const line = gram + size_t(places[k]) * stride;
        const double factor = weight * scaled[k];
        for (int64_t other = k; other < count; other++) line[places[other]] += factor * scaled[other];
        line[columns] += factor;
      }
      gram[columns * stride + columns] += weight;
    }
  });
}

template <class A>
bool weightedRows(const la_sparse_rows &x, size_t columns, const double *shift, const double *scale, const A *weights,
                  double sign, double *out, size_t stride) {
  bool negative = false;
  withValues(x, [&](auto values) {
    for (size_t row = 0; row < x.rows; row++) {
      const double weight = weights ? sign * double(weights[row]) : sign;
      negative |= weight < 0;
      double *const line = out + row * stride;
      if (!(weight > 0)) {
        std::fill(line, line + stride, 0.0);
        continue;
      }
      const double root = std::sqrt(weight);
      for (size_t column = 0; column < columns; column++) line[column] = -shift[column] * scale[column] * root;
      line[columns] = root;
      std::fill(line + columns + 1, line + stride, 0.0);
      for (int64_t k = x.starts[row]; k < x.starts[row + 1]; k++) {
        const int32_t column = x.columns[k];
        line[column] = (double(values[k]) - shift[column]) * scale[column] * root;
      }
    }
  });
  return negative;
}

}  // namespace

bool la_sparse_weighted_rows_f32(la_sparse_rows x, size_t columns, const double *shift, const double *scale,
                                 const float *weights, double sign, double *out, size_t outStride) {
  return weightedRows(x, columns, shift, scale, weights, sign, out, outStride);
}
bool la_sparse_weighted_rows_f64(la_sparse_rows x, size_t columns, const double *shift, const double *scale,
                                 const double *weights, double sign, double *out, size_t outStride) {
  return weightedRows(x, columns, shift, scale, weights, sign, out, outStride);
}

void la_sparse_times_vector_f32(la_sparse_rows x, const float *coefficients, float constant, const float *offsets, float *out) {
  timesVector(x, coefficients, constant, offsets, out);
}
void la_sparse_times_vector_f64(la_sparse_rows x, const double *coefficients, double constant, const double *offsets,
                                double *out) {
  timesVector(x, coefficients, constant, offsets, out);
}

float la_sparse_transposed_times_vector_f32(la_sparse_rows x, const float *factors, const float *weights, float *sums) {
  return transposedTimesVector(x, factors, weights, sums);
}
double la_sparse_transposed_times_vector_f64(la_sparse_rows x, const double *factors, const double *weights, double *sums) {
  return transposedTimesVector(x, factors, weights, sums);
}

void la_sparse_gram_f32(la_sparse_rows x, size_t columns, const double *scale, const float *weights, double *gram,
                        size_t stride, double *row) {
  gramOfRows(x, columns, scale, weights, gram, stride, row);
}
void la_sparse_gram_f64(la_sparse_rows x, size_t columns, const double *scale, const double *weights, double *gram,
                        size_t stride, double *row) {
  gramOfRows(x, columns, scale, weights, gram, stride, row);
}

void la_sparse_column_sums(la_sparse_rows x, double *sums, double *largest) {
  withValues(x, [&](auto values) {
    for (int64_t k = x.starts[0]; k < x.starts[x.rows]; k++) {
      const double value = double(values[k]);
      if (!std::isfinite(value)) continue;
      sums[x.columns[k]] += value;
      largest[x.columns[k]] = std::fmax(largest[x.columns[k]], std::fabs(value));
    }
  });
}

void la_sparse_column_squares(la_sparse_rows x, const double *shift, const double *unit, double *squares, double *counts) {
  withValues(x, [&](auto values) {
    for (int64_t k = x.starts[0]; k < x.starts[x.rows]; k++) {
      const int32_t column = x.columns[k];
      const double value = double(values[k]);
      if (unit[column] == 0 || !std::isfinite(value)) continue;
      const double part = (value - shift[column]) / unit[column];
      squares[column] += part * part;
      counts[column]++;
    }
  });
}
