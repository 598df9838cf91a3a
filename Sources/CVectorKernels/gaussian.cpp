// The negative log-likelihood of rows under a multivariate normal distribution with common precision L·Lᵀ: as many rows at once as a vector
// has doubles, for every element type.
#define LA_SOURCE "gaussian.cpp"
#include <cstdlib>

#include "foreach_target.h"

#ifdef LA_TARGET

#include "softmax_row.h"

namespace la::LA_TARGET {

template <class T> struct GaussianRun {
  static constexpr int64_t lanes = 8;
  const la_gaussian &batch;
  const int64_t size;
  F64 *residual, *whitened;  // r and Lᵀr, one vector per component
  F64 weight;

  LA_INLINE GaussianRun(const la_gaussian &batch, F64 *memory)
      : batch(batch), size(batch.size), residual(memory), whitened(memory + batch.size), weight{} {}

  LA_INLINE const double *factorRow(int64_t i) const { return batch.factor + i * size; }

  LA_INLINE void read(int64_t row, int64_t count, const T *from, const T *minus) {
    weight = F64{};
    for (int64_t i = 0; i < size; i++) residual[i] = F64{};
    for (int64_t k = 0; k < count; k++) {
      weight[k] = batch.weights ? double(static_cast<const T *>(batch.weights)[row + k]) : 1;
      if (weight[k] == 0) continue;
      const int64_t start = (row + k) * size;
      for (int64_t i = 0; i < size; i++) residual[i][k] = double(from[start + i]) - (minus ? double(minus[start + i]) : 0);
    }
  }

  // whitened = Lᵀ·residual, row by row of L.
  LA_INLINE void whiten() {
    for (int64_t j = 0; j < size; j++) whitened[j] = F64{};
    for (int64_t i = 0; i < size; i++) {
      const double *l = factorRow(i);
      const F64 r = residual[i];
      for (int64_t j = 0; j <= i; j++) whitened[j] = mulAdd(splat<F64>(l[j]), r, whitened[j]);
    }
  }

  // destination = L·whitened, or L·residual, times factor.
  LA_INLINE void write(T *destination, int64_t row, int64_t count, const F64 *x, F64 factor) const {
    for (int64_t i = 0; i < size; i++) {
      const double *l = factorRow(i);
      F64 sum{};
      for (int64_t j = 0; j <= i; j++) sum = mulAdd(splat<F64>(l[j]), x[j], sum);
      sum *= factor;
      put(destination, row, count, i, sum);
    }
  }

  LA_INLINE void put(T *destination, int64_t row, int64_t count, int64_t i, F64 x) const {
    for (int64_t k = 0; k < count; k++) destination[(row + k) * size + i] = T(x[k]);
  }

  LA_INLINE void losses(int64_t begin, int64_t end, double *sums) {
    RowSum<double> total;
    for (int64_t row = begin; row < end; row += lanes) {
      const int64_t count = end - row < lanes ? end - row : lanes;
      read(row, count, static_cast<const T *>(batch.predictions), static_cast<const T *>(batch.targets));
      whiten();
      F64 square{};
      for (int64_t j = 0; j < size; j++) square = mulAdd(whitened[j], whitened[j], square);
      const auto left = weight == F64{};
      const F64 value = select(left, F64{}, square * 0.5 - batch.logDeterminant);
      total.addProduct(value, weight);
      if (batch.values) {
        const F64 weighted = value * weight;
        for (int64_t k = 0; k < count; k++) static_cast<T *>(batch.values)[row + k] = T(weighted[k]);
      }
      if (batch.gradient) write(static_cast<T *>(batch.gradient), row, count, whitened, weight * batch.scale);
      if (batch.factorSums) addFactorSums(sums + 2);
    }
    total.total(sums);
  }

  // Σ w·r_i·(Lᵀr)_j for j <= i: the gradient with respect to L but for its determinant.
  LA_INLINE void addFactorSums(double *sums) const {
    for (int64_t i = 0; i < size; i++) {
      const F64 r = residual[i] * weight;
      for (int64_t j = 0; j <= i; j++) sums[i * size + j] += sumOfLanes(r * whitened[j]);
    }
  }

  LA_INLINE void products(int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row += lanes) {
      const int64_t count = end - row < lanes ? end - row : lanes;
      read(row, count, static_cast<const T *>(batch.vector), nullptr);
      const F64 factor = weight * batch.scale;
      T *product = static_cast<T *>(batch.product);
      switch (batch.operation) {
        case LA_ROW_HESSIAN:
          whiten();
          write(product, row, count, whitened, factor);
          break;
        case LA_ROW_FACTOR: write(product, row, count, residual, squareRoot(factor)); break;
        default:
          whiten();
          for (int64_t i = 0; i < size; i++) put(product, row, count, i, whitened[i] * squareRoot(factor));
      }
    }
  }
};

template <class T> void gaussian(const la_gaussian *batch, int64_t begin, int64_t end, double *sums) {
  constexpr int64_t onStack = 512;
  alignas(64) F64 memory[onStack];
  const int64_t needed = 2 * batch->size;
  F64 *vectors = needed <= onStack ? memory : static_cast<F64 *>(std::aligned_alloc(64, needed * sizeof(F64)));
  if (!vectors) std::abort();
  GaussianRun<T> run(*batch, vectors);
  if (batch->product)
    run.products(begin, end);
  else
    run.losses(begin, end, sums);
  if (vectors != memory) std::free(vectors);
}

}  // namespace la::LA_TARGET

#else

extern "C" {

void la_gaussian_f32(const la_gaussian *batch, int64_t begin, int64_t end, double *sums) {
  LA_DISPATCH(gaussian<float>)(batch, begin, end, sums);
}

void la_gaussian_f64(const la_gaussian *batch, int64_t begin, int64_t end, double *sums) {
  LA_DISPATCH(gaussian<double>)(batch, begin, end, sums);
}

}  // extern "C"

#endif
