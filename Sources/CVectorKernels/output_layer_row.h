// One row of an output layer's logits: its loss, and in the logits' place their gradient.
#ifndef LA_TARGET
#error "include output_layer_row.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// a = c·tanh(z/c) and its derivatives. What pads a row is -inf, and stays so.
template <class T> struct SoftCap {
  typedef typename Lane<T>::Vector V;
  V cap;
  struct Logit { V value, slope, bend; };

  LA_INLINE V value(V z) const {
    const V none = splat<V>(T(-__builtin_inf()));
    return select(z == none, none, cap * hyperbolicTangent(z / cap));
  }
  // The slope 1/cosh² from e^-2|z/c|, which is as exact far out as near 0.
  LA_INLINE Logit at(V z) const {
    const V x = z / cap, e = exponentialOfNegative(absolute(x) * T(-2)), whole = e + T(1);
    const V slope = T(4) * (e / (whole * whole)), t = hyperbolicTangent(x);
    const V none = splat<V>(T(-__builtin_inf()));
    return {select(z == none, none, cap * t), slope, T(-2) * t * slope / cap};
  }
};

template <class T, bool capped, bool moves> struct OutputRow {
  typedef typename Lane<T>::Vector V;
  typedef typename Lane<T>::Mask Mask;
  static constexpr int64_t lanes = Lane<T>::count;
  const la_output_rows &batch;
  const int64_t classes, padded, label;
  T *const z, *const d;
  const SoftCap<T> cap;
  const double factor, own, spread, mass;

  LA_INLINE double classWeight(int64_t k) const { return batch.classWeights ? batch.classWeights[k] : 1; }

  LA_INLINE OutputRow(const la_output_rows &batch, int64_t row)
      : batch(batch), classes(batch.classes), padded((batch.classes + lanes - 1) / lanes * lanes), label(batch.labels[row]),
        z(static_cast<T *>(batch.logits) + row * batch.stride),
        d(moves ? static_cast<T *>(batch.changes) + row * batch.stride : nullptr), cap{splat<V>(T(batch.cap))},
        factor(batch.weights[row] * batch.scale), own((1 - batch.labelSmoothing) * classWeight(batch.labels[row])),
        spread(batch.labelSmoothing / double(batch.classes)), mass(own + spread * batch.classWeightSum) {}

  // Adds the bias and pads the row. Returns the column of the first element that is infinite or NaN, or -1.
  LA_INLINE int64_t complete(T *x, const T *bias, T pad) const {
    Mask proper = V{} == V{};
    const V infinity = splat<V>(T(__builtin_inf()));
    int64_t k = 0;
    for (; k + lanes <= classes; k += lanes) {
      V v = load(x + k);
      if (bias) {
        v += load(bias + k);
        store(x + k, v);
      }
      proper &= absolute(v) < infinity;
    }
    for (; k < classes; k++) {
      if (bias) x[k] += bias[k];
      proper[0] &= __builtin_isfinite(x[k]) ? -1 : 0;
    }
    for (; k < padded; k++) x[k] = pad;
    if (!any(Mask(~proper))) return -1;
    for (k = 0; k < classes - 1 && __builtin_isfinite(x[k]); k++) {}
    return k;
  }

  // The weights of the classes k, k + 1, …; 0 for what pads the row.
  LA_INLINE V weightsAt(int64_t k) const {
    if (k + lanes <= classes) return batch.classWeights ? loadWeights(batch.classWeights + k, T()) : splat<V>(1);
    V result{};
    for (int64_t j = 0; k + j < classes; j++) result[j] = T(classWeight(k + j));
    return result;
  }

  // Σ c·(max - a).
  LA_INLINE double weightedDistance(T maximum) const {
    const V top = splat<V>(maximum);
    RowSum<T> sum;
    for (int64_t k = 0; k < padded; k += lanes) {
      const V x = load(z + k), weights = weightsAt(k);
      sum.add(select(weights == 0, V{}, weights * (top - (capped ? cap.value(x) : x))));
    }
    return sum.total();
  }

  // The exponentials of a row, which take the logits' place unless these are capped: then they are computed again later on.
  LA_INLINE RowExponentials<T> exponentials(T maximum) const {
    if (!capped) return rowExponentials<true>(z, padded, z, z);
    ExponentialSweep<T> sweep(maximum);
    for (int64_t k = 0; k < padded; k += lanes) {
      const V a = cap.value(load(z + k));
      sweep.sum.add(sweep.below(a, sweep.exponential(a)));
    }
    int64_t ties = 0;
    for (int j = 0; j < lanes; j++) ties += sweep.ties[j];
    const double largest = sweep.exponential.largest[0];
    return {maximum, largest, sweep.sum.total() + double(ties - 1) * largest};
  }

  LA_INLINE int64_t leader(T maximum) const {
    int64_t k = 0;
    while (!any(Mask(load(z + k) == splat<V>(maximum)))) k += lanes;
    while (z[k] != maximum) k++;
    return k;
  }

  // The weighted loss. The gradient is w·((T + 2·price·T·L)·q - t)·a′; a change d of the logits makes of it
  // w·(q·((T + 2·price·T·L)·(a′d - m) + 2·price·T·m)·a′ + (…)·a″·d) with m = Σ q·a′·d. Differences from m are taken from the change at the
  // largest logit: what is then left of the sum is small where that has most of the mass, and cancels nothing.
  LA_INLINE double run(double weight) const {
    const T largestLogit = rowMaximum(z, padded);
    const T maximum = capped ? cap.value(splat<V>(largestLogit))[0] : largestLogit;
    const typename SoftCap<T>::Logit atLabel = capped ? cap.at(splat<V>(z[label])) : typename SoftCap<T>::Logit{};
    const double labelLogit = capped ? atLabel.value[0] : z[label];
    const double labelSlope = capped ? atLabel.slope[0] : 1, labelBend = capped ? atLabel.bend[0] : 0;
    double distance = own * (double(maximum) - labelLogit);
    if (spread != 0) distance += spread * weightedDistance(maximum);
    T reference = 0;
    if (moves) {
      const int64_t k = leader(largestLogit);
      reference = capped ? cap.at(splat<V>(z[k])).slope[0] * d[k] : d[k];
    }

    const RowExponentials<T> e = exponentials(maximum);
    const double tail = scalarLogarithmOnePlus(e.others / e.largest), partition = double(maximum) + tail;
    const double loss = mass * tail + distance + (batch.price == 0 ? 0 : mass * batch.price * partition * partition);
    if (!batch.computesGradient && !moves) return weight * loss;

    const double total = e.others + e.largest, inverse = 1 / total;
    const double pull = batch.price == 0 ? 0 : 2 * batch.price * mass * partition, heaviness = mass + pull;
    const RelativeExponential<T> exponential(splat<V>(maximum));
    const double u = capped ? exponential(splat<V>(T(labelLogit)))[0] : z[label];
    const double missing = labelLogit == double(maximum) ? e.others : total - u;
    const double slopeAtLabel = -own * (missing * inverse) + pull * (u * inverse) +
                                spread * (batch.classWeightSum * (u * inverse) - classWeight(label));

    double mean = 0, labelChange = 0;
    if (moves) {
      labelChange = d[label];
      mean = meanChange(exponential, reference) * inverse;
    }
    const V perShare = splat<V>(T(factor * heaviness * inverse)), off = splat<V>(T(factor * spread));
    const double shift = 2 * batch.price * mass * (double(reference) + mean);
    const V common = splat<V>(T(factor * shift * inverse)), center = splat<V>(T(mean));
    const bool bends = capped && moves && !batch.gaussNewton;
    for (int64_t k = 0; k < padded; k += lanes) {
      const V x = load(z + k);
      const typename SoftCap<T>::Logit a = capped ? cap.at(x) : typename SoftCap<T>::Logit{};
      const V share = capped ? exponential(a.value) : x;
      const V g = spread == 0 ? perShare * share : mulAdd(perShare, share, -(off * weightsAt(k)));
      store(z + k, capped ? g * a.slope : g);
      if (!moves) continue;
      const V change = load(d + k);
      V product = share * (perShare * (((capped ? a.slope * change : change) - reference) - center) + common);
      if (capped) product *= a.slope;
      if (bends) product += g * a.bend * change;
      store(d + k, product);
    }
    z[label] = T(factor * slopeAtLabel * labelSlope);
    if (bends) {
      const double product = u * inverse * (heaviness * ((labelSlope * labelChange - double(reference)) - mean) + shift);
      d[label] = T(factor * (product * labelSlope + slopeAtLabel * labelBend * labelChange));
    }
    return weight * loss;
  }

  // Σ u·(a′d - reference).
  LA_INLINE double meanChange(const RelativeExponential<T> &exponential, T reference) const {
    RowSum<T> sum;
    for (int64_t k = 0; k < padded; k += lanes) {
      const V x = load(z + k), change = load(d + k);
      if (capped) {
        const typename SoftCap<T>::Logit a = cap.at(x);
        sum.addProduct(exponential(a.value), a.slope * change - reference);
      } else {
        sum.addProduct(x, change - reference);
      }
    }
    return sum.total();
  }
};

}  // namespace la::LA_TARGET
