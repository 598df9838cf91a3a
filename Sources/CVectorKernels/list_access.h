// What the kernels over lists and scans share and no instruction set changes.
#pragma once

#include "dispatch.h"

// See la_sort_key.
static LA_INLINE uint64_t la_ascending_bits(double x) {
  x += 0.0;  // -0 becomes 0
  if (x != x) return UINT64_MAX;
  uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits >> 63 ? ~bits : bits | (uint64_t(1) << 63);
}

namespace la {

// A sum with the exact remainder of every addition (Knuth's two-sum).
struct LongSum {
  double high = 0, low = 0;
  LA_INLINE void add(double x) {
#pragma clang fp contract(off) reassociate(off)
    const double next = high + x, part = next - high;
    low += (high - (next - part)) + (x - part);
    high = next;
  }
  LA_INLINE void scale(double factor) { high *= factor, low *= factor; }
  // An infinite or undefined sum has no remainder.
  LA_INLINE double value() const { return __builtin_isfinite(high) ? high + low : high; }
  LA_INLINE la_list_result result() const { return {{high, __builtin_isfinite(high) ? low : 0}}; }
};

}  // namespace la
