// The exponential and the logarithm of everything logistic by tables, which AVX-512 looks up within registers: half as many
// multiplications, on which the time depends. Included by logistic.h.

// By j from 0 to 16: e_j, a number near j/16 (the first one lower, where log(1 + e) is so small that cancellation would tell) whose
// log(1 + e_j) is a float within a hundredth of an ulp; that; and 1/(1 + e_j).
alignas(64) static constexpr float logisticPoints[3][32] = {
    {0x0p+0f, 0x1.c272p-5f, 0x1.00cp-3f, 0x1.7f2d8p-3f, 0x1.000bp-2f, 0x1.40708p-2f, 0x1.807e8p-2f, 0x1.c0e28p-2f,
     0x1.00588p-1f, 0x1.1f82cp-1f, 0x1.404d8p-1f, 0x1.5fb74p-1f, 0x1.7fc6cp-1f, 0x1.a033ap-1f, 0x1.bf808p-1f, 0x1.dfd5ep-1f,
     0x1.ff4bcp-1f},
    {0x0p+0f, 0x1.b67f4cp-5f, 0x1.e3c5bep-4f, 0x1.5f41bcp-3f, 0x1.c91116p-3f, 0x1.16cb7ep-2f, 0x1.4674b8p-2f,
     0x1.743b04p-2f, 0x1.9fa838p-2f, 0x1.c85f1ep-2f, 0x1.f18854p-2f, 0x1.0bbc1p-1f, 0x1.1e653ep-1f, 0x1.3099eep-1f,
     0x1.4194fap-1f, 0x1.528d14p-1f, 0x1.628a08p-1f},
    {0x1p+0f, 0x1.e55082p-1f, 0x1.c6f688p-1f, 0x1.af4dcp-1f, 0x1.999614p-1f, 0x1.85f7bep-1f, 0x1.743ba6p-1f, 0x1.63f5cp-1f,
     0x1.552e04p-1f, 0x1.47e16ap-1f, 0x1.3af65ap-1f, 0x1.2f81dap-1f, 0x1.24a4fcp-1f, 0x1.1a6bep-1f, 0x1.11355ap-1f,
     0x1.084d4ap-1f, 0x1.002d18p-1f}};

LA_INLINE F32 lookUpPoint(const float *table, F32 index) {
  return (F32)_mm512_permutex2var_ps((__m512)load(table), (__m512i)index, (__m512)load(table + 16));
}

// log(1 + e) = log(1 + e_j) + log(1 + f), f = (e - e_j)/(1 + e_j) from -0.0284 to 0.0373: log(1 + f)/f of degree 3 (Remez, error 2^-25.5
// of log(1 + e)).
LA_INLINE F32 logarithmOnePlusShare(F32 e) {
  const F32 index = e + 0x1.8p19f;  // j in the low bits
  const F32 f = (e - lookUpPoint(logisticPoints[0], index)) * lookUpPoint(logisticPoints[2], index);
  const F32 p = polynomial(f, 1.0f, -0x1.00004cp-1f, 0x1.557932p-2f, -0x1.f73ae4p-3f);
  return mulAdd(p, f, lookUpPoint(logisticPoints[1], index));
}

// By j from 0 to 15: 2^(j/16), and by what factor less 1 that is too small.
alignas(64) static constexpr float sixteenthPowers[2][16] = {
    {0x1p+0f, 0x1.0b5586p+0f, 0x1.172b84p+0f, 0x1.2387a6p+0f, 0x1.306fep+0f, 0x1.3dea64p+0f, 0x1.4bfdaep+0f, 0x1.5ab07ep+0f,
     0x1.6a09e6p+0f, 0x1.7a1148p+0f, 0x1.8ace54p+0f, 0x1.9c4918p+0f, 0x1.ae89fap+0f, 0x1.c199bep+0f, 0x1.d5818ep+0f,
     0x1.ea4afap+0f},
    {0x0p+0f, 0x1.8d96d4p-25f, -0x1.9c0c22p-27f, 0x1.964904p-25f, 0x1.125002p-25f, 0x1.370be4p-25f, -0x1.0a355p-25f,
     -0x1.00d8acp-27f, 0x1.26055cp-26f, -0x1.05cb44p-25f, 0x1.67a1cap-28f, 0x1.a3b5e4p-28f, -0x1.f9c304p-27f,
     -0x1.6961b4p-28f, -0x1.a5217cp-28f, 0x1.61428ep-28f}};

// For x <= 0: x = n·log 2 + r with sixteen times n the nearest integer, and e^x = 2^floor(n)·power·(1 + lost)·e^r.
struct QuickExponent { F32 n, r, power, lost; };
LA_INLINE QuickExponent quickExponent(F32 x) {
  const F32 v = (F32)_mm512_max_ps(_mm512_set1_ps(ExponentialRange<F32>::low), (__m512)x);  // NaN stays NaN
  const F32 shifted = mulAdd(v, splat<F32>(0x1.715476p0f), 0x1.8p19f), n = shifted - 0x1.8p19f;
  F32 r = mulAdd(n, splat<F32>(-LogarithmOfTwo<F32>::high), v);
  r = mulAdd(n, splat<F32>(-LogarithmOfTwo<F32>::low), r);
  const F32 power = (F32)_mm512_permutexvar_ps((__m512i)shifted, (__m512)load(sixteenthPowers[0]));
  const F32 lost = (F32)_mm512_permutexvar_ps((__m512i)shifted, (__m512)load(sixteenthPowers[1]));
  return {n, r, power, lost};
}

// e^x for x <= 0. Error at most 0.6 ulp, for subnormal results 0.8.
LA_INLINE F32 quickExponentialOfNegative(F32 x) {
  const QuickExponent e = quickExponent(x);
  const F32 minusOne = mulAdd(e.r, polynomial(e.r, 1.0f, 0x1.00022p-1f, 0x1.55559cp-3f), e.lost);
  return (F32)_mm512_scalef_ps((__m512)mulAdd(e.power, minusOne, e.power), (__m512)e.n);
}

// By j from 0 to 15 the same in F64, near j/15.
alignas(64) static constexpr double wideLogisticPoints[3][16] = {
    {0x0p+0, 0x1.dbc89c2f4p-5, 0x1.10a8273578p-3, 0x1.9a158113ap-3, 0x1.114279c78p-2, 0x1.556d487374p-2, 0x1.999f96553p-2,
     0x1.ddc536bebp-2, 0x1.111ab3fbf4p-1, 0x1.33451a3e7ap-1, 0x1.55358d2eep-1, 0x1.778f28d924p-1, 0x1.99b91adf8ep-1,
     0x1.bbcb67dff8p-1, 0x1.ddbe15b768p-1, 0x1.ffc56beb46p-1},
    {0x0p+0, 0x1.ce7ad40fd2d12p-5, 0x1.fff1e8f2e82edp-4, 0x1.75cc3f69bb378p-3, 0x1.e46dcee1db361p-3, 0x1.26a8174190a09p-2,
     0x1.5890745e0c51ep-2, 0x1.881e4fcb4e16fp-2, 0x1.b5c073e666e4ep-2, 0x1.e15f0231f2d56p-2, 0x1.0577dd9c79d9cp-1,
     0x1.19ad577c31fc6p-1, 0x1.2d03e01610aa6p-1, 0x1.3f998c9d2f37ap-1, 0x1.51783402194fbp-1, 0x1.62c6e50ec78p-1},
    {0x1p+0, 0x1.e3e5526d6c247p-1, 0x1.c3d830364ba33p-1, 0x1.aa9528e5bb3f3p-1, 0x1.94267fdda2218p-1, 0x1.7ff943bdc6453p-1,
     0x1.6db5546e8380ep-1, 0x1.5d1d00db5c853p-1, 0x1.4de5a402fc499p-1, 0x1.3ff901e6b71dcp-1, 0x1.333ea4a3e8fa5p-1,
     0x1.275a938fb3555p-1, 0x1.1c680e295edbap-1, 0x1.1244a5339558dp-1, 0x1.08dc5db2821f6p-1, 0x1.000ea5dbb1b63p-1}};

LA_INLINE F64 lookUpWide(const double *table, F64 index) {
  return (F64)_mm512_permutex2var_pd((__m512d)load(table), (__m512i)index, (__m512d)load(table + 8));
}

// f from -0.0302 to 0.0398, log(1 + f)/f of degree 8 (error 2^-55.5 of log(1 + e)).
LA_INLINE F64 logarithmOnePlusShare(F64 e) {
  const F64 index = mulAdd(e, splat<F64>(15), 0x1.8p52);
  const F64 f = (e - lookUpWide(wideLogisticPoints[0], index)) * lookUpWide(wideLogisticPoints[2], index);
  const F64 p = polynomial(f, 1.0, -0x1.0000000000017p-1, 0x1.5555555558bb8p-2, -0x1.0000000005675p-2, 0x1.999998f9ddea5p-3,
                           -0x1.55554c37b293ap-3, 0x1.24969fbb0fe80p-3, -0x1.005398feaa30dp-3, 0x1.b4e892ba63deap-4);
  return mulAdd(p, f, lookUpWide(wideLogisticPoints[1], index));
}

alignas(64) static constexpr double wideSixteenthPowers[2][16] = {
    {0x1p+0, 0x1.0b5586cf9890fp+0, 0x1.172b83c7d517bp+0, 0x1.2387a6e756238p+0, 0x1.306fe0a31b715p+0, 0x1.3dea64c123422p+0,
     0x1.4bfdad5362a27p+0, 0x1.5ab07dd485429p+0, 0x1.6a09e667f3bcdp+0, 0x1.7a11473eb0187p+0, 0x1.8ace5422aa0dbp+0,
     0x1.9c49182a3f09p+0, 0x1.ae89f995ad3adp+0, 0x1.c199bdd85529cp+0, 0x1.d5818dcfba487p+0, 0x1.ea4afa2a490dap+0},
    {0x0p+0, 0x1.79aa65d837b6dp-54, -0x1.01b15eaa59348p-55, 0x1.68efde3a8a894p-54, 0x1.34d754db0abb6p-55,
     0x1.59f48a72a4c6dp-55, 0x1.690cebb7aafbp-56, 0x1.063e1e21c5409p-54, -0x1.3b3efbf5e2228p-54, -0x1.b32dcb94da51dp-56,
     0x1.db72fc1f0eab4p-55, 0x1.1affc2b91ce27p-56, 0x1.c1a7792cb3387p-55, 0x1.36eae30af0cb3p-56, 0x1.4a385a63d07a7p-56,
     -0x1.ff7128fd391fp-55}};

LA_INLINE F64 quickExponentialOfNegative(F64 x) {
  const F64 v = (F64)_mm512_max_pd(_mm512_set1_pd(ExponentialRange<F64>::low), (__m512d)x);
  const F64 shifted = mulAdd(v, splat<F64>(0x1.71547652b82fep0), 0x1.8p48), n = shifted - 0x1.8p48;
  F64 r = mulAdd(n, splat<F64>(-LogarithmOfTwo<F64>::high), v);
  r = mulAdd(n, splat<F64>(-LogarithmOfTwo<F64>::low), r);
  const F64 power = lookUpWide(wideSixteenthPowers[0], shifted), lost = lookUpWide(wideSixteenthPowers[1], shifted);
  const F64 q = polynomial(r, 0x1.fffffffffffb8p-2, 0x1.555555548ebe0p-3, 0x1.5555555909c9dp-5, 0x1.11123b47239e0p-7,
                           0x1.6c14bf785974fp-10);
  const F64 minusOne = mulAdd(r * r, q, r + lost);
  return (F64)_mm512_scalef_pd((__m512d)mulAdd(power, minusOne, power), (__m512d)n);
}
