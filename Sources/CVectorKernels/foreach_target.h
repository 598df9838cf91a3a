// Compiles the file named by LA_SOURCE once per instruction set, inside namespace la::avx512, la::avx2 or la::baseline.
//
// A kernel file looks like this, and needs nothing else but a declaration in include/CVectorKernels.h:
//
//     #define LA_SOURCE "kernel.cpp"
//     #include "foreach_target.h"
//     #ifdef LA_TARGET
//     namespace la::LA_TARGET { <the kernel, on the vector types of vector/> }
//     #else
//     extern "C" ... la_kernel_f32(...) { return LA_DISPATCH(kernel<float>)(...); }
//     #endif
//
// The target is set by an attribute on every function, not by a compiler flag: SwiftPM refuses flags in dependencies. So
// kernels must not use lambdas (the attribute does not reach them), and helpers are LA_INLINE (64-byte vectors never cross a
// real call, where their calling convention would depend on the instruction set).
#ifndef LA_TARGET

#include "dispatch.h"

#if defined(__x86_64__)

#define LA_TARGET avx512
#define LA_HAS_FMA 1
#define LA_HAS_AVX512 1
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512cd,avx2,fma,f16c,bmi,bmi2"))), apply_to = function)
namespace la::avx512 {
#include "vector/all.h"
}
#include LA_SOURCE
#pragma clang attribute pop
#undef LA_TARGET
#undef LA_HAS_FMA
#undef LA_HAS_AVX512

#define LA_TARGET avx2
#define LA_HAS_FMA 1
#define LA_HAS_AVX512 0
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi,bmi2"))), apply_to = function)
namespace la::avx2 {
#include "vector/all.h"
}
#include LA_SOURCE
#pragma clang attribute pop
#undef LA_TARGET
#undef LA_HAS_FMA
#undef LA_HAS_AVX512

#endif

#define LA_TARGET baseline
#if defined(__aarch64__)
#define LA_HAS_FMA 1
#else
#define LA_HAS_FMA 0
#endif
#define LA_HAS_AVX512 0
namespace la::baseline {
#include "vector/all.h"
}
#include LA_SOURCE
#undef LA_TARGET
#undef LA_HAS_FMA
#undef LA_HAS_AVX512

#endif
