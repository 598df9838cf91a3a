// A program as the interpreter runs it: what is to be done with a few vectors of samples, step by step.
//
// Between steps there is one group of vectors in registers. An operation takes one of its operands from there where the step before left
// it, and the others from memory, and leaves its result there; where something else needs it later, a step stores it. Functions are called,
// from memory to memory.
#pragma once

#include "dispatch.h"

namespace la {

// The operations' numbers: their lines in operations.def.
enum OperationNumber : int {
#define LA_UNARY(name, body) name##Number,
#define LA_FUNCTION(name, body) name##Number,
#define LA_BINARY(name, body) name##Number,
#define LA_BINARY_FUNCTION(name, body) name##Number,
#define LA_TERNARY(name, body) name##Number,
#define LA_HALVES(name, prepare, finish) name##Number,
#define LA_PAIR(name, prepare, finish) name##Number,
#define LA_TWIN(name, body) name##Number,
#define LA_TRIPLE(name, body) name##Number,
#define LA_TRIO(name, prepare, finish) name##Number,
#include "operations.def"
  operationCount
};

// What is known of them without the vectors that they work on. A function is long, and called by the interpreter.
struct Traits {
  const char *name;
  int operands;
  bool isFunction;
};
constexpr Traits traits[] = {
#define LA_UNARY(name, body) {#name, 1, false},
#define LA_FUNCTION(name, body) {#name, 1, true},
#define LA_BINARY(name, body) {#name, 2, false},
#define LA_BINARY_FUNCTION(name, body) {#name, 2, true},
#define LA_TERNARY(name, body) {#name, 3, false},
#define LA_HALVES(name, prepare, finish) {#name, 1, true},
#define LA_PAIR(name, prepare, finish) {#name, 1, true},
#define LA_TWIN(name, body) {#name, 1, true},
#define LA_TRIPLE(name, body) {#name, 1, true},
#define LA_TRIO(name, prepare, finish) {#name, 1, true},
#include "operations.def"
};

// How many slots a result's form uses.
constexpr int operandCount(int form) {
  return form == LA_FORM_SINGLE || form == LA_FORM_SQUARE ? 1 : form == LA_FORM_MULTIPLY_ADD ? 3 : 2;
}

// What a step does: an operation, told which of its operands are in registers (1 for a, 2 for b, 4 for c), or one of these.
constexpr int stepKind(int operation, int inRegisters) { return operation * 8 + inRegisters; }
enum : int {
  callStep = operationCount * 8,  // calls the function `operation`
  keepStep,                       // stores the registers in slot `result`
  readStep,                       // reads slot a into the registers
  emitStep,                       // hands the registers out as result number `result`
  nextStep,                       // goes on to the next group
};

}  // namespace la
