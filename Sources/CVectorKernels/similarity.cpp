// Losses of rows of similarities, tile by tile: softmax over keys with one or several positives, and the circle loss.
#define LA_SOURCE "similarity.cpp"
#include "list_access.h"  // first: it is for every instruction set
#include "foreach_target.h"

#ifdef LA_TARGET

#include "list_scalar.h"
#include "softmax_row.h"

namespace la::LA_TARGET {

// What is known of a row after some of its tiles. Index 0 is the group of negatives, 1 that of positives. Sums are in units of
// e^largest; softmax uses one maximum for both, the circle loss, whose groups are added up separately, its own for each.
struct SimilarityState {
  double largest[2], sum[2];
  double positives;   // Σ of the positives' logits
  double change[2];   // Σ e^(logit - largest)·d(logit)
  double changePositives;  // Σ of the positives' d(logit)
  double unused[4];
};
static_assert(sizeof(SimilarityState) == LA_SIMILARITY_STATE * sizeof(double), "the header says how much room it takes");

LA_INLINE I32 labelsAt(const int32_t *p, int64_t n, float) {
  I32 x = I32{} - 1;
  __builtin_memcpy(&x, p, n * sizeof(int32_t));
  return x;
}
LA_INLINE I64 labelsAt(const int32_t *p, int64_t n, double) {
  int32_t part[8] = {-1, -1, -1, -1, -1, -1, -1, -1};
  __builtin_memcpy(part, p, n * sizeof(int32_t));
  I64 x;
  for (int j = 0; j < 8; j++) x[j] = part[j];
  return x;
}

template <class T, bool circle> struct SimilarityRow {
  typedef typename Lane<T>::Vector V;
  typedef typename Lane<T>::Mask Mask;
  static constexpr int64_t lanes = Lane<T>::count;
  const la_similarities &tile;
  const int64_t row;
  T *const similarities, *const changes;
  SimilarityState &state;
  const bool overrides;
  const V targetLogit, targetSlope, targetBend, scale, margin;

  SimilarityRow(const la_similarities &tile, int64_t row)
      : tile(tile), row(row), similarities(static_cast<T *>(tile.similarities) + row * tile.stride),
        changes(tile.changes ? static_cast<T *>(tile.changes) + row * tile.stride : nullptr),
        state(reinterpret_cast<SimilarityState *>(tile.state)[row]), overrides(tile.targetLogits != nullptr),
        targetLogit(splat<V>(T(overrides ? tile.targetLogits[row] : 0))),
        targetSlope(splat<V>(T(overrides ? tile.targetSlopes[row] : 1))),
        targetBend(splat<V>(T(overrides ? tile.targetBends[row] : 0))), scale(splat<V>(T(tile.scale))),
        margin(splat<V>(T(tile.margin))) {}

  LA_INLINE bool counts() const { return tile.positiveCounts[row] > 0; }

  // Some keys of the row: which are positives and which negatives, and what their logits are.
  struct Keys {
    int64_t n;
    Mask positive, negative;
    V logit, slope, bend;
  };

  LA_INLINE Keys keysAt(int64_t k) const {
    Keys keys;
    keys.n = tile.columns - k < lanes ? tile.columns - k : lanes;
    const Mask labels = labelsAt(tile.columnLabels + k, keys.n, T());
    Mask isKey = labels >= 0;
    if (tile.excludesDiagonal) {
      Mask lane;
      for (int j = 0; j < lanes; j++) lane[j] = j;
      const int64_t own = tile.firstRow + row - tile.firstColumn - k;
      if (own >= 0 && own < lanes) isKey &= lane != int(own);
    }
    keys.positive = isKey & (labels == tile.rowLabels[row]);
    keys.negative = isKey & ~keys.positive;
    V s{};
    if (keys.n == lanes)
      s = load(similarities + k);
    else
      __builtin_memcpy(&s, similarities + k, keys.n * sizeof(T));
    if (circle) {
      // γ·(s² - m²) above -m for a negative, γ·((s - 1)² - m²) below 1 + m for a positive; 0 beyond.
      const V one = splat<V>(1), twice = scale + scale;
      const Mask bends = (keys.negative & ~(s <= -margin)) | (keys.positive & ~(s >= one + margin));
      const V x = select(keys.positive, s - one, s);
      keys.logit = select(bends, scale * (x - margin) * (x + margin), V{});
      keys.slope = select(bends, twice * x, V{});
      keys.bend = select(bends, twice, V{});
    } else {
      keys.logit = overrides ? select(keys.positive, targetLogit, s) : s;
      keys.slope = overrides ? select(keys.positive, targetSlope, splat<V>(1)) : splat<V>(1);
      keys.bend = overrides ? select(keys.positive, targetBend, V{}) : V{};
    }
    return keys;
  }

  LA_INLINE V changesAt(int64_t k, int64_t n) const {
    V s{};
    if (n == lanes) return load(changes + k);
    __builtin_memcpy(&s, changes + k, n * sizeof(T));
    return s;
  }

  static LA_INLINE double largestOf(V x) {
    double largest = double(x[0]);
    for (int j = 1; j < lanes; j++)
      if (double(x[j]) > largest || x[j] != x[j]) largest = double(x[j]);
    return largest;
  }

  // The largest logits so far, with this tile.
  LA_INLINE void raise() const {
    const V none = splat<V>(T(-__builtin_inf()));
    V largest[2] = {none, none};
    for (int64_t k = 0; k < tile.columns; k += lanes) {
      const Keys keys = keysAt(k);
      largest[0] = maximum(largest[0], select(keys.negative, keys.logit, none));
      largest[1] = maximum(largest[1], select(keys.positive, keys.logit, none));
    }
    double next[2] = {largestOf(largest[0]), largestOf(largest[1])};
    if (!circle) next[0] = next[1] = next[0] > next[1] || next[0] != next[0] ? next[0] : next[1];
    for (int g = 0; g < 2; g++) {
      if (next[g] <= state.largest[g]) continue;
      if (state.sum[g] != 0) state.sum[g] *= scalarExponential(state.largest[g] - next[g]);
      state.largest[g] = next[g];
    }
  }

  // e^(logit - largest) of the keys of a group, 0 elsewhere.
  LA_INLINE V share(const Keys &keys, int g) const {
    const V e = exponential(keys.logit - T(state.largest[circle ? g : 0]));
    return select(g ? keys.positive : keys.negative, e, V{});
  }

  void add() const {
    if (!counts()) return;
    raise();
    RowSum<T> sum[2], positives;
    for (int64_t k = 0; k < tile.columns; k += lanes) {
      const Keys keys = keysAt(k);
      if (circle) {
        sum[0].add(share(keys, 0));
        sum[1].add(share(keys, 1));
        continue;
      }
      const V e = exponential(keys.logit - T(state.largest[0]));
      sum[0].add(select(keys.negative, e, V{}));
      if (!any(keys.positive)) continue;
      sum[1].add(select(keys.positive, e, V{}));
      positives.add(select(keys.positive, keys.logit, V{}));
    }
    state.sum[0] += sum[0].total();
    state.sum[1] += sum[1].total();
    state.positives += positives.total();
  }

  void addChanges() const {
    if (!counts()) return;
    RowSum<T> change[2], positives;
    for (int64_t k = 0; k < tile.columns; k += lanes) {
      const Keys keys = keysAt(k);
      const V d = keys.slope * changesAt(k, keys.n);
      change[0].addProduct(share(keys, 0), select(keys.negative, d, V{}));
      if (!any(keys.positive)) continue;
      change[1].addProduct(share(keys, 1), select(keys.positive, d, V{}));
      positives.add(select(keys.positive, d, V{}));
    }
    state.change[0] += change[0].total();
    state.change[1] += change[1].total();
    state.changePositives += positives.total();
  }

  double loss() const {
    if (!counts()) return 0;
    if (circle) {
      const double x = state.largest[0] + scalarLogarithm(state.sum[0]) + state.largest[1] + scalarLogarithm(state.sum[1]);
      F64 tail, side;
      logisticTail(splat<F64>(x), tail, side);
      return (x > 0 ? x : 0) + tail[0];
    }
    const double total = state.sum[0] + state.sum[1], count = tile.positiveCounts[row];
    // With one positive it is log(1 + negatives/positive), as small as it is.
    const double ratio = state.sum[0] / state.sum[1];
    if (count == 1 && ratio < 1e30) return scalarLogarithmOnePlus(ratio);
    return scalarLogarithm(total) + (state.largest[0] - state.positives / count);
  }

  // What a key's gradient is: perShare[g]·share - perPositive.
  struct Slopes { double perShare[2], perPositive, onlyPositive; };
  LA_INLINE Slopes slopes(double factor) const {
    if (circle) {
      const double x = state.largest[0] + scalarLogarithm(state.sum[0]) + state.largest[1] + scalarLogarithm(state.sum[1]);
      F64 tail, side;
      logisticTail(splat<F64>(x), tail, side);
      const double sigmoid = x > 0 ? 1 - side[0] : -side[0];
      return {{factor * sigmoid / state.sum[0], factor * sigmoid / state.sum[1]}, 0, 0};
    }
    const double total = state.sum[0] + state.sum[1], count = tile.positiveCounts[row];
    return {{factor / total, factor / total}, factor / count, -factor * (state.sum[0] / total)};
  }

  // dL/d(logit). A single positive's is -(1 - q) from the others' sum.
  LA_INLINE V logitGradient(const Keys &keys, const Slopes &s) const {
    if (circle) return splat<V>(T(s.perShare[0])) * share(keys, 0) + splat<V>(T(s.perShare[1])) * share(keys, 1);
    const V e = exponential(keys.logit - T(state.largest[0])) * T(s.perShare[0]);
    const V atPositive = tile.positiveCounts[row] == 1 ? splat<V>(T(s.onlyPositive)) : e - T(s.perPositive);
    return select(keys.positive, atPositive, select(keys.negative, e, V{}));
  }

  LA_INLINE void put(T *p, V x, int64_t n) const {
    if (n == lanes)
      store(p, x);
    else
      __builtin_memcpy(p, &x, n * sizeof(T));
  }

  void clear(T *p) const { __builtin_memset(p, 0, tile.columns * sizeof(T)); }

  void gradient(double factor) const {
    if (!counts() || factor == 0) return clear(similarities);
    const Slopes s = slopes(factor);
    for (int64_t k = 0; k < tile.columns; k += lanes) {
      const Keys keys = keysAt(k);
      put(similarities + k, keys.slope * logitGradient(keys, s), keys.n);
    }
  }

  void product(double factor, bool gaussNewton) const {
    if (!counts() || factor == 0) {
      clear(similarities);
      clear(changes);
      return;
    }
    const Slopes s = slopes(factor);
    const double total = state.sum[0] + state.sum[1];
    double mean[2], common = 0;
    if (circle) {
      mean[0] = state.change[0] / state.sum[0];
      mean[1] = state.change[1] / state.sum[1];
      // σ′ = σ·(1 - σ) times the change of the whole logit, over σ.
      const double sigmoid = s.perShare[0] * state.sum[0] / factor;
      common = (1 - sigmoid) * (mean[0] + mean[1]);
    } else {
      mean[0] = mean[1] = (state.change[0] + state.change[1]) / total;
    }
    const V means[2] = {splat<V>(T(mean[0] - common)), splat<V>(T(mean[1] - common))};
    for (int64_t k = 0; k < tile.columns; k += lanes) {
      const Keys keys = keysAt(k);
      const V d = changesAt(k, keys.n), dLogit = keys.slope * d, slope = logitGradient(keys, s);
      V change = select(keys.positive, share(keys, 1) * T(s.perShare[1]) * (dLogit - means[1]),
                        share(keys, 0) * T(s.perShare[0]) * (dLogit - means[0])) * keys.slope;
      if (!gaussNewton) change += slope * keys.bend * d;
      put(similarities + k, keys.slope * slope, keys.n);
      put(changes + k, change, keys.n);
    }
  }
};

template <class T, bool circle> struct SimilarityTile {
  static void begin(const la_similarities &tile) {
    const double none = -__builtin_inf();
    for (int64_t r = 0; r < tile.rows; r++)
      reinterpret_cast<SimilarityState *>(tile.state)[r] = {{none, none}, {0, 0}, 0, {0, 0}, 0, {0, 0, 0, 0}};
  }
  static void add(const la_similarities &tile) {
    for (int64_t r = 0; r < tile.rows; r++) SimilarityRow<T, circle>(tile, r).add();
  }
  static void addChanges(const la_similarities &tile) {
    for (int64_t r = 0; r < tile.rows; r++) SimilarityRow<T, circle>(tile, r).addChanges();
  }
  static void losses(const la_similarities &tile, double *losses) {
    for (int64_t r = 0; r < tile.rows; r++) losses[r] = SimilarityRow<T, circle>(tile, r).loss();
  }
  static void gradient(const la_similarities &tile, const double *factors) {
    for (int64_t r = 0; r < tile.rows; r++) SimilarityRow<T, circle>(tile, r).gradient(factors[r]);
  }
  static void product(const la_similarities &tile, const double *factors, bool gaussNewton) {
    for (int64_t r = 0; r < tile.rows; r++) SimilarityRow<T, circle>(tile, r).product(factors[r], gaussNewton);
  }
};

}  // namespace la::LA_TARGET

#else

#define LA_SIMILARITY(name, ...)                                                                          \
  if (tile->elementType == LA_TYPE_F32) {                                                                 \
    if (tile->isCircle)                                                                                   \
      LA_DISPATCH(SimilarityTile<float LA_COMMA true>::name)(__VA_ARGS__);                                \
    else                                                                                                  \
      LA_DISPATCH(SimilarityTile<float LA_COMMA false>::name)(__VA_ARGS__);                               \
  } else if (tile->isCircle) {                                                                            \
    LA_DISPATCH(SimilarityTile<double LA_COMMA true>::name)(__VA_ARGS__);                                 \
  } else {                                                                                                \
    LA_DISPATCH(SimilarityTile<double LA_COMMA false>::name)(__VA_ARGS__);                                \
  }
#define LA_COMMA ,

extern "C" {

void la_similarity_begin(const la_similarities *tile) { LA_SIMILARITY(begin, *tile) }
void la_similarity_add(const la_similarities *tile) { LA_SIMILARITY(add, *tile) }
void la_similarity_add_changes(const la_similarities *tile) { LA_SIMILARITY(addChanges, *tile) }
void la_similarity_losses(const la_similarities *tile, double *losses) { LA_SIMILARITY(losses, *tile, losses) }
void la_similarity_gradient(const la_similarities *tile, const double *factors) { LA_SIMILARITY(gradient, *tile, factors) }
void la_similarity_product(const la_similarities *tile, const double *factors, bool gaussNewton) {
  LA_SIMILARITY(product, *tile, factors, gaussNewton)
}

}  // extern "C"

#endif
