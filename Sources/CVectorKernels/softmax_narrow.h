// Softmax rows of few classes: as many rows at once as a vector has lanes, one row per lane.
#ifndef LA_TARGET
#error "include softmax_narrow.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

template <class T> struct NarrowExponentials {
  typedef typename Lane<T>::Vector V;
  V maximum;
  V largest;  // u of the maximum
  V others;   // the sum of u over all elements but one maximum
};

// Turns the columns of logits into those of exponentials.
template <class T>
LA_INLINE NarrowExponentials<T> narrowExponentials(typename Lane<T>::Vector *columns, int64_t classes) {
  typedef typename Lane<T>::Vector V;
  V maximum = splat<V>(T(-__builtin_inf()));
  for (int64_t k = 0; k < classes; k++) maximum = select(columns[k] > maximum, columns[k], maximum);
  const RelativeExponential<T> exponential(maximum);
  const V one = splat<V>(1);
  RowSum<T> sum;
  V ties = -one;
  int64_t k = 0;
  for (; k + 2 <= classes; k += 2) {
    const V za = columns[k], zb = columns[k + 1], ua = exponential(za), ub = exponential(zb);
    columns[k] = ua, columns[k + 1] = ub;
    ties += select(za == maximum, one, V{}) + select(zb == maximum, one, V{});
    sum.add(select(za == maximum, V{}, ua) + select(zb == maximum, V{}, ub));
  }
  if (k < classes) {
    const V z = columns[k], u = exponential(z);
    columns[k] = u;
    ties += select(z == maximum, one, V{});
    sum.add(select(z == maximum, V{}, u));
  }
  return {maximum, exponential.largest, sum.lanes() + ties * exponential.largest};
}

// The sums over each row's targets, which become the ones that count: smoothed, and times the class weights.
template <class T> struct NarrowTargetSums {
  typedef typename Lane<T>::Vector V;
  V own, rest, distance;
  typename Lane<T>::Mask improper;
};

template <class T>
LA_INLINE NarrowTargetSums<T> narrowTargetSums(const typename Lane<T>::Vector *logits, typename Lane<T>::Vector *targets,
                                               typename Lane<T>::Vector maximum, const la_softmax &batch,
                                               const LabelShares &shares) {
  typedef typename Lane<T>::Vector V;
  RowSum<T> own, rest, distance;
  typename Lane<T>::Mask improper{};
  for (int64_t k = 0; k < batch.classes; k++) {
    const V z = logits[k], raw = targets[k];
    improper |= ~((raw >= V{}) & (raw <= splat<V>(1)));
    V t = mulAdd(raw, splat<V>(T(shares.keep)), splat<V>(T(shares.spread)));
    if (batch.classWeights) t *= T(batch.classWeights[k]);
    targets[k] = t;
    own.add(select(z == maximum, t, V{}));
    rest.add(select(z == maximum, V{}, t));
    distance.add(select(t == 0, V{}, t * (maximum - z)));
  }
  return {own.lanes(), rest.lanes(), distance.lanes(), improper};
}

// Σ c·(max - z), see weightedDistance.
template <class T>
LA_INLINE typename Lane<T>::Vector narrowDistance(const typename Lane<T>::Vector *logits, typename Lane<T>::Vector maximum,
                                                  const la_softmax &batch) {
  RowSum<T> sum;
  for (int64_t k = 0; k < batch.classes; k++) {
    const T weight = batch.classWeights ? T(batch.classWeights[k]) : T(1);
    if (weight != 0) sum.add(weight * (maximum - logits[k]));
  }
  return sum.lanes();
}

// Where the rows of a group begin: in the batch itself, or in a copy with room behind it and zeros for the rows that are missing.
template <class T> LA_INLINE const T *groupRows(const T *rows, int64_t count, int64_t classes, bool roomy, T *copy) {
  constexpr int64_t lanes = Lane<T>::count;
  if (roomy) return rows;
  __builtin_memset(copy, 0, lanes * (classes + 1) * sizeof(T));
  __builtin_memcpy(copy, rows, count * classes * sizeof(T));
  return copy;
}

// A group of rows from `row` on. `roomy`: at least one vector's worth of the same chunk's elements follows the group.
// Returns the first row with a target outside 0...1, or -1.
template <SoftmaxTargets kind, class T>
inline int64_t narrowGroup(const la_softmax &batch, const LabelShares &shares, SoftmaxGroup<T> &group, int64_t row, bool roomy) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const int64_t classes = batch.classes;
  alignas(64) T copy[lanes * (narrowClasses + 1)];
  V columns[narrowClasses + lanes], targets[kind == SoftmaxTargets::distributions ? narrowClasses + lanes : 1];
  const T *rows = groupRows(static_cast<const T *>(batch.logits) + row * classes, group.rows, classes, roomy, copy);
  alignas(64) T labelLogit[lanes], labelExponential[lanes];
  if (kind != SoftmaxTargets::distributions)
    for (int64_t r = 0; r < lanes; r++) labelLogit[r] = rows[r * classes + group.label[r]];
  rowsToColumns(rows, classes, columns);

  NarrowTargetSums<T> sums{};
  V smoothing{};
  if constexpr (kind == SoftmaxTargets::distributions) {
    rowsToColumns(groupRows(static_cast<const T *>(batch.targets) + row * classes, group.rows, classes, roomy, copy), classes,
                  targets);
    V maximum = splat<V>(T(-__builtin_inf()));
    for (int64_t k = 0; k < classes; k++) maximum = select(columns[k] > maximum, columns[k], maximum);
    sums = narrowTargetSums<T>(columns, targets, maximum, batch, shares);
    const typename Lane<T>::Mask improper = sums.improper & (load(group.weight) != 0);
    if (any(improper))
      for (int64_t r = 0; r < lanes; r++)
        if (improper[r]) return row + r;
  } else if constexpr (kind == SoftmaxTargets::smoothedLabels) {
    V maximum = splat<V>(T(-__builtin_inf()));
    for (int64_t k = 0; k < classes; k++) maximum = select(columns[k] > maximum, columns[k], maximum);
    smoothing = narrowDistance<T>(columns, maximum, batch) * T(shares.spread);
  }
  const NarrowExponentials<T> e = narrowExponentials<T>(columns, classes);

  if constexpr (kind == SoftmaxTargets::distributions) {
    store(group.mass, sums.own + sums.rest);
    store(group.distance, sums.distance);
  } else {
    const V own = load(group.own);
    store(group.distance, select(own == 0, V{}, own * (e.maximum - load(labelLogit))) + smoothing);
  }
  store(group.excess, e.others / e.largest);
  if (!batch.gradient) return -1;

  const V total = e.others + e.largest, factor = load(group.weight) * T(batch.gradientScale);
  const V scale = factor * load(group.mass) / total;
  T *gradient = static_cast<T *>(batch.gradient) + row * classes;
  T *output = roomy ? gradient : copy;
  if constexpr (kind == SoftmaxTargets::distributions) {
    const V atPeak = factor * ((sums.rest * e.largest - sums.own * e.others) / total);
    const V peak = select(e.others < e.largest * T(0.5), e.largest, splat<V>(-1));
    for (int64_t k = 0; k < classes; k++)
      columns[k] = select(columns[k] == peak, atPeak, mulAdd(columns[k], scale, -factor * targets[k]));
    columnsToRows(columns, classes, output);
  } else {
    for (int64_t r = 0; r < lanes; r++) labelExponential[r] = reinterpret_cast<const T *>(columns)[group.label[r] * lanes + r];
    const V u = load(labelExponential);
    const V missing = select(load(labelLogit) == e.maximum, e.others, total - u);
    V atLabel = -load(group.own) * (missing / total);
    if constexpr (kind == SoftmaxTargets::smoothedLabels) {
      V weight = splat<V>(1);
      if (batch.classWeights)
        for (int64_t r = 0; r < lanes; r++) weight[r] = T(batch.classWeights[group.label[r]]);
      atLabel += T(shares.spread) * (T(shares.classTotal) * (u / total) - weight);
      const V spread = factor * T(shares.spread);
      for (int64_t k = 0; k < classes; k++)
        columns[k] = mulAdd(columns[k], scale, -spread * (batch.classWeights ? T(batch.classWeights[k]) : T(1)));
    } else {
      for (int64_t k = 0; k < classes; k++) columns[k] *= scale;
    }
    alignas(64) T labelGradient[lanes];
    store(labelGradient, atLabel * factor);
    columnsToRows(columns, classes, output);
    for (int64_t r = 0; r < lanes; r++) output[r * classes + group.label[r]] = labelGradient[r];
  }
  if (!group.complete)
    for (int64_t r = 0; r < group.rows; r++)
      if (group.weight[r] == 0) __builtin_memset(output + r * classes, 0, classes * sizeof(T));
  if (!roomy) __builtin_memcpy(gradient, copy, group.rows * classes * sizeof(T));
  return -1;
}

}  // namespace la::LA_TARGET
