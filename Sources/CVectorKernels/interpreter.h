// Runs a program group by group: every step is done with a few vectors of samples before the next step, and every step for them before
// the next group. What one step hands to the next stays in registers, everything else in the nearest cache; and memory is read and
// written as evenly as by a loop that was written for the one formula.
#ifndef LA_TARGET
#error "include interpreter.h from a kernel file's target section"
#endif

#include "conversion.h"
#include "emission.h"
#include "function_calls.h"
#include "steps.h"

namespace la::LA_TARGET {

// What steps hand to each other. Its loops are unrolled by hand, or rather by recursion: the compiler sees none in code whose parts jump to
// each other, and arrays stay in registers only where no index is a variable.
template <class T, int width> struct Registers {
  typedef typename Lane<T>::Vector V;
  V vectors[width];

  // The vector k of an operand: from here, or from memory.
  template <bool isHere, int k> LA_INLINE V read(Operand<T> operand) const {
    if constexpr (isHere) return vectors[k];
    return load(operand.elements + k * operand.step);
  }

  template <class Operation, int mask, int k = 0> LA_INLINE void unary(Operand<T> a) {
    vectors[k] = Operation::apply(read<(mask & 1) != 0, k>(a));
    if constexpr (k + 1 < width) unary<Operation, mask, k + 1>(a);
  }
  template <class Operation, int mask, int k = 0> LA_INLINE void binary(Operand<T> a, Operand<T> b) {
    vectors[k] = Operation::apply(read<(mask & 1) != 0, k>(a), read<(mask & 2) != 0, k>(b));
    if constexpr (k + 1 < width) binary<Operation, mask, k + 1>(a, b);
  }
  template <class Operation, int mask, int k = 0> LA_INLINE void ternary(Operand<T> a, Operand<T> b, Operand<T> c) {
    vectors[k] = Operation::apply(read<(mask & 1) != 0, k>(a), read<(mask & 2) != 0, k>(b), read<(mask & 4) != 0, k>(c));
    if constexpr (k + 1 < width) ternary<Operation, mask, k + 1>(a, b, c);
  }
  template <int k = 0> LA_INLINE void readAll(Operand<T> operand) {
    vectors[k] = read<false, k>(operand);
    if constexpr (k + 1 < width) readAll<k + 1>(operand);
  }
  template <int k = 0> LA_INLINE void keep(T *elements) const {
    store(elements + k * Lane<T>::count, vectors[k]);
    if constexpr (k + 1 < width) keep<k + 1>(elements);
  }
  template <int k = 0> LA_INLINE void scaled(V factor, T *elements) const {
    store(elements + k * Lane<T>::count, vectors[k] * factor);
    if constexpr (k + 1 < width) scaled<k + 1>(factor, elements);
  }
  template <int k = 0> LA_INLINE void scaledAround(V factor, T *elements) const {
    storeStreaming(elements + k * Lane<T>::count, vectors[k] * factor);
    if constexpr (k + 1 < width) scaledAround<k + 1>(factor, elements);
  }
  template <int k = 0> LA_INLINE void sum(Accumulator<T> &accumulator) const {
    accumulator.add(vectors[k]);
    if constexpr (k + 1 < width) sum<k + 1>(accumulator);
  }
  template <int k = 0> LA_INLINE void weigh(const T *weights) {
    const V weight = load(weights + k * Lane<T>::count);
    vectors[k] = select(weight == 0, V{}, vectors[k] * weight);
    if constexpr (k + 1 < width) weigh<k + 1>(weights);
  }
  // Whatever is there is not needed any more.
  template <int k = 0> LA_INLINE void forget() {
    vectors[k] = __builtin_nondeterministic_value(vectors[k]);
    if constexpr (k + 1 < width) forget<k + 1>();
  }
};

// One run over a range of samples.
template <class T> struct Run {
  typedef typename Lane<T>::Vector V;
  static constexpr int64_t blockBytes = 2048, blockElements = blockBytes / sizeof(T);
  static constexpr int64_t lanes = Lane<T>::count, groupElements = groupVectors * lanes;

  const la_program &program;
  const la_batch &batch;
  la_violation violation = {-1, -1};
  T *weights = nullptr;
  Operand<T> slots[LA_MAX_INPUTS + LA_MAX_CONSTANTS + LA_MAX_TEMPORARIES];
  Accumulator<T> accumulators[LA_MAX_RESULTS];
  Output<T> outputs[LA_MAX_RESULTS];
  alignas(64) T constants[LA_MAX_CONSTANTS][lanes];
  alignas(64) T inputs[LA_MAX_INPUTS + 1][blockElements];
  alignas(64) T temporaries[LA_MAX_TEMPORARIES][groupElements];

  LA_INLINE Run(const la_program &program, const la_batch &batch, int64_t begin) : program(program), batch(batch) {
    Operand<T> *slot = slots + program.inputCount;
    for (int k = 0; k < program.constantCount; k++) {
      store(constants[k], splat<V>(T(program.constants[k])));
      *slot++ = {constants[k], 0};
    }
    for (int k = 0; k < program.temporaryCount; k++) *slot++ = {temporaries[k], lanes};
    for (int k = 0; k < program.resultCount; k++)
      if (batch.destinations[k].elements) outputs[k].begin(batch.destinations[k], begin);
  }

  // The samples begin..<begin + count of one array, from lane `lead` on: in place where they are whole groups that can be read so,
  // converted or padded to `room` elements otherwise. Padding repeats the first sample, which raises no floating-point trap that the
  // samples themselves do not raise.
  LA_INLINE T *operand(const void *source, uint8_t type, int64_t stride, int64_t begin, int64_t count, int64_t lead, int64_t room,
                       T *block) {
    if (type == elementType<T> && stride == 1 && count == room) return const_cast<T *>(static_cast<const T *>(source)) + begin;
    convertBlock<T>(source, type, begin, stride, count, block + lead);
    pad(block, lead, count, room, block[lead]);
    return block;
  }

  T *masked(int64_t begin, int64_t count, int64_t lead, int64_t room, T *block) {
    maskedWeights<T>(batch, begin, count, block + lead);
    pad(block, lead, count, room, 0);
    return block;
  }

  static LA_INLINE void pad(T *block, int64_t lead, int64_t count, int64_t room, T value) {
    for (int64_t i = 0; i < lead; i++) block[i] = value;
    for (int64_t i = lead + count; i < room; i++) block[i] = value;
  }

  // Whole groups, or less than a group, or less than a vector from lane `lead` on.
  void block(int64_t begin, int64_t count, int64_t lead = 0);

  // `count` samples in groups of `width` vectors, whole ones or less than one. In a vector of its own they are from lane `lead` on.
  // Every step jumps to the next one by itself: a common switch would move the registers about, and be harder to predict.
  template <int width> void groups(int64_t count, int64_t lead) {
#define LA_LABEL(name, mask) &&name##mask,
#define LA_UNARY(name, body) LA_LABEL(name, 0) LA_LABEL(name, 1) &&unused, &&unused, &&unused, &&unused, &&unused, &&unused,
#define LA_FUNCTION(name, body) &&unused, &&unused, &&unused, &&unused, &&unused, &&unused, &&unused, &&unused,
#define LA_BINARY(name, body)                                                                      \
  LA_LABEL(name, 0) LA_LABEL(name, 1) LA_LABEL(name, 2) LA_LABEL(name, 3) &&unused, &&unused, &&unused, &&unused,
#define LA_BINARY_FUNCTION(name, body) LA_FUNCTION(name, body)
#define LA_TERNARY(name, body)                                                                     \
  LA_LABEL(name, 0) LA_LABEL(name, 1) LA_LABEL(name, 2) &&unused, LA_LABEL(name, 4) &&unused, &&unused, &&unused,
#define LA_HALVES(name, prepare, finish) LA_FUNCTION(name, )
#define LA_PAIR(name, prepare, finish) LA_FUNCTION(name, )
#define LA_TWIN(name, body) LA_FUNCTION(name, )
#define LA_TRIPLE(name, body) LA_FUNCTION(name, )
#define LA_TRIO(name, prepare, finish) LA_FUNCTION(name, )
    static const void *const labels[] = {
#include "operations.def"
        &&call, &&keep, &&read, &&emit, &&next};
#undef LA_LABEL
    Registers<T, width> registers{};
    const la_step *step = program.steps;
    goto *labels[step->kind];
#define LA_NEXT                                                                                    \
  step++;                                                                                          \
  goto *labels[step->kind];
#define LA_CASE(name, mask, operation, ...)                                                        \
  name##mask : registers.template operation<name##Operation, mask>(__VA_ARGS__);                   \
  LA_NEXT
#define LA_A slots[step->a]
#define LA_B slots[step->b]
#define LA_C slots[step->c]
#define LA_UNARY(name, body) LA_CASE(name, 0, unary, LA_A) LA_CASE(name, 1, unary, {})
#define LA_FUNCTION(name, body)
#define LA_BINARY(name, body)                                                                      \
  LA_CASE(name, 0, binary, LA_A, LA_B) LA_CASE(name, 1, binary, {}, LA_B)                          \
  LA_CASE(name, 2, binary, LA_A, {}) LA_CASE(name, 3, binary, {}, {})
#define LA_BINARY_FUNCTION(name, body)
#define LA_TERNARY(name, body)                                                                     \
  LA_CASE(name, 0, ternary, LA_A, LA_B, LA_C) LA_CASE(name, 1, ternary, {}, LA_B, LA_C)            \
  LA_CASE(name, 2, ternary, LA_A, {}, LA_C) LA_CASE(name, 4, ternary, LA_A, LA_B, {})
#define LA_HALVES(name, prepare, finish)
#define LA_PAIR(name, prepare, finish)
#define LA_TWIN(name, body)
#define LA_TRIPLE(name, body)
#define LA_TRIO(name, prepare, finish)
#include "operations.def"
#undef LA_CASE
#undef LA_A
#undef LA_B
#undef LA_C
  call:
    functions<T>[step->operation](slots, step, count < width * lanes ? int((count + lanes - 1) / lanes) : width);
    registers.forget();
    LA_NEXT
  keep:
    registers.keep(slots[step->result].elements);
    LA_NEXT
  read:
    registers.readAll(slots[step->a]);
    LA_NEXT
  emit:
    emit<width>(registers, step->result, lead, count);
    LA_NEXT
  next:
    count -= width * lanes;
#pragma clang loop vectorize(disable) unroll(disable)
    for (int k = 0; k < program.inputCount; k++) slots[k].elements += width * lanes;
    if (weights) weights += width * lanes;
    if (count <= 0) return;
    step = program.steps;
    goto *labels[step->kind];
  unused:
    __builtin_unreachable();
#undef LA_NEXT
  }

  // Hands out a result: a whole group, or the elements of `count` samples from lane `lead` on.
  template <int width> LA_INLINE void emit(const Registers<T, width> &registers, int number, int64_t lead, int64_t count) {
    if (lead > 0 || count < width * lanes) return emitPart<width>(registers, number, lead, count);
    Registers<T, width> result = registers;
    if (weights) result.weigh(weights);
    const la_destination &destination = batch.destinations[number];
    if (destination.elements) {
      Output<T> &output = outputs[number];
      const V factor = splat<V>(T(destination.scale * program.results[number].factor));
      if (!output.takesVectors()) {
        result.scaled(factor, output.free());
        output.exchange(width * lanes);
      } else {
        if (output.streaming)
          result.scaledAround(factor, output.next);
        else
          result.scaled(factor, output.next);
        output.next += width * lanes;
      }
    }
    if (destination.sum) {
      Accumulator<T> running = accumulators[number];
      result.sum(running);
      accumulators[number] = running;
    }
  }

  template <int width> LA_INLINE void emitPart(const Registers<T, width> &registers, int number, int64_t lead, int64_t count) {
    alignas(64) T elements[width * lanes];
    registers.keep(elements);
    emitPart(elements, width * lanes, number, lead, count);
  }

  __attribute__((noinline)) void emitPart(T *elements, int64_t room, int number, int64_t lead, int64_t count) {
    for (int64_t i = 0; i < room; i += lanes) {
      V x = load(elements + i);
      if (weights) {
        const V weight = load(weights + i);
        x = select(weight == 0, V{}, x * weight);
      }
      store(elements + i, x);
    }
    const la_destination &destination = batch.destinations[number];
    if (destination.sum) {
      for (int64_t i = 0; i < lead; i++) elements[i] = 0;
      for (int64_t i = lead + count; i < room; i++) elements[i] = 0;
      for (int64_t i = 0; i < lead + count; i += lanes) accumulators[number].add(load(elements + i));
    }
    if (destination.elements) {
      const T factor = T(destination.scale * program.results[number].factor);
      for (int64_t i = 0; i < room; i += lanes) store(elements + i, load(elements + i) * factor);
      outputs[number].accept(elements + lead, count);
    }
  }

  // False if all elements lie in the range; true if one does not, or may not.
  static LA_INLINE bool mayViolate(const T *elements, int64_t count, T lowest, T highest) {
    typedef typename Lane<T>::Vector V;
    if (lowest == 0) {
      // As unsigned integers the numbers from 0 up keep their order, and NaN and all negatives (−0 among them) come above.
      typename Lane<T>::Bits greatest{};
      for (int64_t i = 0; i < count; i += lanes)
        greatest = __builtin_elementwise_max(greatest, bits(load(elements + i)));
      return any((typename Lane<T>::Mask)(greatest > bits(splat<V>(highest))));
    }
    typename Lane<T>::Mask invalid{};
    for (int64_t i = 0; i < count; i += lanes) {
      const V x = load(elements + i);
      invalid |= ~((x >= splat<V>(lowest)) & (x <= splat<V>(highest)));
    }
    return any(invalid);
  }

  // The bounds of a check as T, rounded into the range: what is positive as a double stays so as a float.
  static LA_INLINE T atLeast(double x) {
    const T rounded = T(x);
    return double(rounded) < x ? std::nextafter(rounded, T(__builtin_inf())) : rounded;
  }
  static LA_INLINE T atMost(double x) { return -atLeast(-x); }

  LA_INLINE void check(int k, int64_t begin, int64_t count, int64_t lead) {
    if (violation.sample >= 0) return;
    const la_check &check = program.checks[k];
    const T *elements = slots[check.input].elements;
    const T lowest = atLeast(check.lowest), highest = atMost(check.highest);
    if (!mayViolate(elements, lead + count, lowest, highest)) return;
    for (int64_t i = 0; i < count; i++) {
      const T x = elements[lead + i];
      const bool valid = (x >= lowest && x <= highest) || (check.allowsNaN && x != x);
      if (valid || (weights && weights[lead + i] == 0)) continue;
      violation = {begin + i, k};
      return;
    }
  }

  // The lane of the first sample that puts whole vectors into the lines of the cache, in the first output if there is one. Few samples
  // are not worth it.
  LA_INLINE int64_t lead(int64_t begin, int64_t end) const {
    if (end - begin < 16 * groupElements) return 0;
    const void *array = nullptr;
    for (int k = 0; k < program.inputCount && !array; k++)
      if (batch.inputTypes[k] == elementType<T> && batch.strides[k] == 1) array = batch.inputs[k];
    for (int k = program.resultCount - 1; k >= 0; k--)
      if (batch.destinations[k].elements && batch.destinations[k].stride == 1) array = batch.destinations[k].elements;
    return int64_t(uintptr_t(static_cast<const T *>(array) + begin) % 64 / sizeof(T));
  }
};

// Runs a fused program over whole groups: see fused.h. By its number; of the type of the first argument.
template <class T> using FusedFunction = void (*)(Run<T> &run, int64_t count);
FusedFunction<float> fusedFunction(float, int number);
FusedFunction<double> fusedFunction(double, int number);

template <class T> void Run<T>::block(int64_t begin, int64_t count, int64_t lead) {
  const bool isVector = lead + count <= lanes;
  const int64_t room = isVector ? lanes : (count + groupElements - 1) / groupElements * groupElements;
  for (int k = 0; k < program.inputCount; k++)
    slots[k] = {operand(batch.inputs[k], batch.inputTypes[k], batch.strides[k], begin, count, lead, room, inputs[k]), lanes};
  if (batch.maskCount > 0)
    weights = masked(begin, count, lead, room, inputs[LA_MAX_INPUTS]);
  else if (batch.weights)
    weights = operand(batch.weights, batch.weightType, 1, begin, count, lead, room, inputs[LA_MAX_INPUTS]);
  for (int k = 0; k < program.checkCount; k++) check(k, begin, count, lead);
  if (isVector) return groups<1>(count, lead);
#if LA_HAS_FMA
  if (program.fused >= 0 && count == room) return fusedFunction(T(), program.fused)(*this, count);
#endif
  // Functions are not called for the vectors that are missing.
  if (count < room) __builtin_memset(temporaries, 0, program.temporaryCount * sizeof *temporaries);
  groups<groupVectors>(count, 0);
}

// interpreter.cpp has the one copy of each: the interpreter is the longest code of all to compile.
extern template void Run<float>::block(int64_t, int64_t, int64_t);
extern template void Run<double>::block(int64_t, int64_t, int64_t);

}  // namespace la::LA_TARGET
