// Part of CVectorKernels: the logits of an output layer, some tokens at a time. As everywhere in the C interface, arguments are checked by
// the caller, and nothing allocates, locks or keeps state.
#pragma once

#include "CVectorKernels.h"

#ifdef __cplusplus
extern "C" {
#endif

// The rows begin..<next of a batch of labels that count, at most `capacity` of them: their places in the batch, labels and weights. Of the
// batch, labels, weights (of type `weightType`), class weights, smoothing and the ignored label are read; they must have passed
// la_softmax_weight. Returns next, and the number of rows in `count`.
int64_t la_counting_rows(const la_softmax *batch, uint8_t weightType, int64_t begin, int64_t end, int64_t capacity,
                         int64_t *samples, int32_t *labels, double *weights, int64_t *count);

// Rows of logits, `stride` elements apart, a multiple of 16 no smaller than `classes`; what lies between is written to. The loss of a row
// with label y is T·(L + price·L²) − Σ tₖ·aₖ with a = cap·tanh(z/cap), or z where cap is 0, L = log Σ e^aₖ and T = Σt, where
// t is (1 − e)·c[y] at y plus c[k]·e/K everywhere, as for la_softmax.
typedef struct la_output_rows {
  uint8_t elementType;  // LA_TYPE_F32 or LA_TYPE_F64: of logits, bias, values and changes
  void *logits;         // without the bias
  const void *bias;     // NULL for none
  int64_t classes, stride;
  const int64_t *samples;  // by row its place in `values`
  const int32_t *labels;   // by row
  const double *weights;   // by row
  const double *classWeights;  // NULL for ones
  double classWeightSum, labelSmoothing, cap, price, scale;
  void *values;  // gets the losses, times their weights; NULL where they are not wanted
  // The gradient of the weighted sum with respect to z, times scale, takes the logits' place.
  bool computesGradient;
  // Where not NULL, changes of the logits without that of the bias. What they make of the gradient takes their place, and the gradient
  // that of the logits. `gaussNewton` leaves out the second derivatives of the cap.
  void *changes;
  const void *biasChange;
  bool gaussNewton;
} la_output_rows;

// Rows begin..<end. `row` and `column` of the result say where the first infinite logit or NaN is, with the bias; `column` is
// `stride` more for an infinite change. The results are then incomplete.
la_rows_result la_run_output_rows(const la_output_rows *rows, int64_t begin, int64_t end);

// sums[j] += Σ of column j over `rows` rows of elements of `type`, LA_TYPE_F32 or LA_TYPE_F64, that lie `stride` apart, for
// begin <= j < end.
void la_add_columns(const void *elements, uint8_t type, int64_t stride, int64_t rows, int64_t begin, int64_t end, double *sums);

// out[i] = row samples[i] of x, for begin <= i < end, converted to `type`, LA_TYPE_F32 or LA_TYPE_F64; row i where samples is NULL.
void la_gather_rows(la_feature_rows x, const int64_t *samples, int64_t begin, int64_t end, void *out, uint8_t type);

#ifdef __cplusplus
}
#endif
