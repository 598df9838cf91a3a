// log Γ and its first two derivatives, for x > 0. All in double precision: F32 is computed as F64 and rounded once.

// Where the asymptotic series take over; below it, recurrences lead to an interval of length 1.
static constexpr double gammaSeriesStart = 8;

// (log Γ(2 + d))/d for -3/4 <= d <= 1/2: degree 21 by interpolation at the Chebyshev points, error 2^-54.1.
LA_INLINE F64 logGammaNearTwo(F64 d) {
  return polynomial(d, 0x1.b0ee6072093cep-2, 0x1.4a34cc4a60fa6p-2, -0x1.13e001a55760dp-4, 0x1.51322ac7d8931p-6,
                    -0x1.e404fc218c557p-8, 0x1.7add6ead24b2fp-9, -0x1.38ac5c2e528f1p-10, 0x1.0b36afc6a0b9ap-11,
                    -0x1.d3fd4a7d4f97p-13, 0x1.a127927d22adfp-14, -0x1.78ded94b1e5dep-15, 0x1.5811f1440bedcp-16,
                    -0x1.3ca988a7346b2p-17, 0x1.254590089761cp-18, -0x1.137ac24392c4ep-19, 0x1.03957c5bfffebp-20,
                    -0x1.af770681c449dp-22, 0x1.bdcb694fe824dp-23, -0x1.9db0f678cb211p-23, 0x1.acfd7c347fbb1p-28,
                    0x1.afb50278530d2p-25, 0x1.44a2494351c7p-24);
}

// log Γ(x), x > 0. ±0 and +inf to +inf, NaN below 0, NaN to NaN.
// Below 5/4 from log Γ(x + 1) - log x (with x + 2 below 1/2), up to 5/2 the polynomial, up to 8 from log Γ(x - n) +
// log((x - 1)…(x - n)), and Stirling's series beyond: its rest is W(1/x²)/x with W of degree 6 (Remez, error 2^-57.6).
// The zeros at 1 and 2 are exact, and so is the relative accuracy beside them. Error at most 4 ulp (measured: F32 0.51,
// F64 3.3).
LA_INLINE F64 logGamma(F64 x) {
  const I64 tiny = x < splat<F64>(0.5), low = x < splat<F64>(1.25), near = x < splat<F64>(gammaSeriesStart);
  F64 y = x, product = splat<F64>(1);
  for (int step = 0; step < 6; step++) {
    const I64 down = near & (y >= splat<F64>(2.5));
    y = select(down, y - 1.0, y);
    product = select(down, product * y, product);
  }
  const F64 d = select(tiny, x, select(low, x - 1.0, y - 2.0));
  const F64 argument = select(tiny, mulAdd(x, x, x), select(near & ~low, product, x));
  const ReducedArgument<F64> a = reduceArgument(argument);
  const F64 logarithm = logarithmOfReduced(a.m - 1.0, a.k);
  const F64 nearTwo = d * logGammaNearTwo(select(near, d, F64{}));
  const F64 small = select(low, nearTwo - logarithm, nearTwo + logarithm);

  const F64 z = 1.0 / x;
  const F64 rest = z * polynomial((z * z), 0x1.5555555555555p-4, -0x1.6c16c16c09cf1p-9, 0x1.a01a00fc4a276p-11,
                                  -0x1.3812c057e7969p-11, 0x1.b8e726001496ap-11, -0x1.e7c7dd8f05fefp-10,
                                  0x1.221bcd94ea6c8p-8);
  const F64 large = mulAdd(x - 0.5, logarithm - 1.0, rest + 0x1.acfe390c97d69p-2);  // log(2π)/2 - 1/2
  const F64 result = select(near, small, large);
  const F64 infinity = splat<F64>(__builtin_inf());
  const F64 edge = select(x == F64{}, infinity, splat<F64>(__builtin_nan("")));
  return select(x <= F64{}, edge, select(x < infinity, result, x));
}

// ψ(1.5 + t)/(1.5 + t - x0) for |t| <= 1/2, x0 = 1.4616… the zero of ψ: degree 21 by interpolation at the Chebyshev
// points, error 2^-53.6.
LA_INLINE F64 digammaOverDistance(F64 t) {
  return polynomial(t, 0x1.e6f0cbb873617p-1, -0x1.b1cb63005ee97p-2, 0x1.eca189b8e6da1p-3, -0x1.2feeeb98a7cd8p-3,
                    0x1.8512e5905d18p-4, -0x1.fb442029cdbf4p-5, 0x1.4de9aa05d3418p-5, -0x1.b9f8b1367959dp-6,
                    0x1.256475e5ac975p-6, -0x1.86355f6f68797p-7, 0x1.03c00801ba958p-7, -0x1.5a071c746535bp-8,
                    0x1.cd3e42d157015p-9, -0x1.33661f9073563p-9, 0x1.980fc9c9f0be8p-10, -0x1.1002aaf6255f5p-10,
                    0x1.7b3b41b0b38cdp-11, -0x1.f99f529bd0771p-12, 0x1.dc8ae08af0fc4p-13, -0x1.3db05b36d9a48p-13,
                    0x1.104c9d0897b58p-12, -0x1.6b107f71aa124p-13);
}

// ψ(x) = Γ'(x)/Γ(x), x > 0. ±0 to -inf, +inf to itself, NaN below 0, NaN to NaN.
// Below 1 from ψ(x + 1) - 1/x, up to 2 the polynomial times x - x0, up to 8 from ψ(x - n) + Σ 1/(x - k), and beyond log
// x - 1/(2x) - D(1/x²)/x² with D of degree 7 (Remez, error 2^-57.6). Error at most 6 ulp, beside the zero too
// (measured: F32 0.51, F64 4.7).
LA_INLINE F64 digamma(F64 x) {
  const I64 low = x < splat<F64>(1), near = x < splat<F64>(gammaSeriesStart);
  // Σ 1/y as one fraction, for a single division.
  F64 y = x, numerator = select(low, splat<F64>(-1), F64{}), denominator = select(low, x, splat<F64>(1));
  for (int step = 0; step < 6; step++) {
    const I64 down = near & (y >= splat<F64>(2));
    y = select(down, y - 1.0, y);
    numerator = select(down, mulAdd(numerator, y, denominator), numerator);
    denominator = select(down, denominator * y, denominator);
  }
  const F64 offset = select(low, x, y - 1.0);  // 0...1, exact; x0 - 1 in two pieces
  const F64 distance = (offset - 0x1.d8b618d5af8fep-2) + 0x1.1e563779a1f5bp-56;
  const F64 small = mulAdd(distance, digammaOverDistance(select(near, offset - 0.5, F64{})), numerator / denominator);

  const ReducedArgument<F64> a = reduceArgument(x);
  const F64 z = 1.0 / x, square = z * z;
  const F64 series = square * polynomial(square, 0x1.5555555555555p-4, -0x1.111111110ce23p-7, 0x1.041040e1baf44p-8,
                                         -0x1.1110dbf78112bp-8, 0x1.f05497fe518fap-8, -0x1.55b8b35abd8e7p-6,
                                         0x1.22a6bf8609627p-4, -0x1.10c874341f8b1p-3);
  const F64 large = logarithmOfReduced(a.m - 1.0, a.k) - mulAdd(z, splat<F64>(0.5), series);
  const F64 result = select(near, small, large);
  const F64 infinity = splat<F64>(__builtin_inf());
  const F64 edge = select(x == F64{}, -infinity, splat<F64>(__builtin_nan("")));
  return select(x <= F64{}, edge, select(x < infinity, result, x));
}

// ψ'(x), x > 0. ±0 to +inf, +inf to 0, NaN below 0, NaN to NaN.
// Below 8 from ψ'(x + n) + Σ 1/(x + k)², whose terms are all positive; beyond 1/x + 1/(2x²) + T(1/x²)/x³ with T of
// degree 7 (Remez, error 2^-56.6). Error at most 5 ulp (measured: F32 0.51, F64 3.6).
LA_INLINE F64 trigamma(F64 x) {
  const F64 start = splat<F64>(gammaSeriesStart), inverse = 1.0 / x;
  const I64 near = x < start;
  F64 y = select(near, x + 1.0, x), numerator{}, denominator = splat<F64>(1);
  for (int step = 0; step < 7; step++) {
    const I64 up = y < start;
    const F64 square = y * y;
    numerator = select(up, mulAdd(numerator, square, denominator), numerator);
    denominator = select(up, denominator * square, denominator);
    y = select(up, y + 1.0, y);
  }
  const F64 z = 1.0 / y, square = z * z;
  const F64 series = z * square * polynomial(square, 0x1.5555555555555p-3, -0x1.111111110eafdp-5, 0x1.8618616fc935ap-6,
                -0x1.1110fd1d15f57p-5, 0x1.3644c6eada38cp-4, -0x1.02202050a6219p-2, 0x1.181390b733c11p0,
                -0x1.126ae447c2926p2);
  // The smallest first.
  const F64 rest = numerator / denominator + (z + mulAdd(square, splat<F64>(0.5), series));
  const F64 result = select(near, mulAdd(inverse, inverse, rest), rest);
  return select(x < F64{}, splat<F64>(__builtin_nan("")), result);
}

LA_INLINE F32 logGamma(F32 x) { return fromHalves(logGamma(lowHalf(x)), logGamma(highHalf(x))); }
LA_INLINE F32 digamma(F32 x) { return fromHalves(digamma(lowHalf(x)), digamma(highHalf(x))); }
LA_INLINE F32 trigamma(F32 x) { return fromHalves(trigamma(lowHalf(x)), trigamma(highHalf(x))); }
