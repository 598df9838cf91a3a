// What is known of a fused program before it runs: the order of its work, and what goes through memory.
#pragma once

#include "fused_programs.h"

namespace la::fused {

constexpr int maxInstructions = 64, none = -1;

// The work is done in stages, each for a whole group of vectors: a stage calls one function, or does all that can be done before the next
// call, vector by vector. Within such a stage values stay in registers; between stages they wait in memory.
struct Plan {
  int instructionCount = 0, resultCount = 0, slotCount = 0, stageCount = 0;
  // By stage: its first instruction, and whether that is a function. A last stage without instructions only hands out results.
  int first[maxInstructions + 1] = {};
  bool isCall[maxInstructions + 1] = {};
  // By instruction: its stage; whether operand 0, 1, 2 is read from memory; whether result 0, 1, 2 is stored there.
  int stage[maxInstructions] = {};
  bool loads[maxInstructions][3] = {}, stores[maxInstructions][3] = {};
  bool isFollowed[maxInstructions] = {};  // by results that are handed out
  // By result: the stage that hands it out; the instruction there that it follows, or none if it comes first; whether slot 0, 1, 2 is read
  // from memory.
  int emittedIn[LA_MAX_RESULTS] = {}, emittedAfter[LA_MAX_RESULTS] = {};
  bool loadsSlot[LA_MAX_RESULTS][3] = {};
};

template <class Program> class Planner {
  static constexpr int firstTemporary = Program::inputCount + Program::constantCount;
  // By slot: the instruction that wrote it last, as which of its results, and the stage whose registers hold it.
  int writer[LA_NO_SLOT + 1] = {}, writtenAs[LA_NO_SLOT + 1] = {}, heldIn[LA_NO_SLOT + 1] = {};
  // By result: the last instruction that it waits for.
  int readyAfter[LA_MAX_RESULTS] = {};
  bool isEmitted[LA_MAX_RESULTS] = {};

  constexpr void needInMemory(int slot) {
    if (slot >= firstTemporary) plan.stores[writer[slot]][writtenAs[slot]] = true;
  }

  // Whether the stage has to read the slot. From then on its registers hold it. Constants are read whenever they are needed.
  constexpr bool loads(int slot, int stage) {
    if ((slot >= Program::inputCount && slot < firstTemporary) || heldIn[slot] == stage) return false;
    needInMemory(slot);
    heldIn[slot] = stage;
    return true;
  }

  // Hands out the results that wait for no instruction after k.
  constexpr void emit(int k, int stage, int follows) {
    for (int number = 0; number < plan.resultCount; number++) {
      if (isEmitted[number] || readyAfter[number] > k) continue;
      isEmitted[number] = true;
      plan.emittedIn[number] = stage;
      plan.emittedAfter[number] = follows;
      if (follows != none) plan.isFollowed[follows] = true;
      const Result &result = Program::results[number];
      const int slots[] = {result.a, result.b, result.c};
      for (int j = 0; j < operandCount(result.form); j++) plan.loadsSlot[number][j] = loads(slots[j], stage);
    }
  }

  constexpr void findReady() {
    for (int number = 0; number < plan.resultCount; number++) {
      const Result &result = Program::results[number];
      const int slots[] = {result.a, result.b, result.c};
      readyAfter[number] = none;
      for (int k = 0; k < plan.instructionCount; k++)
        for (int j = 0; j < operandCount(result.form); j++) {
          const la_instruction &i = Program::instructions[k];
          if (slots[j] == i.result || slots[j] == i.second || slots[j] == i.third) readyAfter[number] = k;
        }
    }
  }

 public:
  Plan plan;

  constexpr Planner() {
    plan.instructionCount = std::size(Program::instructions);
    plan.resultCount = std::size(Program::results);
    static_assert(std::size(Program::instructions) <= maxInstructions);
    plan.slotCount = firstTemporary;
    for (int k = 0; k < plan.instructionCount; k++) {
      const la_instruction &i = Program::instructions[k];
      for (int slot : {i.result, i.second, i.third})
        if (slot != LA_NO_SLOT && slot >= plan.slotCount) plan.slotCount = slot + 1;
    }
    for (int &stage : heldIn) stage = none;
    findReady();

    int stage = none;
    bool isOpen = false;  // whether simple instructions can join the present stage
    for (int k = 0; k < plan.instructionCount; k++) {
      const la_instruction &instruction = Program::instructions[k];
      const Traits &trait = traits[instruction.operation];
      if (trait.isFunction || !isOpen) {
        plan.first[++stage] = k;
        plan.isCall[stage] = trait.isFunction;
        isOpen = !trait.isFunction;
        if (isOpen) emit(k - 1, stage, none);
      }
      plan.stage[k] = stage;
      const int operands[] = {instruction.a, instruction.b, instruction.c};
      for (int j = 0; j < trait.operands; j++) {
        if (trait.isFunction)
          needInMemory(operands[j]);
        else
          plan.loads[k][j] = loads(operands[j], stage);
      }
      const int results[] = {instruction.result, instruction.second, instruction.third};
      for (int j = 0; j < 3; j++) {
        writer[results[j]] = k;
        writtenAs[results[j]] = j;
        heldIn[results[j]] = trait.isFunction ? none : stage;
      }
      if (!trait.isFunction) emit(k, stage, k);
    }
    bool isComplete = true;
    for (int number = 0; number < plan.resultCount; number++) isComplete = isComplete && isEmitted[number];
    if (!isComplete) {
      plan.first[++stage] = plan.instructionCount;
      emit(plan.instructionCount, stage, none);
    }
    plan.stageCount = stage + 1;
  }
};

template <class Program> constexpr Plan plan = Planner<Program>().plan;

}  // namespace la::fused
