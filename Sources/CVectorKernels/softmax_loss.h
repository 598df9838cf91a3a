// What softmax cross-entropy makes of a group of rows, as many as a vector has lanes: their labels and weights before, their losses after.
#ifndef LA_TARGET
#error "include softmax_loss.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// Where the targets of a row come from. Smoothed labels are distributions, too, but need not be stored as such.
enum class SoftmaxTargets { labels, smoothedLabels, distributions };

template <class Label> LA_INLINE void readLabelsOf(const void *labels, int64_t begin, int64_t count, int64_t *result) {
  const Label *p = static_cast<const Label *>(labels) + begin;
  // A label beyond 2⁶³ becomes negative: out of range as before.
  for (int64_t i = 0; i < count; i++) result[i] = int64_t(p[i]);
}

inline void readLabels(const void *labels, uint8_t type, int64_t begin, int64_t count, int64_t *result) {
  switch (type) {
    case LA_TYPE_I8: return readLabelsOf<int8_t>(labels, begin, count, result);
    case LA_TYPE_I16: return readLabelsOf<int16_t>(labels, begin, count, result);
    case LA_TYPE_I32: return readLabelsOf<int32_t>(labels, begin, count, result);
    case LA_TYPE_I64: return readLabelsOf<int64_t>(labels, begin, count, result);
    case LA_TYPE_U8: return readLabelsOf<uint8_t>(labels, begin, count, result);
    case LA_TYPE_U16: return readLabelsOf<uint16_t>(labels, begin, count, result);
    case LA_TYPE_U32: return readLabelsOf<uint32_t>(labels, begin, count, result);
    default: return readLabelsOf<uint64_t>(labels, begin, count, result);
  }
}

// The distribution that a label y stands for is keep·c[y] at y plus spread·c everywhere, where c are the class weights.
struct LabelShares {
  double keep, spread, classTotal;

  explicit LabelShares(const la_softmax &batch) {
    keep = 1 - batch.labelSmoothing;
    spread = batch.labelSmoothing / double(batch.classes);
    classTotal = 0;
    if (batch.labelSmoothing != 0 && batch.labels)
      for (int64_t k = 0; k < batch.classes; k++) classTotal += batch.classWeights ? batch.classWeights[k] : 1;
  }

  LA_INLINE double own(const la_softmax &batch, int64_t label) const {
    return batch.classWeights ? keep * batch.classWeights[label] : keep;
  }
  LA_INLINE double mass(double own) const { return own + spread * classTotal; }
};

template <class T> struct SoftmaxGroup {
  typedef typename Lane<T>::Vector V;
  static constexpr int64_t lanes = Lane<T>::count;
  int64_t rows;
  bool complete;  // every lane holds a row that counts
  int64_t label[lanes];
  // The sample's weight; 0 for a row that does not count: weight 0, ignored label, or a class of weight 0.
  alignas(64) T weight[lanes];
  // The label's own part of the mass.
  alignas(64) T own[lanes];
  // The loss of a row is mass·log(1 + excess) + distance, all of them at least 0, so nothing cancels:
  // excess = Σ e^(z - max) over all elements but one maximum, mass = Σ t, distance = Σ t·(max - z).
  alignas(64) T mass[lanes], excess[lanes], distance[lanes];

  LA_INLINE SoftmaxGroup(const la_softmax &batch, const LabelShares &shares, int64_t begin, int64_t end) {
    rows = end - begin < lanes ? end - begin : lanes;
    if (rows < lanes) store(weight, V{});
    if (batch.weights)
      __builtin_memcpy(weight, static_cast<const T *>(batch.weights) + begin, rows * sizeof(T));
    else if (rows == lanes)
      store(weight, splat<V>(1));
    else
      for (int64_t r = 0; r < rows; r++) weight[r] = 1;
    store(mass, V{});
    store(excess, V{});
    store(distance, V{});
    if (batch.labels) takeLabels(batch, shares, begin);
    complete = !any(typename Lane<T>::Mask(load(weight) == 0));
  }

  LA_INLINE void takeLabels(const la_softmax &batch, const LabelShares &shares, int64_t begin) {
    if (rows < lanes)
      for (int64_t r = 0; r < lanes; r++) label[r] = 0;
    readLabels(batch.labels, batch.labelType, begin, rows, label);
    if (batch.hasIgnoredLabel)
      for (int64_t r = 0; r < rows; r++)
        if (label[r] == batch.ignoredLabel) weight[r] = 0;
    // The label of a row that does not count may be anything; 0 is safe to read at.
    if (batch.hasIgnoredLabel || batch.weights)
      for (int64_t r = 0; r < rows; r++)
        if (weight[r] == 0) label[r] = 0;
    if (!batch.classWeights) {
      store(own, splat<V>(T(shares.keep)));
      store(mass, splat<V>(T(shares.mass(shares.keep))));
      return;
    }
    for (int64_t r = 0; r < lanes; r++) {
      const double share = shares.own(batch, label[r]);
      own[r] = T(share);
      mass[r] = T(shares.mass(share));
      if (shares.mass(share) == 0) weight[r] = 0;
    }
  }

  LA_INLINE V losses() const {
    const V loss = mulAdd(load(mass), logarithmOnePlus(load(excess)), load(distance));
    return select(load(weight) == 0, V{}, loss);
  }
};

// The first element outside 0...1 of a row that has one.
template <class T> LA_INLINE int64_t firstImproper(const T *targets, int64_t classes) {
  int64_t k = 0;
  while (k < classes - 1 && targets[k] >= 0 && targets[k] <= 1) k++;
  return k;
}

}  // namespace la::LA_TARGET
