// Losses of whole lists: the softmax of ListNet, the likelihood of ListMLE, and NDCG with ranks made smooth.
#ifndef LA_TARGET
#error "include ranking_listwise.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

LA_INLINE double largestOf(const double *x, int64_t count) {
  double largest = x[0];
  for (int64_t k = 1; k < count; k++)
    if (x[k] > largest || x[k] != x[k]) largest = x[k];
  return largest;
}

// out = e^(x - largest); returns their sum.
inline double exponentials(const double *x, int64_t count, double largest, double *out) {
  LongSum sum;
  for (int64_t k = 0; k < count; k += 8) {
    const int64_t n = count - k < 8 ? count - k : 8;
    const F64 e = exponential(loadFirst(x + k, n) - largest);
    storeFirst(out + k, e, n);
    for (int64_t j = 0; j < n; j++) sum.add(e[j]);
  }
  return sum.value();
}

// -Σ tₖ·log qₖ with t = softmax(relevance) and q = softmax(score).
inline double listwiseSoftmax(const RankingList &list) {
  double *const target = list.spare[0], *const share = list.spare[1];
  const double mostRelevant = largestOf(list.relevance, list.count), largest = largestOf(list.scores, list.count);
  const double targetSum = exponentials(list.relevance, list.count, mostRelevant, target);
  const double sum = exponentials(list.scores, list.count, largest, share);
  LongSum distance, mean;
  for (int64_t k = 0; k < list.count; k++) {
    target[k] /= targetSum;
    share[k] /= sum;
    if (target[k] != 0) distance.add(target[k] * (largest - list.scores[k]));
    mean.add(share[k] * list.vector[k]);
    list.gradient[k] = share[k] - target[k];
  }
  for (int64_t k = 0; k < list.count; k++) list.product[k] = share[k] * (list.vector[k] - mean.value());
  return scalarLogarithm(sum) + distance.value();
}

// -log of the Plackett-Luce probability of the list's order, or of its first places: Σ (log Σ_(j ≥ i) e^sⱼ - sᵢ). The scan of
// Cox's likelihood without ties: see cox.cpp for the units that the sums are kept in.
struct OrderLikelihood {
  const RankingList &list;
  const int64_t top;
  double *const shares, *const bases, *const units, *const changes;

  OrderLikelihood(const RankingList &list, int64_t top)
      : list(list), top(top < list.count ? top : list.count), shares(list.spare[0]), bases(list.spare[1]), units(list.spare[2]),
        changes(list.spare[3]) {}

  double run() const {
    double base = list.scores[list.count - 1];
    for (int64_t k = list.count - 1; k >= 0; k--) {
      if (list.scores[k] > base + 32) base = list.scores[k];
      bases[k] = base;
    }
    for (int64_t k = 0; k < list.count; k += 8) {
      const int64_t n = list.count - k < 8 ? list.count - k : 8;
      const F64 score = loadFirst(list.scores + k, n), unit = loadFirst(bases + k, n);
      storeFirst(shares + k, relativeExponential(score, unit), n);
    }
    LongSum loss, rest, moment;
    for (int64_t k = list.count - 1; k >= 0; k--) {
      if (k + 1 < list.count && bases[k] != bases[k + 1]) {
        const double factor = scalarExponential(bases[k + 1] - bases[k]);
        rest.scale(factor);
        moment.scale(factor);
      }
      const double others = rest.value();
      rest.add(shares[k]);
      moment.add(shares[k] * list.vector[k]);
      if (k >= top) continue;
      const double ratio = others / shares[k];
      loss.add(ratio < 1e300 ? scalarLogarithmOnePlus(ratio) : scalarLogarithm(rest.value()) - (list.scores[k] - bases[k]));
      units[k] = 1 / rest.value();
      changes[k] = units[k] * (moment.value() / rest.value());
    }
    LongSum unit, change;
    for (int64_t k = 0; k < list.count; k++) {
      if (k > 0 && bases[k] != bases[k - 1]) {
        const double factor = scalarExponential(bases[k] - bases[k - 1]);
        unit.scale(factor);
        change.scale(factor);
      }
      if (k < top) unit.add(units[k]), change.add(changes[k]);
      list.gradient[k] = shares[k] * unit.value() - (k < top ? 1 : 0);
      list.product[k] = shares[k] * (list.vector[k] * unit.value() - change.value());
    }
    return loss.value();
  }

  // e^(x - base), with what the difference loses to rounding put back.
  static LA_INLINE F64 relativeExponential(F64 x, F64 base) {
#pragma clang fp contract(off) reassociate(off)
    const F64 difference = x - base, part = x - difference;
    const F64 rest = (x - (difference + part)) + (part - base);
    const F64 e = exponential(difference);
    return select(rest == rest, e + e * rest, e);
  }
};

// 1 - Σ gain(i)/log₂(1 + πᵢ) over its ideal, where πᵢ = 1 + Σ_(j ≠ i) σ((sⱼ - sᵢ)/temperature).
struct ApproximateNDCG {
  const RankingList &list;
  const double temperature;
  double *const slopes, *const bends;

  ApproximateNDCG(const RankingList &list, double temperature)
      : list(list), temperature(temperature), slopes(list.spare[0]), bends(list.spare[1]) {}

  double run() const {
    list.clearResults();
    const double ideal = idealGain(list);
    if (!(ideal > 0)) return 0;
    LongSum loss;
    for (int64_t i = 0; i < list.count; i++) {
      const double gain = gainOf(list.relevance[i]) / ideal;
      double place = 0.5, moved = 0;  // an item's own share is a half
      for (int64_t j = 0; j < list.count; j += 8) {
        Pair p(*this, i, j);
        place += sumOfLanes(p.above);
        moved += sumOfLanes(p.slope * (p.v - list.vector[i]));
      }
      // With L = log(1 + π): d(1/L) = -1/((1 + π)·L²), d²(1/L) = (L + 2)/((1 + π)²·L³).
      const double logarithm = scalarLogarithmOnePlus(place), scaled = gain * 0x1.62e42fefa39efp-1 / logarithm;
      const double first = scaled / ((1 + place) * logarithm);
      const double second = -scaled * (logarithm + 2) / ((1 + place) * (1 + place) * logarithm * logarithm);
      // What the item loses to being where it is instead of where the best order has it: the ideal is the sum of those.
      loss.add(gain * discountOf(double(i + 1)) - scaled);
      slopes[i] = first;
      bends[i] = second * moved;
    }
    for (int64_t i = 0; i < list.count; i++) scatter(i);
    return loss.value();
  }

  struct Pair {
    int64_t n;
    F64 above, slope, bend, v;  // σ(x), σ'(x)/temperature, σ''(x)/temperature², the direction
    LA_INLINE Pair(const ApproximateNDCG &whole, int64_t i, int64_t j) {
      const RankingList &list = whole.list;
      n = list.count - j < 8 ? list.count - j : 8;
      const I64 counts = firstLanes(n);
      const F64 x = (loadFirst(list.scores + j, n) - list.scores[i]) / whole.temperature;
      v = loadFirst(list.vector + j, n);
      F64 tail, side;
      logisticTail(x, tail, side);
      const F64 one = splat<F64>(1), share = absolute(side);
      above = select(counts, select(x > 0, one - share, share + (x - x)), F64{});
      const F64 first = share * (one - share) / whole.temperature;
      slope = select(counts, first, F64{});
      bend = select(counts, first * (one - 2 * select(x > 0, one - share, share)) / whole.temperature, F64{});
    }
  };

  // The derivatives of πᵢ reach every item of the list.
  LA_INLINE void scatter(int64_t i) const {
    F64 slopeSum{}, productSum{};
    const double own = list.vector[i];
    for (int64_t j = 0; j < list.count; j += 8) {
      const Pair p(*this, i, j);
      const F64 change = bends[i] * p.slope + slopes[i] * p.bend * (p.v - own), slope = slopes[i] * p.slope;
      slopeSum += slope;
      productSum += change;
      storeFirst(list.gradient + j, loadFirst(list.gradient + j, p.n) + slope, p.n);
      storeFirst(list.product + j, loadFirst(list.product + j, p.n) + change, p.n);
    }
    list.gradient[i] -= sumOfLanes(slopeSum);
    list.product[i] -= sumOfLanes(productSum);
  }
};

}  // namespace la::LA_TARGET
