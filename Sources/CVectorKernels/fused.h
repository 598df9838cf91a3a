// Runs programs that are known when the kernels are compiled, those of fused_programs.def: where the interpreter goes step by step, all
// that lies between two calls of functions is one loop here, in which values stay in registers. It computes the same, to the last bit.
#ifndef LA_TARGET
#error "include fused.h from a kernel file's target section"
#endif

#include "fused_plan.h"
#include "interpreter.h"

namespace la::LA_TARGET {

template <int number> struct OperationNumbered;
#define LA_NUMBERED(name) template <> struct OperationNumbered<name##Number> : name##Operation {};
#define LA_UNARY(name, body) LA_NUMBERED(name)
#define LA_FUNCTION(name, body)
#define LA_BINARY(name, body) LA_NUMBERED(name)
#define LA_BINARY_FUNCTION(name, body)
#define LA_TERNARY(name, body) LA_NUMBERED(name)
#define LA_HALVES(name, prepare, finish)
#define LA_PAIR(name, prepare, finish)
#define LA_TWIN(name, body)
#define LA_TRIPLE(name, body)
#define LA_TRIO(name, prepare, finish)
#include "operations.def"
#undef LA_NUMBERED

// Where a result's vectors go.
template <class T> struct Sink {
  Output<T> *output;  // nullptr if they are not stored
  T *elements;        // of the group
  bool takesVectors, isStreaming, isSummed;
  typename Lane<T>::Vector factor;
  Accumulator<T> sum;

  LA_INLINE void begin(Run<T> &run, int number) {
    const la_destination &destination = run.batch.destinations[number];
    isSummed = destination.sum;
    sum = run.accumulators[number];
    factor = splat<typename Lane<T>::Vector>(T(destination.scale * run.program.results[number].factor));
    output = destination.elements ? &run.outputs[number] : nullptr;
    elements = output ? output->next : nullptr;
    takesVectors = !output || output->takesVectors();
    isStreaming = output && takesVectors && output->streaming;
  }
  LA_INLINE void beginGroup() {
    if (__builtin_expect(!takesVectors, 0)) elements = output->free();
  }
  LA_INLINE void endGroup() {
    if (__builtin_expect(!takesVectors, 0))
      exchange(*output);
    else
      elements += Run<T>::groupElements;
  }
  LA_INLINE void end(Run<T> &run, int number) const {
    run.accumulators[number] = sum;
    if (output && takesVectors) output->next = elements;
  }

 private:
  static __attribute__((noinline, cold)) void exchange(Output<T> &output) { output.exchange(Run<T>::groupElements); }
};

// Whole groups of samples, from where the run's operands and outputs are on.
template <class T, class Program> struct FusedRun {
  typedef typename Lane<T>::Vector V;
  static constexpr const fused::Plan &plan = fused::plan<Program>;
  static constexpr int firstTemporary = Program::inputCount + Program::constantCount;
  static constexpr int64_t lanes = Lane<T>::count, groupElements = Run<T>::groupElements;

  Operand<T> *slots;
  const Function<T> *functions;
  const T *inputs[Program::inputCount], *weights, *constants;
  T *temporaries;
  Sink<T> sinks[plan.resultCount];

  // An operand of the vector whose elements begin at `at`.
  template <int slot, bool loads> LA_INLINE V operand(V *values, int64_t at) const {
    if constexpr (slot >= Program::inputCount && slot < firstTemporary)
      return load(constants + (slot - Program::inputCount) * lanes);
    else if constexpr (loads && slot < Program::inputCount)
      values[slot] = load(inputs[slot] + at);
    else if constexpr (loads)
      values[slot] = load(temporaries + (slot - firstTemporary) * groupElements + at);
    return values[slot];
  }

  template <int number> LA_INLINE V form(V *values, int64_t at) const {
    constexpr fused::Result r = Program::results[number];
    constexpr auto &loads = plan.loadsSlot[number];
    const V a = operand<r.a, loads[0]>(values, at);
    if constexpr (r.form == LA_FORM_SINGLE) return a;
    if constexpr (r.form == LA_FORM_SQUARE) return a * a;
    if constexpr (operandCount(r.form) > 1) {
      const V b = operand<r.b, loads[1]>(values, at);
      if constexpr (r.form == LA_FORM_PRODUCT) return a * b;
      if constexpr (r.form == LA_FORM_DIFFERENCE) return a - b;
      if constexpr (r.form == LA_FORM_SQUARED_DIFFERENCE) {
        const V difference = a - b;
        return difference * difference;
      }
      if constexpr (r.form == LA_FORM_MULTIPLY_ADD) return mulAdd(a, b, operand<r.c, loads[2]>(values, at));
    }
  }

  // Hands out the results that follow instruction k of the stage, or fused::none.
  template <int stage, int k, int number = 0> LA_INLINE void emit(V *values, int64_t at) {
    if constexpr (number < plan.resultCount) {
      if constexpr (plan.emittedIn[number] == stage && plan.emittedAfter[number] == k) {
        V result = form<number>(values, at);
        if (weights) {
          const V weight = load(weights + at);
          result = select(weight == 0, V{}, result * weight);
        }
        Sink<T> &sink = sinks[number];
        if (sink.output) {
          if (sink.isStreaming)
            storeStreaming(sink.elements + at, result * sink.factor);
          else
            store(sink.elements + at, result * sink.factor);
        }
        if (sink.isSummed) sink.sum.add(result);
      }
      emit<stage, k, number + 1>(values, at);
    }
  }

  // What the stage does to one vector, from instruction k on.
  template <int stage, int k> LA_INLINE void perform(V *values, int64_t at) {
    if constexpr (k < plan.instructionCount) {
      if constexpr (plan.stage[k] == stage) {
        constexpr la_instruction i = Program::instructions[k];
        constexpr auto &loads = plan.loads[k];
        typedef OperationNumbered<i.operation> Operation;
        V result = operand<i.a, loads[0]>(values, at);
        if constexpr (traits[i.operation].operands == 1)
          result = Operation::apply(result);
        else if constexpr (traits[i.operation].operands == 2)
          result = Operation::apply(result, operand<i.b, loads[1]>(values, at));
        else
          result = Operation::apply(result, operand<i.b, loads[1]>(values, at), operand<i.c, loads[2]>(values, at));
        values[i.result] = result;
        if constexpr (plan.stores[k][0]) store(temporaries + (i.result - firstTemporary) * groupElements + at, result);
        if constexpr (plan.isFollowed[k]) emit<stage, k>(values, at);
        perform<stage, k + 1>(values, at);
      }
    }
  }

  template <int stage = 0> LA_INLINE void group() {
    if constexpr (stage < plan.stageCount) {
      constexpr int k = plan.first[stage];
      if constexpr (plan.isCall[stage]) {
        constexpr la_instruction i = Program::instructions[k];
        static constexpr la_step step = {callStep, i.operation, i.result, i.second, i.third, i.a, i.b, i.c};
        functions[i.operation](slots, &step, groupVectors);
      } else {
#pragma clang loop unroll(disable) vectorize(disable)
        for (int64_t at = 0; at < groupElements; at += lanes) {
          V values[plan.slotCount];
          emit<stage, fused::none>(values, at);
          perform<stage, k>(values, at);
        }
      }
      group<stage + 1>();
    }
  }
};

template <class T, class Program> void runFused(Run<T> &run, int64_t count) {
  typedef FusedRun<T, Program> Fused;
  Fused fused{run.slots, functionTable(T()), {}, run.weights, run.constants[0], run.temporaries[0], {}};
#pragma clang loop unroll(full)
  for (int k = 0; k < Program::inputCount; k++) fused.inputs[k] = run.slots[k].elements;
#pragma clang loop unroll(full)
  for (int k = 0; k < Fused::plan.resultCount; k++) fused.sinks[k].begin(run, k);
  for (; count > 0; count -= Fused::groupElements) {
#pragma clang loop unroll(full)
    for (int k = 0; k < Fused::plan.resultCount; k++) fused.sinks[k].beginGroup();
    fused.group();
#pragma clang loop unroll(full)
    for (int k = 0; k < Program::inputCount; k++) run.slots[k].elements = const_cast<T *>(fused.inputs[k] += Fused::groupElements);
    if (fused.weights) fused.weights += Fused::groupElements;
#pragma clang loop unroll(full)
    for (int k = 0; k < Fused::plan.resultCount; k++) fused.sinks[k].endGroup();
  }
#pragma clang loop unroll(full)
  for (int k = 0; k < Fused::plan.resultCount; k++) fused.sinks[k].end(run, k);
}

// By number.
template <class T> constexpr FusedFunction<T> fusedFunctions[] = {
#define LA_PROGRAM(name, inputs, constants) &runFused<T, fused::name>,
#define LA_DO(operation, result, second, third, a, b, c)
#define LA_GIVES
#define LA_RESULT(form, a, b, c)
#define LA_END
#include "fused_programs.def"
};

}  // namespace la::LA_TARGET
