// The logarithm of floats by a table that AVX-512 looks up within registers: half as many multiplications, and a more exact result. Included
// by logarithm.h.

// By j from 0 to 16, and from -8 to -1 at the end: a factor r_j near 1/(1 + j/32) whose logarithm is a multiple of 2^-17 within 2^-32, so that
// its sum with k·high is exact; and minus that. From -1 to 1 nothing is multiplied, which keeps the relative accuracy near 0.
alignas(64) static constexpr float logarithmFactors[2][32] = {
    {0x1p+0f, 0x1p+0f, 0x1.e267c8p-1f, 0x1.d47b24p-1f, 0x1.c6022cp-1f, 0x1.b9b7f4p-1f, 0x1.b02f44p-1f, 0x1.a49908p-1f,
     0x1.98711ep-1f, 0x1.8f8434p-1f, 0x1.876e38p-1f, 0x1.7deacp-1f, 0x1.74c10cp-1f, 0x1.6bf76cp-1f, 0x1.63439ap-1f,
     0x1.5bc826p-1f, 0x1.5544cp-1f, 0x1p+0f, 0x1p+0f, 0x1p+0f, 0x1p+0f, 0x1p+0f, 0x1p+0f, 0x1p+0f, 0x1.54a622p+0f,
     0x1.47d6c4p+0f, 0x1.3a85d8p+0f, 0x1.303762p+0f, 0x1.24f75ep+0f, 0x1.1ad1dap+0f, 0x1.10681ap+0f, 0x1p+0f},
    {0x0p+0f, 0x0p+0f, 0x1.e7cp-5f, 0x1.6bd8p-4f, 0x1.ec6p-4f, 0x1.2e64p-3f, 0x1.5b14p-3f, 0x1.92bcp-3f, 0x1.ceccp-3f,
     0x1.fc0cp-3f, 0x1.12f6p-2f, 0x1.2c28p-2f, 0x1.4506p-2f, 0x1.5d74p-2f, 0x1.763cp-2f, 0x1.8c08p-2f, 0x1.9f64p-2f, 0x0p+0f,
     0x0p+0f, 0x0p+0f, 0x0p+0f, 0x0p+0f, 0x0p+0f, 0x0p+0f, -0x1.2488p-2f, -0x1.fa9p-3f, -0x1.a5a4p-3f, -0x1.6168p-3f,
     -0x1.143cp-3f, -0x1.9818p-4f, -0x1.fcep-5f, 0x0p+0f}};

LA_INLINE F32 lookUpFactor(const float *table, F32 index) {
  return (F32)_mm512_permutex2var_ps((__m512)load(table), (__m512i)index, (__m512)load(table + 16));
}

// log(2^k·(1 + f)) = k·log 2 - log(r_j) + log(1 + g), 1 + g = (1 + f)·r_j, |g| at most 3/64: log(1 + g) = g + g²·Q(g), Q of degree 3 (Remez,
// error 2^-28 of the logarithm).
LA_INLINE F32 logarithmOfReduced(F32 f, F32 k) {
  const F32 index = f + 0x1.8p18f;  // j in the low bits
  const F32 factor = lookUpFactor(logarithmFactors[0], index), g = mulAdd(f, factor, factor - 1.0f);
  const F32 q = polynomial(g, -0x1.fffffp-2f, 0x1.555538p-2f, -0x1.0077dp-2f, 0x1.9aa17p-3f);
  const F32 high = mulAdd(k, splat<F32>(LogarithmOfTwo<F32>::high), lookUpFactor(logarithmFactors[1], index));
  return high + (g + mulAdd(g * g, q, k * LogarithmOfTwo<F32>::low));
}
