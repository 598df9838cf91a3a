// Losses of q = softmax(z) that are no sum over the classes. With a = ∂L/∂q, and a′ its derivative in the direction q′, the gradient is
// q∘a centred, and the Hessian's product with v is q∘(u∘(a - qᵀa) + a′) centred, where u = v - qᵀv and q′ = q∘u.
#ifndef LA_TARGET
#error "include functionals.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

// `Functional::value(r, s)` puts a into r.first; `Functional::turn(r, s)` puts a into r.first and, for the q′ in r.second, a′ into r.third.
template <class Functional> struct OfShares {
  static constexpr bool linear = false, probabilities = false, padsWithInfinity = true;

  template <class T> static LA_INLINE typename Lane<T>::Vector value(RowBlock<T> &r, bool wantsGradient) {
    const Softmax<T> s(r);
    const auto result = Functional::value(r, s);
    if (!wantsGradient) return result;
    for (int64_t j = 0; j < r.vectors; j++) r.first[j] *= s.share(r, j);
    s.center(r, r.first, r.output);
    return result;
  }

  template <class T> static LA_INLINE void product(RowBlock<T> &r, RowCurvature kind, RowOperator op) {
    const Softmax<T> s(r);
    if (op != RowOperator::diagonal) return hessian(r, s, kind);
    // One unit vector after the other; what each gives at its own class is kept until the end.
    for (int64_t k = 0; k < r.classes; k++) {
      const int64_t at = r.narrow ? k : k / Lane<T>::count;
      for (int64_t j = 0; j < r.vectors; j++) r.vector[j] = select(r.classNumber(j) == T(k), splat<typename Lane<T>::Vector>(1), typename Lane<T>::Vector{});
      hessian(r, s, kind);
      r.fourth[at] = select(r.classNumber(at) == T(k), r.output[at], r.fourth[at]);
    }
    for (int64_t j = 0; j < r.vectors; j++) r.output[j] = r.fourth[j];
  }

  template <class T> static LA_INLINE void hessian(RowBlock<T> &r, const Softmax<T> &s, RowCurvature kind) {
    typedef typename Lane<T>::Vector V;
    s.deviations(r, r.vector, r.output);
    for (int64_t j = 0; j < r.vectors; j++) r.second[j] = s.share(r, j) * r.output[j];
    Functional::turn(r, s);
    RowSum<T> sum;
    for (int64_t j = 0; j < r.vectors; j++) sum.add(s.share(r, j) * r.first[j]);
    const V mean = r.sum(sum);
    const bool bends = kind != RowCurvature::gaussNewton;
    for (int64_t j = 0; j < r.vectors; j++) {
      const V own = bends ? r.output[j] * (r.first[j] - mean) : V{};
      r.first[j] = s.share(r, j) * (own + r.third[j]);
    }
    s.center(r, r.first, r.output);
  }
};

// -tᵀq/‖q‖, the spherical score as a loss.
struct SphericalFunctional {
  template <class T> struct Norms {
    typename Lane<T>::Vector inverse, overlap;  // 1/‖q‖ and tᵀq/‖q‖
    LA_INLINE Norms(const RowBlock<T> &r, const Softmax<T> &s) {
      RowSum<T> squares, products;
      for (int64_t j = 0; j < r.vectors; j++) {
        const auto q = s.share(r, j);
        squares.add(q * q);
        products.add(r.target(j) * q);
      }
      inverse = T(1) / squareRoot(r.sum(squares));
      overlap = r.sum(products) * inverse;
    }
  };

  template <class T> static LA_INLINE typename Lane<T>::Vector value(RowBlock<T> &r, const Softmax<T> &s) {
    const Norms<T> n(r, s);
    for (int64_t j = 0; j < r.vectors; j++)
      r.first[j] = n.inverse * (n.overlap * (s.share(r, j) * n.inverse) - r.target(j));
    return -n.overlap;
  }

  template <class T> static LA_INLINE void turn(RowBlock<T> &r, const Softmax<T> &s) {
    typedef typename Lane<T>::Vector V;
    const Norms<T> n(r, s);
    RowSum<T> along, turned;
    for (int64_t j = 0; j < r.vectors; j++) {
      along.add(s.share(r, j) * r.second[j]);
      turned.add(r.target(j) * r.second[j]);
    }
    // With p = q/‖q‖: how fast ‖q‖ grows relatively, and tᵀq′/‖q‖.
    const V growth = r.sum(along) * n.inverse * n.inverse, change = r.sum(turned) * n.inverse;
    for (int64_t j = 0; j < r.vectors; j++) {
      const V p = s.share(r, j) * n.inverse, t = r.target(j);
      r.first[j] = n.inverse * (n.overlap * p - t);
      r.third[j] = n.inverse * (t * growth + (change - T(3) * n.overlap * growth) * p + n.overlap * n.inverse * r.second[j]);
    }
  }
};

// Running sums over the classes, from the first to the last or the other way.
template <class T> LA_INLINE void runningSums(const RowBlock<T> &r, typename Lane<T>::Vector *x, bool backwards) {
  if (r.narrow) {
    RowSum<T> sum;
    for (int64_t j = 0; j < r.vectors; j++) {
      const int64_t at = backwards ? r.vectors - 1 - j : j;
      sum.add(x[at]);
      x[at] = sum.lanes();
    }
    return;
  }
  T *elements = reinterpret_cast<T *>(x);
  double sum = 0;
  for (int64_t k = 0; k < r.classes; k++) {
    const int64_t at = backwards ? r.classes - 1 - k : k;
    sum += elements[at];
    elements[at] = T(sum);
  }
}

// Σ (Fₖ - Gₖ)² over all classes but the last, F and G the cumulative sums of q and t: the ranked probability score.
struct RankedProbabilityFunctional {
  // Leaves out the last class, and what pads a wide row behind it.
  template <class T> static LA_INLINE typename Lane<T>::Vector inner(const RowBlock<T> &r, int64_t j, typename Lane<T>::Vector x) {
    typedef typename Lane<T>::Vector V;
    return select(r.classNumber(j) < T(r.classes - 1), x, V{});
  }

  // r.first = F - G. With a label that is Σ q up to a class before it and -Σ q behind any other: sums in which nothing cancels.
  // r.third is overwritten.
  template <class T> static LA_INLINE void differences(RowBlock<T> &r, const Softmax<T> &s) {
    typedef typename Lane<T>::Vector V;
    for (int64_t j = 0; j < r.vectors; j++) {
      const V q = s.share(r, j), t = r.target(j);
      r.first[j] = r.hasLabels ? q : select(t == T(1), -s.rest(q), q - t);
      r.third[j] = q;
    }
    runningSums(r, r.first, false);
    if (!r.hasLabels) return;
    runningSums(r, r.third, true);
    for (int64_t j = 0; j < r.vectors; j++) {
      // The sum behind a class begins at the next one. Behind the last there is none, but that one does not count.
      const V behind = r.narrow ? r.third[j + 1] : load(reinterpret_cast<const T *>(r.third + j) + 1);
      r.first[j] = select(r.classNumber(j) < r.labels, r.first[j], -behind);
    }
  }

  // r.first = 2·Σ of F - G from the class on.
  template <class T> static LA_INLINE typename Lane<T>::Vector value(RowBlock<T> &r, const Softmax<T> &s) {
    differences(r, s);
    RowSum<T> sum;
    for (int64_t j = 0; j < r.vectors; j++) {
      const auto d = inner(r, j, r.first[j]);
      sum.add(d * d);
      r.first[j] = d + d;
    }
    runningSums(r, r.first, true);
    return r.sum(sum);
  }

  template <class T> static LA_INLINE void turn(RowBlock<T> &r, const Softmax<T> &s) {
    value(r, s);
    for (int64_t j = 0; j < r.vectors; j++) r.third[j] = r.second[j];
    runningSums(r, r.third, false);
    for (int64_t j = 0; j < r.vectors; j++) {
      const auto d = inner(r, j, r.third[j]);
      r.third[j] = d + d;
    }
    runningSums(r, r.third, true);
  }
};

}  // namespace la::LA_TARGET
