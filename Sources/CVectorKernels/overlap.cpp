// How far a predicted region overlaps a true one: the sums that the Dice family is made of, and derivatives that are affine in the
// target; and the Lovász extension of the Jaccard loss.
#define LA_SOURCE "overlap.cpp"
#include "list_access.h"  // first: it is for every instruction set
#include "foreach_target.h"

#ifdef LA_TARGET

#include "conversion.h"
#include "list_scalar.h"
#include "softmax_row.h"

namespace la::LA_TARGET {

static constexpr int64_t overlapBlock = 256;

// A block of targets, converted, and of whether pixels count, as 1 or 0.
template <class T> struct OverlapBlock {
  alignas(64) T targets[overlapBlock], counts[overlapBlock];

  LA_INLINE void read(const la_overlap &batch, int64_t begin, int64_t count) {
    const int64_t padded = (count + Lane<T>::count - 1) / Lane<T>::count * Lane<T>::count;
    convertBlock<T>(batch.targets, batch.targetType, begin, 1, count, targets);
    if (batch.mask)
      for (int64_t i = 0; i < count; i++) counts[i] = batch.mask[begin + i] ? 1 : 0;
    else
      for (int64_t i = 0; i < count; i++) counts[i] = 1;
    for (int64_t i = count; i < padded; i++) targets[i] = counts[i] = 0;
  }
};

template <class T> LA_INLINE typename Lane<T>::Vector loadPart(const T *p, int64_t count) {
  typename Lane<T>::Vector x{};
  if (count >= Lane<T>::count) return load(p);
  __builtin_memcpy(&x, p, count * sizeof(T));
  return x;
}

template <class T> void findImproper(const la_overlap &batch, int64_t begin, int64_t end, la_overlap_sums &result) {
  const T *predictions = static_cast<const T *>(batch.predictions);
  for (int64_t i = begin; i < end; i++) {
    if (batch.mask && !batch.mask[i]) continue;
    T t;
    convertBlock<T>(batch.targets, batch.targetType, i, 1, 1, &t);
    result.violatesTarget = !(t >= 0 && t <= 1);
    result.violation = i;
    if (result.violatesTarget || predictions[i] < 0 || predictions[i] > 1) return;
  }
}

template <class T> la_overlap_sums overlapSums(const la_overlap &batch, int64_t begin, int64_t end) {
  typedef typename Lane<T>::Vector V;
  const T *predictions = static_cast<const T *>(batch.predictions), *direction = static_cast<const T *>(batch.direction);
  OverlapBlock<T> block;
  RowSum<T> both, falsePositive, falseNegative, inside, outside;
  typename Lane<T>::Mask improper{};
  la_overlap_sums result = {0, 0, 0, 0, 0, 0, -1, false};
  const V one = splat<V>(1);
  for (int64_t start = begin; start < end; start += overlapBlock) {
    const int64_t count = end - start < overlapBlock ? end - start : overlapBlock;
    block.read(batch, start, count);
    for (int64_t i = 0; i < count; i += Lane<T>::count) {
      const auto absent = load(block.counts + i) == 0;
      const V t = select(absent, V{}, load(block.targets + i));
      const V p = select(absent, V{}, loadPart(predictions + start + i, count - i));
      // A prediction that is NaN propagates.
      improper |= ~((t >= V{}) & (t <= one)) | (p < V{}) | (p > one);
      both.addProduct(p, t);
      falsePositive.addProduct(p, one - t);
      falseNegative.addProduct(one - p, t);
      if (direction) {
        const V v = select(absent, V{}, loadPart(direction + start + i, count - i));
        inside.addProduct(t, v);
        outside.addProduct(one - t, v);
      }
    }
    for (int64_t i = 0; i < count; i++) result.counted += block.counts[i] != 0;
  }
  result.both = both.total();
  result.falsePositive = falsePositive.total();
  result.falseNegative = falseNegative.total();
  result.directionInside = inside.total();
  result.directionOutside = outside.total();
  if (any(improper)) findImproper<T>(batch, begin, end, result);
  return result;
}

template <class T>
void overlapFill(const la_overlap &batch, int64_t begin, int64_t end, double inside, double outside, T *output) {
  typedef typename Lane<T>::Vector V;
  // A map that does not count may hold anything.
  if (inside == 0 && outside == 0) {
    __builtin_memset(output + begin, 0, (end - begin) * sizeof(T));
    return;
  }
  const V in = splat<V>(T(inside)), out = splat<V>(T(outside)), one = splat<V>(1);
  OverlapBlock<T> block;
  for (int64_t start = begin; start < end; start += overlapBlock) {
    const int64_t count = end - start < overlapBlock ? end - start : overlapBlock;
    block.read(batch, start, count);
    for (int64_t i = 0; i < count; i += Lane<T>::count) {
      const V t = load(block.targets + i);
      const V x = select(load(block.counts + i) == 0, V{}, mulAdd(t, in, (one - t) * out));
      const int64_t n = count - i < Lane<T>::count ? count - i : Lane<T>::count;
      __builtin_memcpy(output + start + i, &x, n * sizeof(T));
    }
  }
}

template <class T> struct LovaszMap {
  const la_overlap &batch;
  const bool fromLogits;
  const int64_t begin, end;
  la_sort_key *const keys;
  T *const gradient;

  // The error of a pixel, and its slope in the prediction.
  LA_INLINE double error(double prediction, bool inside) const {
    if (fromLogits) return inside ? 1 - prediction : 1 + prediction;
    return inside ? 1 - prediction : prediction;
  }

  double run(double scale, int64_t *violation, bool *violatesTarget) const {
    const T *predictions = static_cast<const T *>(batch.predictions);
    int64_t count = 0, inside = 0;
    bool undefined = false;
    *violation = -1;
    if (gradient) __builtin_memset(gradient + begin, 0, (end - begin) * sizeof(T));
    if (scale == 0) return 0;
    for (int64_t i = begin; i < end; i++) {
      if (batch.mask && !batch.mask[i]) continue;
      double t;
      convertBlock<double>(batch.targets, batch.targetType, i, 1, 1, &t);
      const double p = double(predictions[i]);
      if ((t != 0 && t != 1) || (!fromLogits && (p < 0 || p > 1))) {
        *violation = i;
        *violatesTarget = t != 0 && t != 1;
        return 0;
      }
      undefined = undefined || p != p;
      inside += t == 1;
      // The largest error first. The lowest bit of the index tells the target.
      keys[count++] = {~la_ascending_bits(error(p, t == 1)), 2 * (i - begin) + (t == 1)};
    }
    if (undefined) {
      if (gradient)
        for (int64_t k = 0; k < count; k++) gradient[begin + keys[k].index / 2] = T(__builtin_nan(""));
      return __builtin_nan("");
    }
    la_sort_keys(keys, count);
    LongSum loss;
    int64_t intersection = inside, unionCount = inside;
    for (int64_t k = 0; k < count; k++) {
      const int64_t i = begin + keys[k].index / 2;
      const bool isInside = keys[k].index & 1;
      // By how much the Jaccard loss of the pixels so far grows with this one.
      double step;
      if (isInside) {
        step = 1 / double(unionCount);
        intersection--;
      } else {
        step = unionCount == 0 ? 1 : double(intersection) / (double(unionCount) * double(unionCount + 1));
        unionCount++;
      }
      const double e = error(double(predictions[i]), isInside);
      if (fromLogits && !(e > 0)) break;
      loss.add(e * step);
      if (gradient) gradient[i] = T(scale * (isInside ? -step : step));
    }
    return loss.value();
  }
};

inline la_overlap_sums overlapSum(const la_overlap *batch, int64_t begin, int64_t end) {
  return batch->elementType == LA_TYPE_F32 ? overlapSums<float>(*batch, begin, end) : overlapSums<double>(*batch, begin, end);
}

inline void overlapFillAny(const la_overlap *batch, int64_t begin, int64_t end, double inside, double outside, void *output) {
  if (batch->elementType == LA_TYPE_F32)
    overlapFill<float>(*batch, begin, end, inside, outside, static_cast<float *>(output));
  else
    overlapFill<double>(*batch, begin, end, inside, outside, static_cast<double *>(output));
}

inline double lovasz(const la_overlap *batch, bool fromLogits, int64_t begin, int64_t end, double scale, double *workspace,
                     void *gradient, int64_t *violation, bool *violatesTarget) {
  la_sort_key *const keys = reinterpret_cast<la_sort_key *>(workspace);
  if (batch->elementType == LA_TYPE_F32)
    return LovaszMap<float>{*batch, fromLogits, begin, end, keys, static_cast<float *>(gradient)}.run(scale, violation,
                                                                                                     violatesTarget);
  return LovaszMap<double>{*batch, fromLogits, begin, end, keys, static_cast<double *>(gradient)}.run(scale, violation,
                                                                                                     violatesTarget);
}

}  // namespace la::LA_TARGET

#else

extern "C" {

la_overlap_sums la_overlap_sum(const la_overlap *batch, int64_t begin, int64_t end) {
  return LA_DISPATCH(overlapSum)(batch, begin, end);
}

void la_overlap_fill(const la_overlap *batch, int64_t begin, int64_t end, double inside, double outside, void *output) {
  LA_DISPATCH(overlapFillAny)(batch, begin, end, inside, outside, output);
}

double la_lovasz(const la_overlap *batch, bool fromLogits, int64_t begin, int64_t end, double scale, double *workspace,
                 void *gradient, int64_t *violation, bool *violatesTarget) {
  return LA_DISPATCH(lovasz)(batch, fromLogits, begin, end, scale, workspace, gradient, violation, violatesTarget);
}

}  // extern "C"

#endif
