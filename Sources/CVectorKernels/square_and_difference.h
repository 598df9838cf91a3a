// Squared error: the squares of differences summed and the differences stored, in one loop without a program around it, at the speed
// of memory. A curvature, which is a constant, is filled in.
#ifndef LA_TARGET
#error "include square_and_difference.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// Whether that is all that the program does, with arrays that can be read in place.
template <class T> inline bool isSquareAndDifference(const la_program &program, const la_batch &batch) {
  if (program.instructionCount != 0 || program.checkCount != 0 || program.resultCount < 2 || batch.maskCount != 0) return false;
  const la_result &square = program.results[0], &difference = program.results[1];
  const la_destination &sum = batch.destinations[0], &stored = batch.destinations[1];
  if (square.form != LA_FORM_SQUARED_DIFFERENCE || difference.form != LA_FORM_DIFFERENCE || square.a != difference.a ||
      square.b != difference.b || square.a >= program.inputCount || square.b >= program.inputCount)
    return false;
  if (!sum.sum || sum.elements || !stored.elements || stored.stride != 1 || stored.sum) return false;
  for (int k = 2; k < program.resultCount; k++) {
    const la_result &constant = program.results[k];
    if (constant.form != LA_FORM_SINGLE || constant.a < program.inputCount || batch.weights ||
        batch.destinations[k].stride != 1 || batch.destinations[k].sum)
      return false;
  }
  for (int k = 0; k < program.inputCount; k++)
    if (batch.inputTypes[k] != elementType<T> || batch.strides[k] != 1) return false;
  return !batch.weights || batch.weightType == elementType<T>;
}

// By how many elements an address lies before the next one that streaming stores take.
template <class T> LA_INLINE int64_t elementsToLine(const T *p) { return int64_t((64 - uintptr_t(p) % 64) % 64 / sizeof(T)); }

// The first `count` elements of a vector, the others 0.
template <class T> LA_INLINE typename Lane<T>::Vector loadFirst(const T *p, int64_t count) {
  typename Lane<T>::Vector v{};
  __builtin_memcpy(&v, p, count * sizeof(T));
  return v;
}

template <class T, bool weighted> struct Differences {
  typedef typename Lane<T>::Vector V;
  const T *a, *b, *weights;

  LA_INLINE V weigh(V x, V weight) const { return weighted ? select(weight == 0, V{}, x * weight) : x; }
  LA_INLINE V weight(int64_t i) const { return weighted ? load(weights + i) : V{}; }
  LA_INLINE V at(int64_t i) const { return weigh(load(a + i) - load(b + i), weight(i)); }
  LA_INLINE V square(int64_t i) const {
    const V difference = load(a + i) - load(b + i);
    return weigh(difference * difference, weight(i));
  }
  LA_INLINE V first(int64_t i, int64_t count) const {
    return weigh(loadFirst(a + i, count) - loadFirst(b + i, count), weighted ? loadFirst(weights + i, count) : V{});
  }
  LA_INLINE V firstSquares(int64_t i, int64_t count) const {
    const V difference = loadFirst(a + i, count) - loadFirst(b + i, count);
    return weigh(difference * difference, weighted ? loadFirst(weights + i, count) : V{});
  }
};

// Streaming stores need aligned addresses: there the differences are formed again where those lie.
template <class T, bool weighted>
void sumAndStore(const Differences<T, weighted> &differences, Accumulator<T> &accumulator, T *destination, T scale, bool streaming,
                 int64_t count) {
  typedef typename Lane<T>::Vector V;
  constexpr int64_t lanes = Lane<T>::count;
  const V factor = splat<V>(scale);
  Accumulator<T> running = accumulator;
  int64_t summed = 0, stored = 0;
  if (streaming && count >= 2 * lanes) {
    stored = elementsToLine(destination);
    const V head = differences.first(0, stored) * factor;
    __builtin_memcpy(destination, &head, stored * sizeof(T));
    for (; stored + lanes <= count; summed += lanes, stored += lanes) {
      running.add(differences.square(summed));
      storeStreaming(destination + stored, differences.at(stored) * factor);
    }
  } else {
#pragma clang loop unroll_count(2)
    for (; stored + lanes <= count; summed += lanes, stored += lanes) {
      running.add(differences.square(summed));
      store(destination + stored, differences.at(stored) * factor);
    }
  }
  for (; summed + lanes <= count; summed += lanes) running.add(differences.square(summed));
  if (summed < count) running.add(differences.firstSquares(summed, count - summed));
  const V rest = differences.first(stored, count - stored) * factor;
  __builtin_memcpy(destination + stored, &rest, (count - stored) * sizeof(T));
  accumulator = running;
}

template <class T> void fill(T *destination, T value, bool streaming, int64_t count) {
  constexpr int64_t lanes = Lane<T>::count;
  int64_t i = 0;
  if (streaming && count >= 2 * lanes) {
    for (const int64_t head = elementsToLine(destination); i < head; i++) destination[i] = value;
    for (; i + lanes <= count; i += lanes) storeStreaming(destination + i, splat<typename Lane<T>::Vector>(value));
  }
  for (; i < count; i++) destination[i] = value;
}

template <class T>
void sumSquaresAndStoreDifferences(const la_program &program, const la_batch &batch, int64_t begin, int64_t end, double *sums) {
  const la_result &result = program.results[1];
  const la_destination &destination = batch.destinations[1];
  const T *a = static_cast<const T *>(batch.inputs[result.a]) + begin, *b = static_cast<const T *>(batch.inputs[result.b]) + begin;
  T *stored = static_cast<T *>(destination.elements) + begin;
  const T scale = T(destination.scale * result.factor);
  Accumulator<T> accumulator;
  if (batch.weights) {
    const Differences<T, true> differences{a, b, static_cast<const T *>(batch.weights) + begin};
    sumAndStore(differences, accumulator, stored, scale, destination.streaming, end - begin);
  } else {
    const Differences<T, false> differences{a, b, nullptr};
    sumAndStore(differences, accumulator, stored, scale, destination.streaming, end - begin);
  }
  accumulator.total(sums);
  for (int k = 2; k < program.resultCount; k++) {
    const la_destination &filled = batch.destinations[k];
    if (!filled.elements) continue;
    const T value = T(program.constants[program.results[k].a - program.inputCount]) * T(filled.scale * program.results[k].factor);
    fill(static_cast<T *>(filled.elements) + begin, value, filled.streaming, end - begin);
  }
}

}  // namespace la::LA_TARGET
