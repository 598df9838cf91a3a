// Part of CVectorKernels: text as bytes. As everywhere in the C interface, arguments are checked by the caller.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// How many of `count` bytes are equal to `byte`.
size_t la_count_bytes(const uint8_t *bytes, size_t count, uint8_t byte);

#ifdef __cplusplus
}
#endif
