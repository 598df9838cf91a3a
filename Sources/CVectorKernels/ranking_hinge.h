// The pairwise hinge losses in O(n log n): merging lists sorted by score counts, for every item, the pairs that it loses something in.
#ifndef LA_TARGET
#error "include ranking_hinge.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

template <bool squared> struct PairedHinge {
  const RankingList &list;
  const double margin;
  int64_t *const levels;   // where each level of relevance begins, and the end
  int64_t *const order;    // the places of items, sorted by score within what has been merged
  int64_t *const merged;

  PairedHinge(const RankingList &list, double margin)
      : list(list), margin(margin), levels(reinterpret_cast<int64_t *>(list.spare[0])),
        order(reinterpret_cast<int64_t *>(list.spare[1])), merged(reinterpret_cast<int64_t *>(list.spare[2])) {}

  double run() const {
    list.clearResults();
    int64_t count = 0;
    bool finite = true;
    for (int64_t k = 0; k < list.count; k = list.endOfLevel(k)) levels[count++] = k;
    levels[count] = list.count;
    for (int64_t k = 0; k < list.count; k++) finite = finite && __builtin_isfinite(list.scores[k]);
    if (!finite) {
      // Differences of infinities are NaN; and NaN has no place among sorted scores.
      for (int64_t k = 0; k < list.count; k++) list.gradient[k] = list.product[k] = __builtin_nan("");
      return __builtin_nan("");
    }
    LongSum loss;
    solve(0, count, loss);
    return loss.value();
  }

  // All pairs between the levels first ..< end, which come out sorted by score.
  void solve(int64_t first, int64_t end, LongSum &loss) const {
    const int64_t begin = levels[first], last = levels[end];
    if (end - first == 1) {
      for (int64_t k = begin; k < last; k++) list.keys[k] = {la_ascending_bits(list.scores[k]), k};
      la_sort_keys(list.keys + begin, last - begin);
      for (int64_t k = begin; k < last; k++) order[k] = list.keys[k].index;
      return;
    }
    const int64_t middle = first + (end - first) / 2;
    solve(first, middle, loss);
    solve(middle, end, loss);
    const int64_t split = levels[middle];
    higher(begin, split, last, loss);
    lower(begin, split, last);
    merge(begin, split, last);
  }

  // Each slack margin - sᵢ + sⱼ of the pairs that count so far grows by what the score has moved; all terms are positive, so nothing
  // cancels.
  struct Slacks {
    double count = 0, sum = 0, squares = 0, vector = 0;
    LA_INLINE void grow(double by) {
      squares += by * (2 * sum + count * by);
      sum += count * by;
    }
    LA_INLINE void add(double slack, double v) {
      count += 1;
      sum += slack;
      squares += slack * slack;
      vector += v;
    }
  };

  // The more relevant items, from the highest score down: each meets ever more of the less relevant ones.
  void higher(int64_t begin, int64_t split, int64_t last, LongSum &loss) const {
    Slacks slacks;
    int64_t next = last - 1;
    for (int64_t k = split - 1; k >= begin; k--) {
      const int64_t i = order[k];
      const double score = list.scores[i];
      if (k < split - 1) slacks.grow(list.scores[order[k + 1]] - score);
      for (; next >= split && margin - score + list.scores[order[next]] > 0; next--)
        slacks.add(margin - score + list.scores[order[next]], list.vector[order[next]]);
      loss.add(squared ? slacks.squares : slacks.sum);
      list.gradient[i] -= squared ? 2 * slacks.sum : slacks.count;
      if (squared) list.product[i] += 2 * (slacks.count * list.vector[i] - slacks.vector);
    }
  }

  // The less relevant items, from the lowest score up.
  void lower(int64_t begin, int64_t split, int64_t last) const {
    Slacks slacks;
    int64_t next = begin;
    for (int64_t k = split; k < last; k++) {
      const int64_t j = order[k];
      const double score = list.scores[j];
      if (k > split) slacks.grow(score - list.scores[order[k - 1]]);
      for (; next < split && margin - list.scores[order[next]] + score > 0; next++)
        slacks.add(margin - list.scores[order[next]] + score, list.vector[order[next]]);
      list.gradient[j] += squared ? 2 * slacks.sum : slacks.count;
      if (squared) list.product[j] += 2 * (slacks.count * list.vector[j] - slacks.vector);
    }
  }

  void merge(int64_t begin, int64_t split, int64_t last) const {
    int64_t a = begin, b = split;
    for (int64_t k = begin; k < last; k++) {
      const bool takesFirst = b == last || (a < split && list.scores[order[a]] <= list.scores[order[b]]);
      merged[k] = order[takesFirst ? a++ : b++];
    }
    __builtin_memcpy(order + begin, merged + begin, (last - begin) * sizeof(int64_t));
  }
};

}  // namespace la::LA_TARGET
