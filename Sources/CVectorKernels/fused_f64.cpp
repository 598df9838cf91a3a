// The programs that are compiled in one piece, for doubles.
#define LA_SOURCE "fused_f64.cpp"
#include "foreach_target.h"

#if defined(LA_TARGET) && LA_HAS_FMA
#include "fused.h"

namespace la::LA_TARGET {
FusedFunction<double> fusedFunction(double, int number) { return fusedFunctions<double>[number]; }
}  // namespace la::LA_TARGET
#endif
