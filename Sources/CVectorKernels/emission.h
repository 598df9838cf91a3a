// What leaves the interpreter: a result of each sample, weighted and scaled, stored or summed.
#ifndef LA_TARGET
#error "include emission.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// The running sum of one result. Sixteen floats are added as doubles, so rounding is far below the floats' own.
// Doubles are added with Knuth's two-sum, whose remainder is exact, so that a sum is right to the last bit or two however many
// elements it has.
template <class T> struct Accumulator;

template <> struct Accumulator<float> {
  F64 low{}, high{};
  LA_INLINE void add(F32 x) {
    low += lowHalf(x);
    high += highHalf(x);
  }
  LA_INLINE void total(double *sum) const {
    sum[0] = sumOfLanes(low + high);
    sum[1] = 0;
  }
};

template <> struct Accumulator<double> {
  F64 sum{}, remainder{};
  LA_INLINE void add(F64 x) {
#pragma clang fp contract(off) reassociate(off)
    const F64 next = sum + x;
    const F64 part = next - sum;
    remainder += (sum - (next - part)) + (x - part);
    sum = next;
  }
  LA_INLINE void total(double *total) const {
#pragma clang fp contract(off) reassociate(off)
    double high = 0, low = 0;
    for (int k = 0; k < 8; k++) {
      const double next = high + sum[k], part = next - high;
      low += (high - (next - part)) + (sum[k] - part) + remainder[k];
      high = next;
    }
    total[0] = high;
    // An infinite or undefined sum has no remainder: infinity minus infinity would turn it into NaN.
    total[1] = __builtin_isfinite(high) ? low : 0;
  }
};

template <class T> struct Emission {
  typedef typename Lane<T>::Vector V;
  static constexpr int64_t lanes = Lane<T>::count;

  // Element i of a factor is at factor[i & mask]: the mask of a constant is 0.
  const T *a;
  int64_t maskA;
  const T *b;
  int64_t maskB;
  const T *weights;
  T scale;

  template <bool product, bool weighted> LA_INLINE V elements(int64_t i) const {
    V x = load(a + (i & maskA));
    if (product) x *= load(b + (i & maskB));
    if (weighted) {
      const V weight = load(weights + i);
      x = select(weight == 0, V{}, x * weight);
    }
    return x;
  }

  void sumInto(Accumulator<T> &accumulator, int64_t count) const {
    if (b)
      weights ? sumLoop<true, true>(accumulator, count) : sumLoop<true, false>(accumulator, count);
    else
      weights ? sumLoop<false, true>(accumulator, count) : sumLoop<false, false>(accumulator, count);
  }

  template <bool product, bool weighted> LA_INLINE void sumLoop(Accumulator<T> &accumulator, int64_t count) const {
    Accumulator<T> running = accumulator;
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes) running.add(elements<product, weighted>(i));
    if (i < count) {
      V last = elements<product, weighted>(i);
      for (int64_t k = count - i; k < lanes; k++) last[k] = 0;
      running.add(last);
    }
    accumulator = running;
  }

  void storeTo(T *destination, int64_t count, bool streaming) const {
    if (streaming && count >= 2 * lanes)
      storeAs<true>(destination, count);
    else
      storeAs<false>(destination, count);
  }

  template <bool streaming> LA_INLINE void storeAs(T *destination, int64_t count) const {
    if (b)
      weights ? storeLoop<streaming, true, true>(destination, count)
              : storeLoop<streaming, true, false>(destination, count);
    else
      weights ? storeLoop<streaming, false, true>(destination, count)
              : storeLoop<streaming, false, false>(destination, count);
  }

  // Streaming stores write whole cache lines; the partial lines at both ends of the block are stored in the ordinary way, the
  // neighbouring blocks fill them up. The reads are then unaligned, so that sums do not depend on where the output lies.
  template <bool streaming, bool product, bool weighted> LA_INLINE void storeLoop(T *destination, int64_t count) const {
    const V factor = splat<V>(scale);
    int64_t i = 0;
    if (streaming) {
      i = int64_t((64 - uintptr_t(destination) % 64) % 64 / sizeof(T));
      const V head = elements<product, weighted>(0) * factor;
      __builtin_memcpy(destination, &head, i * sizeof(T));
    }
    for (; i + lanes <= count; i += lanes) {
      const V x = elements<product, weighted>(i) * factor;
      if (streaming)
        storeStreaming(destination + i, x);
      else
        store(destination + i, x);
    }
    const int64_t rest = count - i;
    if (rest == 0) return;
    // Where a whole vector came before, read the last one that lies within the block; else the block is padded to one.
    const int64_t start = count >= lanes ? count - lanes : 0;
    const V last = elements<product, weighted>(start) * factor;
    __builtin_memcpy(destination + i, reinterpret_cast<const T *>(&last) + (i - start), rest * sizeof(T));
  }
};

}  // namespace la::LA_TARGET
