// The kernels of losses over pairs, lists and scans. As everywhere in the C interface: arguments are checked by the caller,
// nothing allocates, locks or keeps state; workspaces are the caller's. Samples of weight 0 or with mask 0 are left out, and
// whatever they hold is not read into any result.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------- order

// A number as an unsigned integer that sorts as it does (-0 as 0, NaN last), and where it came from.
typedef struct la_sort_key {
  uint64_t bits;
  int64_t index;
} la_sort_key;

// Sorts by bits, equal ones by index.
void la_sort_keys(la_sort_key *keys, int64_t count);

// order[k] is the index of the k-th smallest of `count` numbers of `type` (any LA_TYPE_…, read as doubles); equal ones keep their
// order. keys is workspace for `count` keys.
void la_sort_order(uint8_t type, const void *values, int64_t count, la_sort_key *keys, int64_t *order);

// Adds up the weights (elementType, NULL for all 1) of the samples whose mask and whose `selected` are not 0 (NULL for all 1), as
// sum[0] + sum[1]. Returns the first weight of a sample with mask that is negative, infinite or NaN, or -1.
int64_t la_selected_weight(uint8_t elementType, const void *weights, const uint8_t *mask, const uint8_t *selected, int64_t count,
                           double *sum);

// sum[0] + sum[1] is a weighted sum of losses, as a double and its remainder.
typedef struct la_list_result {
  double sum[2];
} la_list_result;

// ---------------------------------------------------------------- survival: Cox's partial likelihood

// One stratum: samples order[begin] ... order[end - 1] by time, and groups of equal time: group g is samples
// groups[g] ..< groups[g + 1] of that order. scores, direction and outputs are of elementType (LA_TYPE_F32 or LA_TYPE_F64) and in
// the samples' own order, as are weights (NULL for all 1), mask (NULL for all 1) and events (1 for an event, 0 for a censored time).
typedef struct la_cox {
  uint8_t elementType;
  bool efron;  // ties by Efron's method, else by Breslow's
  const void *scores, *weights, *direction;
  const uint8_t *mask, *events;
  const int64_t *order, *groups;
  // 4 doubles per sample and 8 per group, by their places in the order.
  double *workspace, *groupWorkspace;
  // Where derivatives of the sum go, times scale; NULL for those that are not wanted. The product is the Hessian's with direction.
  void *gradient, *diagonal, *product;
  double scale;
} la_cox;

// The stratum whose groups are firstGroup ..< endGroup.
la_list_result la_cox_stratum(const la_cox *batch, int64_t firstGroup, int64_t endGroup);

// ---------------------------------------------------------------- ranking

typedef enum __attribute__((enum_extensibility(closed))) la_ranking_kind {
  LA_RANKING_LOGISTIC = 0,         // Σ log(1 + e^-(sᵢ - sⱼ)) over the pairs with yᵢ > yⱼ
  LA_RANKING_LAMBDA = 1,           // the same, each pair times the change of NDCG that swapping it would make
  LA_RANKING_HINGE = 2,            // Σ max(0, margin - (sᵢ - sⱼ))
  LA_RANKING_SQUARED_HINGE = 3,    // its square
  LA_RANKING_LISTWISE_SOFTMAX = 4, // cross-entropy of softmax(y) and softmax(s)
  LA_RANKING_LIKELIHOOD = 5,       // Plackett-Luce likelihood of the order by y
  LA_RANKING_APPROXIMATE_NDCG = 6, // 1 - NDCG with ranks made smooth
} la_ranking_kind;

// Lists of scored items: list k is items starts[k] ..< starts[k + 1]. weights are one per list (NULL for all 1), mask one per
// item. relevance is of relevanceType, weights and scores of elementType.
typedef struct la_ranking {
  uint8_t elementType, relevanceType;
  la_ranking_kind kind;
  double parameter;  // margin or temperature
  int64_t top;       // how many places of a list the likelihood counts
  const int64_t *starts;
  const void *scores, *weights, *relevance, *direction;
  const uint8_t *mask;
  // LA_RANKING_WORKSPACE doubles per item and per list, the items' first.
  double *workspace;
  // Where results go, NULL for those that are not wanted: the lists' losses times their weights; derivatives of their sum, times scale.
  void *values, *gradient, *product;
  double scale;
} la_ranking;
enum { LA_RANKING_WORKSPACE = 16 };

// Lists begin..<end.
la_list_result la_ranking_lists(const la_ranking *batch, int64_t begin, int64_t end);

// Checks the relevances of lists that count: returns the index of the first item that counts with a relevance that is NaN, below
// lowest or above highest, or -1. counted[k] becomes whether list k has an item that counts and a weight other than 0.
int64_t la_ranking_check(const la_ranking *batch, int64_t lists, double lowest, double highest, uint8_t *counted);

// ---------------------------------------------------------------- segmentation: overlap of a predicted and a true region

// Maps of `pixels` predictions (elementType) and targets (targetType), one after the other; mask is one per pixel.
typedef struct la_overlap {
  uint8_t elementType, targetType;
  int64_t pixels;
  const void *predictions, *targets, *direction;
  const uint8_t *mask;
} la_overlap;

typedef struct la_overlap_sums {
  double both;        // Σ p·t
  double falsePositive;  // Σ p·(1 - t)
  double falseNegative;  // Σ (1 - p)·t
  double directionInside, directionOutside;  // Σ t·v, Σ (1 - t)·v
  int64_t counted;
  int64_t violation;  // the first pixel that counts with a target outside 0...1, or a prediction outside it, or -1
  bool violatesTarget;
} la_overlap_sums;

// Pixels begin..<end of all maps together.
la_overlap_sums la_overlap_sum(const la_overlap *batch, int64_t begin, int64_t end);
// output[i] = t·inside + (1 - t)·outside, 0 where the mask is.
void la_overlap_fill(const la_overlap *batch, int64_t begin, int64_t end, double inside, double outside, void *output);

// The Lovász extension of the Jaccard loss of one map, begin..<end: of the errors max(0, 1 - (2t - 1)·z) of logits z, or
// |t - p| of probabilities. Targets are 0 or 1. workspace holds 2 doubles per pixel. gradient may be NULL.
// Returns the loss; *violation is the first pixel that counts with an improper target or probability, or -1.
double la_lovasz(const la_overlap *batch, bool fromLogits, int64_t begin, int64_t end, double scale, double *workspace,
                 void *gradient, int64_t *violation, bool *violatesTarget);

// ---------------------------------------------------------------- embeddings: rows of pairs and triplets

typedef enum __attribute__((enum_extensibility(closed))) la_pair_kind {
  LA_PAIR_COSINE = 0,           // 1 - cos, or max(0, cos - margin) of a pair that does not belong together
  LA_PAIR_CONTRASTIVE = 1,      // d², or max(0, margin - d)²
  LA_PAIR_HINGE = 2,            // d, or max(0, margin - d)
  LA_PAIR_TRIPLET = 3,          // max(0, d(a, p) - d(a, n) + margin)
  LA_PAIR_SQUARED_TRIPLET = 4,  // the same with d²
} la_pair_kind;

// Rows of `columns` elements. operands[0] and [1] are the two members of a pair and labels tells whether they belong together; or
// operands are anchors, positives and negatives, and labels is NULL.
typedef struct la_pairs {
  uint8_t elementType, labelType;
  la_pair_kind kind;
  double margin;
  int64_t columns;
  const void *operands[3];
  const void *directions[3];  // all or none
  const void *labels, *weights;
  const uint8_t *mask;
  // The rows' losses times their weights; and for each operand, times scale, the gradient of their sum, or, with directions, the
  // Hessian's product with them. NULL for those that are not wanted.
  void *values;
  void *outputs[3];
  double scale;
} la_pairs;

la_list_result la_pairs_rows(const la_pairs *batch, int64_t begin, int64_t end);
// The first row that counts with a label other than 1, 0 and -1, or -1.
int64_t la_pairs_check(const la_pairs *batch, int64_t begin, int64_t end);

// ---------------------------------------------------------------- embeddings: rows of similarities

// Rows scaled to length 1. output = x/|x| where the row counts, 0 where it does not or x = 0; inverseNorms gets 1/|x| or 0.
void la_normalize_rows(uint8_t type, const void *x, const uint8_t *counts, int64_t columns, void *output, double *inverseNorms,
                       int64_t begin, int64_t end);
// What the normalisation makes of a direction: (u - x̂(x̂·u))/|x|.
void la_normalize_direction(uint8_t type, const void *unit, const double *inverseNorms, const void *direction, int64_t columns,
                            void *output, int64_t begin, int64_t end);
// The gradient with respect to x from that with respect to x̂, in place: (g - x̂(x̂·g))/|x|. With `direction` (the raw one) and
// `unitGradient`, both or neither NULL, what the change of the normalisation itself adds to a Hessian's product.
void la_normalize_gradient(uint8_t type, const void *unit, const double *inverseNorms, const void *direction,
                           const void *unitGradient, int64_t columns, void *gradient, int64_t begin, int64_t end);
// output[i] = half the squared distance of row i of a from row labels[i] of b.
void la_half_distances(uint8_t type, const void *a, const void *b, const int32_t *labels, int64_t columns, double *output,
                       int64_t begin, int64_t end);

// A tile of similarities: rows × columns, `stride` apart. A column is positive for a row where their labels are equal, and no key at
// all where its label is negative; with excludesDiagonal a row is no key for itself.
typedef struct la_similarities {
  uint8_t elementType;
  bool excludesDiagonal, isCircle;
  int64_t rows, columns, stride;
  int64_t firstRow, firstColumn;
  void *similarities, *changes;       // S, and for products its derivative in the direction
  const int32_t *rowLabels, *columnLabels;  // of the tile's own rows and columns
  // Softmax: by row what a positive's logit is instead of its similarity, and that logit's first and second derivative; NULL for
  // the similarity itself.
  const double *targetLogits, *targetSlopes, *targetBends;
  const double *positiveCounts;       // by row; 0 for a row that does not count
  double scale, margin;               // the circle loss's
  double *state;                      // LA_SIMILARITY_STATE doubles per row
} la_similarities;
enum { LA_SIMILARITY_STATE = 12 };

// Empties the state.
void la_similarity_begin(const la_similarities *tile);
// Adds a tile's logits to the state.
void la_similarity_add(const la_similarities *tile);
// Adds what a tile's changes do to the logits' weighted means; all tiles have been added before.
void la_similarity_add_changes(const la_similarities *tile);
// The losses of the rows.
void la_similarity_losses(const la_similarities *tile, double *losses);
// Overwrites the similarities with the losses' gradient times factors, one per row.
void la_similarity_gradient(const la_similarities *tile, const double *factors);
// Overwrites the similarities with the gradient, and the changes with the gradient's derivative (without the part that is the
// similarities' own curvature where gaussNewton), both times factors.
void la_similarity_product(const la_similarities *tile, const double *factors, bool gaussNewton);

#ifdef __cplusplus
}
#endif
