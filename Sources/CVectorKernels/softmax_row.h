// The exponentials of one row of logits relative to its maximum, and their sum: what every softmax kernel starts from.
#ifndef LA_TARGET
#error "include softmax_row.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

template <class T> struct SoftmaxRange;
// Below its maximum by `reach`, a logit's share is 0 after rounding. `exact` is where z - max needs no rounding for all others:
// they lie within a factor of two of the maximum (Sterbenz).
template <> struct SoftmaxRange<float> {
  static constexpr float reach = 105, exact = 210, lift = 0x1p-100f;
  static constexpr int mantissa = 23, raised = 127 + 100;
};
template <> struct SoftmaxRange<double> {
  static constexpr double reach = 747, exact = 1494, lift = 0x1p-512;
  static constexpr int mantissa = 52, raised = 1023 + 512;
};

// u(z) = e^(z - max) up to a factor between 0.7 and 1.42 that is the same for all z.
//
// z - max itself is never rounded, which would cost z - max units in the last place: for a maximum of moderate size u is
// e^z in units of the nearest power of two below e^max, and the power of two is subtracted from z's own, an integer.
// -inf gives 0. A maximum of ±inf, and any NaN, gives NaN.
template <class T> struct RelativeExponential {
  typedef typename Lane<T>::Vector V;
  typedef SoftmaxRange<T> Range;
  V offset, lowest;
#if LA_HAS_AVX512
  V unit;
#else
  typename Lane<T>::Bits unit;
#endif
  V largest;  // u(max)

  LA_INLINE explicit RelativeExponential(V maximum) {
    offset = select(absolute(maximum) >= splat<V>(Range::exact), maximum, V{});
    const V top = maximum - offset;
    lowest = top - Range::reach;
    const ReducedExponent<V> e = reduceExponent(top);
#if LA_HAS_AVX512
    unit = e.n;
#else
    unit = e.shifted - Range::raised;
#endif
    largest = exponentialOfReduced(e.r);
  }

  LA_INLINE V operator()(V z) const {
    const V d = z - offset;
    const ReducedExponent<V> e = reduceExponent(select(d < lowest, lowest, d));
    const V p = exponentialOfReduced(e.r);
#if LA_HAS_AVX512
    if constexpr (sizeof(T) == 4)
      return (V)_mm512_scalef_ps((__m512)p, (__m512)(e.n - unit));
    else
      return (V)_mm512_scalef_pd((__m512d)p, (__m512d)(e.n - unit));
#else
    // First in units so large that nothing is subnormal; the second product rounds once. A NaN in p stays.
    return p * (V)((e.shifted - unit) << Range::mantissa) * Range::lift;
#endif
  }
};

// A sum in many lanes. Sixteen floats are added as doubles; doubles with Knuth's two-sum, so that a sum is right to the last bit
// or two however long it is. An infinite sum has no remainder: infinity minus infinity would turn it into NaN.
template <class T> struct RowSum;

template <> struct RowSum<float> {
  F64 low{}, high{};
  LA_INLINE void add(F32 x) {
    low += lowHalf(x);
    high += highHalf(x);
  }
  LA_INLINE void addProduct(F32 x, F32 y) {
    low += lowHalf(x) * lowHalf(y);
    high += highHalf(x) * highHalf(y);
  }
  // One sum per lane.
  LA_INLINE F32 lanes() const { return fromHalves(low, high); }
  LA_INLINE double total() const { return sumOfLanes(low + high); }
  LA_INLINE void total(double *parts) const { parts[0] = total(), parts[1] = 0; }
};

template <> struct RowSum<double> {
  F64 sum{}, remainder{};
  LA_INLINE void add(F64 x) {
#pragma clang fp contract(off) reassociate(off)
    const F64 next = sum + x;
    const F64 part = next - sum;
    remainder += (sum - (next - part)) + (x - part);
    sum = next;
  }
  LA_INLINE void addProduct(F64 x, F64 y) {
#pragma clang fp contract(off)
    const F64 product = x * y;
    add(product);
  }
  LA_INLINE F64 lanes() const { return select(remainder == remainder, sum + remainder, sum); }
  LA_INLINE void total(double *parts) const {
#pragma clang fp contract(off) reassociate(off)
    double high = 0, low = 0;
    for (int k = 0; k < 8; k++) {
      const double next = high + sum[k], part = next - high;
      low += (high - (next - part)) + (sum[k] - part) + remainder[k];
      high = next;
    }
    parts[0] = high;
    parts[1] = __builtin_isfinite(high) ? low : 0;
  }
  LA_INLINE double total() const {
    double parts[2];
    total(parts);
    return parts[0] + parts[1];
  }
};

}  // namespace la::LA_TARGET
