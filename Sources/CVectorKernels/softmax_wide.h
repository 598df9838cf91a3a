// Softmax rows of at least one vector's length, one row at a time.
#ifndef LA_TARGET
#error "include softmax_wide.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

LA_INLINE float largestLane(F32 v) {
  F32 w = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  v = select(w > v, w, v);
  w = __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3);
  v = select(w > v, w, v);
  const float a = v[0] > v[1] ? v[0] : v[1], b = v[2] > v[3] ? v[2] : v[3];
  return a > b ? a : b;
}

LA_INLINE double largestLane(F64 v) {
  F64 w = __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3);
  v = select(w > v, w, v);
  const double a = v[0] > v[1] ? v[0] : v[1], b = v[2] > v[3] ? v[2] : v[3];
  return a > b ? a : b;
}

// The largest element, NaN ignored; -inf if there is no other. count >= Lane<T>::count.
template <class T> LA_INLINE T rowMaximum(const T *z, int64_t count) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const V none = splat<V>(T(-__builtin_inf()));
  V a = none, b = none, c = none, d = none;
  int64_t k = 0;
  for (; k + 4 * lanes <= count; k += 4 * lanes) {
    const V za = load(z + k), zb = load(z + k + lanes), zc = load(z + k + 2 * lanes), zd = load(z + k + 3 * lanes);
    a = select(za > a, za, a);
    b = select(zb > b, zb, b);
    c = select(zc > c, zc, c);
    d = select(zd > d, zd, d);
  }
  for (; k + lanes <= count; k += lanes) {
    const V za = load(z + k);
    a = select(za > a, za, a);
  }
  const V last = load(z + count - lanes);
  b = select(last > b, last, b);
  a = select(b > a, b, a);
  c = select(d > c, d, c);
  return largestLane(select(c > a, c, a));
}

// The lanes of the last whole vector of a row that no vector before it covered.
template <class T> LA_INLINE typename Lane<T>::Mask freshLanes(int64_t count) {
  constexpr int lanes = Lane<T>::count;
  typename Lane<T>::Mask index;
  for (int k = 0; k < lanes; k++) index[k] = k;
  return index >= int(lanes - count % lanes);
}

template <class T> struct RowExponentials {
  T maximum;
  double largest;  // u of the maximum
  double others;   // the sum of u over all elements but one maximum
};

// One vector of exponentials: added up where it lies below the maximum, and counted where it is the maximum.
template <class T> struct ExponentialSweep {
  typedef typename Lane<T>::Vector V;
  const RelativeExponential<T> exponential;
  const V maximum;
  RowSum<T> sum{};
  typename Lane<T>::Mask ties{};

  LA_INLINE explicit ExponentialSweep(T m) : exponential(splat<V>(m)), maximum(splat<V>(m)) {}

  LA_INLINE V below(V z, V u) {
    const typename Lane<T>::Mask tie = z == maximum;
    ties -= tie;
    return select(tie, V{}, u);
  }
};

// Exponentials of a whole row, kept in u where `keeps`; `next` is fetched into the cache meanwhile.
template <bool keeps, class T>
LA_INLINE RowExponentials<T> rowExponentials(const T *z, int64_t count, T *u, const T *next) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const T maximum = rowMaximum(z, count);
  ExponentialSweep<T> sweep(maximum);
  int64_t k = 0;
  for (; k + 4 * lanes <= count; k += 4 * lanes) {
    V below[4];
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
      const V zj = load(z + k + j * lanes);
      __builtin_prefetch(next + k + j * lanes, 0, 2);
      const V uj = sweep.exponential(zj);
      if (keeps) store(u + k + j * lanes, uj);
      below[j] = sweep.below(zj, uj);
    }
    sweep.sum.add((below[0] + below[1]) + (below[2] + below[3]));
  }
  for (; k + lanes <= count; k += lanes) {
    const V zk = load(z + k), uk = sweep.exponential(zk);
    if (keeps) store(u + k, uk);
    sweep.sum.add(sweep.below(zk, uk));
  }
  if (k < count) {
    const V zk = load(z + count - lanes), uk = sweep.exponential(zk);
    if (keeps) store(u + count - lanes, uk);
    const typename Lane<T>::Mask fresh = freshLanes<T>(count);
    const V masked = select(fresh, zk, splat<V>(T(-__builtin_inf())));
    sweep.sum.add(select(fresh, sweep.below(masked, uk), V{}));
  }
  int64_t ties = 0;
  for (int j = 0; j < lanes; j++) ties += sweep.ties[j];
  const double largest = sweep.exponential.largest[0];
  return {maximum, largest, sweep.sum.total() + double(ties - 1) * largest};
}

// destination[k] = gradient(k, u[k]). The last vector is computed first, because u and destination may be the same.
template <class T, class Gradient>
LA_INLINE void writeGradient(const T *u, T *destination, int64_t count, const Gradient &gradient, bool streaming) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const V last = gradient(count - lanes, load(u + count - lanes));
  int64_t k = 0;
  if (streaming) {
    // Whole cache lines go around the caches; the parts of lines at both ends are shared with the neighbouring rows.
    k = int64_t((64 - uintptr_t(destination) % 64) % 64 / sizeof(T));
    const V first = gradient(0, load(u));
    __builtin_memcpy(destination, &first, k * sizeof(T));
    for (; k + lanes <= count; k += lanes) storeStreaming(destination + k, gradient(k, load(u + k)));
    const int64_t rest = count - k;
    __builtin_memcpy(destination + k, reinterpret_cast<const T *>(&last) + (lanes - rest), rest * sizeof(T));
  } else {
    for (; k + lanes <= count; k += lanes) store(destination + k, gradient(k, load(u + k)));
    store(destination + count - lanes, last);
  }
}

LA_INLINE F32 loadWeights(const double *p, float) { return fromHalves(load(p), load(p + 8)); }
LA_INLINE F64 loadWeights(const double *p, double) { return load(p); }

// The gradient of one row, from its exponentials u: scale·u minus the targets times factor.
template <class T> struct PlainGradient {
  typedef typename Lane<T>::Vector V;
  V scale;
  LA_INLINE V operator()(int64_t, V u) const { return scale * u; }
};

template <class T> struct SmoothedGradient {
  typedef typename Lane<T>::Vector V;
  V scale, spread;
  const double *classWeights;
  LA_INLINE V operator()(int64_t k, V u) const {
    return mulAdd(u, scale, classWeights ? -spread * loadWeights(classWeights + k, T()) : -spread);
  }
};

// Targets as they count: smoothed, and times the class weights.
template <class T> struct TargetRow {
  typedef typename Lane<T>::Vector V;
  const T *targets;
  const double *classWeights;
  V keep, spread;
  LA_INLINE TargetRow(const T *targets, const la_softmax &batch, const LabelShares &shares)
      : targets(targets), classWeights(batch.classWeights), keep(splat<V>(T(shares.keep))), spread(splat<V>(T(shares.spread))) {}
  LA_INLINE V operator()(int64_t k) const { return counting(load(targets + k), k); }
  LA_INLINE V counting(V t, int64_t k) const {
    const V smoothed = mulAdd(t, keep, spread);
    return classWeights ? smoothed * loadWeights(classWeights + k, T()) : smoothed;
  }
};

// At a maximum that has more than half of the row's mass, mass·q - t would cancel where t is large, too; there the gradient is given.
template <class T> struct DistributionGradient {
  typedef typename Lane<T>::Vector V;
  V scale, factor, peak, atPeak;
  TargetRow<T> target;
  LA_INLINE V operator()(int64_t k, V u) const {
    return select(u == peak, atPeak, mulAdd(u, scale, -factor * target(k)));
  }
};

// Σ c·(max - z); a class of weight 0 does not count even where z is -inf.
template <class T> LA_INLINE double weightedDistance(const T *z, int64_t count, T maximum, const double *classWeights) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const V m = splat<V>(maximum);
  RowSum<T> sum;
  for (int64_t k = 0; k < count; k += lanes) {
    const int64_t start = k + lanes <= count ? k : count - lanes;
    V distance = m - load(z + start);
    if (classWeights) {
      const V weight = loadWeights(classWeights + start, T());
      distance = select(weight == 0, V{}, weight * distance);
    }
    if (start < k) distance = select(freshLanes<T>(count), distance, V{});
    sum.add(distance);
  }
  return sum.total();
}

// The sums over a row's targets.
struct TargetSums {
  double own;       // at the maximum
  double rest;      // everywhere else
  double distance;  // Σ t·(max - z)
  bool proper;      // all within 0...1
};

template <class T> LA_INLINE TargetSums targetSums(const T *z, const TargetRow<T> &target, int64_t count, T maximum) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const V m = splat<V>(maximum);
  RowSum<T> own, rest, distance;
  typename Lane<T>::Mask improper{};
  for (int64_t k = 0; k < count; k += lanes) {
    const int64_t start = k + lanes <= count ? k : count - lanes;
    const V zk = load(z + start), raw = load(target.targets + start);
    improper |= ~((raw >= V{}) & (raw <= splat<V>(1)));
    V t = target.counting(raw, start);
    if (start < k) t = select(freshLanes<T>(count), t, V{});
    own.add(select(zk == m, t, V{}));
    rest.add(select(zk == m, V{}, t));
    distance.add(select(t == 0, V{}, t * (m - zk)));
  }
  return {own.total(), rest.total(), distance.total(), !any(improper)};
}

// One row of a group: its share of the group's losses, and its gradient, if `gradient` is not NULL. The exponentials are kept in
// `scratch`, which may be the gradient's own memory. Returns the column of a target outside 0...1, or -1.
template <SoftmaxTargets kind, class T>
LA_INLINE int64_t wideRow(const la_softmax &batch, const LabelShares &shares, SoftmaxGroup<T> &group, int64_t r, int64_t row,
                          const T *next, T *scratch, T *gradient, bool streaming) {
  typedef typename Lane<T>::Vector V;
  const int64_t classes = batch.classes, label = group.label[r];
  const T *z = static_cast<const T *>(batch.logits) + row * classes;
  const RowExponentials<T> e =
      gradient ? rowExponentials<true>(z, classes, scratch, next) : rowExponentials<false>(z, classes, scratch, next);
  const double inverse = 1 / (e.others + e.largest);
  const double factor = double(group.weight[r]) * batch.gradientScale;
  group.excess[r] = T(e.others / e.largest);

  if constexpr (kind == SoftmaxTargets::distributions) {
    const TargetRow<T> target(static_cast<const T *>(batch.targets) + row * classes, batch, shares);
    const TargetSums sums = targetSums(z, target, classes, e.maximum);
    if (!sums.proper) return firstImproper(target.targets, classes);
    group.mass[r] = T(sums.own + sums.rest);
    group.distance[r] = T(sums.distance);
    if (gradient) {
      const bool dominated = e.others < 0.5 * e.largest;
      const double atPeak = factor * (sums.rest * e.largest - sums.own * e.others) * inverse;
      const DistributionGradient<T> result = {
          splat<V>(T(factor * (sums.own + sums.rest) * inverse)), splat<V>(T(factor)),
          splat<V>(T(dominated ? e.largest : -1)), splat<V>(T(atPeak)), target};
      writeGradient(scratch, gradient, classes, result, streaming);
    }
    return -1;
  }

  const double own = shares.own(batch, label), mass = shares.mass(own);
  double distance = own == 0 ? 0 : own * (double(e.maximum) - double(z[label]));
  if (kind == SoftmaxTargets::smoothedLabels)
    distance += shares.spread * weightedDistance(z, classes, e.maximum, batch.classWeights);
  group.mass[r] = T(mass);
  group.distance[r] = T(distance);
  if (gradient) {
    const double u = scratch[label], missing = z[label] == e.maximum ? e.others : (e.others + e.largest) - u;
    double atLabel = -own * (missing * inverse);
    const V scale = splat<V>(T(factor * mass * inverse));
    if constexpr (kind == SoftmaxTargets::smoothedLabels) {
      const double spread = factor * shares.spread, weight = batch.classWeights ? batch.classWeights[label] : 1;
      atLabel += shares.spread * (shares.classTotal * (u * inverse) - weight);
      const SmoothedGradient<T> result = {scale, splat<V>(T(spread)), batch.classWeights};
      writeGradient(scratch, gradient, classes, result, streaming);
    } else {
      writeGradient(scratch, gradient, classes, PlainGradient<T>{scale}, streaming);
    }
    gradient[label] = T(factor * atLabel);
  }
  return -1;
}

}  // namespace la::LA_TARGET
