// The programs that are compiled in one piece, for floats.
#define LA_SOURCE "fused_f32.cpp"
#include "foreach_target.h"

#if defined(LA_TARGET) && LA_HAS_FMA
#include "fused.h"

namespace la::LA_TARGET {
FusedFunction<float> fusedFunction(float, int number) { return fusedFunctions<float>[number]; }
}  // namespace la::LA_TARGET
#endif
