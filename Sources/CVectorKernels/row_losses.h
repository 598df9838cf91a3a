// The numbers of the row losses, and the functions that compute each group of them.
#pragma once

#include "dispatch.h"

enum la_row_loss_number : int32_t {
#define LA_LIKELIHOOD(name, ...) LA_ROW_LOSS_##name,
#define LA_DIVERGENCE(name, ...) LA_ROW_LOSS_##name,
#define LA_FUNCTIONAL(name, ...) LA_ROW_LOSS_##name,
#define LA_MARGIN(name, ...) LA_ROW_LOSS_##name,
#include "row_losses.def"
  LA_ROW_LOSS_COUNT
};

// `handled` tells whether the loss is one of the group's.
#define LA_ROW_LOSS_GROUP_FUNCTIONS(group)                                                                              \
  la_rows_result la_row_losses_##group##_f32(const la_row_loss *batch, int64_t begin, int64_t end, bool *handled); \
  la_rows_result la_row_losses_##group##_f64(const la_row_loss *batch, int64_t begin, int64_t end, bool *handled);
LA_ROW_LOSS_GROUP_FUNCTIONS(likelihoods)
LA_ROW_LOSS_GROUP_FUNCTIONS(divergences)
LA_ROW_LOSS_GROUP_FUNCTIONS(functionals)
LA_ROW_LOSS_GROUP_FUNCTIONS(margins)
