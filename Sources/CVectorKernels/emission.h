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
  // The first sample was in lane `first`: lanes are taken in the order of samples, wherever they began.
  LA_INLINE void total(double *sum, int64_t first = 0) const {
    double lanes[16];
    __builtin_memcpy(lanes, &low, sizeof low);
    __builtin_memcpy(lanes + 8, &high, sizeof high);
    F64 folded;
    for (int64_t k = 0; k < 8; k++) folded[k] = lanes[(first + k) % 16] + lanes[(first + k + 8) % 16];
    sum[0] = sumOfLanes(folded);
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
  LA_INLINE void total(double *total, int64_t first = 0) const {
#pragma clang fp contract(off) reassociate(off)
    double high = 0, low = 0;
    for (int64_t i = first; i < first + 8; i++) {
      const int64_t k = i % 8;
      const double next = high + sum[k], part = next - high;
      low += (high - (next - part)) + (sum[k] - part) + remainder[k];
      high = next;
    }
    total[0] = high;
    // An infinite or undefined sum has no remainder: infinity minus infinity would turn it into NaN.
    total[1] = __builtin_isfinite(high) ? low : 0;
  }
};

// Where one result goes: into every `stride`-th element, or side by side.
template <class T> struct Output {
  typedef typename Lane<T>::Vector V;
  static constexpr int64_t lanes = Lane<T>::count, capacity = 8 * lanes;

  T *next;
  int64_t stride;
  bool streaming;

  // Streaming stores take whole lines of the cache only. Where groups do not begin with one, they wait in two buffers by turns: a line of
  // parts that were stored a moment ago would have to wait for these.
  int64_t held, waiting;  // elements before the group that waits, and of it
  int turn;
  alignas(64) T buffers[2][lanes + capacity];

  LA_INLINE void begin(const la_destination &destination, int64_t sample) {
    next = static_cast<T *>(destination.elements) + sample * destination.stride;
    stride = destination.stride;
    streaming = destination.streaming;
    held = waiting = turn = 0;
  }

  LA_INLINE bool takesVectors() const { return stride == 1 && (!streaming || uintptr_t(next) % 64 == 0) && waiting == 0; }
  LA_INLINE T *free() { return buffers[1 - turn] + lanes; }

  // The group of `count` elements in the free buffer takes the place of the one that waits.
  void exchange(int64_t count) {
    if (stride != 1) return accept(free(), count);
    passOn();
    store(buffers[1 - turn], load(buffers[turn] + waiting));  // the last elements before those of the group
    turn = 1 - turn;
    waiting = count;
  }

  // Stores the whole lines of what waits.
  void passOn() {
    const T *from = buffers[turn] + lanes - held;
    int64_t rest = held + waiting;
    if (const int64_t past = uintptr_t(next) % 64; past != 0 && rest > 0) {  // only at the beginning
      const int64_t missing = int64_t((64 - past) / sizeof(T));
      __builtin_memcpy(next, from, missing * sizeof(T));
      next += missing;
      from += missing;
      rest -= missing;
    }
    for (; rest >= lanes; rest -= lanes, from += lanes, next += lanes) storeStreaming(next, load(from));
    held = rest;
  }

  void finish() {
    if (waiting == 0) return;
    passOn();
    __builtin_memcpy(next, buffers[turn] + lanes + waiting - held, held * sizeof(T));
    next += held;
    held = waiting = 0;
  }

  // Stores `count` elements, whatever their place.
  void accept(const T *from, int64_t count) {
    finish();
    if (stride == 1)
      __builtin_memcpy(next, from, count * sizeof(T));
    else
      for (int64_t k = 0; k < count; k++) next[k * stride] = from[k];
    next += count * stride;
  }
};

}  // namespace la::LA_TARGET
