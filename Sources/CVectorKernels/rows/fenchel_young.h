// The Fenchel-Young loss of the Tsallis entropy, Ω*(z) + Ω(t) - tᵀz with Ω(p) = Σ (p^α - p)/(α(α - 1)), for 1 < α <= 2; α = 2 is the
// sparsemax loss. Its prediction p = ((α - 1)·z - τ)₊^(1/(α - 1)) sums to 1 and is 0 where scores are low.
#ifndef LA_TARGET
#error "include fenchel_young.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

struct TsallisLoss {
  static constexpr bool linear = false, probabilities = false, padsWithInfinity = true;

  template <class T> struct Prediction {
    typedef typename Lane<T>::Vector V;
    V alpha, exponent, maximum, threshold;
    bool isSparsemax;

    // Scores are taken relative to their maximum: x = (α - 1)·(z - max). The threshold solves Σ (x - τ)₊^(1/(α - 1)) = 1; the sum falls
    // and is convex, and at τ = -1 at least 1, so that Newton's steps from there go up to the solution and never beyond.
    LA_INLINE explicit Prediction(RowBlock<T> &r) {
      alpha = r.parameter(0);
      exponent = T(1) / (alpha - T(1));
      isSparsemax = r.parameters[0] == 2;
      V m = splat<V>(T(-__builtin_inf())), undefined{};
      for (int64_t j = 0; j < r.vectors; j++) {
        m = select(r.scores[j] > m, r.scores[j], m);
        undefined = select(r.scores[j] == r.scores[j], undefined, r.scores[j]);
      }
      maximum = r.largest(m) + r.anywhere(select(undefined == undefined, V{}, undefined));
      threshold = splat<V>(-1);
      for (int step = 0; step < 100; step++) {
        RowSum<T> sum, slope;
        for (int64_t j = 0; j < r.vectors; j++) {
          const V base = at(r, j), raised = isSparsemax ? base : power(base, exponent);
          sum.add(raised);
          slope.add(select(base > V{}, raised / base, V{}));
        }
        const V excess = r.sum(sum) - T(1);
        const V next = threshold + excess / (exponent * r.sum(slope));
        const auto moves = next > threshold;
        threshold = select(moves, next, threshold);
        if (!any(typename Lane<T>::Mask(moves))) break;
      }
      threshold = select(maximum - maximum == V{}, threshold, maximum - maximum);
      for (int64_t j = 0; j < r.vectors; j++) {
        const V base = at(r, j);
        r.shares[j] = isSparsemax ? base : power(base, exponent);
      }
    }

    LA_INLINE V at(const RowBlock<T> &r, int64_t j) const {
      const V base = (alpha - T(1)) * (r.scores[j] - maximum) - threshold;
      return select(base <= V{}, V{}, base);
    }
  };

  // The Bregman divergence of Ω, (t^α - p^α + α·d·p^(α - 1))/(α(α - 1)) with d = p - t. With y = d/t, D(y) = y - log(1 + y) and the growth
  // g = (t/p)^(α - 1) - 1 it is t·p^(α - 1)/α·(D(g)/(α - 1) + D(y)), in which nothing cancels.
  template <class T> static LA_INLINE typename Lane<T>::Vector divergence(typename Lane<T>::Vector alpha, typename Lane<T>::Vector p,
                                                                          typename Lane<T>::Vector t, typename Lane<T>::Vector d) {
    typedef typename Lane<T>::Vector V;
    const V step = alpha - T(1), y = d / t;
    // Next to -1 the quotient knows log(1 + y) better than y does.
    const auto isLow = y < splat<V>(T(-0.75));
    const V far = logarithm(p / t), l = select(isLow, far, logarithmOnePlus(y));
    const V own = select(isLow, y - far, logarithmOnePlusDeficit(y)), growth = exponentialMinusOne(-step * l);
    const V both = t * power(p, step) / alpha * (logarithmOnePlusDeficit(growth) / step + own);
    return select(t == V{}, power(p, alpha) / alpha, select(p == V{}, power(t, alpha) / (alpha * step), both));
  }

  // The Bregman divergence of Ω between t and p, plus what targets outside the support lack to it, Σ t·(τ - x)₊/(α - 1): no term is
  // negative. Where the targets sum to T and not to 1, (1 - T) times the threshold in the scores' own units comes on top.
  template <class T> static LA_INLINE typename Lane<T>::Vector value(RowBlock<T> &r, bool) {
    typedef typename Lane<T>::Vector V;
    const Prediction<T> prediction(r);
    const V alpha = prediction.alpha, step = alpha - T(1), scale = T(1) / (alpha * step);
    RowSum<T> sum, missing, others;
    V whole{};
    whole[0] = 1;
    // 1 - p of a prediction above one half, to all its digits.
    const V half = splat<V>(T(0.5));
    for (int64_t j = 0; j < r.vectors; j++) others.add(select(r.shares[j] > half, V{}, r.shares[j]));
    const V rest = r.sum(others);
    missing.add(r.narrow ? splat<V>(1) : whole);
    for (int64_t j = 0; j < r.vectors; j++) {
      const V p = r.shares[j], t = r.target(j), d = select(p > half, (T(1) - t) - rest, p - t), x = step * (r.scores[j] - prediction.maximum);
      const V lack = prediction.threshold - x;
      const V own = prediction.isSparsemax ? d * d * T(0.5) : divergence<T>(alpha, p, t, d);
      sum.add(own + select((t == V{}) | (lack <= V{}), V{}, t * lack / step));
      missing.add(-t);
      r.output[j] = d;
    }
    const V shift = r.sum(missing);
    const V level = prediction.maximum + prediction.threshold / step + scale;
    return r.sum(sum) + select(shift == V{}, V{}, shift * level);
  }

  template <class T> static LA_INLINE void product(RowBlock<T> &r, RowCurvature, RowOperator op) {
    typedef typename Lane<T>::Vector V;
    const Prediction<T> prediction(r);
    RowSum<T> sum;
    V largest{};
    for (int64_t j = 0; j < r.vectors; j++) {
      const V p = r.shares[j];
      const V e = prediction.isSparsemax ? splat<V>(1) : power(p, T(2) - prediction.alpha);
      r.second[j] = select(p == V{}, V{}, e);
      r.shares[j] = r.second[j];
      largest = select(r.second[j] > largest, r.second[j], largest);
      sum.add(r.second[j]);
    }
    largest = r.largest(largest);
    RowSum<T> others;
    for (int64_t j = 0; j < r.vectors; j++) others.add(select(r.second[j] == largest, V{}, r.second[j]));
    Shares<T> s;
    s.inverse = T(1) / r.sum(sum);
    s.leaderRest = r.sum(others) * s.inverse;
    s.multiply(r, op);
  }
};

}  // namespace la::LA_TARGET
