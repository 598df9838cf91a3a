// RankNet and its weighted form: a logistic loss for every pair of items of different relevance.
#ifndef LA_TARGET
#error "include ranking_pairs.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

template <bool weighted> struct PairedLogistic {
  const RankingList &list;
  double *const gains;
  double *const discounts;

  explicit PairedLogistic(const RankingList &list) : list(list), gains(list.spare[0]), discounts(list.spare[1]) {}

  // Gains over the ideal, and the discount of each item's place by its score.
  void prepare() const {
    const double ideal = idealGain(list);
    for (int64_t k = 0; k < list.count; k++) {
      gains[k] = ideal > 0 ? gainOf(list.relevance[k]) / ideal : 0;
      list.keys[k] = {~la_ascending_bits(list.scores[k]), list.items[k]};
    }
    la_sort_keys(list.keys, list.count);
    double *const byItem = list.spare[2];
    for (int64_t place = 0; place < list.count; place++)
      byItem[list.keys[place].index - list.first] = discountOf(double(place + 1));
    for (int64_t k = 0; k < list.count; k++) discounts[k] = byItem[list.items[k] - list.first];
  }

  double run(bool wantsGradient) const {
    if (weighted) prepare();
    list.clearResults();
    LongSum loss;
    for (int64_t k = 0; k < list.count;) {
      const int64_t end = list.endOfLevel(k);
      for (; k < end; k++) loss.add(wantsGradient ? pairs<true>(k, end) : pairs<false>(k, end));
    }
    return loss.value();
  }

  // The pairs of item i with the items from `begin` on, all less relevant.
  template <bool derives> LA_INLINE double pairs(int64_t i, int64_t begin) const {
    const F64 score = splat<F64>(list.scores[i]), v = splat<F64>(list.vector[i]);
    F64 losses{}, slopes{}, changes{};
    for (int64_t j = begin; j < list.count; j += 8) {
      const int64_t n = list.count - j < 8 ? list.count - j : 8;
      const F64 x = loadFirst(list.scores + j, n) - score;
      F64 tail, side;
      logisticTail(x, tail, side);
      const F64 one = splat<F64>(1);
      F64 weight = select(firstLanes(n), one, F64{});
      if (weighted)
        weight *= absolute(splat<F64>(gains[i]) - loadFirst(gains + j, n)) *
                  absolute(splat<F64>(discounts[i]) - loadFirst(discounts + j, n));
      const F64 loss = maximum(x, F64{}) + tail;
      losses += select(weight == 0, F64{}, weight * loss);
      if (derives) {
        const F64 share = absolute(side);
        const F64 slope = select(weight == 0, F64{}, weight * select(x > 0, one - share, select(x == x, share, x)));
        const F64 bend = select(weight == 0, F64{}, weight * (share * (one - share)));
        const F64 change = bend * (v - loadFirst(list.vector + j, n));
        slopes += slope;
        changes += change;
        storeFirst(list.gradient + j, loadFirst(list.gradient + j, n) + slope, n);
        storeFirst(list.product + j, loadFirst(list.product + j, n) - change, n);
      }
    }
    if (derives) {
      list.gradient[i] -= sumOfLanes(slopes);
      list.product[i] += sumOfLanes(changes);
    }
    return sumOfLanes(losses);
  }
};

}  // namespace la::LA_TARGET
