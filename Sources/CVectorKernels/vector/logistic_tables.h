// The exponential and the logarithm of everything logistic by tables, which AVX-512 looks up within registers: half as many
// multiplications, on which the time depends. Included by logistic.h.

// By j from 0 to 16: a factor r_j near 1/(1 + j/16) (the first one of a lower j, where log(1 + e) is so small that cancellation would tell)
// whose logarithm is a float within a thousandth of an ulp; and minus that.
alignas(64) static constexpr float logisticFactors[2][32] = {
    {0x1p+0f, 0x1.e56b6ep-1f, 0x1.c75b5ap-1f, 0x1.af4bf8p-1f, 0x1.99767ep-1f, 0x1.8649f8p-1f, 0x1.746c6cp-1f, 0x1.63ee68p-1f,
     0x1.558c28p-1f, 0x1.479f6cp-1f, 0x1.3b11b8p-1f, 0x1.2f596ap-1f, 0x1.24c974p-1f, 0x1.1a3ff2p-1f, 0x1.112fc2p-1f,
     0x1.082812p-1f, 0x1.00040cp-1f},
    {0x0p+0f, 0x1.b4b8f8p-5f, 0x1.e03a74p-4f, 0x1.5f4a34p-3f, 0x1.c9af0ep-3f, 0x1.15f3a8p-2f, 0x1.45ee94p-2f, 0x1.745024p-2f,
     0x1.9e8dd4p-2f, 0x1.c92d4cp-2f, 0x1.f12f6p-2f, 0x1.0c004cp-1f, 0x1.1e2574p-1f, 0x1.30e998p-1f, 0x1.419f76p-1f,
     0x1.52d532p-1f, 0x1.62dc18p-1f}};

// log(1 + e) = log(1 + f) - log(r_j), 1 + f = (1 + e)·r_j, f from -0.0284 to 0.0373: log(1 + f)/f of degree 3 (Remez, error 2^-25.5 of
// log(1 + e)).
LA_INLINE F32 logarithmOnePlusShare(F32 e) {
  const F32 index = e + 0x1.8p19f;  // j in the low bits
  const F32 factor = lookUpFactor(logisticFactors[0], index), f = mulAdd(e, factor, factor - 1.0f);
  const F32 p = polynomial(f, 1.0f, -0x1.00004cp-1f, 0x1.557932p-2f, -0x1.f73ae4p-3f);
  return mulAdd(p, f, lookUpFactor(logisticFactors[1], index));
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
alignas(64) static constexpr double wideLogisticFactors[2][16] = {
    {0x1p+0, 0x1.e3f8bc2bbbp-1, 0x1.c3e1acb5ff8p-1, 0x1.aa9fac2c4p-1, 0x1.944cc4aed98p-1, 0x1.7ff83af3dfp-1,
     0x1.6dba7812dbp-1, 0x1.5cff725b3c8p-1, 0x1.4e02e92e6d8p-1, 0x1.401cef597ap-1, 0x1.3330ddfa4bp-1, 0x1.276b10ce5a8p-1,
     0x1.1c55a1dc918p-1, 0x1.12371748bb8p-1, 0x1.08f02ae2c78p-1, 0x1.ffeaebd80ep-2},
    {0x0p+0, 0x1.cd32348d17afep-5, 0x1.ff9beb5987237p-4, 0x1.7599c75e5a218p-3, 0x1.e3abeb77c48d4p-3, 0x1.26aad9694fa2p-2,
     0x1.5882109c63ba3p-2, 0x1.8875051c191c7p-2, 0x1.b566b3ad9a8d5p-2, 0x1.e0ec0e4d20604p-2, 0x1.058ed30ab129fp-1,
     0x1.1990c2b21813fp-1, 0x1.2d250ba25bd18p-1, 0x1.3fb2dad55639ep-1, 0x1.5151ee3c9ae9fp-1, 0x1.62f94486acb48p-1}};

LA_INLINE F64 lookUpWide(const double *table, F64 index) {
  return (F64)_mm512_permutex2var_pd((__m512d)load(table), (__m512i)index, (__m512d)load(table + 8));
}

// f from -0.0302 to 0.0398, log(1 + f)/f of degree 8 (error 2^-55.5 of log(1 + e)).
LA_INLINE F64 logarithmOnePlusShare(F64 e) {
  const F64 index = mulAdd(e, splat<F64>(15), 0x1.8p52);
  const F64 factor = lookUpWide(wideLogisticFactors[0], index), f = mulAdd(e, factor, factor - 1.0);
  const F64 p = polynomial(f, 1.0, -0x1.0000000000017p-1, 0x1.5555555558bb8p-2, -0x1.0000000005675p-2, 0x1.999998f9ddea5p-3,
                           -0x1.55554c37b293ap-3, 0x1.24969fbb0fe80p-3, -0x1.005398feaa30dp-3, 0x1.b4e892ba63deap-4);
  return mulAdd(p, f, lookUpWide(wideLogisticFactors[1], index));
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
