// Cox's partial likelihood of one stratum: sums over risk sets by a scan from the latest time to the earliest, and the samples' shares
// in them by a scan back. O(n) after sorting.
#define LA_SOURCE "cox.cpp"
#include "list_access.h"  // first: it is for every instruction set
#include "foreach_target.h"

#ifdef LA_TARGET

#include "list_scalar.h"

namespace la::LA_TARGET {

// Numbers e^score are kept in units of e^base, and the base rises with the greatest score seen so far: nothing overflows, and nothing
// that matters underflows, whatever the scores.
static constexpr double coxSlack = 32;

template <class T> struct CoxScan {
  const la_cox &batch;
  const int64_t begin, end;
  double *const shares;   // w·e^score in units of its group's base
  double *const offsets;  // score - base
  double *const weights;
  double *const vector;
  const bool multiplies;

  CoxScan(const la_cox &batch, int64_t begin, int64_t end)
      : batch(batch), begin(begin), end(end), shares(batch.workspace + 4 * begin), offsets(shares + (end - begin)),
        weights(offsets + (end - begin)), vector(weights + (end - begin)), multiplies(batch.product != nullptr) {}

  // By group: its base; then, for events of earlier times and for samples of that time, what one unit of e^base gets.
  struct Group {
    double base;
    // Σ c·w/D over the group's denominators D, of the samples that are in all of it (c = 1) and of its tied events.
    double whole, tied;
    // The same of w·V/D², where V = Σ c·share·v, and of w·c²/D².
    double wholeProduct, tiedProduct, wholeSquare, tiedSquare;
    double unused;
  };
  LA_INLINE Group *groupAt(int64_t g) const { return reinterpret_cast<Group *>(batch.groupWorkspace) + g; }

  LA_INLINE double read(const void *array, int64_t i) const { return double(static_cast<const T *>(array)[i]); }

  // Weights, bases, and scores relative to them.
  void gather(int64_t firstGroup, int64_t endGroup) const {
    double base = -__builtin_inf();
    for (int64_t g = endGroup - 1; g >= firstGroup; g--) {
      double largest = -__builtin_inf();
      for (int64_t i = batch.groups[g]; i < batch.groups[g + 1]; i++) {
        const int64_t sample = batch.order[i], k = i - begin;
        double weight = batch.weights ? read(batch.weights, sample) : 1;
        if (batch.mask && !batch.mask[sample]) weight = 0;
        weights[k] = weight;
        const double score = weight == 0 ? 0 : read(batch.scores, sample);
        shares[k] = score;
        if (weight != 0 && score > largest) largest = score;
        if (multiplies) vector[k] = weight == 0 ? 0 : read(batch.direction, sample);
      }
      if (largest > base + coxSlack || base == -__builtin_inf()) base = largest;
      groupAt(g)->base = base;
      for (int64_t k = batch.groups[g] - begin; k < batch.groups[g + 1] - begin; k++) {
#pragma clang fp contract(off) reassociate(off)
        // The difference and what it loses to rounding, which its exponential would multiply.
        const double score = shares[k], difference = score - base, part = score - difference;
        offsets[k] = weights[k] == 0 ? 0 : difference;
        shares[k] = weights[k] == 0 || !__builtin_isfinite(difference) ? 0 : (score - (difference + part)) + (part - base);
      }
    }
  }

  void exponentiate() const {
    const int64_t count = end - begin;
    for (int64_t k = 0; k < count; k += 8) {
      const int64_t n = count - k < 8 ? count - k : 8;
      F64 x{}, rest{}, w{};
      __builtin_memcpy(&x, offsets + k, n * sizeof(double));
      __builtin_memcpy(&rest, shares + k, n * sizeof(double));
      __builtin_memcpy(&w, weights + k, n * sizeof(double));
      const F64 e = exponential(x);
      const F64 share = select(w == 0, F64{}, w * mulAdd(e, rest, e));
      __builtin_memcpy(shares + k, &share, n * sizeof(double));
    }
  }

  LA_INLINE bool isEvent(int64_t k) const { return weights[k] != 0 && batch.events[batch.order[begin + k]] != 0; }

  // From the latest time to the earliest: risk sets, losses, and what each group hands to its samples.
  LongSum accumulate(int64_t firstGroup, int64_t endGroup) const {
    LongSum loss, risk, moment;
    double base = 0;
    for (int64_t g = endGroup - 1; g >= firstGroup; g--) {
      Group &group = *groupAt(g);
      if (g < endGroup - 1 && group.base != base) {
        const double factor = scalarExponential(base - group.base);
        risk.scale(factor);
        moment.scale(factor);
      }
      base = group.base;
      const int64_t first = batch.groups[g] - begin, last = batch.groups[g + 1] - begin;
      LongSum tied, tiedMoment;
      double tiedWeight = 0;
      int64_t events = 0, event = 0;
      for (int64_t k = first; k < last; k++) {
        if (isEvent(k)) {
          tied.add(shares[k]);
          tiedWeight += weights[k];
          events++;
          event = k;
          if (multiplies) tiedMoment.add(shares[k] * vector[k]);
        } else {
          risk.add(shares[k]);
          if (multiplies) moment.add(shares[k] * vector[k]);
        }
      }
      group.whole = group.tied = group.wholeProduct = group.tiedProduct = group.wholeSquare = group.tiedSquare = 0;
      if (events == 1) {
        // log(D/e^score): from the others' share, so that it keeps its digits where they are few.
        const double w = weights[event], own = shares[event] / w;
        const double ratio = (w - 1) + risk.value() / own;
        loss.add(w * (ratio < 1e300 ? scalarLogarithmOnePlus(ratio)
                                    : scalarLogarithm(risk.value() + shares[event]) - offsets[event]));
      } else if (events > 1) {
        for (int64_t k = first; k < last; k++)
          if (isEvent(k)) loss.add(-weights[k] * offsets[k]);
      }
      const int64_t denominators = batch.efron ? events : events > 0 ? 1 : 0;
      const double weight = batch.efron && events > 0 ? tiedWeight / double(events) : tiedWeight;
      for (int64_t l = 0; l < denominators; l++) {
        const double c = 1 - double(l) / double(denominators);
        const double denominator = risk.value() + c * tied.value(), v = moment.value() + c * tiedMoment.value();
        if (events > 1) loss.add(weight * scalarLogarithm(denominator));
        const double unit = weight / denominator, change = unit * (v / denominator), square = unit / denominator;
        group.whole += unit, group.tied += c * unit;
        group.wholeProduct += change, group.tiedProduct += c * change;
        group.wholeSquare += square, group.tiedSquare += c * c * square;
      }
      risk.add(tied.high), risk.add(tied.low);
      moment.add(tiedMoment.high), moment.add(tiedMoment.low);
    }
    return loss;
  }

  // From the earliest time to the latest: each sample's share in the risk sets that it was in.
  void distribute(int64_t firstGroup, int64_t endGroup) const {
    LongSum whole, product, square;
    for (int64_t g = firstGroup; g < endGroup; g++) {
      const Group &group = *groupAt(g);
      if (g > firstGroup && group.base != groupAt(g - 1)->base) {
        const double factor = scalarExponential(group.base - groupAt(g - 1)->base);
        whole.scale(factor);
        product.scale(factor);
        square.scale(factor * factor);
      }
      const double before[3] = {whole.value(), product.value(), square.value()};
      whole.add(group.whole);
      product.add(group.wholeProduct);
      square.add(group.wholeSquare);
      const double after[3] = {whole.value(), product.value(), square.value()};
      for (int64_t i = batch.groups[g]; i < batch.groups[g + 1]; i++) {
        const int64_t k = i - begin, sample = batch.order[i];
        const bool event = isEvent(k);
        const double share = shares[k];
        const double a = event ? before[0] + group.tied : after[0];
        const double b = event ? before[1] + group.tiedProduct : after[1];
        const double c = event ? before[2] + group.tiedSquare : after[2];
        const bool counts = weights[k] != 0;
        write(batch.gradient, sample, counts ? share * a - (event ? weights[k] : 0) : 0);
        write(batch.diagonal, sample, counts ? share * a - share * share * c : 0);
        if (multiplies) write(batch.product, sample, counts ? share * (vector[k] * a - b) : 0);
      }
    }
  }

  LA_INLINE void write(void *array, int64_t i, double x) const {
    if (array) static_cast<T *>(array)[i] = T(x * batch.scale);
  }

  la_list_result run(int64_t firstGroup, int64_t endGroup) const {
    gather(firstGroup, endGroup);
    exponentiate();
    const LongSum loss = accumulate(firstGroup, endGroup);
    if (batch.gradient || batch.diagonal || batch.product) distribute(firstGroup, endGroup);
    return loss.result();
  }
};

inline la_list_result coxStratum(const la_cox *batch, int64_t firstGroup, int64_t endGroup) {
  const int64_t begin = batch->groups[firstGroup], end = batch->groups[endGroup];
  if (batch->elementType == LA_TYPE_F32) return CoxScan<float>(*batch, begin, end).run(firstGroup, endGroup);
  return CoxScan<double>(*batch, begin, end).run(firstGroup, endGroup);
}

}  // namespace la::LA_TARGET

#else

extern "C" la_list_result la_cox_stratum(const la_cox *batch, int64_t firstGroup, int64_t endGroup) {
  return LA_DISPATCH(coxStratum)(batch, firstGroup, endGroup);
}

#endif
