// Rows of a batch through the arithmetic of a loss: reading, weights, sums and writing, the same for every row loss and compiled once
// for all of them.
#ifndef LA_TARGET
#error "include run.h from a kernel file's target section"
#endif


namespace la::LA_TARGET {

// Memory for the arrays of one RowBlock; on the heap where rows are very wide, once per call.
template <class T> struct RowArena {
  typedef typename Lane<T>::Vector V;
  static constexpr int64_t onStack = 1024;
  alignas(64) V small[onStack];
  V *all, *next;
  int64_t length;

  LA_INLINE explicit RowArena(int64_t length) : length(length) {
    const int64_t total = length * RowBlock<T>::arrays;
    all = total <= onStack ? small : static_cast<V *>(std::aligned_alloc(64, total * sizeof(V)));
    if (!all) std::abort();
    next = all;
  }
  // Not a destructor: those that the compiler makes for the structures around it are compiled without the target.
  LA_INLINE void release() {
    if (all != small) std::free(all);
  }
  LA_INLINE V *take() {
    V *result = next;
    next += length;
    return result;
  }
};

// What a run needs to know of a loss: whether it is linear in its targets, is of probabilities, and pads its rows with -∞ (or else with
// 0); and its arithmetic, which leaves the losses of the rows in r at `losses`, or else products with its curvature in r.output.
template <class T> struct RowArithmetic {
  bool linear, probabilities, padsWithInfinity;
  void (*compute)(RowBlock<T> &r, const la_row_loss &batch, bool wantsGradient, typename Lane<T>::Vector *losses);
};

template <class T> struct RowRun {
  typedef typename Lane<T>::Vector V;
  typedef typename Lane<T>::Mask Mask;
  static constexpr int64_t lanes = Lane<T>::count;

  const RowArithmetic<T> loss;
  const la_row_loss &batch;
  const la_softmax &rows;
  const int64_t classes;
  const T *scores, *targets, *vector;
  T *output;
  double keep, spread;
  RowArena<T> arena;
  RowBlock<T> r;
  V losses;  // of the rows in r
  alignas(64) T weight[lanes];  // 0 for a row that does not count
  alignas(64) T factor[lanes];  // what the loss of a row is multiplied by besides
  int64_t label[lanes];

  LA_INLINE RowRun(RowArithmetic<T> loss, const la_row_loss &batch)
      : loss(loss), batch(batch), rows(batch.rows), classes(batch.rows.classes), scores(static_cast<const T *>(rows.logits)),
        targets(rows.labels ? nullptr : static_cast<const T *>(rows.targets)), vector(static_cast<const T *>(batch.vector)),
        output(static_cast<T *>(batch.computesProduct ? batch.product : rows.gradient)), keep(1 - rows.labelSmoothing),
        spread(rows.labelSmoothing / double(classes)),
        arena(classes < narrowClasses ? narrowClasses + lanes : (classes + lanes - 1) / lanes) {
    losses = V{};
    r.parameters = batch.parameters;
    r.classWeights = rows.classWeights;
    r.classes = classes;
    r.narrow = classes < narrowClasses;
    r.vectors = r.narrow ? classes : (classes + lanes - 1) / lanes;
    r.hasLabels = rows.labels && rows.labelSmoothing == 0;
    r.scores = arena.take(), r.targets = arena.take(), r.vector = arena.take(), r.output = arena.take();
    r.shares = arena.take(), r.first = arena.take(), r.second = arena.take(), r.third = arena.take(), r.fourth = arena.take();
  }

  LA_INLINE double classWeight(int64_t k) const { return rows.classWeights ? rows.classWeights[k] : 1; }

  LA_INLINE void takeWeights(int64_t row, int64_t count) {
    for (int64_t i = 0; i < lanes; i++) {
      weight[i] = i >= count ? T(0) : rows.weights ? static_cast<const T *>(rows.weights)[row + i] : T(1);
      factor[i] = 1;
      label[i] = 0;
    }
    if (!rows.labels) return;
    readLabels(rows.labels, rows.labelType, row, count, label);
    for (int64_t i = 0; i < lanes; i++) {
      if (rows.hasIgnoredLabel && i < count && label[i] == rows.ignoredLabel) weight[i] = 0;
      if (weight[i] == 0) label[i] = 0;
      // Where targets are smoothed and enter linearly, they carry the class weights themselves.
      if (!batch.weighsClasses && !(loss.linear && !r.hasLabels)) factor[i] = T(classWeight(label[i]));
      if (factor[i] == 0) weight[i] = 0;
    }
  }

  // A target as it counts.
  LA_INLINE V counting(V t, int64_t k) const {
    const V smoothed = mulAdd(t, splat<V>(T(keep)), splat<V>(T(spread)));
    return loss.linear && rows.classWeights ? smoothed * T(rows.classWeights[k]) : smoothed;
  }

  // What lies outside 0...1. A score that is NaN passes, and propagates.
  static LA_INLINE Mask improperTarget(V t) { return ~((t >= V{}) & (t <= splat<V>(1))); }
  static LA_INLINE Mask improperScore(V q) { return (q < V{}) | (q > splat<V>(1)); }

  // ---- as many narrow rows as there are lanes

  // Returns the lanes with something improper.
  LA_INLINE Mask readNarrow(int64_t row, int64_t count, bool roomy, T *copy) {
    const V w = load(weight);
    const Mask counts = w != V{};
    Mask improper{};
    rowsToColumns(groupRows(scores + row * classes, count, classes, roomy, copy), classes, r.scores);
    for (int64_t k = 0; k < classes; k++) {
      r.scores[k] = select(counts, r.scores[k], V{});
      if (loss.probabilities) improper |= improperScore(r.scores[k]);
    }
    for (int64_t i = 0; i < lanes; i++) r.label[i] = label[i], r.labels[i] = T(label[i]);
    if (targets) {
      rowsToColumns(groupRows(targets + row * classes, count, classes, roomy, copy), classes, r.targets);
      V share{};
      for (int64_t k = 0; k < classes; k++) {
        const V t = select(counts, r.targets[k], V{});
        improper |= improperTarget(t);
        share += t * T(classWeight(k));
        r.targets[k] = counting(t, k);
      }
      if (!loss.linear && !batch.weighsClasses && rows.classWeights) store(factor, share);
    } else if (!r.hasLabels) {
      for (int64_t k = 0; k < classes; k++) r.targets[k] = counting(select(r.labels == T(k), splat<V>(1), V{}), k);
    }
    if (vector) {
      rowsToColumns(groupRows(vector + row * classes, count, classes, roomy, copy), classes, r.vector);
      for (int64_t k = 0; k < classes; k++) r.vector[k] = select(counts, r.vector[k], V{});
    }
    return improper;
  }

  LA_INLINE void writeNarrow(int64_t row, int64_t count, bool roomy, T *copy, V scale) {
    const Mask counts = load(weight) != V{};
    for (int64_t k = 0; k < classes; k++) r.output[k] = select(counts, r.output[k] * scale, V{});
    T *destination = output + row * classes;
    columnsToRows(r.output, classes, roomy ? destination : copy);
    if (!roomy) __builtin_memcpy(destination, copy, count * classes * sizeof(T));
  }

  // ---- one wide row

  LA_INLINE void readWideRow(const T *source, V *array, T padding) const {
    array[r.vectors - 1] = splat<V>(padding);
    __builtin_memcpy(array, source, classes * sizeof(T));
  }

  LA_INLINE Mask readWide(int64_t row, int64_t i) {
    Mask improper{};
    readWideRow(scores + row * classes, r.scores, loss.padsWithInfinity ? T(-__builtin_inf()) : T(0));
    if (loss.probabilities)
      for (int64_t j = 0; j < r.vectors; j++) improper |= improperScore(r.scores[j]);
    r.label[0] = label[i];
    r.labels = splat<V>(T(label[i]));
    if (targets || !r.hasLabels) {
      if (targets)
        readWideRow(targets + row * classes, r.targets, T(0));
      else
        for (int64_t j = 0; j < r.vectors; j++) r.targets[j] = select(r.isLabel(j), splat<V>(1), V{});
      RowSum<T> share;
      for (int64_t j = 0; j < r.vectors; j++) {
        const V t = r.targets[j];
        improper |= improperTarget(t);
        V smoothed = mulAdd(t, splat<V>(T(keep)), splat<V>(T(spread)));
        if (rows.classWeights && !batch.weighsClasses) {
          const V weights = r.classWeight(j);
          if (loss.linear)
            smoothed *= weights;
          else
            share.add(t * weights);
        }
        r.targets[j] = (j + 1) * lanes <= classes ? smoothed : select(r.classNumber(j) < T(classes), smoothed, V{});
      }
      if (targets && !loss.linear && rows.classWeights && !batch.weighsClasses) factor[i] = T(share.total());
    }
    if (vector) readWideRow(vector + row * classes, r.vector, T(0));
    return improper;
  }

  // ---- all of it

  LA_INLINE void compute() { loss.compute(r, batch, output != nullptr, &losses); }

  // What the output is multiplied by.
  LA_INLINE V scale(V weights) const {
    const V s = weights * T(rows.gradientScale);
    const bool isFactor = batch.computesProduct && (RowOperator(batch.operation) == RowOperator::factor ||
                                                    RowOperator(batch.operation) == RowOperator::factorTransposed);
    return isFactor ? squareRoot(s) : s;
  }

  // The column of the first element outside its range of a row that has one.
  LA_INLINE int64_t improperColumn(int64_t row) const {
    for (int64_t k = 0; k < classes; k++) {
      const T q = scores[row * classes + k];
      if (loss.probabilities && (q < 0 || q > 1)) return k;
      if (targets && !(targets[row * classes + k] >= 0 && targets[row * classes + k] <= 1)) return k;
    }
    return 0;
  }

  LA_INLINE la_rows_result run(int64_t begin, int64_t end) {
    alignas(64) T copy[lanes * (narrowClasses + 1)];
    RowSum<T> total;
    la_rows_result result = {{0, 0}, -1, 0};
    for (int64_t row = begin; row < end; row += lanes) {
      const int64_t count = end - row < lanes ? end - row : lanes;
      takeWeights(row, count);
      V own{};
      if (r.narrow) {
        const bool roomy = (end - row - count) * classes >= lanes;
        const Mask improper = readNarrow(row, count, roomy, copy);
        if (any(improper))
          for (int64_t i = 0; i < count; i++)
            if (improper[i]) return {{0, 0}, row + i, improperColumn(row + i)};
        compute();
        own = losses;
        if (output) writeNarrow(row, count, roomy, copy, scale(load(weight) * load(factor)));
      } else {
        for (int64_t i = 0; i < count; i++) {
          if (weight[i] == 0) {
            if (output) __builtin_memset(output + (row + i) * classes, 0, classes * sizeof(T));
            continue;
          }
          if (any(readWide(row + i, i))) return {{0, 0}, row + i, improperColumn(row + i)};
          compute();
          own[i] = losses[0];
          if (!output) continue;
          const V s = scale(splat<V>(weight[i] * factor[i]));
          for (int64_t j = 0; j < r.vectors; j++) r.output[j] *= s;
          __builtin_memcpy(output + (row + i) * classes, r.output, classes * sizeof(T));
        }
      }
      const V w = load(weight);
      own = select((w == V{}) | (load(factor) == V{}), V{}, own * load(factor));
      total.addProduct(own, w);
      if (rows.values) {
        const V values = own * w;
        __builtin_memcpy(static_cast<T *>(rows.values) + row, &values, count * sizeof(T));
      }
    }
    total.total(result.sum);
    return result;
  }
};

template <class T>
__attribute__((noinline)) la_rows_result runRows(RowArithmetic<T> loss, const la_row_loss &batch, int64_t begin, int64_t end) {
  RowRun<T> run(loss, batch);
  const la_rows_result result = run.run(begin, end);
  run.arena.release();
  return result;
}

// `Loss` has `value` and `product` on a RowBlock. Vectors do not cross the call.
template <class Loss, class T>
__attribute__((noinline)) void computeRows(RowBlock<T> &r, const la_row_loss &batch, bool wantsGradient,
                                           typename Lane<T>::Vector *losses) {
  if (batch.computesProduct)
    Loss::product(r, RowCurvature(batch.curvature), RowOperator(batch.operation));
  else
    *losses = Loss::value(r, wantsGradient);
}

template <class Loss, class T> LA_INLINE la_rows_result runRows(const la_row_loss &batch, int64_t begin, int64_t end) {
  return runRows<T>({Loss::linear, Loss::probabilities, Loss::padsWithInfinity, &computeRows<Loss, T>}, batch, begin, end);
}

}  // namespace la::LA_TARGET
