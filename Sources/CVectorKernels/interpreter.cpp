// Runs a program block by block: each instruction is one vector loop over a block that stays in the first-level cache.
#define LA_SOURCE "interpreter.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "conversion.h"
#include "emission.h"

namespace la::LA_TARGET {

template <class T> using Loop = void (*)(const Operand<T> *slots, la_instruction instruction, int64_t vectors);

#define LA_UNARY(name, body)                                                                       \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE V apply(V a) { return body; }                              \
  };
#define LA_SPECIAL(name, body) LA_UNARY(name, body)
#define LA_BINARY(name, body)                                                                      \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE V apply(V a, V b) { return body; }                         \
  };
#define LA_TERNARY(name, body)                                                                     \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE V apply(V a, V b, V c) { return body; }                    \
  };
#define LA_PAIR(name, prepare, finish)                                                             \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE V begin(V a) { return prepare; }                           \
    template <class V> static LA_INLINE void apply(V a, V &first, V &second) { finish; }           \
  };
#include "operations.def"
#undef LA_UNARY
#undef LA_SPECIAL
#undef LA_BINARY
#undef LA_TERNARY
#undef LA_PAIR

template <class T, class Operation>
void unaryLoop(const Operand<T> *slots, la_instruction instruction, int64_t vectors) {
  const Operand<T> a = slots[instruction.a];
  T *result = slots[instruction.result].elements;
#pragma clang loop unroll_count(4)
  for (int64_t i = 0; i < vectors; i++)
    store(result + i * Lane<T>::count, Operation::apply(load(a.elements + i * a.step)));
}

template <class T, class Operation>
void specialLoop(const Operand<T> *slots, la_instruction instruction, int64_t vectors) {
  const Operand<T> a = slots[instruction.a];
  T *result = slots[instruction.result].elements;
#pragma clang loop unroll(disable)
  for (int64_t i = 0; i < vectors; i++)
    store(result + i * Lane<T>::count, Operation::apply(load(a.elements + i * a.step)));
}

template <class T, class Operation>
void binaryLoop(const Operand<T> *slots, la_instruction instruction, int64_t vectors) {
  const Operand<T> a = slots[instruction.a], b = slots[instruction.b];
  T *result = slots[instruction.result].elements;
#pragma clang loop unroll_count(4)
  for (int64_t i = 0; i < vectors; i++)
    store(result + i * Lane<T>::count,
          Operation::apply(load(a.elements + i * a.step), load(b.elements + i * b.step)));
}

template <class T, class Operation>
void ternaryLoop(const Operand<T> *slots, la_instruction instruction, int64_t vectors) {
  const Operand<T> a = slots[instruction.a], b = slots[instruction.b], c = slots[instruction.c];
  T *result = slots[instruction.result].elements;
#pragma clang loop unroll_count(2)
  for (int64_t i = 0; i < vectors; i++)
    store(result + i * Lane<T>::count, Operation::apply(load(a.elements + i * a.step), load(b.elements + i * b.step),
                                                        load(c.elements + i * c.step)));
}

// In two sweeps over a few vectors at a time: see logisticTail's halves in vector/logistic.h for why.
template <class T, class Operation>
void pairLoop(const Operand<T> *slots, la_instruction instruction, int64_t vectors) {
  constexpr int64_t lanes = Lane<T>::count, stripe = 8;
  const Operand<T> a = slots[instruction.a];
  T *result = slots[instruction.result].elements, *second = slots[instruction.second].elements;
  alignas(64) T between[stripe * lanes];
  for (int64_t start = 0; start < vectors; start += stripe) {
    const int64_t count = vectors - start < stripe ? vectors - start : stripe;
    for (int64_t i = 0; i < count; i++)
      store(between + i * lanes, Operation::begin(load(a.elements + (start + i) * a.step)));
    for (int64_t i = 0; i < count; i++) {
      typename Lane<T>::Vector x, y;
      Operation::apply(load(between + i * lanes), x, y);
      store(result + (start + i) * lanes, x);
      store(second + (start + i) * lanes, y);
    }
  }
}

#define LA_UNARY(name, body) &unaryLoop<T, name##Operation>,
#define LA_SPECIAL(name, body) &specialLoop<T, name##Operation>,
#define LA_BINARY(name, body) &binaryLoop<T, name##Operation>,
#define LA_TERNARY(name, body) &ternaryLoop<T, name##Operation>,
#define LA_PAIR(name, prepare, finish) &pairLoop<T, name##Operation>,
template <class T> constexpr Loop<T> loops[] = {
#include "operations.def"
};
#undef LA_UNARY
#undef LA_SPECIAL
#undef LA_BINARY
#undef LA_TERNARY
#undef LA_PAIR

// One run over a range of samples: the table of slots, and what it keeps in the first-level cache.
template <class T> struct Run {
  static constexpr int64_t blockBytes = 2048;
  static constexpr int64_t blockElements = blockBytes / sizeof(T);
  static constexpr int64_t lanes = Lane<T>::count;

  const la_program &program;
  const la_batch &batch;
  la_violation violation = {-1, -1};
  Operand<T> slots[LA_MAX_INPUTS + LA_MAX_CONSTANTS + LA_MAX_TEMPORARIES];
  Accumulator<T> accumulators[LA_MAX_RESULTS];
  alignas(64) T constants[LA_MAX_CONSTANTS][lanes];
  alignas(64) T inputs[LA_MAX_INPUTS + 1][blockElements];
  alignas(64) T temporaries[LA_MAX_TEMPORARIES][blockElements];

  LA_INLINE Run(const la_program &program, const la_batch &batch) : program(program), batch(batch) {
    Operand<T> *slot = slots + program.inputCount;
    for (int k = 0; k < program.constantCount; k++) {
      store(constants[k], splat<typename Lane<T>::Vector>(T(program.constants[k])));
      *slot++ = {constants[k], 0};
    }
    for (int k = 0; k < program.temporaryCount; k++) *slot++ = {temporaries[k], lanes};
    for (int k = 0; k < program.resultCount; k++) accumulators[k] = Accumulator<T>();
  }

  // The samples begin..<begin + count of one array: in place where they can be read so, converted or padded otherwise.
  // Padding repeats the first sample, which raises no floating-point trap that the samples themselves do not raise.
  LA_INLINE T *operand(const void *source, uint8_t type, int64_t stride, int64_t begin, int64_t count, T *block) {
    const bool inPlace = type == elementType<T> && stride == 1;
    if (inPlace && count % lanes == 0) return const_cast<T *>(static_cast<const T *>(source)) + begin;
    convertBlock<T>(source, type, begin, stride, count, block);
    for (int64_t i = count; i % lanes != 0; i++) block[i] = block[0];
    return block;
  }

  const T *masked(int64_t begin, int64_t count, T *block) {
    maskedWeights<T>(batch, begin, count, block);
    for (int64_t i = count; i % lanes != 0; i++) block[i] = 0;
    return block;
  }

  void block(int64_t begin, int64_t count) {
    const int64_t vectors = (count + lanes - 1) / lanes;
    for (int k = 0; k < program.inputCount; k++)
      slots[k] = {operand(batch.inputs[k], batch.inputTypes[k], batch.strides[k], begin, count, inputs[k]), lanes};
    const T *weights = nullptr;
    if (batch.maskCount > 0)
      weights = masked(begin, count, inputs[LA_MAX_INPUTS]);
    else if (batch.weights)
      weights = operand(batch.weights, batch.weightType, 1, begin, count, inputs[LA_MAX_INPUTS]);
    for (int k = 0; k < program.checkCount; k++) check(k, weights, begin, count);
    const int steps = program.instructionCount + program.resultCount;
    for (int k = 0; k < program.instructionCount; k++) {
      prefetch(begin + count, k, steps);
      const la_instruction instruction = program.instructions[k];
      loops<T>[instruction.operation](slots, instruction, vectors);
    }
    for (int k = 0; k < program.resultCount; k++) {
      prefetch(begin + count, program.instructionCount + k, steps);
      result(k, weights, begin, count);
    }
  }

  // Asks for one part in `steps` of the next block's inputs. A block is read by its first instructions only, so without this
  // the memory would idle while the rest of the block is computed. Addresses beyond the arrays do no harm.
  LA_INLINE void prefetch(int64_t begin, int step, int steps) const {
    constexpr int64_t lines = blockBytes / 64;
    const int64_t first = lines * step / steps, last = lines * (step + 1) / steps;
    if (!batch.prefetches) return;
    for (int k = 0; k < program.inputCount; k++) {
      if (batch.inputTypes[k] != elementType<T> || batch.strides[k] != 1) continue;
      const char *next = reinterpret_cast<const char *>(static_cast<const T *>(batch.inputs[k]) + begin);
      for (int64_t line = first; line < last; line++) __builtin_prefetch(next + 64 * line, 0, 2);
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

  LA_INLINE void check(int k, const T *weights, int64_t begin, int64_t count) {
    if (violation.sample >= 0) return;
    const la_check &check = program.checks[k];
    const T *elements = slots[check.input].elements;
    const T lowest = atLeast(check.lowest), highest = atMost(check.highest);
    if (!mayViolate(elements, count, lowest, highest)) return;
    for (int64_t i = 0; i < count; i++) {
      const T x = elements[i];
      const bool valid = (x >= lowest && x <= highest) || (check.allowsNaN && x != x);
      if (valid || (weights && weights[i] == 0)) continue;
      violation = {begin + i, k};
      return;
    }
  }

  LA_INLINE void result(int k, const T *weights, int64_t begin, int64_t count) {
    switch (program.results[k].form) {
      case LA_FORM_SINGLE: return emit<SingleForm>(k, weights, begin, count);
      case LA_FORM_SQUARE: return emit<SquareForm>(k, weights, begin, count);
      case LA_FORM_PRODUCT: return emit<ProductForm>(k, weights, begin, count);
      case LA_FORM_DIFFERENCE: return emit<DifferenceForm>(k, weights, begin, count);
      case LA_FORM_SQUARED_DIFFERENCE: return emit<SquaredDifferenceForm>(k, weights, begin, count);
      case LA_FORM_MULTIPLY_ADD: return emit<MultiplyAddForm>(k, weights, begin, count);
    }
  }

  template <class Form> LA_INLINE void emit(int k, const T *weights, int64_t begin, int64_t count) {
    weights ? emit<Form, true>(k, weights, begin, count) : emit<Form, false>(k, weights, begin, count);
  }

  template <class Form, bool weighted>
  LA_INLINE void emit(int k, const T *weights, int64_t begin, int64_t count) {
    const la_destination &destination = batch.destinations[k];
    const la_result &result = program.results[k];
    const Elements<T, Form, weighted> elements{slots[result.a], slots[result.b], slots[result.c], weights};
    if (destination.elements && destination.stride != 1)
      storeColumn(elements, static_cast<T *>(destination.elements) + begin * destination.stride, destination.stride,
                  T(destination.scale), count);
    else if (destination.elements)
      storeElements(elements, static_cast<T *>(destination.elements) + begin, T(destination.scale), count,
                    destination.streaming);
    else if (destination.sum)
      sumElements(elements, accumulators[k], count);
  }
};

template <class T>
la_violation run(const la_program *program, const la_batch *batch, int64_t begin, int64_t end, double *sums) {
  Run<T> run(*program, *batch);
  int64_t i = begin;
  for (; i + Run<T>::blockElements <= end; i += Run<T>::blockElements) run.block(i, Run<T>::blockElements);
  // The last block: its whole vectors in place, then the samples that are left, padded.
  const int64_t whole = (end - i) / Run<T>::lanes * Run<T>::lanes;
  if (whole > 0) run.block(i, whole);
  if (i + whole < end) run.block(i + whole, end - i - whole);
  for (int k = 0; k < program->resultCount; k++)
    if (batch->destinations[k].sum) run.accumulators[k].total(sums + 2 * k);
  return run.violation;
}

}  // namespace la::LA_TARGET

#else

extern "C" {

la_violation la_run_f32(const la_program *program, const la_batch *batch, int64_t begin, int64_t end, double *sums) {
  return LA_DISPATCH(run<float>)(program, batch, begin, end, sums);
}

la_violation la_run_f64(const la_program *program, const la_batch *batch, int64_t begin, int64_t end, double *sums) {
  return LA_DISPATCH(run<double>)(program, batch, begin, end, sums);
}

int32_t la_operation(const char *name) {
#define LA_UNARY(name, body) #name,
#define LA_SPECIAL(name, body) #name,
#define LA_BINARY(name, body) #name,
#define LA_TERNARY(name, body) #name,
#define LA_PAIR(name, prepare, finish) #name,
  static const char *const names[] = {
#include "operations.def"
  };
#undef LA_UNARY
#undef LA_SPECIAL
#undef LA_BINARY
#undef LA_TERNARY
#undef LA_PAIR
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (std::strcmp(names[k], name) == 0) return int32_t(k);
  return -1;
}

}  // extern "C"

#endif
