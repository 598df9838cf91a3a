// Runs a program over any number of samples: the interpreter's entry.
#define LA_SOURCE "interpreter.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "interpreter.h"
#include "square_and_difference.h"

namespace la::LA_TARGET {

template void Run<float>::block(int64_t, int64_t, int64_t);
template void Run<double>::block(int64_t, int64_t, int64_t);

const Function<float> *functionTable(float) { return functions<float>; }
const Function<double> *functionTable(double) { return functions<double>; }

template <class T>
la_violation run(const la_program *program, const la_batch *batch, int64_t begin, int64_t end, double *sums) {
  if (isSquareAndDifference<T>(*program, *batch)) {
    sumSquaresAndStoreDifferences<T>(*program, *batch, begin, end, sums);
    return {-1, -1};
  }
  Run<T> run(*program, *batch, begin);
  int64_t i = begin;
  const int64_t lead = run.lead(begin, end);
  if (lead > 0) {
    run.block(begin, Run<T>::lanes - lead, lead);
    i += Run<T>::lanes - lead;
  }
  for (; i + Run<T>::blockElements <= end; i += Run<T>::blockElements) run.block(i, Run<T>::blockElements);
  // The last block: its whole groups in place, then the samples that are left, padded.
  const int64_t whole = (end - i) / Run<T>::groupElements * Run<T>::groupElements;
  if (whole > 0) run.block(i, whole);
  if (i + whole < end) run.block(i + whole, end - i - whole);
  for (int k = 0; k < program->resultCount; k++) {
    if (batch->destinations[k].sum) run.accumulators[k].total(sums + 2 * k, lead);
    if (batch->destinations[k].elements) run.outputs[k].finish();
  }
  return run.violation;
}

}  // namespace la::LA_TARGET

#else

extern "C" {

la_violation la_run_f32(const la_program *program, const la_batch *batch, int64_t begin, int64_t end, double *sums) {
  return LA_DISPATCH(run<float>)(program, batch, begin, end, sums);
}

la_violation la_run_f64(const la_program *program, const la_batch *batch, int64_t begin, int64_t end, double *sums) {
  return LA_DISPATCH(run<double>)(program, batch, begin, end, sums);
}

}  // extern "C"

#endif
