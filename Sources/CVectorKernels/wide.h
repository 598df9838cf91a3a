// Arithmetic beyond a double for the least-squares kernels. Included inside each target's namespace, hence no include guard.
namespace la::LA_TARGET {

// Eight elements as doubles.
LA_INLINE F64 loadWide(const double *p) { return load(p); }
LA_INLINE F64 loadWide(const float *p) {
  typedef float Half __attribute__((vector_size(32)));
  Half v;
  __builtin_memcpy(&v, p, sizeof v);
  return __builtin_convertvector(v, F64);
}

// A value and what it lacks; or a sum and what it has lost.
struct Pair {
  F64 high, low;
};

// a·b − p for p = a·b rounded; exact.
LA_INLINE F64 productError(F64 a, F64 b, F64 p) {
#if LA_HAS_FMA
  return mulAdd(a, b, -p);
#else
  // Dekker's splitting. The operands are scaled into the middle of the exponent range, so the factor cannot overflow.
  const F64 ca = a * 134217729.0, cb = b * 134217729.0;
  const F64 ah = ca - (ca - a), al = a - ah, bh = cb - (cb - b), bl = b - bh;
  return ((ah * bh - p) + ah * bl + al * bh) + al * bl;
#endif
}

// sum + term = the new sum, exactly; returns the part that does not fit.
LA_INLINE F64 twoSum(F64 &sum, F64 term) {
  const F64 s = sum + term, part = s - sum, error = (sum - (s - part)) + (term - part);
  sum = s;
  return error;
}

// sum += term with what rounding loses, of any size.
LA_INLINE void accumulate(Pair &sum, Pair term) {
  const F64 error = twoSum(sum.high, term.high);
  sum.low += error + term.low;
}

// sum += a·b for an anchored sum: see least_squares_row_pass.cpp.
LA_INLINE void addAnchored(Pair &sum, F64 a, Pair b) {
#if LA_HAS_FMA
  const F64 s = mulAdd(a, b.high, sum.high), step = s - sum.high;
  sum.low += mulAdd(a, b.low, mulAdd(a, b.high, -step));
#else
  const F64 p = a * b.high, s = sum.high + p, step = s - sum.high;
  sum.low += (p - step) + (productError(a, b.high, p) + a * b.low);
#endif
  sum.high = s;
}

// The same for b in one word.
LA_INLINE void addAnchored(Pair &sum, F64 a, F64 b) {
#if LA_HAS_FMA
  const F64 s = mulAdd(a, b, sum.high), step = s - sum.high;
  sum.low += mulAdd(a, b, -step);
#else
  const F64 p = a * b, s = sum.high + p, step = s - sum.high;
  sum.low += (p - step) + productError(a, b, p);
#endif
  sum.high = s;
}

// Moves what `low` has gathered into `high`, so that the next terms round at the smallest scale.
LA_INLINE void renormalize(Pair &sum) {
  const F64 s = sum.high + sum.low;
  sum.low -= s - sum.high;
  sum.high = s;
}

LA_INLINE Pair times(Pair a, F64 b) {
  const F64 p = a.high * b;
  return {p, mulAdd(a.low, b, productError(a.high, b, p))};
}

// Where |a| ≥ |b|.
LA_INLINE Pair ordered(F64 a, F64 b) {
  const F64 s = a + b;
  return {s, b - (s - a)};
}

// a·b with a relative error below 2^-102; the words overlap by a bit or two.
LA_INLINE Pair product(Pair a, Pair b) {
  const F64 p = a.high * b.high;
  return {p, mulAdd(a.high, b.low, mulAdd(a.low, b.high, productError(a.high, b.high, p)))};
}

// a + b with a relative error below 2^-103.
LA_INLINE Pair sumOf(Pair a, Pair b) {
  F64 high = a.high, low = a.low;
  const F64 error = twoSum(high, b.high), lowError = twoSum(low, b.low);
  const Pair first = ordered(high, error + low);
  return ordered(first.high, first.low + lowError);
}

// a/b with a relative error below 2^-100.
LA_INLINE Pair quotientOf(Pair a, Pair b) {
  const F64 first = a.high / b.high;
  const Pair taken = product(b, {-first, F64{}}), rest = sumOf(a, ordered(taken.high, taken.low));
  const F64 second = rest.high / b.high;
  const Pair again = product(b, {-second, F64{}}), last = sumOf(rest, ordered(again.high, again.low));
  const Pair leading = ordered(first, second);
  return ordered(leading.high, leading.low + last.high / b.high);
}

LA_INLINE Pair loadWords(const double *high, const double *low, size_t index) {
  return {load(high + index), load(low + index)};
}

// Where the plain result is not finite it is the result: errors of an infinity would make it NaN.
LA_INLINE void storeWords(double *high, double *low, size_t index, F64 plain, Pair value) {
  const I64 isFinite = plain - plain == 0.0;
  store(high + index, select(isFinite, value.high, plain));
  store(low + index, select(isFinite, value.low, F64{}));
}

// The three words at `sums` (eight lanes each) plus two words.
LA_INLINE void addToSums(double *sums, Pair term) {
  F64 high = load(sums), low = load(sums + 8), rest = load(sums + 16);
  rest += twoSum(low, twoSum(high, term.high));
  rest += twoSum(low, term.low);
  store(sums, high);
  store(sums + 8, low);
  store(sums + 16, rest);
}

}  // namespace la::LA_TARGET
