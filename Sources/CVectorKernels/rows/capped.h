// Cross-entropy of capped logits with a price on their log-partition function: c·tanh(z/c) in place of z, and λ·(log Σ e^z)² on top.
#ifndef LA_TARGET
#error "include capped.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// Parameters: λ, and c or 0 for no cap.
struct CappedCrossEntropyLoss {
  static constexpr bool linear = true, probabilities = false, padsWithInfinity = true;

  // |z|/c in two pieces, from 1/c: e^(-2x) would lose as many digits as x has before the point. Beyond 400 the derivative is 0.
  template <class V> struct Quotient { V high, low; };
  static LA_INLINE Quotient<F64> quotientByCap(F64 magnitude, F64 c, F64 inverse) {
    const F64 farthest = splat<F64>(400), plain = magnitude * inverse, x = select(plain > farthest, farthest, plain);
    F64 error;
    const F64 product = exactProduct(x, c, error), low = ((magnitude - product) - error) * inverse;
    // None beyond the range of products.
    return {x, select(absolute(low) < splat<F64>(1), low, F64{})};
  }
  static LA_INLINE Quotient<F32> quotientByCap(F32 magnitude, F32 c, F64 inverse) {
    const F64 farthest = splat<F64>(400), p = lowHalf(magnitude) * inverse, q = highHalf(magnitude) * inverse;
    const F64 first = select(p > farthest, farthest, p), second = select(q > farthest, farthest, q);
    const F32 x = fromHalves(first, second);
    return {x, fromHalves(first - lowHalf(x), second - highHalf(x))};
  }

  // Capped logits, a = c·tanh(z/c), take the scores' place, with what their rounding takes off in r.second; their derivatives
  // a′ = 1/cosh²(z/c) go into r.third, and a/c into r.fourth.
  template <class T> static LA_INLINE void cap(RowBlock<T> &r) {
    typedef typename Lane<T>::Vector V;
    const V c = r.parameter(1);
    const double exact = 1 / double(T(r.parameters[1]));
    const F64 inverse = splat<F64>(exact < __DBL_MAX__ ? exact : __DBL_MAX__);
    for (int64_t j = 0; j < r.vectors; j++) {
      const V z = r.scores[j];
      const Quotient<V> x = quotientByCap(absolute(z), c, inverse);
      V low, error;
      const V t = hyperbolicTangentInTwoPieces(x.high, x.low, low);
      const V e = exponentialOfNegative(x.high * T(-2)), fall = e - e * (x.low + x.low), whole = fall + T(1);
      r.third[j] = T(4) * (fall / (whole * whole));
      r.fourth[j] = copySign(t, z);
      const V a = exactProduct(c, t, error), rest = error + c * low;
      // What pads a row is no class.
      const auto isClass = r.classNumber(j) < T(r.classes);
      r.scores[j] = select(isClass, copySign(a, z), z);
      r.second[j] = select(isClass & (absolute(rest) < splat<V>(1)), select(z < V{}, -rest, rest), V{});
    }
  }

  // The loss is Σ t·(c + λ·lse²). The slopes of Σ t·c with respect to the log shares are -t, to which the derivative of λ·lse² adds
  // 2λ·lse·q.
  template <class T> static LA_INLINE typename Lane<T>::Vector value(RowBlock<T> &r, bool wantsGradient) {
    typedef typename Lane<T>::Vector V;
    const bool capped = r.parameters[1] > 0;
    if (capped) cap(r);
    const Softmax<T> s(r, capped ? r.second : nullptr);
    const V lse = s.maximum + (s.maximumLow + s.tail), price = r.parameter(0) * lse;
    const V penalty = r.parameters[0] == 0 ? V{} : price * lse, pull = r.parameters[0] == 0 ? V{} : price + price;
    V value, mass = splat<V>(1);
    if (r.hasLabels) {
      const Share<V> own = s.atLabel(r);
      value = capped ? s.cost(r.atLabel(r.scores), r.atLabel(r.second)) : own.cost;
      if (wantsGradient) {
        for (int64_t j = 0; j < r.vectors; j++) r.output[j] = s.share(r, j) * (T(1) + pull);
        r.putAtLabel(r.output, pull * own.share - own.rest);
      }
    } else {
      RowSum<T> sum, masses;
      for (int64_t j = 0; j < r.vectors; j++) {
        const V t = r.target(j);
        masses.add(t);
        const V cost = capped ? s.cost(r.scores[j], r.second[j]) : s.cost(r.scores[j]);
        sum.add(select(t == V{}, V{}, t * cost));
        r.first[j] = -t;
      }
      value = r.sum(sum);
      mass = r.sum(masses);
      if (wantsGradient) {
        s.center(r, r.first, r.output);
        for (int64_t j = 0; j < r.vectors; j++) r.output[j] += mass * pull * s.share(r, j);
      }
    }
    if (capped && wantsGradient)
      for (int64_t j = 0; j < r.vectors; j++) r.output[j] *= r.third[j];
    return value + mass * penalty;
  }

  template <class T> static LA_INLINE void product(RowBlock<T> &r, RowCurvature kind, RowOperator op) {
    typedef typename Lane<T>::Vector V;
    const bool capped = r.parameters[1] > 0;
    if (capped) cap(r);
    const Softmax<T> s(r, capped ? r.second : nullptr);
    const V lambda = r.parameter(0), lse = s.maximum + (s.maximumLow + s.tail);
    RowSum<T> sum;
    for (int64_t j = 0; j < r.vectors; j++) sum.add(r.target(j));
    const V mass = r.sum(sum), pull = r.parameters[0] == 0 ? V{} : mass * T(2) * lambda * lse, heaviness = mass + pull;

    // With T = Σt: D·((T + 2λT·lse)·(diag q - qqᵀ) + 2λT·qqᵀ)·D + diag(∂L/∂a∘a″), D = diag a′ and a″ = -2·tanh·a′/c.
    RowSum<T> means;
    for (int64_t j = 0; j < r.vectors; j++) {
      const V q = s.share(r, j);
      r.second[j] = heaviness * q;
      if (op == RowOperator::diagonal) continue;
      r.vector[j] = capped ? r.vector[j] * r.third[j] : r.vector[j];
      means.add(q * r.vector[j]);
    }
    const V mean = r.sum(means);
    s.multiply(r, op);
    for (int64_t j = 0; j < r.vectors; j++) {
      const V q = s.share(r, j);
      V result = r.output[j] + T(2) * lambda * mass * q * (op == RowOperator::diagonal ? q : mean);
      if (capped) {
        const V t = r.target(j), missing = select(t == mass, -mass * s.rest(q), mass * q - t), slope = missing + pull * q, d = r.third[j];
        result *= op == RowOperator::diagonal ? d * d : d;
        // The vector has been multiplied by a′ already.
        const V along = op == RowOperator::diagonal ? d : r.vector[j];
        if (kind == RowCurvature::exact) result -= T(2) * slope * r.fourth[j] / r.parameter(1) * along;
      }
      r.output[j] = result;
    }
  }
};

}  // namespace la::LA_TARGET
