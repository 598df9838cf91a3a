// Turns a program's instructions into the steps of the interpreter.
#include "steps.h"

namespace {

using namespace la;

constexpr int noSlot = LA_NO_SLOT;

struct StepWriter {
  const la_program &program;
  la_step *steps;
  int count = 0;
  int inRegisters = noSlot;  // the slot whose elements the registers hold
  int keeper[256];           // by slot: the step that stores what it now holds, or -1 where it is in memory anyway
  int lastWriter[256];       // by slot: the last instruction that writes it, or -1

  StepWriter(const la_program &program, la_step *steps) : program(program), steps(steps) {
    for (int slot = 0; slot < 256; slot++) keeper[slot] = lastWriter[slot] = -1;
    for (int k = 0; k < program.instructionCount; k++) {
      const la_instruction &instruction = program.instructions[k];
      const int results[] = {instruction.result, instruction.second, instruction.third};
      for (int slot : results)
        if (slot != noSlot) lastWriter[slot] = k;
    }
  }

  void add(int kind, int operation, int result, int second, int a, int b, int c) {
    steps[count++] = {uint16_t(kind), uint8_t(operation), uint8_t(result), uint8_t(second), noSlot, uint8_t(a), uint8_t(b), uint8_t(c)};
  }

  void readFromMemory(int slot) {
    if (keeper[slot] >= 0) steps[keeper[slot]].second = 1;
  }

  // An operation that leaves its result in the registers. It takes the same operand from there more than once only as both of two.
  void operation(int number, int a, int b, int c) {
    const int operands = traits[number].operands, slots[] = {a, b, c};
    int mask = 0;
    for (int k = 0; k < operands; k++) {
      if (slots[k] == inRegisters && (operands < 3 || mask == 0))
        mask |= 1 << k;
      else
        readFromMemory(slots[k]);
    }
    add(stepKind(number, mask), number, noSlot, noSlot, a, b, c);
    inRegisters = noSlot;
  }

  void instruction(const la_instruction &instruction) {
    if (traits[instruction.operation].isFunction) {
      readFromMemory(instruction.a);
      if (traits[instruction.operation].operands > 1) readFromMemory(instruction.b);
      add(callStep, instruction.operation, instruction.result, instruction.second, instruction.a, instruction.b, instruction.c);
      steps[count - 1].third = instruction.third;
      inRegisters = noSlot;
      const int results[] = {instruction.result, instruction.second, instruction.third};
      for (int slot : results)
        if (slot != noSlot) keeper[slot] = -1;
      return;
    }
    operation(instruction.operation, instruction.a, instruction.b, instruction.c);
    inRegisters = instruction.result;
    keeper[instruction.result] = count;
    add(keepStep, 0, instruction.result, 0, 0, 0, 0);
  }

  // The last instruction that a result waits for, or -1.
  int readyAfter(const la_result &result) const {
    const int slots[] = {result.a, result.b, result.c};
    int last = -1;
    for (int k = 0; k < operandCount(result.form); k++) last = lastWriter[slots[k]] > last ? lastWriter[slots[k]] : last;
    return last;
  }

  void result(int number) {
    const la_result &result = program.results[number];
    switch (result.form) {
      case LA_FORM_SINGLE:
        if (result.a != inRegisters) {
          readFromMemory(result.a);
          add(readStep, 0, noSlot, noSlot, result.a, 0, 0);
          inRegisters = result.a;
        }
        break;
      case LA_FORM_SQUARE: operation(multiplyNumber, result.a, result.a, 0); break;
      case LA_FORM_PRODUCT: operation(multiplyNumber, result.a, result.b, 0); break;
      case LA_FORM_DIFFERENCE: operation(subtractNumber, result.a, result.b, 0); break;
      case LA_FORM_SQUARED_DIFFERENCE:
        operation(subtractNumber, result.a, result.b, 0);
        add(stepKind(multiplyNumber, 3), multiplyNumber, noSlot, noSlot, 0, 0, 0);
        break;
      case LA_FORM_MULTIPLY_ADD: operation(multiplyAddNumber, result.a, result.b, result.c); break;
    }
    add(emitStep, 0, number, noSlot, 0, 0, 0);
  }

  // Results are handed out as soon as their operands are there: often these are in registers then.
  void write() {
    for (int k = -1; k < program.instructionCount; k++) {
      if (k >= 0) instruction(program.instructions[k]);
      for (int number = 0; number < program.resultCount; number++)
        if (readyAfter(program.results[number]) == k) result(number);
    }
    add(nextStep, 0, noSlot, noSlot, 0, 0, 0);
  }

  // Drops the steps that store what nothing reads from memory.
  void compact() {
    int kept = 0;
    for (int k = 0; k < count; k++)
      if (steps[k].kind != keepStep || steps[k].second != 0) steps[kept++] = steps[k];
    count = kept;
  }
};

}  // namespace

extern "C" {

int32_t la_step_capacity(int32_t instructionCount, int32_t resultCount) { return 2 * instructionCount + 3 * resultCount + 1; }

void la_write_steps(const la_program *program, la_step *steps) {
  StepWriter writer(*program, steps);
  writer.write();
  writer.compact();
}

int32_t la_operation(const char *name) {
  for (int k = 0; k < operationCount; k++)
    if (std::strcmp(traits[k].name, name) == 0) return k;
  return -1;
}

}  // extern "C"
