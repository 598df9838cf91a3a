// One step of a linear model in one go through memory: predictions, losses and their products with the rows, for eight rows at a time.
//
// Rows that were read a moment ago are in the nearest cache when they are multiplied back, and meanwhile the processor reads on: the next
// rows' sums do not wait for this group's losses. Blocks of more rows are slower, whatever is asked for in advance: while one is multiplied
// back nothing is read from memory, and the processor's own prefetching has to begin anew with the next (measured on Zen 4, a million
// rows of 50 doubles: eight rows at a time in 1.0 to 1.2 times the time of reading them, 64 and more in 1.4).
#define LA_SOURCE "linear_step.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "interpreter.h"
#include "linear_rows.h"
#include "steps.h"

namespace la::LA_TARGET {

// The losses of eight rows and their slopes, by the interpreter.
struct ProgramLoss {
  const la_batch &batch;
  Run<double> run;

  LA_INLINE ProgramLoss(const la_program &program, const la_batch &batch) : batch(batch), run(program, batch, 0) {}

  LA_INLINE F64 slopes(size_t i, F64) {
    run.block(int64_t(i), Lane<double>::count);
    return load(static_cast<const double *>(batch.destinations[1].elements) + i);
  }
  __attribute__((noinline)) void rest(size_t i, size_t count) { run.block(int64_t(i), int64_t(count)); }
  LA_INLINE la_violation finish(size_t, double *sums) const {
    run.accumulators[0].total(sums);
    return run.violation;
  }
};

// The logistic loss, without a program around it: the interpreter takes as long for one vector as for four.
struct LogisticLoss {
  const la_program &program;
  const la_batch &batch;
  const double *targets, *weights;
  double *stored, lowest, highest;
  I64 invalid{};
  Accumulator<double> sum;

  static bool runs(const la_program &program, const la_batch &batch) {
    if (program.instructionCount != 2 || program.resultCount != 2 || program.checkCount != 1 || batch.maskCount != 0) return false;
    const la_instruction &side = program.instructions[0], &tail = program.instructions[1];
    const la_result &value = program.results[0], &slope = program.results[1];
    const la_destination &first = batch.destinations[0], &second = batch.destinations[1];
    return side.operation == stepSubtractNumber && side.a == 0 && side.b == 1 && tail.operation == logisticNumber && tail.a == 0 &&
           value.form == LA_FORM_MULTIPLY_ADD && value.a == side.result && value.b == 0 && value.c == tail.result &&
           slope.form == LA_FORM_DIFFERENCE && slope.a == side.result && slope.b == tail.second && first.sum &&
           !first.elements && second.elements && !second.sum && slope.factor * second.scale == 1 &&
           batch.inputTypes[1] == LA_TYPE_F64 && batch.strides[1] == 1 && program.checks[0].input == 1 &&
           (!batch.weights || batch.weightType == LA_TYPE_F64);
  }

  LA_INLINE LogisticLoss(const la_program &program, const la_batch &batch)
      : program(program), batch(batch), targets(static_cast<const double *>(batch.inputs[1])),
        weights(static_cast<const double *>(batch.weights)), stored(static_cast<double *>(batch.destinations[1].elements)),
        lowest(program.checks[0].lowest), highest(program.checks[0].highest) {}

  LA_INLINE F64 slopes(size_t i, F64 logit) {
    const F64 target = load(targets + i);
    invalid |= ~((target >= lowest) & (target <= highest));
    const F64 side = select(logit > 0, splat<F64>(1), select(logit != logit, logit, F64{})) - target;
    F64 tail, rest;
    logisticTail(logit, tail, rest);
    F64 value = mulAdd(side, logit, tail), slope = side - rest;
    if (weights) {
      const F64 weight = load(weights + i);
      value = select(weight == 0, F64{}, value * weight);
      slope = select(weight == 0, F64{}, slope * weight);
    }
    sum.add(value);
    store(stored + i, slope);
    return slope;
  }

  // The samples after whole groups.
  __attribute__((noinline)) void rest(size_t i, size_t count) {
    Run<double> run(program, batch, int64_t(i));
    run.block(int64_t(i), int64_t(count));
    sum.add(run.accumulators[0].sum);
    if (run.violation.sample >= 0) invalid = ~I64{};
  }

  // The first sample that is not valid is looked for when there is one.
  LA_INLINE la_violation violation(size_t count) const {
    const la_check &check = program.checks[0];
    if (!any(invalid)) return {-1, -1};
    for (size_t i = 0; i < count; i++) {
      const bool isValid = (targets[i] >= lowest && targets[i] <= highest) || (check.allowsNaN && targets[i] != targets[i]);
      if (!isValid && !(weights && weights[i] == 0)) return {int64_t(i), 0};
    }
    return {-1, -1};
  }

  LA_INLINE la_violation finish(size_t count, double *sums) const {
    sum.total(sums);
    return violation(count);
  }
};

struct LinearStep {
  const double *coefficients, *shift;
  double constant;
  const double *offsets;
  double *predictions;
  const double *slopes;
  double *sums;
};

// Eight rows of up to eight vectors. Rows that have to be converted are kept as doubles from the first product to the second: converting
// them takes as long as multiplying them twice.
//
// With AVX-512 each number of vectors has code of its own, which keeps sums and coefficients in registers. Elsewhere there are too few
// registers for that, and `width` is 0: one code for all numbers of vectors, with the same sums in the same order.
#if LA_HAS_AVX512
#define LA_UNROLL _Pragma("clang loop unroll(full)")
#else
#define LA_UNROLL
#endif
template <class S, int width, bool shifted> struct RowGroup {
  static constexpr size_t lanes = Lane<double>::count, rows = lanes;
  static constexpr bool isCopied = !__is_same(S, double);
  static constexpr int capacity = width > 0 ? width : 8;

  int count;
  size_t lastColumn;
  F64 coefficients[capacity], shift[capacity], sums[capacity];
  alignas(64) double copies[isCopied ? rows : 1][isCopied ? capacity : 1][lanes];

  LA_INLINE RowGroup(const LinearStep &step, size_t columns) : count(int((columns + lanes - 1) / lanes)), lastColumn(columns - lanes) {
    const F64 last = lastCoefficients(step.coefficients, columns);
    LA_UNROLL for (int w = 0; w < vectors(); w++) {
      coefficients[w] = w == vectors() - 1 ? last : load(step.coefficients + w * lanes);
      shift[w] = shifted ? load(step.shift + place(w)) : F64{};
      sums[w] = F64{};
    }
  }

  LA_INLINE int vectors() const { return width > 0 ? width : count; }
  LA_INLINE size_t place(int w) const { return w == vectors() - 1 ? lastColumn : w * lanes; }
  LA_INLINE F64 read(const S *x, int w) const {
    const F64 v = loadAs<double>(x + place(w));
    return shifted ? v - shift[w] : v;
  }

  LA_INLINE F64 readAndKept(const S *x, size_t stride, size_t r, int w) {
    const F64 v = read(x + r * stride, w);
    if constexpr (isCopied) store(copies[r][w], v);
    return v;
  }

  // The products of the rows with the coefficients.
  LA_INLINE F64 products(const S *x, size_t stride) {
    F64 partial[rows];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      F64 even{}, odd{};
      LA_UNROLL for (int w = 0; w < vectors(); w += 2) {
        even = mulAdd(readAndKept(x, stride, r, w), coefficients[w], even);
        if (w + 1 < vectors()) odd = mulAdd(readAndKept(x, stride, r, w + 1), coefficients[w + 1], odd);
      }
      partial[r] = even + odd;
    }
    return sumsOfLanes(partial);
  }

  // Adds all of them times their slopes. Rows with slope 0 are passed over, whatever they hold.
  template <bool all> LA_INLINE void addRows(const S *x, size_t stride, const double *slopes) {
#if LA_HAS_AVX512
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      if (!all && slopes[r] == 0) continue;
#pragma clang loop unroll(full)
      for (int w = 0; w < width; w++) sums[w] = mulAdd(kept(x, stride, r, w), splat<F64>(slopes[r]), sums[w]);
    }
#else
    for (int w = 0; w < count; w++) {
      F64 sum = sums[w];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++)
        if (all || slopes[r] != 0) sum = mulAdd(kept(x, stride, r, w), splat<F64>(slopes[r]), sum);
      sums[w] = sum;
    }
#endif
  }

  LA_INLINE F64 kept(const S *x, size_t stride, size_t r, int w) const {
    if constexpr (isCopied) return load(copies[r][w]);
    return read(x + r * stride, w);
  }

  LA_INLINE void addRow(const S *x, double slope) {
    if (slope == 0) return;
    LA_UNROLL for (int w = 0; w < vectors(); w++) sums[w] = mulAdd(read(x, w), splat<F64>(slope), sums[w]);
  }

  // The last vector may overlap the one before it: only its last lanes count.
  LA_INLINE void addSums(size_t columns, double *total) const {
    const int whole = vectors() - 1;
    LA_UNROLL for (int w = 0; w < whole; w++) store(total + w * lanes, load(total + w * lanes) + sums[w]);
    for (size_t k = lanes * vectors() - columns; k < lanes; k++) total[lastColumn + k] += sums[whole][k];
  }
};
#undef LA_UNROLL

template <class S, int width, bool shifted, class Loss>
void stepOfRows(const la_feature_rows &x, const LinearStep &step, Loss &loss) {
  constexpr size_t lanes = Lane<double>::count;
  const S *elements = static_cast<const S *>(x.elements);
  RowGroup<S, width, shifted> group(step, x.columns);
  F64 total{};
  size_t i = 0;
  for (; i + lanes <= x.rows; i += lanes) {
    const S *rows = elements + i * x.stride;
    F64 predictions = group.products(rows, x.stride) + step.constant;
    if (step.offsets) predictions += load(step.offsets + i);
    store(step.predictions + i, predictions);
    const F64 slopes = loss.slopes(i, predictions);
    total += slopes;
    if (any(I64(slopes == 0)))
      group.template addRows<false>(rows, x.stride, step.slopes + i);
    else
      group.template addRows<true>(rows, x.stride, step.slopes + i);
  }
  double sum = sumOfLanes(total);
  const size_t first = i;
  for (; i < x.rows; i++) {
    const double product = rowSum<S, double, shifted>(elements + i * x.stride, x.columns, step.coefficients, step.shift);
    step.predictions[i] = product + step.constant + (step.offsets ? step.offsets[i] : 0);
  }
  if (first < x.rows) loss.rest(first, x.rows - first);
  for (i = first; i < x.rows; i++) {
    group.addRow(elements + i * x.stride, step.slopes[i]);
    sum += step.slopes[i];
  }
  group.addSums(x.columns, step.sums);
  step.sums[x.columns] += sum;
}

template <class S, bool shifted, class Loss> void stepOf(const la_feature_rows &x, const LinearStep &step, Loss &loss) {
#if LA_HAS_AVX512
  switch ((x.columns + 7) / 8) {
#define LA_WIDTH(w) \
  case w: return stepOfRows<S, w, shifted>(x, step, loss);
    LA_WIDTH(1) LA_WIDTH(2) LA_WIDTH(3) LA_WIDTH(4) LA_WIDTH(5) LA_WIDTH(6) LA_WIDTH(7) LA_WIDTH(8)
#undef LA_WIDTH
  }
#else
  stepOfRows<S, 0, shifted>(x, step, loss);
#endif
}

template <class Loss> void stepWith(Loss &loss, const la_feature_rows &x, const LinearStep &step) {
#define LA_STORED(S) return step.shift ? stepOf<S, true>(x, step, loss) : stepOf<S, false>(x, step, loss);
  LA_SWITCH_STORAGE(x.type)
#undef LA_STORED
}

la_violation linearStep(la_feature_rows x, const double *coefficients, const double *shift, double constant,
                        const double *offsets, double *predictions, const la_program *program, const la_batch *batch,
                        double *sums, double *losses) {
  const double *slopes = static_cast<const double *>(batch->destinations[1].elements);
  const LinearStep step = {coefficients, shift, constant, offsets, predictions, slopes, sums};
  if (LogisticLoss::runs(*program, *batch)) {
    LogisticLoss loss(*program, *batch);
    stepWith(loss, x, step);
    return loss.finish(x.rows, losses);
  }
  ProgramLoss loss(*program, *batch);
  stepWith(loss, x, step);
  return loss.finish(x.rows, losses);
}

}  // namespace la::LA_TARGET

#else

extern "C" {

la_violation la_linear_step_f64(la_feature_rows x, const double *coefficients, const double *shift, double constant,
                                const double *offsets, double *predictions, const la_program *program, const la_batch *batch,
                                double *sums, double *losses) {
  return LA_DISPATCH(linearStep)(x, coefficients, shift, constant, offsets, predictions, program, batch, sums, losses);
}

}  // extern "C"

#endif
