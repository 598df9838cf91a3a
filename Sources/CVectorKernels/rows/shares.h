// Rows of shares that sum to 1, softmax's above all, and what is centred by them: every gradient and curvature of a loss of logits.
#ifndef LA_TARGET
#error "include shares.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// q = shares·inverse. Of a share above one half (there is at most one) 1 - q is known from the sum of the others, to all its digits.
template <class T> struct Shares {
  typedef typename Lane<T>::Vector V;
  typedef typename Lane<T>::Mask Mask;
  V inverse, leaderRest;

  LA_INLINE V share(const RowBlock<T> &r, int64_t j) const { return r.shares[j] * inverse; }
  static LA_INLINE Mask leads(V q) { return q > splat<V>(T(0.5)); }
  LA_INLINE V rest(V q) const { return select(leads(q), leaderRest, T(1) - q); }

  // The functions below are not inlined: they are long, and the same for all losses. Their vectors lie in memory.

  // result = x - q·Σx.
  __attribute__((noinline)) void center(const RowBlock<T> &r, const V *x, V *result) const {
    RowSum<T> leader, others;
    for (int64_t j = 0; j < r.vectors; j++) {
      const Mask leading = leads(share(r, j));
      leader.add(select(leading, x[j], V{}));
      others.add(select(leading, V{}, x[j]));
    }
    const V fromOthers = r.sum(others), all = r.sum(leader) + fromOthers;
    for (int64_t j = 0; j < r.vectors; j++) {
      const V q = share(r, j), xj = x[j];
      result[j] = select(leads(q), xj * leaderRest - q * fromOthers, xj - q * all);
    }
  }

  // result = v - qᵀv, the derivative of the log shares in the direction v.
  __attribute__((noinline)) void deviations(const RowBlock<T> &r, const V *v, V *result) const {
    RowSum<T> leading, sum;
    for (int64_t j = 0; j < r.vectors; j++) leading.add(select(leads(share(r, j)), v[j], V{}));
    const V reference = r.sum(leading);
    for (int64_t j = 0; j < r.vectors; j++) {
      const V q = share(r, j);
      sum.add(select(leads(q), V{}, q * (v[j] - reference)));
    }
    const V mean = r.sum(sum);
    for (int64_t j = 0; j < r.vectors; j++) result[j] = (v[j] - reference) - mean;
  }

  // Products with (I - q·1ᵀ)·diag(e)·(I - 1·qᵀ) and its factor (I - q·1ᵀ)·diag √e. e lies in r.second; r.first is overwritten.
  __attribute__((noinline)) void multiply(RowBlock<T> &r, RowOperator op) const {
    const V *e = r.second;
    if (op == RowOperator::diagonal) {
      RowSum<T> leader, others;
      for (int64_t j = 0; j < r.vectors; j++) {
        const Mask leading = leads(share(r, j));
        leader.add(select(leading, e[j], V{}));
        others.add(select(leading, V{}, e[j]));
      }
      const V fromOthers = r.sum(others), all = r.sum(leader) + fromOthers;
      for (int64_t j = 0; j < r.vectors; j++) {
        const V q = share(r, j), missing = rest(q);
        r.output[j] = e[j] * missing * missing + q * q * select(leads(q), fromOthers, all - e[j]);
      }
      return;
    }
    if (op == RowOperator::factor) {
      for (int64_t j = 0; j < r.vectors; j++) r.first[j] = root(e[j]) * r.vector[j];
      return center(r, r.first, r.output);
    }
    deviations(r, r.vector, r.output);
    if (op == RowOperator::factorTransposed) {
      for (int64_t j = 0; j < r.vectors; j++) r.output[j] *= root(e[j]);
      return;
    }
    for (int64_t j = 0; j < r.vectors; j++) r.first[j] = e[j] * r.output[j];
    center(r, r.first, r.output);
  }

  // Rounding may leave a zero negative.
  static LA_INLINE V root(V e) { return squareRoot(select(e < 0, V{}, e)); }
};

// One element of a softmax: its cost c = -log q, its share q, and 1 - q; and what rounding took off the cost.
template <class V> struct Share { V cost, share, rest, lost; };

// q = softmax of the scores. r.shares becomes q up to a factor.
//
// Scores that are computed may come with what their rounding took off, in `low`: a score of 30 is off by so much that e^30 has lost five
// bits.
template <class T> struct Softmax : Shares<T> {
  typedef typename Lane<T>::Vector V;
  V maximum, maximumLow, tail;  // log Σ e^z = maximum + maximumLow + tail

  __attribute__((noinline)) explicit Softmax(RowBlock<T> &r, const V *low = nullptr) {
    const V lowest = splat<V>(T(-__builtin_inf()));
    V m = lowest;
    for (int64_t j = 0; j < r.vectors; j++) m = select(r.scores[j] > m, r.scores[j], m);
    maximum = r.largest(m);
    maximumLow = V{};
    if (low) {
      V l = lowest;
      for (int64_t j = 0; j < r.vectors; j++) l = select((r.scores[j] == maximum) & (low[j] > l), low[j], l);
      l = r.largest(l);
      maximumLow = select(l == lowest, V{}, l);
    }
    const RelativeExponential<T> exponential(maximum);
    RowSum<T> below;
    V ties{};
    for (int64_t j = 0; j < r.vectors; j++) {
      const V z = r.scores[j];
      V u = exponential(z);
      auto tie = z == maximum;
      if (low) {
        const V below = low[j] - maximumLow;
        u += u * below;
        tie &= below == V{};
      }
      r.shares[j] = u;
      ties += select(tie, splat<V>(1), V{});
      below.add(select(tie, V{}, u));
    }
    if (!r.narrow) {
      T count = 0;
      for (int k = 0; k < Lane<T>::count; k++) count += ties[k];
      ties = splat<V>(count);
    }
    // The sum over all elements but one maximum.
    const V others = r.sum(below) + (ties - T(1)) * exponential.largest;
    const V total = others + exponential.largest;
    this->inverse = splat<V>(1) / total;
    this->leaderRest = others / total;
    tail = logarithmOnePlus(others / exponential.largest);
  }

  LA_INLINE V cost(V z) const { return (maximum - z) + tail; }
  LA_INLINE V cost(V z, V low) const { return (maximum - z) + ((maximumLow - low) + tail); }
  // What the cost's two sums round away: a cost of 80 is off by so much that e^-cost has lost six bits.
  LA_INLINE V lost(V z) const {
#pragma clang fp contract(off) reassociate(off)
    const V difference = maximum - z, part = difference - maximum, sum = difference + tail, added = sum - difference;
    const V rest = ((maximum - (difference - part)) - (z + part)) + ((difference - (sum - added)) + (tail - added));
    return select(rest == rest, rest, V{});
  }

  LA_INLINE Share<V> at(const RowBlock<T> &r, int64_t j) const {
    const V q = this->share(r, j);
    return {cost(r.scores[j]), q, this->rest(q), lost(r.scores[j])};
  }
  LA_INLINE Share<V> atLabel(const RowBlock<T> &r) const {
    const V q = r.atLabel(r.shares) * this->inverse;
    const V z = r.atLabel(r.scores);
    return {cost(z), q, this->rest(q), lost(z)};
  }
};

}  // namespace la::LA_TARGET
