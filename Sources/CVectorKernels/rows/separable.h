// Losses that are a sum over the classes of a function of the class's share and its target.
#ifndef LA_TARGET
#error "include separable.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// What such a loss says of one class: f, and with ℓ = log q: slope = ∂f/∂ℓ and bend = ∂²f/∂ℓ²; own = q²·∂²f/∂q², which is bend - slope.
// A multiple of q may be left out of the slope (and then of the bend): centring removes it.
template <class V> struct ShareTerms { V value, slope, bend, own; };

// Of logits: q = softmax(z). With b the slopes, B their sum and s the bends, the gradient is b - q·B and the Hessian
// (I - q·1ᵀ)·diag(s - q·B)·(I - 1·qᵀ).
//
// `Terms::linear` says that the loss is Σ t·ψ(c): its terms are then those for t = 1, and a label needs them once only.
template <class Terms> struct OfLogits {
  static constexpr bool linear = Terms::linear, probabilities = false, padsWithInfinity = true;

  template <class T>
  static LA_INLINE ShareTerms<typename Lane<T>::Vector> terms(const RowBlock<T> &r, const Softmax<T> &s, int64_t j) {
    typedef typename Lane<T>::Vector V;
    const V t = r.target(j);
    ShareTerms<V> x = Terms::of(r, s.at(r, j), t);
    if constexpr (linear) {
      // A class without a target costs nothing, even where its share is 0.
      const auto absent = t == V{};
      x.value = select(absent, V{}, x.value * t), x.slope = select(absent, V{}, x.slope * t);
      x.bend = select(absent, V{}, x.bend * t), x.own = select(absent, V{}, x.own * t);
    }
    return x;
  }

  template <class T> static LA_INLINE typename Lane<T>::Vector value(RowBlock<T> &r, bool wantsGradient) {
    typedef typename Lane<T>::Vector V;
    const Softmax<T> s(r);
    if (linear && r.hasLabels) {
      const Share<V> own = s.atLabel(r);
      const ShareTerms<V> x = Terms::of(r, own, splat<V>(1));
      if (wantsGradient) {
        const V scale = -x.slope * s.inverse;
        for (int64_t j = 0; j < r.vectors; j++) r.output[j] = r.shares[j] * scale;
        r.putAtLabel(r.output, x.slope * own.rest);
      }
      return x.value;
    }
    RowSum<T> sum;
    for (int64_t j = 0; j < r.vectors; j++) {
      const ShareTerms<V> x = terms(r, s, j);
      sum.add(x.value);
      r.first[j] = x.slope;
    }
    if (wantsGradient) s.center(r, r.first, r.output);
    return r.sum(sum);
  }

  template <class T> static LA_INLINE void product(RowBlock<T> &r, RowCurvature kind, RowOperator op) {
    typedef typename Lane<T>::Vector V;
    if (kind == RowCurvature::majorizer) return bound(r, op);
    const Softmax<T> s(r);
    if constexpr (linear) {
      if (r.hasLabels && kind != RowCurvature::gaussNewton) {
        const Share<V> own = s.atLabel(r);
        const ShareTerms<V> x = Terms::of(r, own, splat<V>(1));
        for (int64_t j = 0; j < r.vectors; j++) r.second[j] = -x.slope * s.share(r, j);
        r.putAtLabel(r.second, Terms::labelEntry(r, own, x));
        return s.multiply(r, op);
      }
    }
    RowSum<T> slopes;
    for (int64_t j = 0; j < r.vectors; j++) {
      const ShareTerms<V> x = terms(r, s, j);
      slopes.add(x.slope);
      r.second[j] = kind == RowCurvature::gaussNewton ? x.own : x.bend;
    }
    if (kind != RowCurvature::gaussNewton) {
      const V all = r.sum(slopes);
      for (int64_t j = 0; j < r.vectors; j++) r.second[j] -= s.share(r, j) * all;
    }
    s.multiply(r, op);
  }

  // For cross-entropy: Σt times (I - 1·1ᵀ/K)/2, which is above the Hessian everywhere (Böhning 1992).
  template <class T> static LA_INLINE void bound(RowBlock<T> &r, RowOperator op) {
    typedef typename Lane<T>::Vector V;
    RowSum<T> sum;
    for (int64_t j = 0; j < r.vectors; j++) sum.add(r.target(j));
    const V half = r.sum(sum) * T(0.5), one = splat<V>(1);
    for (int64_t j = 0; j < r.vectors; j++) {
      const auto isClass = r.classNumber(j) < T(r.classes);
      r.second[j] = select(isClass, half, V{});
      r.shares[j] = select(isClass, one, V{});
    }
    Shares<T> even;
    even.inverse = splat<V>(T(1) / T(r.classes));
    even.leaderRest = V{};  // only with one class is a share above one half
    even.multiply(r, op);
  }
};

// Products with a diagonal, which lies in r.second.
template <class T> LA_INLINE void multiplyByDiagonal(RowBlock<T> &r, RowOperator op) {
  typedef typename Lane<T>::Vector V;
  for (int64_t j = 0; j < r.vectors; j++) {
    const V e = r.second[j];
    switch (op) {
      case RowOperator::hessian: r.output[j] = e * r.vector[j]; break;
      case RowOperator::diagonal: r.output[j] = e; break;
      default: r.output[j] = squareRoot(e) * r.vector[j];
    }
  }
}

// Terms of one class by its probability, for its target: f, ∂f/∂q and ∂²f/∂q².
template <class V> struct ProbabilityTerms { V value, slope, bend; };

// Of probabilities: the scores are q itself, and nothing is renormalised.
template <class Terms> struct OfProbabilities {
  static constexpr bool linear = Terms::linear, probabilities = true, padsWithInfinity = false;

  template <class T>
  static LA_INLINE ProbabilityTerms<typename Lane<T>::Vector> terms(const RowBlock<T> &r, int64_t j) {
    return Terms::ofProbability(r, r.scores[j], r.target(j));
  }

  template <class T> static LA_INLINE typename Lane<T>::Vector value(RowBlock<T> &r, bool) {
    typedef typename Lane<T>::Vector V;
    RowSum<T> sum;
    for (int64_t j = 0; j < r.vectors; j++) {
      const ProbabilityTerms<V> x = terms(r, j);
      sum.add(x.value);
      r.output[j] = x.slope;
    }
    return r.sum(sum);
  }

  template <class T> static LA_INLINE void product(RowBlock<T> &r, RowCurvature, RowOperator op) {
    for (int64_t j = 0; j < r.vectors; j++) r.second[j] = terms(r, j).bend;
    multiplyByDiagonal(r, op);
  }
};

}  // namespace la::LA_TARGET
