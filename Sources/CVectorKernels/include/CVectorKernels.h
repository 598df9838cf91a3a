// The whole C interface of the vector kernels. Nothing here checks its arguments: Swift does, once, at the public door.
// Pointers need only the natural alignment of their element. No function allocates, locks or keeps state, and none of them
// may be given overlapping input and output unless its comment says so.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------- targets

// The instruction sets that every kernel is compiled for, best first.
typedef enum __attribute__((enum_extensibility(closed))) la_target_id {
  LA_TARGET_AVX512 = 0,
  LA_TARGET_AVX2 = 1,
  LA_TARGET_BASELINE = 2,  // SSE2 on x86-64, NEON on arm64
} la_target_id;
enum { LA_TARGET_COUNT = 3 };

enum {
  LA_CPU_AVX = 1 << 0,
  LA_CPU_FMA = 1 << 1,
  LA_CPU_F16C = 1 << 2,
  LA_CPU_AVX2 = 1 << 3,
  LA_CPU_BMI2 = 1 << 4,
  LA_CPU_AVX512F = 1 << 5,
  LA_CPU_AVX512DQ = 1 << 6,
  LA_CPU_AVX512BW = 1 << 7,
  LA_CPU_AVX512VL = 1 << 8,
  LA_CPU_AVX512CD = 1 << 9,
};

// The target in use: the best that the CPU and the operating system support, or the one that LOSSACCEL_TARGET names
// (an unknown or unsupported name is ignored; `la_target_supported` tells).
la_target_id la_target(void);
// Uses another target from now on, process-wide; for tests and benchmarks. False, and no change, where it is not supported.
bool la_set_target(la_target_id target);
bool la_target_supported(la_target_id target);
const char *la_target_name(la_target_id target);
// LA_CPU_… bits that both the CPU and the operating system offer. 0 on other architectures than x86-64.
uint32_t la_cpu_features(void);

// ---------------------------------------------------------------- element types

// What an input may be stored as; kernels convert while they load.
enum {
  LA_TYPE_F32 = 0,
  LA_TYPE_F64 = 1,
  LA_TYPE_F16 = 2,
  LA_TYPE_I8 = 3,
  LA_TYPE_I16 = 4,
  LA_TYPE_I32 = 5,
  LA_TYPE_I64 = 6,
  LA_TYPE_U8 = 7,
  LA_TYPE_U16 = 8,
  LA_TYPE_U32 = 9,
  LA_TYPE_U64 = 10,
};

// ---------------------------------------------------------------- decimal text

// Reads the longest prefix of `text` that is a decimal number, [+-] digits [. digits] [e [+-] digits] with at least one digit
// before or after the point, stores the nearest double (ties to even; too large is an infinity, too small a zero, both signed)
// and returns the number of bytes read. Returns 0 and stores nothing when no prefix is a number. Reads no byte outside
// `text[0 ..< count]`. Independent of the locale; assumes the default rounding mode.
size_t la_parse_decimal(const uint8_t *text, size_t count, double *value);

#ifdef __cplusplus
}
#endif
