// Runs a program block by block: each instruction is one vector loop over a block that stays in the first-level cache.
#define LA_SOURCE "interpreter.cpp"
#include "foreach_target.h"

#ifdef LA_TARGET

#include "conversion.h"
#include "emission.h"

namespace la::LA_TARGET {

// The lines of memory that are asked for while a block is computed: parts of the next block's inputs. Loops over elementary
// functions, which are most of the time, ask for a few before every stripe of a few vectors, so that memory never idles.
struct LinesAhead {
  const char *inputs[LA_MAX_INPUTS];
  int count = 0;
  // Of each input: how many lines to ask for before a stripe of a function, or else before every other step; and those still to come.
  int64_t perStripe = 0, perStep = 0, remaining = 0;

  // Addresses beyond the arrays do no harm.
  LA_INLINE void ask(int64_t lines) {
    const int64_t asked = lines < remaining ? lines : remaining;
    for (int k = 0; k < count; k++) {
      for (int64_t line = 0; line < asked; line++) __builtin_prefetch(inputs[k] + 64 * line, 0, 2);
      inputs[k] += 64 * asked;
    }
    remaining -= asked;
  }
};

constexpr int64_t stripe = 8;  // vectors

template <class T>
using Loop = void (*)(const Operand<T> *slots, la_instruction instruction, int64_t vectors, LinesAhead &ahead);

#define LA_UNARY(name, body)                                                                       \
  struct name##Operation {                                                                         \
    template <class V> static LA_INLINE V apply(V a) { return body; }                              \
  };
#define LA_FUNCTION(name, body) LA_UNARY(name, body)
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
#undef LA_FUNCTION
#undef LA_BINARY
#undef LA_TERNARY
#undef LA_PAIR

template <class T, class Operation>
void unaryLoop(const Operand<T> *slots, la_instruction instruction, int64_t vectors, LinesAhead &) {
  const Operand<T> a = slots[instruction.a];
  T *result = slots[instruction.result].elements;
#pragma clang loop unroll_count(4)
  for (int64_t i = 0; i < vectors; i++)
    store(result + i * Lane<T>::count, Operation::apply(load(a.elements + i * a.step)));
}

template <class T, class Operation>
void functionLoop(const Operand<T> *slots, la_instruction instruction, int64_t vectors, LinesAhead &ahead) {
  const Operand<T> a = slots[instruction.a];
  T *result = slots[instruction.result].elements;
  for (int64_t start = 0; start < vectors; start += stripe) {
    const int64_t end = vectors - start < stripe ? vectors : start + stripe;
    ahead.ask(ahead.perStripe);
#pragma clang loop unroll(disable)
    for (int64_t i = start; i < end; i++)
      store(result + i * Lane<T>::count, Operation::apply(load(a.elements + i * a.step)));
  }
}

template <class T, class Operation>
void binaryLoop(const Operand<T> *slots, la_instruction instruction, int64_t vectors, LinesAhead &) {
  const Operand<T> a = slots[instruction.a], b = slots[instruction.b];
  T *result = slots[instruction.result].elements;
#pragma clang loop unroll_count(4)
  for (int64_t i = 0; i < vectors; i++)
    store(result + i * Lane<T>::count,
          Operation::apply(load(a.elements + i * a.step), load(b.elements + i * b.step)));
}

template <class T, class Operation>
void ternaryLoop(const Operand<T> *slots, la_instruction instruction, int64_t vectors, LinesAhead &) {
  const Operand<T> a = slots[instruction.a], b = slots[instruction.b], c = slots[instruction.c];
  T *result = slots[instruction.result].elements;
#pragma clang loop unroll_count(2)
  for (int64_t i = 0; i < vectors; i++)
    store(result + i * Lane<T>::count, Operation::apply(load(a.elements + i * a.step), load(b.elements + i * b.step),
                                                        load(c.elements + i * c.step)));
}

// In two sweeps over a few vectors at a time: see logisticTail's halves in vector/logistic.h for why.
template <class T, class Operation>
void pairLoop(const Operand<T> *slots, la_instruction instruction, int64_t vectors, LinesAhead &ahead) {
  constexpr int64_t lanes = Lane<T>::count;
  const Operand<T> a = slots[instruction.a];
  T *result = slots[instruction.result].elements, *second = slots[instruction.second].elements;
  alignas(64) T between[stripe * lanes];
  for (int64_t start = 0; start < vectors; start += stripe) {
    const int64_t count = vectors - start < stripe ? vectors - start : stripe;
    ahead.ask(ahead.perStripe);
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
#define LA_FUNCTION(name, body) &functionLoop<T, name##Operation>,
#define LA_BINARY(name, body) &binaryLoop<T, name##Operation>,
#define LA_TERNARY(name, body) &ternaryLoop<T, name##Operation>,
#define LA_PAIR(name, prepare, finish) &pairLoop<T, name##Operation>,
template <class T> constexpr Loop<T> loops[] = {
#include "operations.def"
};
#undef LA_UNARY
#undef LA_FUNCTION
#undef LA_BINARY
#undef LA_TERNARY
#undef LA_PAIR

// Whether an operation's loop asks for lines ahead.
#define LA_UNARY(name, body) false,
#define LA_FUNCTION(name, body) true,
#define LA_BINARY(name, body) false,
#define LA_TERNARY(name, body) false,
#define LA_PAIR(name, prepare, finish) true,
constexpr bool asksAhead[] = {
#include "operations.def"
};
#undef LA_UNARY
#undef LA_FUNCTION
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
  const bool isSquareAndDifference;
  LinesAhead ahead;
  la_violation violation = {-1, -1};
  Operand<T> slots[LA_MAX_INPUTS + LA_MAX_CONSTANTS + LA_MAX_TEMPORARIES];
  Accumulator<T> accumulators[LA_MAX_RESULTS];
  alignas(64) T constants[LA_MAX_CONSTANTS][lanes];
  alignas(64) T inputs[LA_MAX_INPUTS + 1][blockElements];
  alignas(64) T temporaries[LA_MAX_TEMPORARIES][blockElements];

  LA_INLINE Run(const la_program &program, const la_batch &batch)
      : program(program), batch(batch), isSquareAndDifference(areSquareAndDifference(program, batch)) {
    Operand<T> *slot = slots + program.inputCount;
    for (int k = 0; k < program.constantCount; k++) {
      store(constants[k], splat<typename Lane<T>::Vector>(T(program.constants[k])));
      *slot++ = {constants[k], 0};
    }
    for (int k = 0; k < program.temporaryCount; k++) *slot++ = {temporaries[k], lanes};
    for (int k = 0; k < program.resultCount; k++) accumulators[k] = Accumulator<T>();
    if (batch.prefetches) planLinesAhead();
  }

  // Shares the lines of a block among the stripes of functions, or among all steps where there is no function.
  LA_INLINE void planLinesAhead() {
    constexpr int64_t lines = blockBytes / 64, stripes = blockElements / lanes / stripe;
    int functions = 0;
    for (int k = 0; k < program.instructionCount; k++) functions += asksAhead[program.instructions[k].operation];
    const int steps = program.instructionCount + program.resultCount;
    if (functions > 0)
      ahead.perStripe = (lines + functions * stripes - 1) / (functions * stripes);
    else
      ahead.perStep = (lines + steps - 1) / steps;
  }

  // Whether no array needs to be converted or gathered, and there is nothing to be done but one sweep.
  LA_INLINE bool readsInPlace() const {
    for (int k = 0; k < program.inputCount; k++)
      if (batch.inputTypes[k] != elementType<T> || batch.strides[k] != 1) return false;
    // A third result, the curvature, is a sweep that reads nothing where it is a constant.
    for (int k = 2; k < program.resultCount; k++)
      if (program.results[k].form != LA_FORM_SINGLE || slots[program.results[k].a].step != 0 || batch.weights) return false;
    return batch.maskCount == 0 && (!batch.weights || batch.weightType == elementType<T>) && program.checkCount == 0;
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
    lookAhead(begin + count);
    for (int k = 0; k < program.instructionCount; k++) {
      ahead.ask(ahead.perStep);
      const la_instruction instruction = program.instructions[k];
      loops<T>[instruction.operation](slots, instruction, vectors, ahead);
    }
    int k = 0;
    if (isSquareAndDifference) {
      ahead.ask(2 * ahead.perStep);
      weights ? squareAndDifference<true>(weights, begin, count) : squareAndDifference<false>(weights, begin, count);
      k = 2;
    }
    for (; k < program.resultCount; k++) {
      ahead.ask(ahead.perStep);
      result(k, weights, begin, count);
    }
  }

  // A block is read by its first instructions only, so without asking ahead the memory would idle while the rest is computed.
  LA_INLINE void lookAhead(int64_t begin) {
    if (!batch.prefetches) return;
    ahead.count = 0;
    ahead.remaining = blockBytes / 64;
    for (int k = 0; k < program.inputCount; k++)
      if (batch.inputTypes[k] == elementType<T> && batch.strides[k] == 1)
        ahead.inputs[ahead.count++] = reinterpret_cast<const char *>(static_cast<const T *>(batch.inputs[k]) + begin);
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
    const T scale = T(destination.scale * result.factor);
    if (destination.elements && destination.stride != 1)
      storeColumn(elements, static_cast<T *>(destination.elements) + begin * destination.stride, destination.stride, scale,
                  count);
    else if (destination.elements)
      storeElements(elements, static_cast<T *>(destination.elements) + begin, scale, count, destination.streaming);
    if (destination.sum) sumElements(elements, accumulators[k], count);
  }

  // Whether the first result is the square of a difference, to be summed, and the second that difference, to be stored.
  static LA_INLINE bool areSquareAndDifference(const la_program &program, const la_batch &batch) {
    if (program.resultCount < 2) return false;
    const la_result &square = program.results[0], &difference = program.results[1];
    const la_destination &sum = batch.destinations[0], &stored = batch.destinations[1];
    return square.form == LA_FORM_SQUARED_DIFFERENCE && difference.form == LA_FORM_DIFFERENCE && square.a == difference.a &&
           square.b == difference.b && sum.sum && !sum.elements && stored.elements && stored.stride == 1 && !stored.sum;
  }

  template <bool weighted> LA_INLINE void squareAndDifference(const T *weights, int64_t begin, int64_t count) {
    const la_destination &destination = batch.destinations[1];
    const la_result &result = program.results[1];
    sumAndStoreDifferences<T, weighted>(slots[result.a], slots[result.b], weights, accumulators[0],
                                        static_cast<T *>(destination.elements) + begin, T(destination.scale * result.factor),
                                        count, destination.streaming);
  }
};

template <class T>
la_violation run(const la_program *program, const la_batch *batch, int64_t begin, int64_t end, double *sums) {
  Run<T> run(*program, *batch);
  int64_t i = begin;
  // Nothing is kept between two sweeps where there is but one: then the whole range is one block, and memory is read without a break.
  const int64_t block = run.isSquareAndDifference && run.readsInPlace() ? (end - begin) / Run<T>::lanes * Run<T>::lanes
                                                                        : Run<T>::blockElements;
  for (; block > 0 && i + block <= end; i += block) run.block(i, block);
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
#define LA_FUNCTION(name, body) #name,
#define LA_BINARY(name, body) #name,
#define LA_TERNARY(name, body) #name,
#define LA_PAIR(name, prepare, finish) #name,
  static const char *const names[] = {
#include "operations.def"
  };
#undef LA_UNARY
#undef LA_FUNCTION
#undef LA_BINARY
#undef LA_TERNARY
#undef LA_PAIR
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (std::strcmp(names[k], name) == 0) return int32_t(k);
  return -1;
}

}  // extern "C"

#endif
