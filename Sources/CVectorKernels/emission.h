// What leaves the interpreter: a result of each sample, weighted and scaled, stored or summed.
#ifndef LA_TARGET
#error "include emission.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// A slot's elements in the current block. Constants are one vector that is read again and again: their step is 0.
template <class T> struct Operand {
  T *elements;
  int64_t step;
};

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

// How a result comes from its slots. Forming it here saves a sweep over the block.
struct SingleForm {
  static constexpr int operands = 1;
  template <class V> static LA_INLINE V apply(V a, V, V) { return a; }
};
struct SquareForm {
  static constexpr int operands = 1;
  template <class V> static LA_INLINE V apply(V a, V, V) { return a * a; }
};
struct ProductForm {
  static constexpr int operands = 2;
  template <class V> static LA_INLINE V apply(V a, V b, V) { return a * b; }
};
struct DifferenceForm {
  static constexpr int operands = 2;
  template <class V> static LA_INLINE V apply(V a, V b, V) { return a - b; }
};
struct SquaredDifferenceForm {
  static constexpr int operands = 2;
  template <class V> static LA_INLINE V apply(V a, V b, V) { return (a - b) * (a - b); }
};
struct MultiplyAddForm {
  static constexpr int operands = 3;
  template <class V> static LA_INLINE V apply(V a, V b, V c) { return mulAdd(a, b, c); }
};

// The elements of one result in one block.
template <class T, class Form, bool weighted> struct Elements {
  typedef typename Lane<T>::Vector V;

  Operand<T> a, b, c;
  const T *weights;

  // Constants are one vector, whatever the index.
  static LA_INLINE V read(Operand<T> operand, int64_t i) { return load(operand.elements + (operand.step ? i : 0)); }

  LA_INLINE V at(int64_t i) const {
    V x = read(a, i), y{}, z{};
    if (Form::operands > 1) y = read(b, i);
    if (Form::operands > 2) z = read(c, i);
    x = Form::apply(x, y, z);
    if (weighted) {
      const V weight = load(weights + i);
      x = select(weight == 0, V{}, x * weight);
    }
    return x;
  }
};

template <class T, class Elements>
void sumElements(const Elements &elements, Accumulator<T> &accumulator, int64_t count) {
  constexpr int64_t lanes = Lane<T>::count;
  Accumulator<T> running = accumulator;
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) running.add(elements.at(i));
  if (i < count) {
    typename Lane<T>::Vector last = elements.at(i);
    for (int64_t k = count - i; k < lanes; k++) last[k] = 0;
    running.add(last);
  }
  accumulator = running;
}

// Whole vectors are stored where the destination is aligned, since a store across two cache lines costs more than loads across
// them; the partial vectors at both ends of the block are stored by themselves. Sums do not depend on where the output lies.
template <class T, class Elements>
void storeElements(const Elements &elements, T *destination, T scale, int64_t count, bool streaming) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const V factor = splat<V>(scale);
  int64_t i = 0;
  if (count >= 2 * lanes) {
    i = int64_t((64 - uintptr_t(destination) % 64) % 64 / sizeof(T));
    const V head = elements.at(0) * factor;
    __builtin_memcpy(destination, &head, i * sizeof(T));
    if (streaming)
      for (; i + lanes <= count; i += lanes) storeStreaming(destination + i, elements.at(i) * factor);
    else
      for (; i + lanes <= count; i += lanes) store(destination + i, elements.at(i) * factor);
  } else {
    for (; i + lanes <= count; i += lanes) store(destination + i, elements.at(i) * factor);
  }
  const int64_t rest = count - i;
  if (rest == 0) return;
  // Where a whole vector came before, read the last one that lies within the block; else the block is padded to one.
  const int64_t start = count >= lanes ? count - lanes : 0;
  const V last = elements.at(start) * factor;
  __builtin_memcpy(destination + i, reinterpret_cast<const T *>(&last) + (i - start), rest * sizeof(T));
}

// The squares of the differences a − b summed and the differences stored, in one sweep: for squared error and its gradient, whose
// formulas leave nothing else to do. Streaming stores need aligned addresses: the differences are formed again where those lie.
template <class T, bool weighted>
void sumAndStoreDifferences(Operand<T> a, Operand<T> b, const T *weights, Accumulator<T> &accumulator, T *destination, T scale,
                            int64_t count, bool streaming) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const Elements<T, DifferenceForm, weighted> differences{a, b, {}, weights};
  const Elements<T, SquaredDifferenceForm, weighted> squares{a, b, {}, weights};
  if (count % lanes != 0) {  // the last block, of less than a vector
    sumElements(squares, accumulator, count);
    return storeElements(differences, destination, scale, count, false);
  }
  const V factor = splat<V>(scale);
  const int64_t shift = streaming ? int64_t((64 - uintptr_t(destination) % 64) % 64 / sizeof(T)) : 0;
  Accumulator<T> running = accumulator;
  if (streaming && count > lanes) {
    storeElements(differences, destination, scale, lanes, false);
    for (int64_t i = 0; i < count - lanes; i += lanes) {
      running.add(squares.at(i));
      storeStreaming(destination + i + shift, differences.at(i + shift) * factor);
    }
    running.add(squares.at(count - lanes));
    store(destination + count - lanes, differences.at(count - lanes) * factor);
  } else {
#pragma clang loop unroll_count(2)
    for (int64_t i = 0; i < count; i += lanes) {
      running.add(squares.at(i));
      store(destination + i, differences.at(i) * factor);
    }
  }
  accumulator = running;
}

// One result into every `stride`-th element: a column of a row-major matrix. Only the samples' own elements are written.
template <class T, class Elements>
void storeColumn(const Elements &elements, T *destination, int64_t stride, T scale, int64_t count) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const V factor = splat<V>(scale);
  for (int64_t i = 0; i < count; i += lanes) {
    alignas(64) T row[lanes];
    store(row, elements.at(i) * factor);
    const int64_t present = count - i < lanes ? count - i : lanes;
    for (int64_t k = 0; k < present; k++) destination[(i + k) * stride] = row[k];
  }
}

}  // namespace la::LA_TARGET
