// The functions of vector/ one by one, so that tests can hold each to its bound and benchmarks can time it.
#define LA_SOURCE "primitive.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET
namespace la::LA_TARGET {

template <la_primitive_id id, class V> LA_INLINE V primitive(V x, V y) {
  V first, second;
  if constexpr (id == LA_PRIMITIVE_EXPONENTIAL) return exponential(x);
  if constexpr (id == LA_PRIMITIVE_EXPONENTIAL_MINUS_ONE) return exponentialMinusOne(x);
  if constexpr (id == LA_PRIMITIVE_LOGARITHM) return logarithm(x);
  if constexpr (id == LA_PRIMITIVE_LOGARITHM_ONE_PLUS) return logarithmOnePlus(x);
  if constexpr (id == LA_PRIMITIVE_LOGARITHM_ONE_MINUS_EXPONENTIAL) return logarithmOneMinusExponential(x);
  if constexpr (id == LA_PRIMITIVE_LOGISTIC_TAIL) return logisticTail(x, first, second), first;
  if constexpr (id == LA_PRIMITIVE_LOGISTIC_SIDE) return logisticTail(x, first, second), second;
  if constexpr (id == LA_PRIMITIVE_HYPERBOLIC_TANGENT) return hyperbolicTangent(x);
  if constexpr (id == LA_PRIMITIVE_LOG_HYPERBOLIC_COSINE) return logHyperbolicCosine(x);
  if constexpr (id == LA_PRIMITIVE_SINE) return sine(x);
  if constexpr (id == LA_PRIMITIVE_COSINE) return cosine(x);
  if constexpr (id == LA_PRIMITIVE_ARC_TANGENT) return arcTangent(x);
  if constexpr (id == LA_PRIMITIVE_ERROR_FUNCTION_COMPLEMENT) return errorFunctionComplement(x);
  if constexpr (id == LA_PRIMITIVE_NORMAL_CUMULATIVE) return normalCumulative(x);
  if constexpr (id == LA_PRIMITIVE_LOG_NORMAL_CUMULATIVE) return logNormalCumulative(x);
  if constexpr (id == LA_PRIMITIVE_INVERSE_MILLS_RATIO) return inverseMillsRatio(x);
  if constexpr (id == LA_PRIMITIVE_LOG_GAMMA) return logGamma(x);
  if constexpr (id == LA_PRIMITIVE_DIGAMMA) return digamma(x);
  if constexpr (id == LA_PRIMITIVE_TRIGAMMA) return trigamma(x);
  if constexpr (id == LA_PRIMITIVE_ERROR_FUNCTION) return errorFunction(x);
  if constexpr (id == LA_PRIMITIVE_NORMAL_DENSITY) return normalDensity(x);
  if constexpr (id == LA_PRIMITIVE_EXPONENTIAL_OF_NEGATIVE_SQUARE) return exponentialOfNegativeSquare(x);
  if constexpr (id == LA_PRIMITIVE_INVERSE_MILLS_EXCESS) return inverseMillsExcess(x);
  if constexpr (id == LA_PRIMITIVE_LOGARITHM_ONE_PLUS_SQUARE) return logarithmOnePlusSquare(x);
  if constexpr (id == LA_PRIMITIVE_LOGARITHM_ONE_PLUS_DEFICIT) return logarithmOnePlusDeficit(x);
  if constexpr (id == LA_PRIMITIVE_ROOT_OF_ONE_PLUS_SQUARE) return rootOfOnePlusSquare(x);
  if constexpr (id == LA_PRIMITIVE_INVERSE_OF_ONE_PLUS_SQUARE) return inverseOfOnePlusSquare(x);
  if constexpr (id == LA_PRIMITIVE_OVER_ONE_PLUS_SQUARE) return overOnePlusSquare(x);
  if constexpr (id == LA_PRIMITIVE_X_LOG_Y) return xLogY(x, y);
  if constexpr (id == LA_PRIMITIVE_X_LOG_ONE_PLUS_Y) return xLogOnePlusY(x, y);
  if constexpr (id == LA_PRIMITIVE_POWER) return power(x, y);
  if constexpr (id == LA_PRIMITIVE_EXPONENTIAL_OF_PRODUCT) return exponentialOfProduct(x, y);
}

template <la_primitive_id id, class T> void apply(const T *x, const T *y, T *out, size_t count) {
  constexpr size_t lanes = Lane<T>::count;
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) store(out + i, primitive<id>(load(x + i), load(y + i)));
  if (i == count) return;
  T restX[lanes] = {}, restY[lanes] = {};
  std::memcpy(restX, x + i, (count - i) * sizeof(T));
  std::memcpy(restY, y + i, (count - i) * sizeof(T));
  store(restX, primitive<id>(load(restX), load(restY)));
  std::memcpy(out + i, restX, (count - i) * sizeof(T));
}

template <class T> void applyPrimitive(la_primitive_id id, const T *x, const T *second, T *out, size_t count) {
  const T *y = second ? second : x;
  switch (id) {
#define LA_CASE(id) case id: return apply<id>(x, y, out, count);
    LA_CASE(LA_PRIMITIVE_EXPONENTIAL)
    LA_CASE(LA_PRIMITIVE_EXPONENTIAL_MINUS_ONE)
    LA_CASE(LA_PRIMITIVE_LOGARITHM)
    LA_CASE(LA_PRIMITIVE_LOGARITHM_ONE_PLUS)
    LA_CASE(LA_PRIMITIVE_LOGARITHM_ONE_MINUS_EXPONENTIAL)
    LA_CASE(LA_PRIMITIVE_LOGISTIC_TAIL)
    LA_CASE(LA_PRIMITIVE_LOGISTIC_SIDE)
    LA_CASE(LA_PRIMITIVE_HYPERBOLIC_TANGENT)
    LA_CASE(LA_PRIMITIVE_LOG_HYPERBOLIC_COSINE)
    LA_CASE(LA_PRIMITIVE_SINE)
    LA_CASE(LA_PRIMITIVE_COSINE)
    LA_CASE(LA_PRIMITIVE_ARC_TANGENT)
    LA_CASE(LA_PRIMITIVE_ERROR_FUNCTION_COMPLEMENT)
    LA_CASE(LA_PRIMITIVE_NORMAL_CUMULATIVE)
    LA_CASE(LA_PRIMITIVE_LOG_NORMAL_CUMULATIVE)
    LA_CASE(LA_PRIMITIVE_INVERSE_MILLS_RATIO)
    LA_CASE(LA_PRIMITIVE_LOG_GAMMA)
    LA_CASE(LA_PRIMITIVE_DIGAMMA)
    LA_CASE(LA_PRIMITIVE_TRIGAMMA)
    LA_CASE(LA_PRIMITIVE_ERROR_FUNCTION)
    LA_CASE(LA_PRIMITIVE_NORMAL_DENSITY)
    LA_CASE(LA_PRIMITIVE_EXPONENTIAL_OF_NEGATIVE_SQUARE)
    LA_CASE(LA_PRIMITIVE_INVERSE_MILLS_EXCESS)
    LA_CASE(LA_PRIMITIVE_LOGARITHM_ONE_PLUS_SQUARE)
    LA_CASE(LA_PRIMITIVE_LOGARITHM_ONE_PLUS_DEFICIT)
    LA_CASE(LA_PRIMITIVE_ROOT_OF_ONE_PLUS_SQUARE)
    LA_CASE(LA_PRIMITIVE_INVERSE_OF_ONE_PLUS_SQUARE)
    LA_CASE(LA_PRIMITIVE_OVER_ONE_PLUS_SQUARE)
    LA_CASE(LA_PRIMITIVE_X_LOG_Y)
    LA_CASE(LA_PRIMITIVE_X_LOG_ONE_PLUS_Y)
    LA_CASE(LA_PRIMITIVE_POWER)
    LA_CASE(LA_PRIMITIVE_EXPONENTIAL_OF_PRODUCT)
#undef LA_CASE
    case LA_PRIMITIVE_COUNT: return;
  }
}

}  // namespace la::LA_TARGET
#else

extern "C" void la_primitive_f32(la_primitive_id id, const float *x, const float *y, float *out, size_t count) {
  LA_DISPATCH(applyPrimitive<float>)(id, x, y, out, count);
}
extern "C" void la_primitive_f64(la_primitive_id id, const double *x, const double *y, double *out, size_t count) {
  LA_DISPATCH(applyPrimitive<double>)(id, x, y, out, count);
}

#endif
