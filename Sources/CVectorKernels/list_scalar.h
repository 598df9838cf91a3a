// Elementary functions of single numbers, for scans: one lane of the vector functions, with their bounds.
#ifndef LA_TARGET
#error "include list_scalar.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

LA_INLINE double scalarExponential(double x) { return exponential(splat<F64>(x))[0]; }
LA_INLINE double scalarLogarithm(double x) { return logarithm(splat<F64>(x))[0]; }
LA_INLINE double scalarLogarithmOnePlus(double x) { return logarithmOnePlus(splat<F64>(x))[0]; }

}  // namespace la::LA_TARGET
