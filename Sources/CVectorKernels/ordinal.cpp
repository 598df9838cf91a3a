// Ordinal losses of one score η per sample and increasing cuts b[0] < b[1] < … between the levels: in double for every element type, so
// that distances b - η are exact to far more than a float, and with what they lose of a double put back.
#define LA_SOURCE "ordinal.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "softmax_row.h"
#include "transpose.h"

#include "softmax_loss.h"

namespace la::LA_TARGET {

// b - η in two pieces.
struct CutDistance { F64 value, rest; };
LA_INLINE CutDistance cutDistance(F64 cut, F64 score) {
#pragma clang fp contract(off) reassociate(off)
  const F64 d = cut - score, part = d - cut;
  const F64 rest = (cut - (d - part)) + (-score - part);
  return {d, select(rest == rest, rest, F64{})};
}

// log(1 + e^-x), its derivative -σ(-x) and second derivative σ(x)·σ(-x).
struct SoftplusTerms { F64 value, slope, bend; };
LA_INLINE SoftplusTerms softplusOfNegative(CutDistance x) {
  F64 tail, side;
  logisticTail(x.value, tail, side);
  const auto positive = x.value > F64{};
  const F64 share = absolute(side), other = 1.0 - share;
  const F64 slope = select(positive, -share, -other), bend = share * other;
  // To first order what the distance lost.
  const F64 value = select(positive, F64{}, -x.value) + tail;
  const F64 turn = bend * select(positive, share - other, other - share);
  return {value + slope * x.rest, slope + bend * x.rest, bend + turn * x.rest};
}

// A sum of many terms with compensation.
struct CutSum {
  double sum, rest;
  LA_INLINE void add(double x) {
#pragma clang fp contract(off) reassociate(off)
    const double next = sum + x, part = next - sum;
    rest += (sum - (next - part)) + (x - part);
    sum = next;
  }
};

template <class T> struct OrdinalRun {
  static constexpr int64_t lanes = 8;
  const la_ordinal &batch;
  CutSum *const cutSums;
  int64_t level[lanes];
  F64 score, weight, direction;
  F64 value, slope, product;

  LA_INLINE OrdinalRun(const la_ordinal &batch, double *sums) : batch(batch), cutSums(reinterpret_cast<CutSum *>(sums)) {}

  LA_INLINE void read(int64_t at, int64_t count) {
    score = direction = weight = F64{};
    for (int64_t i = 0; i < lanes; i++) level[i] = 0;
    readLabels(batch.levels, batch.levelType, at, count, level);
    for (int64_t i = 0; i < count; i++) {
      weight[i] = batch.weights ? double(static_cast<const T *>(batch.weights)[at + i]) : 1;
      if (batch.hasIgnoredLevel && level[i] == batch.ignoredLevel) weight[i] = 0;
      if (weight[i] == 0) {
        level[i] = 0;
        continue;
      }
      score[i] = double(static_cast<const T *>(batch.scores)[at + i]);
      if (batch.vector) direction[i] = double(static_cast<const T *>(batch.vector)[at + i]);
    }
    value = slope = product = F64{};
  }

  // One cut's part x(b - η): its slope goes to the cut and, negative, to the score.
  LA_INLINE void collect(int64_t cut, double x) const { cutSums[cut].add(x); }

  // log(1 + e^-(b_y - η)) + log(1 + e^(b_(y-1) - η)) - log(1 - e^(b_(y-1) - b_y)), with absent cuts at ±∞.
  LA_INLINE void cumulative() {
    const double infinity = __builtin_inf();
    F64 upper = splat<F64>(infinity), lower = splat<F64>(-infinity), gap = splat<F64>(infinity), upperTurn{}, lowerTurn{};
    for (int64_t i = 0; i < lanes; i++) {
      const int64_t y = level[i];
      const bool hasUpper = y < batch.cutCount, hasLower = y > 0;
      if (hasUpper) upper[i] = batch.cuts[y];
      if (hasLower) lower[i] = batch.cuts[y - 1];
      if (hasUpper && hasLower) gap[i] = batch.cuts[y] - batch.cuts[y - 1];
      if (!batch.vector) continue;
      if (hasUpper) upperTurn[i] = batch.cutVector[y] - direction[i];
      if (hasLower) lowerTurn[i] = batch.cutVector[y - 1] - direction[i];
    }
    CutDistance a = cutDistance(upper, score), c = cutDistance(lower, score);
    c.value = -c.value, c.rest = -c.rest;
    const SoftplusTerms above = softplusOfNegative(a), below = softplusOfNegative(c);
    // e^-g/(1 - e^-g), and the same over 1 - e^-g.
    const F64 e = exponentialOfNegative(-gap), missing = -exponentialMinusOneOfNegative(-gap);
    // To first order what the gap lost.
    const F64 rest = cutDistance(upper, lower).rest, rounded = e / missing;
    const F64 pull = rounded - select(rest == F64{}, F64{}, rounded / missing * rest);
    value = above.value + below.value -
            (logarithmOneMinusExponential(gap) + select(rest == F64{}, F64{}, rounded * rest));
    const F64 cutSlopeAbove = above.slope - pull, cutSlopeBelow = pull - below.slope;
    slope = below.slope - above.slope;
    if (batch.vector) {
      const auto between = (upper - upper == F64{}) & (lower - lower == F64{});
      const F64 stiffness = select(between, pull / missing, F64{});
      const F64 up = above.bend * upperTurn, down = below.bend * lowerTurn;
      const F64 apart = select(between, stiffness * (upperTurn - lowerTurn), F64{});
      product = -up - down;
      scatter(up + apart, down - apart);
    } else {
      product = above.bend + below.bend;
      if (batch.cutSums) scatter(cutSlopeAbove, cutSlopeBelow);
    }
  }

  LA_INLINE void scatter(F64 toUpper, F64 toLower) const {
    for (int64_t i = 0; i < lanes; i++) {
      if (weight[i] == 0) continue;
      if (level[i] < batch.cutCount) collect(level[i], toUpper[i] * weight[i]);
      if (level[i] > 0) collect(level[i] - 1, toLower[i] * weight[i]);
    }
  }

  // The sum over all cuts of ψ(s·(η - b)), s = 1 for cuts below the level and -1 for the others.
  template <bool isHinge> LA_INLINE void allCuts() {
    F64 levels;
    for (int64_t i = 0; i < lanes; i++) levels[i] = double(level[i]);
    for (int64_t k = 0; k < batch.cutCount; k++) {
      CutDistance d = cutDistance(splat<F64>(batch.cuts[k]), score);
      const F64 side = select(levels > double(k), splat<F64>(-1), splat<F64>(1));
      // The margin s·(η - b) = side·(b - η).
      d.value *= side, d.rest *= side;
      SoftplusTerms x;
      if (isHinge) {
        const F64 violation = (1.0 - d.value) - d.rest;
        const auto isMet = violation <= F64{};
        x = {select(isMet, F64{}, violation), select(isMet, F64{}, select(violation == violation, splat<F64>(-1), violation)), F64{}};
      } else {
        x = softplusOfNegative(d);
      }
      value += x.value;
      slope -= side * x.slope;
      F64 toCut = side * x.slope;
      if (batch.vector) {
        toCut = x.bend * (batch.cutVector[k] - direction);
        product -= toCut;
      } else {
        product += x.bend;
      }
      if (!batch.cutSums) continue;
      const F64 weighted = select(weight == F64{}, F64{}, toCut * weight);
      collect(k, sumOfLanes(weighted));
    }
  }

  static LA_INLINE void put(void *destination, int64_t at, int64_t count, F64 x) {
    if (!destination) return;
    for (int64_t i = 0; i < count; i++) static_cast<T *>(destination)[at + i] = T(x[i]);
  }

  LA_INLINE void run(int64_t begin, int64_t end, double *sum) {
    RowSum<double> total;
    for (int64_t at = begin; at < end; at += lanes) {
      const int64_t count = end - at < lanes ? end - at : lanes;
      read(at, count);
      switch (batch.kind) {
        case LA_ORDINAL_CUMULATIVE: cumulative(); break;
        case LA_ORDINAL_ALL_LOGISTIC: allCuts<false>(); break;
        case LA_ORDINAL_ALL_HINGE: allCuts<true>(); break;
      }
      const auto left = weight == F64{};
      const F64 own = select(left, F64{}, value), factor = weight * batch.scale;
      total.addProduct(own, weight);
      put(batch.values, at, count, own * weight);
      put(batch.gradient, at, count, select(left, F64{}, slope * factor));
      put(batch.product, at, count, select(left, F64{}, product * factor));
    }
    total.total(sum);
  }
};

template <class T> void ordinal(const la_ordinal *batch, int64_t begin, int64_t end, double *sums) {
  OrdinalRun<T>(*batch, sums + 2).run(begin, end, sums);
}

}  // namespace la::LA_TARGET

#else

extern "C" {

void la_ordinal_f32(const la_ordinal *batch, int64_t begin, int64_t end, double *sums) {
  LA_DISPATCH(ordinal<float>)(batch, begin, end, sums);
}

void la_ordinal_f64(const la_ordinal *batch, int64_t begin, int64_t end, double *sums) {
  LA_DISPATCH(ordinal<double>)(batch, begin, end, sums);
}

}  // extern "C"

#endif
