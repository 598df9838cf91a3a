// Finds a program among those that are compiled in one piece.
#include "fused_programs.h"

namespace {

using namespace la;

struct Known {
  int inputCount, constantCount, instructionCount, resultCount;
  const la_instruction *instructions;
  const fused::Result *results;
};

constexpr Known known[] = {
#define LA_PROGRAM(name, inputs, constants)                                                        \
  {inputs, constants, std::size(fused::name::instructions), std::size(fused::name::results),       \
   fused::name::instructions, fused::name::results},
#define LA_DO(operation, result, second, third, a, b, c)
#define LA_GIVES
#define LA_RESULT(form, a, b, c)
#define LA_END
#include "fused_programs.def"
};

bool isSame(const Known &known, const la_program &program) {
  if (known.inputCount != program.inputCount || known.constantCount != program.constantCount ||
      known.instructionCount != program.instructionCount || known.resultCount != program.resultCount)
    return false;
  for (int k = 0; k < known.resultCount; k++) {
    const fused::Result &ours = known.results[k];
    const la_result &theirs = program.results[k];
    if (ours.form != theirs.form || ours.a != theirs.a || ours.b != theirs.b || ours.c != theirs.c) return false;
  }
  return std::memcmp(known.instructions, program.instructions, known.instructionCount * sizeof *known.instructions) == 0;
}

}  // namespace

extern "C" int32_t la_fused_program(const la_program *program) {
  for (int number = 0; number < fused::count; number++)
    if (isSame(known[number], *program)) return number;
  return -1;
}
