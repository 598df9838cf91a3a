// Losses of pairs and triplets of embeddings, row by row.
#define LA_SOURCE "pairs.cpp"
#include "list_access.h"  // first: it is for every instruction set
#include "foreach_target.h"

#ifdef LA_TARGET

#include "conversion.h"
#include "list_scalar.h"
#include "softmax_row.h"

namespace la::LA_TARGET {

template <class T> struct PairRows {
  typedef typename Lane<T>::Vector V;
  static constexpr int64_t lanes = Lane<T>::count;
  const la_pairs &batch;
  const int64_t columns;

  explicit PairRows(const la_pairs &batch) : batch(batch), columns(batch.columns) {}

  LA_INLINE const T *operand(int k, int64_t row) const { return static_cast<const T *>(batch.operands[k]) + row * columns; }
  LA_INLINE const T *direction(int k, int64_t row) const { return static_cast<const T *>(batch.directions[k]) + row * columns; }
  LA_INLINE T *output(int k, int64_t row) const {
    return batch.outputs[k] ? static_cast<T *>(batch.outputs[k]) + row * columns : nullptr;
  }
  LA_INLINE bool multiplies() const { return batch.directions[0] != nullptr; }

  LA_INLINE double weight(int64_t row) const {
    if (batch.mask && !batch.mask[row]) return 0;
    return batch.weights ? double(static_cast<const T *>(batch.weights)[row]) : 1;
  }

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
  double squaredDistance(const T *a, const T *b) const {
    RowSum<T> sum;
    for (int64_t k = 0; k < columns; k += lanes) {
      const V d = part(a + k, columns - k) - part(b + k, columns - k);
      sum.addProduct(d, d);
    }
    return sum.total();
  }
  // (a - b)·(u - v).
  double differenceProduct(const T *a, const T *b, const T *u, const T *v) const {
    RowSum<T> sum;
    for (int64_t k = 0; k < columns; k += lanes)
      sum.addProduct(part(a + k, columns - k) - part(b + k, columns - k), part(u + k, columns - k) - part(v + k, columns - k));
    return sum.total();
  }

  // output += scale·(a - b), or = where it starts.
  void addDifference(T *output, const T *a, const T *b, double scale, bool starts) const {
    if (!output) return;
    const V factor = splat<V>(T(scale));
    for (int64_t k = 0; k < columns; k += lanes) {
      const int64_t n = columns - k;
      V x = factor * (part(a + k, n) - part(b + k, n));
      if (!starts) x += part(output + k, n);
      put(output + k, x, n);
    }
  }

  // A function of the distance of two rows: its first derivative over the distance, and its second derivative less that.
  // At distance 0, where a distance has no derivative, both are 0 for those that need one.
  struct Radial { double value, slope, bend; };
  static LA_INLINE Radial distanceOf(double squared) {
    const double d = __builtin_sqrt(squared);
    const double inverse = d > 0 ? 1 / d : d == 0 ? 0 : d;
    return {d, inverse, -inverse};
  }
  static LA_INLINE Radial squareOf(double squared) { return {squared, 2, 0}; }

  // Gradient or product of sign·f(|a - b|) with respect to a, to outputs x, and its negative to y.
  void emit(const Radial &f, double sign, int x, int y, int64_t row, bool startsX, bool startsY) const {
    const T *a = operand(x, row), *b = operand(y, row);
    if (!multiplies()) {
      addDifference(output(x, row), a, b, sign * f.slope, startsX);
      addDifference(output(y, row), a, b, -sign * f.slope, startsY);
      return;
    }
    const T *u = direction(x, row), *v = direction(y, row);
    addDifference(output(x, row), u, v, sign * f.slope, startsX);
    addDifference(output(y, row), u, v, -sign * f.slope, startsY);
    if (f.bend == 0) return;
    const double squared = squaredDistance(a, b);
    const double along = f.bend * (squared > 0 ? differenceProduct(a, b, u, v) / squared : 0);
    addDifference(output(x, row), a, b, sign * along, false);
    addDifference(output(y, row), a, b, -sign * along, false);
  }

  double distanceRow(int64_t row, bool together, double factor) const {
    const double squared = squaredDistance(operand(0, row), operand(1, row)), d = __builtin_sqrt(squared);
    const Radial distance = distanceOf(squared);
    const double slack = batch.margin - d;
    Radial f = {0, 0, 0};
    if (batch.kind == LA_PAIR_CONTRASTIVE) {
      if (together)
        f = squareOf(squared);
      else if (!(slack <= 0))
        f = {slack * slack, -2 * slack * distance.slope, 2 + 2 * slack * distance.slope};
      if (!together && squared == 0) f.bend = 0;
    } else if (together) {
      f = distance;
    } else if (!(slack <= 0)) {
      f = {slack, -distance.slope, -distance.bend};
    }
    emit(f, factor, 0, 1, row, true, true);
    return f.value;
  }

  double tripletRow(int64_t row, double factor) const {
    const bool squares = batch.kind == LA_PAIR_SQUARED_TRIPLET;
    const double near = squaredDistance(operand(0, row), operand(1, row));
    const double far = squaredDistance(operand(0, row), operand(2, row));
    const Radial p = squares ? squareOf(near) : distanceOf(near), n = squares ? squareOf(far) : distanceOf(far);
    const double loss = p.value - n.value + batch.margin;
    if (loss <= 0) {
      clear(row);
      return 0;
    }
    emit(p, factor, 0, 1, row, true, true);
    emit(n, -factor, 0, 2, row, false, true);
    return loss;
  }

  void clear(int64_t row) const {
    for (int k = 0; k < 3; k++)
      if (output(k, row)) __builtin_memset(output(k, row), 0, columns * sizeof(T));
  }

  // 1 - cos = ½|â - b̂|², which does not cancel; the gradient of cos is (b̂ - cos·â)/|a|, a combination of both rows.
  double cosineRow(int64_t row, bool together, double factor) const {
    const T *a = operand(0, row), *b = operand(1, row);
    const double aa = dot(a, a), bb = dot(b, b);
    const bool defined = !(aa == 0 || bb == 0);
    const double aInverse = defined ? 1 / __builtin_sqrt(aa) : 0, bInverse = defined ? 1 / __builtin_sqrt(bb) : 0;
    const double complement = defined ? halfDistance(a, b, aInverse, bInverse) : 1, cosine = 1 - complement;
    const double loss = together ? complement : cosine - batch.margin;
    if (!defined || (!together && loss <= 0)) {
      clear(row);
      return loss > 0 ? loss : 0;
    }
    const double sign = together ? -factor : factor;
    if (multiplies()) {
      cosineProduct(row, a, b, aInverse, bInverse, complement, sign);
    } else {
      if (output(0, row)) cosineGradient(output(0, row), a, b, aInverse, bInverse, complement, sign);
      if (output(1, row)) cosineGradient(output(1, row), b, a, bInverse, aInverse, complement, sign);
    }
    return loss;
  }

  double halfDistance(const T *a, const T *b, double aInverse, double bInverse) const {
    F64 sum{};
    for (int64_t k = 0; k < columns; k += 8) {
      const int64_t n = columns - k < 8 ? columns - k : 8;
      F64 x{}, y{};
      for (int64_t j = 0; j < n; j++) x[j] = double(a[k + j]), y[j] = double(b[k + j]);
      const F64 d = x * aInverse - y * bInverse;
      sum += d * d;
    }
    return 0.5 * sumOfLanes(sum);
  }

  // (b̂ - â + (1 - cos)·â)/|a|.
  void cosineGradient(T *output, const T *a, const T *b, double aInverse, double bInverse, double complement, double sign) const {
    for (int64_t k = 0; k < columns; k++) {
      const double unit = double(a[k]) * aInverse, other = double(b[k]) * bInverse;
      output[k] = T(sign * aInverse * ((other - unit) + complement * unit));
    }
  }

  void cosineProduct(int64_t row, const T *a, const T *b, double aInverse, double bInverse, double complement, double sign) const {
    const T *u = direction(0, row), *v = direction(1, row);
    const double au = dot(a, u) * aInverse, bv = dot(b, v) * bInverse, cosine = 1 - complement;
    // d(cos) = b̂·dâ + â·db̂, with dâ = (u - â(â·u))/|a|.
    const double change = aInverse * (dot(b, u) * bInverse - cosine * au) + bInverse * (dot(a, v) * aInverse - cosine * bv);
    half(output(0, row), a, b, u, v, aInverse, bInverse, au, bv, complement, change, sign);
    half(output(1, row), b, a, v, u, bInverse, aInverse, bv, au, complement, change, sign);
  }

  // (db̂ - d(cos)·â - cos·dâ)/|a| - (b̂ - cos·â)(â·u)/|a|².
  void half(T *output, const T *a, const T *b, const T *u, const T *v, double aInverse, double bInverse, double au, double bv,
            double complement, double change, double sign) const {
    if (!output) return;
    const double cosine = 1 - complement;
    for (int64_t k = 0; k < columns; k++) {
      const double unit = double(a[k]) * aInverse, other = double(b[k]) * bInverse;
      const double unitChange = (double(u[k]) - unit * au) * aInverse, otherChange = (double(v[k]) - other * bv) * bInverse;
      const double slope = (other - unit) + complement * unit;
      output[k] = T(sign * aInverse * ((otherChange - change * unit - cosine * unitChange) - slope * au * aInverse));
    }
  }

  la_list_result run(int64_t begin, int64_t end) const {
    LongSum total;
    int64_t labels[1] = {1};
    for (int64_t row = begin; row < end; row++) {
      const double w = weight(row);
      if (w == 0) {
        clear(row);
        if (batch.values) static_cast<T *>(batch.values)[row] = 0;
        continue;
      }
      if (batch.labels) readLabel(row, labels);
      const double factor = w * batch.scale;
      const double loss = batch.kind == LA_PAIR_COSINE            ? cosineRow(row, labels[0] == 1, factor)
                          : batch.kind >= LA_PAIR_TRIPLET         ? tripletRow(row, factor)
                                                                  : distanceRow(row, labels[0] == 1, factor);
      total.add(w * loss);
      if (batch.values) static_cast<T *>(batch.values)[row] = T(w * loss);
    }
    return total.result();
  }

  LA_INLINE void readLabel(int64_t row, int64_t *label) const {
    double x;
    convertBlock<double>(batch.labels, batch.labelType, row, 1, 1, &x);
    *label = x == 1 ? 1 : x == 0 || x == -1 ? 0 : 2;
  }

  int64_t check(int64_t begin, int64_t end) const {
    int64_t label;
    for (int64_t row = begin; row < end; row++) {
      if (weight(row) == 0) continue;
      readLabel(row, &label);
      if (label == 2) return row;
    }
    return -1;
  }
};

inline la_list_result pairsRows(const la_pairs *batch, int64_t begin, int64_t end) {
  return batch->elementType == LA_TYPE_F32 ? PairRows<float>(*batch).run(begin, end) : PairRows<double>(*batch).run(begin, end);
}

inline int64_t pairsCheck(const la_pairs *batch, int64_t begin, int64_t end) {
  return batch->elementType == LA_TYPE_F32 ? PairRows<float>(*batch).check(begin, end) : PairRows<double>(*batch).check(begin, end);
}

}  // namespace la::LA_TARGET

#else

extern "C" {

la_list_result la_pairs_rows(const la_pairs *batch, int64_t begin, int64_t end) {
  return LA_DISPATCH(pairsRows)(batch, begin, end);
}

int64_t la_pairs_check(const la_pairs *batch, int64_t begin, int64_t end) { return LA_DISPATCH(pairsCheck)(batch, begin, end); }

}  // extern "C"

#endif
