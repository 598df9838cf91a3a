// Divergences of distributions, over rows.
#define LA_SOURCE "row_losses_divergences.cpp"
#include <cstdlib>

#include "row_losses.h"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "rows/all.h"

#include "rows/divergences.h"

namespace la::LA_TARGET {

template <class T> la_rows_result rowLosses_divergences(const la_row_loss *batch, int64_t begin, int64_t end, bool *handled) {
  switch (batch->loss) {
#define LA_DIVERGENCE(name, ...) \
  case LA_ROW_LOSS_##name: \
    *handled = true;       \
    return runRows<__VA_ARGS__, T>(*batch, begin, end);
#include "row_losses.def"
  }
  return {{0, 0}, -1, 0};
}

}  // namespace la::LA_TARGET

#else

la_rows_result la_row_losses_divergences_f32(const la_row_loss *batch, int64_t begin, int64_t end, bool *handled) {
  return LA_DISPATCH(rowLosses_divergences<float>)(batch, begin, end, handled);
}

la_rows_result la_row_losses_divergences_f64(const la_row_loss *batch, int64_t begin, int64_t end, bool *handled) {
  return LA_DISPATCH(rowLosses_divergences<double>)(batch, begin, end, handled);
}

#endif
