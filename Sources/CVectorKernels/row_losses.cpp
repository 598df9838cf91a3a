// Row losses by their numbers.
#include "row_losses.h"

namespace {

const char *const names[] = {
#define LA_LIKELIHOOD(name, ...) #name,
#define LA_DIVERGENCE(name, ...) #name,
#define LA_FUNCTIONAL(name, ...) #name,
#define LA_MARGIN(name, ...) #name,
#include "row_losses.def"
};

}  // namespace

// Value and gradient of cross-entropy have a kernel of their own, which needs fewer passes.
extern "C" {

int32_t la_row_loss_number(const char *name) {
  for (int32_t number = 0; number < LA_ROW_LOSS_COUNT; number++)
    if (std::strcmp(names[number], name) == 0) return number;
  return -1;
}

const char *la_row_loss_name(int32_t number) { return number >= 0 && number < LA_ROW_LOSS_COUNT ? names[number] : nullptr; }

la_rows_result la_row_loss_f32(const la_row_loss *batch, int64_t begin, int64_t end) {
  if (batch->loss == LA_ROW_LOSS_cross_entropy && !batch->computesProduct) return la_softmax_f32(&batch->rows, begin, end);
  bool handled = false;
  la_rows_result result = la_row_losses_likelihoods_f32(batch, begin, end, &handled);
  if (!handled) result = la_row_losses_divergences_f32(batch, begin, end, &handled);
  if (!handled) result = la_row_losses_functionals_f32(batch, begin, end, &handled);
  if (!handled) result = la_row_losses_margins_f32(batch, begin, end, &handled);
  return result;
}

la_rows_result la_row_loss_f64(const la_row_loss *batch, int64_t begin, int64_t end) {
  if (batch->loss == LA_ROW_LOSS_cross_entropy && !batch->computesProduct) return la_softmax_f64(&batch->rows, begin, end);
  bool handled = false;
  la_rows_result result = la_row_losses_likelihoods_f64(batch, begin, end, &handled);
  if (!handled) result = la_row_losses_divergences_f64(batch, begin, end, &handled);
  if (!handled) result = la_row_losses_functionals_f64(batch, begin, end, &handled);
  if (!handled) result = la_row_losses_margins_f64(batch, begin, end, &handled);
  return result;
}

}  // extern "C"
