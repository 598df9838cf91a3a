// Which instruction set runs: chosen once per process, by the CPU and by LOSSACCEL_TARGET.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "include/CVectorKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Clang warns that a 64-byte vector is passed differently with and without AVX-512. Ours never cross a call: see foreach_target.h.
#pragma clang diagnostic ignored "-Wpsabi"

#define LA_INLINE inline __attribute__((always_inline))

// The function `name` of the chosen target's namespace.
#if defined(__x86_64__)
#define LA_DISPATCH(name) \
  (la_target() == LA_TARGET_AVX512 ? &la::avx512::name : la_target() == LA_TARGET_AVX2 ? &la::avx2::name : &la::baseline::name)
#else
#define LA_DISPATCH(name) (&la::baseline::name)
#endif
