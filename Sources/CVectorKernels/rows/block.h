// What the arithmetic of a row loss sees of its rows, the same for narrow and wide ones.
#ifndef LA_TARGET
#error "include block.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// Narrow rows (few classes) come as many at once as a vector has lanes: vector k holds class k of every row. Wide rows come one at a
// time: vector j holds lanes·j, lanes·j + 1, … of the classes, the last one padded. Arithmetic that goes over all `vectors` elementwise,
// adds up with RowSum and takes its sums through `sum` is right for both.
template <class T> struct RowBlock {
  typedef typename Lane<T>::Vector V;
  typedef typename Lane<T>::Mask Mask;
  static constexpr int64_t lanes = Lane<T>::count;
  static constexpr int arrays = 9;

  const double *parameters, *classWeights;
  int64_t classes, vectors;
  bool narrow;
  // The targets are labels as they stand; otherwise distributions, smoothed labels among them, in `targets`.
  bool hasLabels;
  int64_t label[lanes];  // wide: label[0]
  V labels;              // the same as numbers
  V *scores, *targets, *vector, *output, *shares, *first, *second, *third, *fourth;

  LA_INLINE V parameter(int k) const { return splat<V>(T(parameters[k])); }

  // The class number of each lane of vector j.
  LA_INLINE V classNumber(int64_t j) const {
    if (narrow) return splat<V>(T(j));
    V index;
    for (int k = 0; k < lanes; k++) index[k] = T(k);
    return index + T(j * lanes);
  }

  // The weights of the classes of vector j; 0 for what pads a wide row.
  LA_INLINE V classWeight(int64_t j) const {
    if (narrow) return splat<V>(classWeights ? T(classWeights[j]) : T(1));
    V result{};
    for (int64_t k = 0; k < lanes && j * lanes + k < classes; k++) result[k] = classWeights ? T(classWeights[j * lanes + k]) : T(1);
    return result;
  }

  LA_INLINE Mask isLabel(int64_t j) const { return classNumber(j) == labels; }

  // The targets as a distribution, of whatever kind they are.
  LA_INLINE V target(int64_t j) const {
    return hasLabels ? select(isLabel(j), splat<V>(1), V{}) : targets[j];
  }

  // Sums over the classes, one per row; in wide rows the same in every lane.
  LA_INLINE V sum(const RowSum<T> &s) const { return narrow ? s.lanes() : splat<V>(T(s.total())); }
  // A NaN of any lane, and 0 if there is none, from lanes that are 0 or NaN.
  LA_INLINE V anywhere(V v) const {
    if (narrow) return v;
    T sum = 0;
    for (int k = 0; k < lanes; k++) sum += v[k];
    return splat<V>(sum);
  }
  LA_INLINE V largest(V v) const { return narrow ? v : splat<V>(largestLane(v)); }

  // The element of the label's class, and its replacement.
  LA_INLINE V atLabel(const V *array) const {
    const T *elements = reinterpret_cast<const T *>(array);
    if (!narrow) return splat<V>(elements[label[0]]);
    V result;
    for (int r = 0; r < lanes; r++) result[r] = elements[label[r] * lanes + r];
    return result;
  }
  LA_INLINE void putAtLabel(V *array, V x) const {
    T *elements = reinterpret_cast<T *>(array);
    if (!narrow) {
      elements[label[0]] = x[0];
      return;
    }
    for (int r = 0; r < lanes; r++) elements[label[r] * lanes + r] = x[r];
  }
};

// The products that curvature offers, numbered as la_row_operator. A diagonal needs no vector.
enum class RowOperator { hessian, factor, factorTransposed, diagonal };

// Which curvature, numbered as la_row_curvature.
enum class RowCurvature { exact, gaussNewton, majorizer };

}  // namespace la::LA_TARGET
