// The programs that are compiled in one piece: those of the catalogue's losses, as fused_programs.def lists them.
#pragma once

#include "steps.h"

namespace la::fused {

// The slots of a result. What it is multiplied by is not part of the program: it is known when the program runs.
struct Result {
  uint8_t form, a, b, c;
};

#define LA_PROGRAM(name, inputs, constants)                                                        \
  struct name {                                                                                    \
    static constexpr int inputCount = inputs, constantCount = constants;                           \
    static constexpr la_instruction instructions[] = {
#define LA_DO(operation, result, second, third, a, b, c) {operation##Number, result, second, third, a, b, c},
#define LA_GIVES                                                                                   \
  }                                                                                                \
  ;                                                                                                \
  static constexpr Result results[] = {
#define LA_RESULT(form, a, b, c) {LA_FORM_##form, a, b, c},
#define LA_END                                                                                     \
  }                                                                                                \
  ;                                                                                                \
  }                                                                                                \
  ;
#include "fused_programs.def"

// Their numbers.
enum Number : int {
#define LA_PROGRAM(name, inputs, constants) name##Number,
#define LA_DO(operation, result, second, third, a, b, c)
#define LA_GIVES
#define LA_RESULT(form, a, b, c)
#define LA_END
#include "fused_programs.def"
  count
};

}  // namespace la::fused
