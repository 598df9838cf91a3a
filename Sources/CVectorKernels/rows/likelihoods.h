// Functions ψ(c) of a label's cost c = -log q, for the loss Σ t·ψ(c): cross-entropy and its robust and focused relatives.
// The derivatives are with respect to log q = -c, so those of c are -1 and 0, and those of q are q and q.
//
// `labelEntry` is bend - q·slope: a label's own entry in the diagonal of the curvature, in a form that keeps its digits for every q.
#ifndef LA_TARGET
#error "include likelihoods.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// c.
struct CrossEntropyTerms {
  static constexpr bool linear = true;
  template <class T, class V> static LA_INLINE ShareTerms<V> of(const RowBlock<T> &, const Share<V> &x, V) {
    const V one = splat<V>(1);
    return {x.cost, -one, V{}, one};
  }
  template <class T, class V> static LA_INLINE V labelEntry(const RowBlock<T> &, const Share<V> &x, const ShareTerms<V> &) { return x.share; }
  // Quotients of t, not of 1: those may be infinite where these are not.
  template <class T, class V> static LA_INLINE ProbabilityTerms<V> ofProbability(const RowBlock<T> &, V q, V t) {
    const auto absent = (t == V{}) & (q == q);
    const V ratio = select(absent, V{}, t / q);
    return {select(absent, V{}, -t * logarithm(q)), V{} - ratio, select(absent, V{}, ratio / q)};
  }
};

// (1 - q)^γ·c.
struct FocalTerms {
  static constexpr bool linear = true;
  template <class T, class V> static LA_INLINE ShareTerms<V> of(const RowBlock<T> &r, const Share<V> &x, V) {
    const V gamma = r.parameter(0), w = x.rest, q = x.share, zero{};
    // q·c/w, which is 1 at q = 1 and 0 at q = 0.
    const V ratio = select(q == zero, zero, select(w == zero, splat<V>(1), q * x.cost / w));
    const V focus = power(w, gamma);
    const V slope = -focus * (T(1) + gamma * ratio);
    const V steep = select(gamma == zero, zero, power(w, gamma - T(1)));
    // Where q is 1 for certain the bend is without effect, whatever it is.
    const V bend = select(w == zero, zero, gamma * steep * (q * T(2) + (gamma * q - T(1)) * ratio));
    return {focus * x.cost, slope, bend, bend - slope};
  }
  template <class T, class V> static LA_INLINE V labelEntry(const RowBlock<T> &, const Share<V> &x, const ShareTerms<V> &terms) {
    return terms.bend - x.share * terms.slope;
  }
};

// q·(α - β·(1 - q)), the label's entry of α·c + β·(1 - q). Where α = β it is q², of which nothing is left of a small q beside 1.
template <class T, class V> LA_INLINE V tiltedEntry(const Share<V> &x, V alpha, V beta) {
  const auto isLarge = x.share > splat<V>(T(0.5));
  return x.share * select(isLarge, alpha - beta * x.rest, (alpha - beta) + beta * x.share);
}

// c + ε·(1 - q).
struct PolyTerms {
  static constexpr bool linear = true;
  template <class T, class V> static LA_INLINE ShareTerms<V> of(const RowBlock<T> &r, const Share<V> &x, V) {
    const V epsilon = r.parameter(0), tilt = epsilon * x.share, one = splat<V>(1);
    return {x.cost + epsilon * x.rest, -one - tilt, -tilt, one};
  }
  template <class T, class V> static LA_INLINE V labelEntry(const RowBlock<T> &r, const Share<V> &x, const ShareTerms<V> &) {
    return tiltedEntry<T>(x, splat<V>(1), r.parameter(0));
  }
};

// (1 - q^κ)/κ.
struct GeneralizedCrossEntropyTerms {
  static constexpr bool linear = true;
  template <class T, class V> static LA_INLINE ShareTerms<V> of(const RowBlock<T> &r, const Share<V> &x, V) {
    const V kappa = r.parameter(0), minusOne = exponentialMinusOneOfNegative(-kappa * x.cost);
    // The error of a great cost would be one of the whole power.
    const V raised = exponentialOfProduct(-kappa, x.cost) * (T(1) - kappa * x.lost);
    return {-minusOne / kappa, -raised, -kappa * raised, raised * (T(1) - kappa)};
  }
  template <class T, class V> static LA_INLINE V labelEntry(const RowBlock<T> &r, const Share<V> &x, const ShareTerms<V> &terms) {
    const V kappa = r.parameter(0);
    const auto isLarge = x.share > splat<V>(T(0.5));
    return select(isLarge, -terms.slope * ((T(1) - kappa) - x.rest), terms.bend - x.share * terms.slope);
  }
};

// α·c + β·(1 - q): cross-entropy with its reverse, whose log 0 is replaced by a constant that β includes.
struct SymmetricCrossEntropyTerms {
  static constexpr bool linear = true;
  template <class T, class V> static LA_INLINE ShareTerms<V> of(const RowBlock<T> &r, const Share<V> &x, V) {
    const V alpha = r.parameter(0), tilt = r.parameter(1) * x.share;
    return {alpha * x.cost + r.parameter(1) * x.rest, -alpha - tilt, -tilt, alpha};
  }
  template <class T, class V> static LA_INLINE V labelEntry(const RowBlock<T> &r, const Share<V> &x, const ShareTerms<V> &) {
    return tiltedEntry<T>(x, r.parameter(0), r.parameter(1));
  }
};

}  // namespace la::LA_TARGET
