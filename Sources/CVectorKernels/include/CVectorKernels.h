// The whole C interface of the vector kernels. Nothing here checks its arguments: Swift does, once, at the public door.
// Pointers need only the natural alignment of their element. No function allocates, locks or keeps state, and none of them
// may be given overlapping input and output unless its comment says so.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CLinearKernels.h"
#include "CPairAndListKernels.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------- targets

// The instruction sets that every kernel is compiled for, best first.
typedef enum __attribute__((enum_extensibility(closed))) la_target_id {
  LA_TARGET_AVX512 = 0,
  LA_TARGET_AVX2 = 1,
  LA_TARGET_BASELINE = 2,  // SSE2 on x86-64, NEON on arm64
} la_target_id;
enum { LA_TARGET_COUNT = 3 };

enum {
  LA_CPU_AVX = 1 << 0,
  LA_CPU_FMA = 1 << 1,
  LA_CPU_F16C = 1 << 2,
  LA_CPU_AVX2 = 1 << 3,
  LA_CPU_BMI2 = 1 << 4,
  LA_CPU_AVX512F = 1 << 5,
  LA_CPU_AVX512DQ = 1 << 6,
  LA_CPU_AVX512BW = 1 << 7,
  LA_CPU_AVX512VL = 1 << 8,
  LA_CPU_AVX512CD = 1 << 9,
};

// The target in use: the best that the CPU and the operating system support, or the one that LOSSACCEL_TARGET names
// (an unknown or unsupported name is ignored; `la_target_supported` tells).
la_target_id la_target(void);
bool la_target_supported(la_target_id target);
const char *la_target_name(la_target_id target);
// LA_CPU_… bits that both the CPU and the operating system offer. 0 on other architectures than x86-64.
uint32_t la_cpu_features(void);

// ---------------------------------------------------------------- element types

// What an input may be stored as; kernels convert while they load.
enum {
  LA_TYPE_F32 = 0,
  LA_TYPE_F64 = 1,
  LA_TYPE_F16 = 2,
  LA_TYPE_I8 = 3,
  LA_TYPE_I16 = 4,
  LA_TYPE_I32 = 5,
  LA_TYPE_I64 = 6,
  LA_TYPE_U8 = 7,
  LA_TYPE_U16 = 8,
  LA_TYPE_U32 = 9,
  LA_TYPE_U64 = 10,
  LA_TYPE_BF16 = 11,  // of feature rows only
};

// ---------------------------------------------------------------- decimal text

// Reads the longest prefix of `text` that is a decimal number, [+-] digits [. digits] [e [+-] digits] with at least one digit
// before or after the point, stores the nearest double (ties to even; too large is an infinity, too small a zero, both signed)
// and returns the number of bytes read. Returns 0 and stores nothing when no prefix is a number. Reads no byte outside
// `text[0 ..< count]`. Independent of the locale; assumes the default rounding mode.
size_t la_parse_decimal(const uint8_t *text, size_t count, double *value);

// The same, and what the double lacks of the decimal: *value + *rest has a relative error below 2^-104 for decimals of up to 19 digits
// with a power of ten within ±22; otherwise *rest is zero.
size_t la_parse_wide_decimal(const uint8_t *text, size_t count, double *value, double *rest);

// ---------------------------------------------------------------- records of comma-separated text

// Where the cells of a table go. `slots` has one element for every column: -1 for one that is not wanted, the place of a column of numbers,
// or `numbers` + the place of a column of text. Column s of numbers is values[s·capacity...] and remainders[s·capacity...] (see
// la_parse_wide_decimal; remainders may be NULL), column t of text begins at byte starts[t·capacity...] and has lengths[t·capacity...] bytes.
typedef struct la_records {
  const uint8_t *text;
  size_t count;
  uint8_t delimiter;
  const int32_t *slots;
  size_t columns, numbers;
  size_t capacity;
  double *values, *remainders;
  uint32_t *starts, *lengths;
} la_records;

// Reads plain records (unquoted cells, finite numbers, text that is not a word for a missing cell, as many cells as columns, LF or CRLF at
// the end) from byte *position on into rows row, row + 1, …; at most as many as the capacity allows. Stops at the first record that is not
// plain, or not complete. Returns the number of records read, and leaves *position behind the last one.
size_t la_read_records(const la_records *records, size_t *position, size_t row);

// ---------------------------------------------------------------- programs: elementwise formulas over batches

enum {
  LA_MAX_INPUTS = 8,
  LA_MAX_RESULTS = 16,
  LA_MAX_MASKS = 3,
  LA_MAX_CONSTANTS = 64,
  LA_MAX_TEMPORARIES = 48,
  LA_NO_SLOT = 255,
};

// Slots: the inputs first, then the constants, then the temporaries. `second` and `third` are further results of an operation that
// has them, LA_NO_SLOT otherwise. Results may be written over operands of the same instruction.
typedef struct la_instruction {
  uint8_t operation;
  uint8_t result, second, third;
  uint8_t a, b, c;
} la_instruction;

// What a program hands out for each sample, from one to three slots.
enum {
  LA_FORM_SINGLE = 0,              // a
  LA_FORM_SQUARE = 1,              // a·a
  LA_FORM_PRODUCT = 2,             // a·b
  LA_FORM_DIFFERENCE = 3,          // a − b
  LA_FORM_SQUARED_DIFFERENCE = 4,  // (a − b)²
  LA_FORM_MULTIPLY_ADD = 5,        // a·b + c
};
typedef struct la_result {
  uint8_t form;
  uint8_t a, b, c;  // slots; those that the form does not use are any valid slot
  double factor;    // what elements that are stored are multiplied by; sums are not
} la_result;

// The elements of an input that lie in lowest...highest are valid, and NaN where `allowsNaN`.
typedef struct la_check {
  uint8_t input;
  bool allowsNaN;
  double lowest, highest;
} la_check;

// What the interpreter does, one thing after the other: see steps.h.
typedef struct la_step {
  uint16_t kind;
  uint8_t operation, result, second, third, a, b, c;
} la_step;

typedef struct la_program {
  const la_instruction *instructions;
  const la_step *steps;  // by la_write_steps
  const double *constants;
  const la_result *results;
  const la_check *checks;
  int32_t instructionCount, constantCount, resultCount, checkCount, inputCount, temporaryCount;
  int32_t fused;  // by la_fused_program
} la_program;

// Where a result goes: the elements, each times `scale`, the result's factor and the sample's weight, are stored in every `stride`-th
// element (elements != NULL), summed without scale and factor (sum), or both, or else dropped. A sample of weight 0 contributes 0 even if its
// result is not finite. `streaming` asks for stores around the caches, for outputs larger than the last of them; those with a
// stride other than 1 pass through them in any case.
typedef struct la_destination {
  void *elements;
  double scale;
  int32_t stride;
  bool sum, streaming;
} la_destination;

// Says which samples count: those whose element, every `stride`-th of `elements`, is not `absent`. NaN is absent where `absent`
// is NaN. Elements are compared as doubles.
typedef struct la_mask {
  const void *elements;
  int64_t stride;
  double absent;
  uint8_t type;
} la_mask;

// `inputs[k]` holds elements of type `inputTypes[k]` (LA_TYPE_…), every `strides[k]`-th of which is read.
// `weights` is NULL for none. A sample that any of the `maskCount` masks leaves out is one of weight 0.
typedef struct la_batch {
  const void *inputs[LA_MAX_INPUTS];
  int64_t strides[LA_MAX_INPUTS];
  uint8_t inputTypes[LA_MAX_INPUTS];
  const void *weights;
  la_mask masks[LA_MAX_MASKS];
  int32_t maskCount;
  uint8_t weightType;
  la_destination destinations[LA_MAX_RESULTS];
} la_batch;

// The number of the operation of that name in operations.def, or -1.
int32_t la_operation(const char *name);

// Turns the program's instructions and results into steps. There must be room for as many as la_step_capacity says.
int32_t la_step_capacity(int32_t instructionCount, int32_t resultCount);
void la_write_steps(const la_program *program, la_step *steps);

// The number of the program among those that are compiled in one piece, or -1. They give what their steps would give, bit for bit.
int32_t la_fused_program(const la_program *program);

// Runs a program over samples begin..<end. sums[2k] + sums[2k + 1] is the sum of result k if it is to be summed, as a double
// and its remainder, in an order that depends on nothing but the number of samples; the others' are not touched.
// Returns the index of the first sample of weight other than 0 that fails a check, or -1, and the number of that
// check. Samples are computed either way.
// The f32 variant computes in f32 and sums in f64; the f64 variant sums with compensation.
typedef struct la_violation {
  int64_t sample;
  int32_t check;
} la_violation;
la_violation la_run_f32(const la_program *program, const la_batch *batch, int64_t begin, int64_t end, double *sums);
la_violation la_run_f64(const la_program *program, const la_batch *batch, int64_t begin, int64_t end, double *sums);

// One step of a linear model over rows of 8 to 64 columns, whose predictions, losses and products with their slopes go through memory
// together: predictions[i] = constant + offsets[i] + Σⱼ (x[i][j] − shift[j])·coefficients[j]; the program over samples 0..<rows, whose
// input 0 these predictions are; sums[j] += Σᵢ s[i]·(x[i][j] − shift[j]) and sums[columns] += Σ s[i] with the slopes s = result 1, which
// is stored without gaps and not around the caches; and losses as la_run's sums of result 0. A row with slope 0 is passed over, even if
// it is not finite. shift and offsets may be NULL, for zeros. Returns what la_run returns.
la_violation la_linear_step_f64(la_feature_rows x, const double *coefficients, const double *shift, double constant,
                                const double *offsets, double *predictions, const la_program *program, const la_batch *batch,
                                double *sums, double *losses);

// Adds the weights begin..<end up to sum[0] + sum[1], as la_run does. Returns the index of the first one that is negative,
// infinite or NaN, or -1.
int64_t la_sum_weights_f32(const float *weights, int64_t begin, int64_t end, double *sum);
int64_t la_sum_weights_f64(const double *weights, int64_t begin, int64_t end, double *sum);
// The same for a batch's weights, of any type, where its masks leave samples out: those are not looked at.
int64_t la_sum_masked_weights(const la_batch *batch, int64_t begin, int64_t end, double *sum);

// ---------------------------------------------------------------- yardsticks: what the benchmarks compare with

// All arrays hold elements of `type`, LA_TYPE_F32 or LA_TYPE_F64.
// output = a + b/2 over elements begin..<end, with ordinary stores: what moving two inputs and one output costs.
void la_yardstick_triad(uint8_t type, const void *a, const void *b, void *output, int64_t begin, int64_t end);
// The sum of the losses, returned, and scale times their gradients: one hand-fused loop. Squared error, and binary
// cross-entropy from logits.
double la_yardstick_squared_error(uint8_t type, const void *predictions, const void *targets, double scale, void *gradient,
                                  int64_t count);
double la_yardstick_binary_cross_entropy(uint8_t type, const void *logits, const void *targets, double scale,
                                         void *gradient, int64_t count);
// By how many bytes the heap grew while a new thread ran `body`; INT64_MIN where the C library does not tell (mallinfo2, glibc 2.33).
// A new thread has no cache of free blocks yet, so 0 means that `body` allocated nothing, not even what it freed again.
int64_t la_heap_growth(void (*body)(void *context), void *context);
// The compiler of the kernels.
const char *la_compiler(void);

// ---------------------------------------------------------------- rows

// sum[0] + sum[1] is the weighted sum, as a double and its remainder. `row` is -1, or the first row that counts and has a
// probability outside 0...1, in `column`; the results are then incomplete.
typedef struct la_rows_result {
  double sum[2];
  int64_t row, column;
} la_rows_result;

// ---------------------------------------------------------------- rows: softmax cross-entropy

// A batch of rows of `classes` logits (f32 or f64, as the function says), and their targets: one label per row, or, where labels
// is NULL, one distribution per row, of the logits' type. Class weights are NULL for all 1, sample weights likewise and of the
// logits' type. With smoothing e and K classes a label y stands for the distribution c[y]·(1 - e) at y plus c[k]·e/K everywhere,
// a distribution t for c[k]·((1 - e)·t[k] + e/K).
// A row counts unless its weight is 0, its label the ignored one, or its distribution all 0 by its class weights.
typedef struct la_softmax {
  const void *logits;
  int64_t classes;
  const void *labels;
  uint8_t labelType;
  bool hasIgnoredLabel;
  int64_t ignoredLabel;
  const void *targets;
  const void *weights;
  const double *classWeights;
  double labelSmoothing;
  // Where results go, NULL for those that are not wanted: the losses, times their weights; the gradient of their sum, times
  // gradientScale. `streaming` asks for stores around the caches.
  void *values;
  void *gradient;
  double gradientScale;
  bool streaming;
  // By row what the curvature diag q - q·qᵀ is multiplied by: the weight times the sum of the targets.
  void *masses;
} la_softmax;

// Rows begin..<end. Labels and weights must have passed la_softmax_weight.
la_rows_result la_softmax_f32(const la_softmax *batch, int64_t begin, int64_t end);
la_rows_result la_softmax_f64(const la_softmax *batch, int64_t begin, int64_t end);

enum {
  LA_SOFTMAX_VALID = 0,
  LA_SOFTMAX_INVALID_WEIGHT = 1,
  LA_SOFTMAX_INVALID_LABEL = 2,
};

// sum[0] + sum[1] is what a mean divides by: the sum of weight times class weight of the label over the rows that count (without
// labels, of the weights). `problem` is LA_SOFTMAX_…, and `row` the first row with it.
typedef struct la_softmax_weights {
  double sum[2];
  int64_t row;
  int32_t problem;
} la_softmax_weights;

la_softmax_weights la_softmax_weight_f32(const la_softmax *batch, int64_t begin, int64_t end);
la_softmax_weights la_softmax_weight_f64(const la_softmax *batch, int64_t begin, int64_t end);

// ---------------------------------------------------------------- rows: curvature of softmax cross-entropy

// scale·(diag q - q·qᵀ) for every row, q = softmax(logits). Rows of scale 0 do not count.
typedef struct la_softmax_curvature {
  int64_t classes;
  const void *logits;  // read by la_softmax_shares only
  const void *scales;  // one per row
  // Written by la_softmax_shares, read by la_softmax_product: q; by row the sum of all shares but the largest, and where that is.
  void *shares;
  void *complements;
  int32_t *leaders;
} la_softmax_curvature;

typedef enum __attribute__((enum_extensibility(closed))) la_softmax_operator {
  LA_SOFTMAX_HESSIAN = 0,
  LA_SOFTMAX_FACTOR = 1,  // B = √scale·(diag √q - q·√qᵀ), for which B·Bᵀ is the Hessian
  LA_SOFTMAX_FACTOR_TRANSPOSED = 2,
  LA_SOFTMAX_DIAGONAL = 3,  // the Hessian's; needs no vector
} la_softmax_operator;

// Rows begin..<end.
void la_softmax_shares_f32(const la_softmax_curvature *batch, int64_t begin, int64_t end);
void la_softmax_shares_f64(const la_softmax_curvature *batch, int64_t begin, int64_t end);
// output = operator·vector, row by row.
void la_softmax_product_f32(const la_softmax_curvature *batch, la_softmax_operator kind, const float *vector, float *output,
                            int64_t begin, int64_t end);
void la_softmax_product_f64(const la_softmax_curvature *batch, la_softmax_operator kind, const double *vector, double *output,
                            int64_t begin, int64_t end);

// ---------------------------------------------------------------- rows: cross-entropy of probabilities

// Rows of `columns` target probabilities p and predicted ones q; weights are NULL for all 1. The loss of a row is -Σ p·log q, with
// 0·log 0 = 0. Where results go, NULL for those that are not wanted: the losses, times their weights, and the derivatives of their
// sum, -p/q and p/q², times `scale`. A row of weight 0 is left out.
typedef struct la_cross_entropy {
  const void *targets, *predictions;
  int64_t columns;
  const void *weights;
  void *values, *gradient, *curvature;
  double scale;
} la_cross_entropy;

// Rows begin..<end. A prediction that is NaN propagates.
la_rows_result la_cross_entropy_f32(const la_cross_entropy *batch, int64_t begin, int64_t end);
la_rows_result la_cross_entropy_f64(const la_cross_entropy *batch, int64_t begin, int64_t end);

// ---------------------------------------------------------------- rows: ordinal losses

typedef enum __attribute__((enum_extensibility(closed))) la_ordinal_kind {
  LA_ORDINAL_CUMULATIVE = 0,
  LA_ORDINAL_ALL_LOGISTIC = 1,
  LA_ORDINAL_ALL_HINGE = 2,
} la_ordinal_kind;

// One score per sample, and cutCount increasing cuts between cutCount + 1 levels. Where results go, NULL for those that are not wanted:
// the losses, times their weights; and, times scale, the gradient of their sum with respect to the scores, and in `product` the second
// derivatives with respect to each score, or with `vector` and `cutVector` (both or none) what the Hessian of scores and cuts together
// makes of them. `cutSums` asks for the sums over the samples that belong to the cuts: gradient, or part of the product.
typedef struct la_ordinal {
  la_ordinal_kind kind;
  const void *scores;
  const double *cuts;
  int64_t cutCount;
  const void *levels;
  uint8_t levelType;
  bool hasIgnoredLevel;
  int64_t ignoredLevel;
  const void *weights;
  double scale;
  void *values, *gradient, *product;
  const void *vector;
  const double *cutVector;
  bool cutSums;
} la_ordinal;

// Samples begin..<end, with valid levels and weights. sums[0] + sums[1] becomes the weighted sum, and the pairs behind it, which must be 0
// before, the sums for the cuts, without scale.
void la_ordinal_f32(const la_ordinal *batch, int64_t begin, int64_t end, double *sums);
void la_ordinal_f64(const la_ordinal *batch, int64_t begin, int64_t end, double *sums);

// ---------------------------------------------------------------- rows: losses of a row of scores

typedef enum __attribute__((enum_extensibility(closed))) la_row_curvature {
  LA_ROW_EXACT = 0,
  LA_ROW_GAUSS_NEWTON = 1,
  LA_ROW_MAJORIZER = 2,
} la_row_curvature;

typedef enum __attribute__((enum_extensibility(closed))) la_row_operator {
  LA_ROW_HESSIAN = 0,
  LA_ROW_FACTOR = 1,
  LA_ROW_FACTOR_TRANSPOSED = 2,
  LA_ROW_DIAGONAL = 3,
} la_row_operator;

// A batch of rows as for softmax cross-entropy (`rows.logits` holds scores of any kind; `streaming` and `masses` are not used), and the
// loss: its number, and its parameters. Class weights multiply a linear loss's targets, and the whole row of another loss by those of its
// targets, or, where the loss `weighsClasses`, are its own affair.
// With `computesProduct` there are no values and no gradient: `product` becomes the curvature's product with `vector`, row by row, times
// weight and gradientScale (of a factor, their root).
typedef struct la_row_loss {
  int32_t loss;
  const double *parameters;
  la_softmax rows;
  bool weighsClasses;
  bool computesProduct;
  la_row_curvature curvature;
  la_row_operator operation;
  const void *vector;
  void *product;
} la_row_loss;

// The number of the loss of that name in row_losses.def, or -1; and the name of a number, or NULL behind the last.
int32_t la_row_loss_number(const char *name);
const char *la_row_loss_name(int32_t number);

// Rows begin..<end. Labels and weights must have passed la_softmax_weight.
la_rows_result la_row_loss_f32(const la_row_loss *batch, int64_t begin, int64_t end);
la_rows_result la_row_loss_f64(const la_row_loss *batch, int64_t begin, int64_t end);

// ---------------------------------------------------------------- rows: multivariate normal likelihood

// Rows of `size` predictions and targets, and the lower triangular factor L of their common precision L·Lᵀ, row by row. The loss of a row
// is |Lᵀr|²/2 - logDeterminant, r = prediction - target. Where results go, NULL for those that are not wanted: the losses, times their
// weights, and times scale the gradient of their sum with respect to the predictions. `factorSums` asks for Σ w·r·(Lᵀr)ᵀ, of which
// the lower triangle is written. With `product` only that is computed: the curvature of the predictions times weight and scale, or its
// factor √(w·scale)·L or that one's transpose, times `vector`.
typedef struct la_gaussian {
  const void *predictions, *targets;
  int64_t size;
  const double *factor;
  double logDeterminant;
  const void *weights;
  double scale;
  void *values, *gradient;
  bool factorSums;
  la_row_operator operation;
  const void *vector;
  void *product;
} la_gaussian;

// Rows begin..<end. sums[0] + sums[1] becomes the weighted sum, and the size·size elements behind it, which must be 0 before, the factor's
// sums.
void la_gaussian_f32(const la_gaussian *batch, int64_t begin, int64_t end, double *sums);
void la_gaussian_f64(const la_gaussian *batch, int64_t begin, int64_t end, double *sums);

#ifdef __cplusplus
}
#endif
