// Losses of raw scores: multiclass hinges, and one binary logistic loss per class.
#ifndef LA_TARGET
#error "include margins.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// Piecewise linear losses have no curvature where they have a derivative.
template <class T> LA_INLINE void noCurvature(RowBlock<T> &r) {
  for (int64_t j = 0; j < r.vectors; j++) r.output[j] = typename Lane<T>::Vector{};
}

// (1 + max over the others - own)₊, Crammer and Singer's hinge. Of several largest others the first gets the derivative.
struct CrammerSingerLoss {
  static constexpr bool linear = true, probabilities = false, padsWithInfinity = true;

  template <class T> static LA_INLINE typename Lane<T>::Vector value(RowBlock<T> &r, bool wantsGradient) {
    typedef typename Lane<T>::Vector V;
    const V own = r.atLabel(r.scores), none = splat<V>(T(-__builtin_inf())), beyond = splat<V>(T(r.classes));
    V rival = none, rivalNumber = beyond, undefined{};
    for (int64_t j = 0; j < r.vectors; j++) {
      const V z = r.scores[j];
      undefined = select(z == z, undefined, z);
      const auto better = (z > rival) & ~r.isLabel(j);
      rival = select(better, z, rival);
      rivalNumber = select(better, r.classNumber(j), rivalNumber);
    }
    const V best = r.largest(rival);
    // Each lane of a wide row has a rival of its own: the first of those that are largest counts.
    rivalNumber = -r.largest(select(rival == best, -rivalNumber, none));
    undefined = r.anywhere(undefined);
    const V violation = select(best == none, none, (best - own) + T(1)) + undefined;
    const auto isMet = violation <= V{};
    if (wantsGradient) {
      const V slope = select(isMet, V{}, select(undefined == undefined, splat<V>(1), undefined));
      for (int64_t j = 0; j < r.vectors; j++) {
        const V number = r.classNumber(j);
        r.output[j] = select(number == r.labels, -slope, select(number == rivalNumber, slope, V{}));
      }
    }
    return select(isMet, V{}, violation);
  }

  template <class T> static LA_INLINE void product(RowBlock<T> &r, RowCurvature, RowOperator) { noCurvature(r); }
};

// Σ over the others of (1 + z - own)₊, Weston and Watkins's hinge.
struct WestonWatkinsLoss {
  static constexpr bool linear = true, probabilities = false, padsWithInfinity = true;

  template <class T> static LA_INLINE typename Lane<T>::Vector value(RowBlock<T> &r, bool wantsGradient) {
    typedef typename Lane<T>::Vector V;
    const V own = r.atLabel(r.scores);
    RowSum<T> sum, count;
    for (int64_t j = 0; j < r.vectors; j++) {
      const V violation = select(r.isLabel(j), V{}, (r.scores[j] - own) + T(1));
      const auto isMet = violation <= V{};
      const V slope = select(isMet, V{}, select(violation == violation, splat<V>(1), violation));
      sum.add(select(isMet, V{}, violation));
      count.add(slope);
      r.output[j] = slope;
    }
    if (wantsGradient) r.putAtLabel(r.output, -r.sum(count));
    return r.sum(sum);
  }

  template <class T> static LA_INLINE void product(RowBlock<T> &r, RowCurvature, RowOperator) { noCurvature(r); }
};

// Σ (1 - t)·z + (1 + (w - 1)·t)·log(1 + e^-z) with w the weight of positives: one binary cross-entropy per class,
// times the weight of the class.
struct OneVersusAllLoss {
  static constexpr bool linear = false, probabilities = false, padsWithInfinity = false;

  template <class T> static LA_INLINE typename Lane<T>::Vector value(RowBlock<T> &r, bool) {
    typedef typename Lane<T>::Vector V;
    const V excess = r.parameter(0) - T(1);
    RowSum<T> sum;
    for (int64_t j = 0; j < r.vectors; j++) {
      const V z = r.scores[j], t = r.target(j), heaviness = T(1) + excess * t;
      V tail, side;
      logisticTail(z, tail, side);
      // log(1 + e^-z) = max(-z, 0) + tail, and its derivative is -σ(-z).
      const auto positive = z > V{};
      const V others = T(1) - t, present = r.parameter(0) * t;
      const V linear = select(positive, others * z, -present * z);
      // An impossible class that is absent costs nothing.
      const V value = select((linear != linear) & (z == z), V{}, linear) + heaviness * tail;
      const V weight = r.classWeight(j);
      sum.add(select(weight == V{}, V{}, value * weight));
      // σ(z) = 1 - side above 0 and -side elsewhere; of the two forms the one without cancellation.
      const V slope = select(positive, others - heaviness * side, -present - heaviness * side);
      r.output[j] = select(weight == V{}, V{}, slope * weight);
    }
    return r.sum(sum);
  }

  template <class T> static LA_INLINE void product(RowBlock<T> &r, RowCurvature, RowOperator op) {
    typedef typename Lane<T>::Vector V;
    const V excess = r.parameter(0) - T(1);
    for (int64_t j = 0; j < r.vectors; j++) {
      V tail, side;
      logisticTail(r.scores[j], tail, side);
      const V share = absolute(side);
      const V weight = r.classWeight(j), bend = (T(1) + excess * r.target(j)) * share * (T(1) - share);
      r.second[j] = select(weight == V{}, V{}, weight * bend);
    }
    multiplyByDiagonal(r, op);
  }
};

}  // namespace la::LA_TARGET
