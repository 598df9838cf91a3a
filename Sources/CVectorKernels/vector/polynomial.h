// A polynomial, coefficients from the constant up, of at least two. Those of all the files here are printed by
// Tests/LossAccelTests/References/vector_coefficients.py, which also says how they were fitted.
//
// By Horner's rule where it is short. A long one has its higher powers split in even and odd ones: two chains of half
// the length, for one multiplication more. That is 5 to 30 % faster, the more the fewer registers there are; only F32
// on AVX-512, where the chains of neighbouring vectors overlap anyway, is up to 4 % faster by Horner's rule. The two
// lowest powers are never split, because even and odd parts of alternating series cancel.
template <class V, class... Coefficients> LA_INLINE V polynomial(V x, Coefficients... coefficients) {
  typedef typename Element<V>::Type T;
  constexpr int top = int(sizeof...(Coefficients)) - 1;
  constexpr bool isSplit = top >= 6 && !(LA_HAS_AVX512 && sizeof(T) == 4);
  const T c[] = {T(coefficients)...};
  V sum = splat<V>(c[top]);
  if constexpr (isSplit) {
    const V square = x * x;
    V other = splat<V>(c[top - 1]);
#pragma clang loop unroll(full)
    for (int k = top - 2; k >= 2; k -= 2) sum = mulAdd(sum, square, splat<V>(c[k]));
#pragma clang loop unroll(full)
    for (int k = top - 3; k >= 2; k -= 2) other = mulAdd(other, square, splat<V>(c[k]));
    sum = top % 2 == 0 ? mulAdd(other, x, sum) : mulAdd(sum, x, other);
  }
#pragma clang loop unroll(full)
  for (int k = isSplit ? 1 : top - 1; k >= 0; k--) sum = mulAdd(sum, x, splat<V>(c[k]));
  return sum;
}
