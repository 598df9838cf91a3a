// Distances between a target distribution t and a predicted one q, class by class.
#ifndef LA_TARGET
#error "include divergences.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// q - t; next to a certain target from 1 - q, which keeps its digits.
template <class V> LA_INLINE V shareMinusTarget(const Share<V> &x, V t) {
  return select(t == splat<V>(1), -x.rest, x.share - t);
}

// A power of two that brings quotients back into range, and its exponent.
template <class V> struct QuotientLift;
template <> struct QuotientLift<F32> { static constexpr float power = 0x1p64f, smallest = 0x1p-126f; static constexpr int exponent = 64; };
template <> struct QuotientLift<F64> { static constexpr double power = 0x1p512, smallest = 0x1p-1022; static constexpr int exponent = 512; };

// log(a/b) for a and b in 0...1, also where they are almost equal and where the quotient is out of range.
template <class V> LA_INLINE V logarithmOfQuotient(V a, V b) {
  typedef QuotientLift<V> Lift;
  const V one = splat<V>(1), x = (a - b) / b, plain = a / b;
  const auto isLow = plain < Lift::smallest, isHigh = plain == __builtin_inff();
  const V scale = select(isLow, splat<V>(Lift::power), select(isHigh, splat<V>(1 / Lift::power), one));
  const V shift = select(isLow, splat<V>(-Lift::exponent), select(isHigh, splat<V>(Lift::exponent), V{}));
  const V near = mulAdd(shift, splat<V>(LogarithmOfTwo<V>::low), logarithm(a * scale / b));
  const V far = mulAdd(shift, splat<V>(LogarithmOfTwo<V>::high), near);
  return select(absolute(x) < splat<V>(0.5f), logarithmOnePlus(x), far);
}

// log(t/q) of a softmax's share.
template <class V> LA_INLINE V logarithmOfTargetByShare(const Share<V> &x, V t) {
  const V d = -shareMinusTarget(x, t) / x.share;
  return select(absolute(d) < splat<V>(0.5f), logarithmOnePlus(d), x.cost + logarithm(t));
}

// t·log(t/q).
struct KullbackLeiblerTerms {
  static constexpr bool linear = false;
  template <class T, class V> static LA_INLINE ShareTerms<V> of(const RowBlock<T> &, const Share<V> &x, V t) {
    const V value = select(t == V{}, V{}, t * logarithmOfTargetByShare(x, t));
    return {value, -t, V{}, t};
  }
  template <class T, class V> static LA_INLINE ProbabilityTerms<V> ofProbability(const RowBlock<T> &, V q, V t) {
    const auto absent = (t == V{}) & (q == q);
    const V ratio = select(absent, V{}, t / q);
    return {select(absent, V{}, t * logarithmOfQuotient(t, q)), -ratio, select(absent, V{}, ratio / q)};
  }
};

// t·log(t/q) - t + q, at least 0 in every class.
struct GeneralizedKullbackLeiblerTerms {
  static constexpr bool linear = false;
  template <class T, class V> static LA_INLINE ProbabilityTerms<V> ofProbability(const RowBlock<T> &r, V q, V t) {
    const ProbabilityTerms<V> x = KullbackLeiblerTerms::ofProbability(r, q, t);
    // With q = t·(1 + y) it is t·(y - log(1 + y)): nothing cancels where q is near t.
    const V y = (q - t) / t;
    return {select(absolute(y) < splat<V>(0.5f), t * logarithmOnePlusDeficit(y), x.value + (q - t)), select(t == V{}, splat<V>(1), (q - t) / q), x.bend};
  }
};

// q·log(q/t).
struct ReverseKullbackLeiblerTerms {
  static constexpr bool linear = false;
  template <class T, class V> static LA_INLINE ShareTerms<V> of(const RowBlock<T> &, const Share<V> &x, V t) {
    const V q = x.share, value = select(q == V{}, V{}, -q * logarithmOfTargetByShare(x, t));
    return {value, value, value + q, q};
  }
  template <class T, class V> static LA_INLINE ProbabilityTerms<V> ofProbability(const RowBlock<T> &, V q, V t) {
    const V logRatio = logarithmOfQuotient(q, t);
    const V value = select((q == V{}) & (t == t), V{}, q * logRatio);
    return {value, logRatio + T(1), T(1) / q};
  }
};

// The Jensen-Shannon divergence β·t·log(t/m) + (1 - β)·q·log(q/m), m = β·t + (1 - β)·q.
struct JensenShannonTerms {
  static constexpr bool linear = false;
  // log(a/m), where a - m is known.
  template <class V> static LA_INLINE V logarithmByMixture(V a, V excess, V mixture) {
    const V x = excess / mixture;
    return select(absolute(x) < splat<V>(0.5f), logarithmOnePlus(x), logarithm(a / mixture));
  }
  template <class V> struct Parts { V ofTarget, ofShare, weight, value; };
  // t·log(t/m), q·log(q/m), q·t/m and the divergence, from d = q - t. With D(y) = y - log(1 + y) the divergence is β·t·D(m/t - 1) +
  // (1 - β)·q·D(m/q - 1): no term is negative.
  template <class T, class V> static LA_INLINE Parts<V> parts(const RowBlock<T> &r, V q, V t, V d) {
    const V beta = r.parameter(0), other = T(1) - beta, zero{};
    const V mixture = beta * t + other * q;
    const V ofTarget = select(t == zero, zero, t * logarithmByMixture(t, -other * d, mixture));
    const V ofShare = select(q == zero, zero, q * logarithmByMixture(q, beta * d, mixture));
    const V y = other * d / t, z = -beta * d / q, half = splat<V>(0.5f);
    const V near = beta * t * logarithmOnePlusDeficit(y) + other * q * logarithmOnePlusDeficit(z);
    const V value = select((absolute(y) < half) & (absolute(z) < half), near, beta * ofTarget + other * ofShare);
    return {ofTarget, ofShare, select(mixture == zero, zero, q * (t / mixture)), value};
  }
  template <class T, class V> static LA_INLINE ShareTerms<V> of(const RowBlock<T> &r, const Share<V> &x, V t) {
    const V beta = r.parameter(0), other = T(1) - beta;
    const Parts<V> p = parts(r, x.share, t, shareMinusTarget(x, t));
    const V slope = other * p.ofShare, own = beta * other * p.weight;
    return {p.value, slope, slope + own, own};
  }
  template <class T, class V> static LA_INLINE ProbabilityTerms<V> ofProbability(const RowBlock<T> &r, V q, V t) {
    const V beta = r.parameter(0), other = T(1) - beta, d = q - t, mixture = beta * t + other * q;
    const Parts<V> p = parts(r, q, t, d);
    const V slope = other * logarithmByMixture(q, beta * d, mixture);
    const auto nothing = (q == V{}) & (t == V{});
    return {select(q == q, p.value, q), select(nothing, V{}, slope), select(t == V{}, V{}, beta * other * (t / q) / mixture)};
  }
};

// Half of |q - t|.
struct TotalVariationTerms {
  static constexpr bool linear = false;
  template <class V> static LA_INLINE V sign(V d) {
    const V one = splat<V>(1);
    return select(d > V{}, one, select(d < V{}, -one, d));
  }
  template <class T, class V> static LA_INLINE ShareTerms<V> of(const RowBlock<T> &, const Share<V> &x, V t) {
    const V d = shareMinusTarget(x, t), slope = sign(d) * x.share * T(0.5);
    return {absolute(d) * T(0.5), slope, slope, V{}};
  }
  template <class T, class V> static LA_INLINE ProbabilityTerms<V> ofProbability(const RowBlock<T> &, V q, V t) {
    const V d = q - t;
    return {absolute(d) * T(0.5), sign(d) * T(0.5), V{}};
  }
};

// The squared Hellinger distance, half of (√q - √t)².
struct HellingerTerms {
  static constexpr bool linear = false;
  template <class T, class V> static LA_INLINE V value(V d, V q, V t) {
    const V root = d / (squareRoot(q) + squareRoot(t));
    return select(d == V{}, V{}, root * root * T(0.5));
  }
  template <class T, class V> static LA_INLINE ShareTerms<V> of(const RowBlock<T> &, const Share<V> &x, V t) {
    // √q from the cost: its square may be too small for a number.
    const V mean = exponentialOfNegative(x.cost * T(-0.5)) * squareRoot(t);
    return {value<T>(shareMinusTarget(x, t), x.share, t), mean * T(-0.5), mean * T(-0.25), mean * T(0.25)};
  }
  template <class T, class V> static LA_INLINE ProbabilityTerms<V> ofProbability(const RowBlock<T> &, V q, V t) {
    const V root = squareRoot(q), ratio = select(t == V{}, V{}, squareRoot(t) / root), d = q - t;
    const V slope = select(t == V{}, splat<V>(T(0.5)), d / (root * (root + squareRoot(t))) * T(0.5));
    return {value<T>(d, q, t), slope, select(t == V{}, V{}, ratio / q * T(0.25))};
  }
};

// (q - t)².
struct BrierTerms {
  static constexpr bool linear = false;
  template <class T, class V> static LA_INLINE ShareTerms<V> of(const RowBlock<T> &, const Share<V> &x, V t) {
    const V d = shareMinusTarget(x, t), twice = x.share + x.share, slope = twice * d, own = twice * x.share;
    return {d * d, slope, slope + own, own};
  }
  template <class T, class V> static LA_INLINE ProbabilityTerms<V> ofProbability(const RowBlock<T> &, V q, V t) {
    const V d = q - t;
    return {d * d, d + d, splat<V>(2)};
  }
};

}  // namespace la::LA_TARGET
