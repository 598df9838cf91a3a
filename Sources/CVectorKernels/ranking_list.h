// One list in the workspace: its items that count, the most relevant first, in double precision.
#ifndef LA_TARGET
#error "include ranking_list.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

struct RankingList {
  int64_t count = 0, first = 0;  // `first` is the batch's item that the list begins with
  double *scores, *relevance, *vector;
  int64_t *items;
  la_sort_key *keys;            // two doubles each
  double *gradient, *product;   // results: of the list's own loss
  double *spare[8];

  // `room` is one more than the items, so that whole vectors of 8 may not be read here: see forEachVector.
  LA_INLINE void layOut(double *space, int64_t room) {
    keys = reinterpret_cast<la_sort_key *>(space);
    items = reinterpret_cast<int64_t *>(space + 2 * room);
    scores = space + 3 * room;
    relevance = space + 4 * room;
    vector = space + 5 * room;
    gradient = space + 6 * room;
    product = space + 7 * room;
    for (int k = 0; k < 8; k++) spare[k] = space + (8 + k) * room;
  }

  LA_INLINE void clearResults() const {
    __builtin_memset(gradient, 0, count * sizeof(double));
    __builtin_memset(product, 0, count * sizeof(double));
  }

  // The end of the items that are as relevant as item k.
  LA_INLINE int64_t endOfLevel(int64_t k) const {
    int64_t end = k + 1;
    while (end < count && relevance[end] == relevance[k]) end++;
    return end;
  }
};

// The first n <= 8 of p[0...7], and `rest` beyond.
LA_INLINE F64 loadFirst(const double *p, int64_t n, double rest = 0) {
  F64 x = splat<F64>(rest);
  __builtin_memcpy(&x, p, n * sizeof(double));
  return x;
}
LA_INLINE void storeFirst(double *p, F64 x, int64_t n) { __builtin_memcpy(p, &x, n * sizeof(double)); }
LA_INLINE I64 firstLanes(int64_t n) {
  const I64 lane = {0, 1, 2, 3, 4, 5, 6, 7};
  return lane < n;
}

// What discounted cumulative gain makes of relevances and places.
LA_INLINE double gainOf(double relevance) { return exponentialMinusOne(splat<F64>(relevance * 0x1.62e42fefa39efp-1))[0]; }
LA_INLINE double discountOf(double place) { return 0x1.62e42fefa39efp-1 / scalarLogarithmOnePlus(place); }

// Σ gain·discount of the best order, which is that of the list.
LA_INLINE double idealGain(const RankingList &list) {
  LongSum ideal;
  for (int64_t k = 0; k < list.count; k++) ideal.add(gainOf(list.relevance[k]) * discountOf(double(k + 1)));
  return ideal.value();
}

}  // namespace la::LA_TARGET
