// Rows scaled to length 1, and what that does to gradients.
#define LA_SOURCE "normalize.cpp"
#include "list_access.h"  // first: it is for every instruction set
#include "foreach_target.h"

#ifdef LA_TARGET

#include "list_scalar.h"
#include "softmax_row.h"

namespace la::LA_TARGET {

template <class T> struct UnitRows {
  typedef typename Lane<T>::Vector V;
  static constexpr int64_t lanes = Lane<T>::count;
  int64_t columns;

  static LA_INLINE V part(const T *p, int64_t count) {
    V x{};
    if (count >= lanes) return load(p);
    __builtin_memcpy(&x, p, count * sizeof(T));
    return x;
  }
  static LA_INLINE void put(T *p, V x, int64_t count) {
    if (count >= lanes)
      store(p, x);
    else
      __builtin_memcpy(p, &x, count * sizeof(T));
  }
  double dot(const T *a, const T *b) const {
    RowSum<T> sum;
    for (int64_t k = 0; k < columns; k += lanes) sum.addProduct(part(a + k, columns - k), part(b + k, columns - k));
    return sum.total();
  }

  void normalize(const T *x, T *output, double *inverse) const {
    const double square = dot(x, x);
    *inverse = square == 0 ? 0 : 1 / __builtin_sqrt(square);
    for (int64_t k = 0; k < columns; k++) output[k] = T(double(x[k]) * *inverse);
  }

  // out = scale·(x + along·unit).
  void combine(const T *x, const T *unit, double along, double scale, T *out) const {
    for (int64_t k = 0; k < columns; k++) out[k] = T(scale * (double(x[k]) + along * double(unit[k])));
  }

  void gradient(const T *unit, double inverse, const T *direction, const T *unitGradient, T *x) const {
    if (!direction) return combine(x, unit, -dot(unit, x), inverse, x);
    // The change of (g - x̂(x̂·g))/|x| where g does not change: -(dx̂(x̂·g) + x̂(dx̂·g))/|x| - (g - x̂(x̂·g))(x̂·u)/|x|².
    const double along = dot(unit, direction), slope = dot(unit, unitGradient), change = dot(unit, x);
    const double across = inverse * (dot(direction, unitGradient) - along * slope);
    for (int64_t k = 0; k < columns; k++) {
      const double e = double(unit[k]), unitChange = inverse * (double(direction[k]) - along * e);
      const double turned = double(x[k]) - change * e - unitChange * slope - e * across -
                            (double(unitGradient[k]) - slope * e) * along * inverse;
      x[k] = T(inverse * turned);
    }
  }

  double halfDistance(const T *a, const T *b) const {
    F64 sum{};
    for (int64_t k = 0; k < columns; k++) {
      const double d = double(a[k]) - double(b[k]);
      sum[k % 8] += d * d;
    }
    return 0.5 * sumOfLanes(sum);
  }
};

template <class T>
void normalizeRows(const void *x, const uint8_t *counts, int64_t columns, void *output, double *inverseNorms, int64_t begin,
                   int64_t end) {
  const UnitRows<T> rows = {columns};
  for (int64_t i = begin; i < end; i++) {
    T *const out = static_cast<T *>(output) + i * columns;
    if (!counts || counts[i]) {
      rows.normalize(static_cast<const T *>(x) + i * columns, out, inverseNorms + i);
    } else {
      __builtin_memset(out, 0, columns * sizeof(T));
      inverseNorms[i] = 0;
    }
  }
}

template <class T>
void normalizeDirection(const void *unit, const double *inverseNorms, const void *direction, int64_t columns, void *output,
                        int64_t begin, int64_t end) {
  const UnitRows<T> rows = {columns};
  for (int64_t i = begin; i < end; i++) {
    const T *e = static_cast<const T *>(unit) + i * columns, *u = static_cast<const T *>(direction) + i * columns;
    T *const out = static_cast<T *>(output) + i * columns;
    if (inverseNorms[i] == 0)
      __builtin_memset(out, 0, columns * sizeof(T));
    else
      rows.combine(u, e, -rows.dot(e, u), inverseNorms[i], out);
  }
}

template <class T>
void normalizeGradient(const void *unit, const double *inverseNorms, const void *direction, const void *unitGradient,
                       int64_t columns, void *gradient, int64_t begin, int64_t end) {
  const UnitRows<T> rows = {columns};
  for (int64_t i = begin; i < end; i++) {
    T *const g = static_cast<T *>(gradient) + i * columns;
    if (inverseNorms[i] == 0) {
      __builtin_memset(g, 0, columns * sizeof(T));
      continue;
    }
    rows.gradient(static_cast<const T *>(unit) + i * columns, inverseNorms[i],
                  direction ? static_cast<const T *>(direction) + i * columns : nullptr,
                  unitGradient ? static_cast<const T *>(unitGradient) + i * columns : nullptr, g);
  }
}

template <class T>
void halfDistances(const void *a, const void *b, const int32_t *labels, int64_t columns, double *output, int64_t begin,
                   int64_t end) {
  const UnitRows<T> rows = {columns};
  for (int64_t i = begin; i < end; i++)
    output[i] = labels[i] < 0 ? 0
                              : rows.halfDistance(static_cast<const T *>(a) + i * columns,
                                                  static_cast<const T *>(b) + int64_t(labels[i]) * columns);
}

}  // namespace la::LA_TARGET

#else

extern "C" {

void la_normalize_rows(uint8_t type, const void *x, const uint8_t *counts, int64_t columns, void *output, double *inverseNorms,
                       int64_t begin, int64_t end) {
  if (type == LA_TYPE_F32)
    LA_DISPATCH(normalizeRows<float>)(x, counts, columns, output, inverseNorms, begin, end);
  else
    LA_DISPATCH(normalizeRows<double>)(x, counts, columns, output, inverseNorms, begin, end);
}

void la_normalize_direction(uint8_t type, const void *unit, const double *inverseNorms, const void *direction, int64_t columns,
                            void *output, int64_t begin, int64_t end) {
  if (type == LA_TYPE_F32)
    LA_DISPATCH(normalizeDirection<float>)(unit, inverseNorms, direction, columns, output, begin, end);
  else
    LA_DISPATCH(normalizeDirection<double>)(unit, inverseNorms, direction, columns, output, begin, end);
}

void la_normalize_gradient(uint8_t type, const void *unit, const double *inverseNorms, const void *direction,
                           const void *unitGradient, int64_t columns, void *gradient, int64_t begin, int64_t end) {
  if (type == LA_TYPE_F32)
    LA_DISPATCH(normalizeGradient<float>)(unit, inverseNorms, direction, unitGradient, columns, gradient, begin, end);
  else
    LA_DISPATCH(normalizeGradient<double>)(unit, inverseNorms, direction, unitGradient, columns, gradient, begin, end);
}

void la_half_distances(uint8_t type, const void *a, const void *b, const int32_t *labels, int64_t columns, double *output,
                       int64_t begin, int64_t end) {
  if (type == LA_TYPE_F32)
    LA_DISPATCH(halfDistances<float>)(a, b, labels, columns, output, begin, end);
  else
    LA_DISPATCH(halfDistances<double>)(a, b, labels, columns, output, begin, end);
}

}  // extern "C"

#endif
