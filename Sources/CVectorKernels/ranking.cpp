// Losses of lists of scored items.
#define LA_SOURCE "ranking.cpp"
#include "list_access.h"  // first: it is for every instruction set
#include "foreach_target.h"

#ifdef LA_TARGET

#include "conversion.h"
#include "list_scalar.h"
#include "ranking_list.h"

#include "ranking_hinge.h"
#include "ranking_listwise.h"
#include "ranking_pairs.h"

namespace la::LA_TARGET {

template <class T> struct RankingLists {
  const la_ranking &batch;
  const T *scores, *weights, *direction;
  T *values, *gradient, *product;

  explicit RankingLists(const la_ranking &batch)
      : batch(batch), scores(static_cast<const T *>(batch.scores)), weights(static_cast<const T *>(batch.weights)),
        direction(static_cast<const T *>(batch.direction)), values(static_cast<T *>(batch.values)),
        gradient(static_cast<T *>(batch.gradient)), product(static_cast<T *>(batch.product)) {}

  LA_INLINE bool counts(int64_t item) const { return !batch.mask || batch.mask[item]; }

  // The items that count, the most relevant first.
  RankingList gather(int64_t index) const {
    const int64_t begin = batch.starts[index], end = batch.starts[index + 1];
    double *const space = batch.workspace + LA_RANKING_WORKSPACE * (begin + index);
    RankingList list;
    list.layOut(space, end - begin + 1);
    list.first = begin;
    convertBlock<double>(batch.relevance, batch.relevanceType, begin, 1, end - begin, list.gradient);
    for (int64_t i = begin; i < end; i++)
      if (counts(i)) list.keys[list.count++] = {~la_ascending_bits(list.gradient[i - begin]), i};
    la_sort_keys(list.keys, list.count);
    for (int64_t k = 0; k < list.count; k++) {
      const int64_t item = list.keys[k].index;
      list.items[k] = item;
      list.relevance[k] = list.gradient[item - begin];
    }
    for (int64_t k = 0; k < list.count; k++) {
      list.scores[k] = double(scores[list.items[k]]);
      list.vector[k] = direction ? double(direction[list.items[k]]) : 0;
    }
    return list;
  }

  double loss(const RankingList &list) const {
    const bool wantsGradient = gradient || product;
    switch (batch.kind) {
      case LA_RANKING_LOGISTIC: return PairedLogistic<false>(list).run(wantsGradient);
      case LA_RANKING_LAMBDA: return PairedLogistic<true>(list).run(wantsGradient);
      case LA_RANKING_HINGE: return PairedHinge<false>(list, batch.parameter).run();
      case LA_RANKING_SQUARED_HINGE: return PairedHinge<true>(list, batch.parameter).run();
      case LA_RANKING_LISTWISE_SOFTMAX: return listwiseSoftmax(list);
      case LA_RANKING_LIKELIHOOD: return OrderLikelihood(list, batch.top).run();
      case LA_RANKING_APPROXIMATE_NDCG: return ApproximateNDCG(list, batch.parameter).run();
    }
    return 0;
  }

  la_list_result run(int64_t begin, int64_t end) const {
    LongSum total;
    for (int64_t index = begin; index < end; index++) {
      const int64_t first = batch.starts[index], last = batch.starts[index + 1];
      const double weight = weights ? double(weights[index]) : 1;
      if (values) values[index] = 0;
      if (gradient) __builtin_memset(gradient + first, 0, (last - first) * sizeof(T));
      if (product) __builtin_memset(product + first, 0, (last - first) * sizeof(T));
      if (weight == 0) continue;
      const RankingList list = gather(index);
      if (list.count == 0) continue;
      const double value = loss(list), factor = weight * batch.scale;
      total.add(weight * value);
      if (values) values[index] = T(weight * value);
      if (gradient)
        for (int64_t k = 0; k < list.count; k++) gradient[list.items[k]] = T(factor * list.gradient[k]);
      if (product)
        for (int64_t k = 0; k < list.count; k++) product[list.items[k]] = T(factor * list.product[k]);
    }
    return total.result();
  }
};

template <class T>
int64_t checkLists(const la_ranking &batch, int64_t lists, double lowest, double highest, uint8_t *counted) {
  const T *weights = static_cast<const T *>(batch.weights);
  for (int64_t index = 0; index < lists; index++) {
    counted[index] = 0;
    if (weights && weights[index] == 0) continue;
    for (int64_t i = batch.starts[index]; i < batch.starts[index + 1]; i++) {
      if (batch.mask && !batch.mask[i]) continue;
      counted[index] = 1;
      double relevance;
      convertBlock<double>(batch.relevance, batch.relevanceType, i, 1, 1, &relevance);
      if (!(relevance >= lowest && relevance <= highest)) return i;
    }
  }
  return -1;
}

inline la_list_result rankingLists(const la_ranking *batch, int64_t begin, int64_t end) {
  return batch->elementType == LA_TYPE_F32 ? RankingLists<float>(*batch).run(begin, end)
                                           : RankingLists<double>(*batch).run(begin, end);
}

inline int64_t rankingCheck(const la_ranking *batch, int64_t lists, double lowest, double highest, uint8_t *counted) {
  return batch->elementType == LA_TYPE_F32 ? checkLists<float>(*batch, lists, lowest, highest, counted)
                                           : checkLists<double>(*batch, lists, lowest, highest, counted);
}

}  // namespace la::LA_TARGET

#else

extern "C" {

la_list_result la_ranking_lists(const la_ranking *batch, int64_t begin, int64_t end) {
  return LA_DISPATCH(rankingLists)(batch, begin, end);
}

int64_t la_ranking_check(const la_ranking *batch, int64_t lists, double lowest, double highest, uint8_t *counted) {
  return LA_DISPATCH(rankingCheck)(batch, lists, lowest, highest, counted);
}

}  // extern "C"

#endif
