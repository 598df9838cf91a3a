// A polynomial by Horner's rule, coefficients from the constant up. The kernels run several independent vectors at a time, which hides
// the latency of the chain better than Estrin's scheme hides its extra multiplications.
template <class V, class C> LA_INLINE V polynomial(V, C constant) { return splat<V>(constant); }
template <class V, class C, class... Higher> LA_INLINE V polynomial(V x, C constant, Higher... higher) {
  return mulAdd(polynomial(x, higher...), x, splat<V>(constant));
}
