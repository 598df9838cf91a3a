// Calls the operations that are functions: each is a loop over a group of vectors, from memory to memory.
#ifndef LA_TARGET
#error "include function_calls.h from a kernel file's target section"
#endif

#include "operations.h"
#include "steps.h"

namespace la::LA_TARGET {

// The vectors of a group: as many as half of the registers hold, or all of 32.
#if LA_HAS_AVX512
constexpr int groupVectors = 8;
#elif LA_HAS_FMA
constexpr int groupVectors = 4;
#else
constexpr int groupVectors = 2;
#endif

// A slot's elements in the current group. Constants are one vector that is read again and again: their step is 0.
template <class T> struct Operand {
  T *elements;
  int64_t step;
};

// The functions that are called.
template <class T> using Function = void (*)(const Operand<T> *slots, const la_step *step, int vectors);

template <class T, class Operation> void callFunction(const Operand<T> *slots, const la_step *step, int vectors) {
  const Operand<T> a = slots[step->a];
  T *result = slots[step->result].elements;
#pragma clang loop unroll(disable)
  for (int k = 0; k < vectors; k++) store(result + k * Lane<T>::count, Operation::apply(load(a.elements + k * a.step)));
}

template <class T, class Operation> void callBinaryFunction(const Operand<T> *slots, const la_step *step, int vectors) {
  const Operand<T> a = slots[step->a], b = slots[step->b];
  T *result = slots[step->result].elements;
#pragma clang loop unroll(disable)
  for (int k = 0; k < vectors; k++)
    store(result + k * Lane<T>::count, Operation::apply(load(a.elements + k * a.step), load(b.elements + k * b.step)));
}

template <class T, class Operation> void callTwin(const Operand<T> *slots, const la_step *step, int vectors) {
  constexpr int lanes = Lane<T>::count;
  const Operand<T> a = slots[step->a];
  T *result = slots[step->result].elements, *second = slots[step->second].elements;
#pragma clang loop unroll(disable)
  for (int k = 0; k < vectors; k++) {
    typename Lane<T>::Vector x, y;
    Operation::apply(load(a.elements + k * a.step), x, y);
    store(result + k * lanes, x);
    store(second + k * lanes, y);
  }
}

template <class T, class Operation> void callTriple(const Operand<T> *slots, const la_step *step, int vectors) {
  constexpr int lanes = Lane<T>::count;
  const Operand<T> a = slots[step->a];
  T *result = slots[step->result].elements, *second = slots[step->second].elements, *third = slots[step->third].elements;
#pragma clang loop unroll(disable)
  for (int k = 0; k < vectors; k++) {
    typename Lane<T>::Vector x, y, z;
    Operation::apply(load(a.elements + k * a.step), x, y, z);
    store(result + k * lanes, x);
    store(second + k * lanes, y);
    store(third + k * lanes, z);
  }
}

// What the first halves of a group's functions hand to the second ones.
template <class T> struct Between { alignas(64) T x[groupVectors * Lane<T>::count], y[groupVectors * Lane<T>::count]; };

template <class T, class Operation> LA_INLINE void beginHalves(Operand<T> a, int vectors, Between<T> &between) {
#pragma clang loop unroll(disable)
  for (int k = 0; k < vectors; k++) {
    typename Lane<T>::Vector x, y;
    Operation::begin(load(a.elements + k * a.step), x, y);
    store(between.x + k * Lane<T>::count, x);
    store(between.y + k * Lane<T>::count, y);  // nothing where y was not set
  }
}

template <class T, class Operation> void callHalves(const Operand<T> *slots, const la_step *step, int vectors) {
  constexpr int lanes = Lane<T>::count;
  const Operand<T> a = slots[step->a];
  T *result = slots[step->result].elements;
  Between<T> between;
  beginHalves<T, Operation>(a, vectors, between);
#pragma clang loop unroll(disable)
  for (int k = 0; k < vectors; k++)
    store(result + k * lanes,
          Operation::apply(load(a.elements + k * a.step), load(between.x + k * lanes), load(between.y + k * lanes)));
}

template <class T, class Operation> void callPair(const Operand<T> *slots, const la_step *step, int vectors) {
  constexpr int lanes = Lane<T>::count;
  const Operand<T> a = slots[step->a];
  T *result = slots[step->result].elements, *second = slots[step->second].elements;
  Between<T> between;
  beginHalves<T, Operation>(a, vectors, between);
#pragma clang loop unroll(disable)
  for (int k = 0; k < vectors; k++) {
    typename Lane<T>::Vector first, other;
    Operation::apply(load(a.elements + k * a.step), load(between.x + k * lanes), load(between.y + k * lanes), first, other);
    store(result + k * lanes, first);
    store(second + k * lanes, other);
  }
}

template <class T, class Operation> void callTrio(const Operand<T> *slots, const la_step *step, int vectors) {
  constexpr int lanes = Lane<T>::count;
  const Operand<T> a = slots[step->a];
  T *result = slots[step->result].elements, *second = slots[step->second].elements, *third = slots[step->third].elements;
  Between<T> between;
  beginHalves<T, Operation>(a, vectors, between);
#pragma clang loop unroll(disable)
  for (int k = 0; k < vectors; k++) {
    typename Lane<T>::Vector x, y, z;
    Operation::apply(load(a.elements + k * a.step), load(between.x + k * lanes), load(between.y + k * lanes), x, y, z);
    store(result + k * lanes, x);
    store(second + k * lanes, y);
    store(third + k * lanes, z);
  }
}

#define LA_UNARY(name, body) nullptr,
#define LA_FUNCTION(name, body) &callFunction<T, name##Operation>,
#define LA_BINARY(name, body) nullptr,
#define LA_BINARY_FUNCTION(name, body) &callBinaryFunction<T, name##Operation>,
#define LA_TERNARY(name, body) nullptr,
#define LA_HALVES(name, prepare, finish) &callHalves<T, name##Operation>,
#define LA_PAIR(name, prepare, finish) &callPair<T, name##Operation>,
#define LA_TWIN(name, body) &callTwin<T, name##Operation>,
#define LA_TRIPLE(name, body) &callTriple<T, name##Operation>,
#define LA_TRIO(name, prepare, finish) &callTrio<T, name##Operation>,
template <class T> constexpr Function<T> functions[] = {
#include "operations.def"
};

// The table above, of interpreter.cpp: of the argument's type.
const Function<float> *functionTable(float);
const Function<double> *functionTable(double);

}  // namespace la::LA_TARGET
