#include "dispatch.h"

#include <atomic>
#include <cstdlib>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace {

#if defined(__x86_64__)

// XCR0 tells which register files the operating system saves; a CPU feature without its bits there must not be used.
uint64_t savedRegisterFiles() {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t(high) << 32) | low;
}

uint32_t detectFeatures() {
  uint32_t a, b, c, d, features = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
  const bool osSavesRegisters = c & bit_OSXSAVE, fma = c & bit_FMA, avx = c & bit_AVX;
  if (!osSavesRegisters || !avx) return 0;
  const uint64_t saved = savedRegisterFiles();
  if ((saved & 0x6) != 0x6) return 0;
  features |= LA_CPU_AVX;
  if (fma) features |= LA_CPU_FMA;
  if (c & bit_F16C) features |= LA_CPU_F16C;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return features;
  if (b & bit_AVX2) features |= LA_CPU_AVX2;
  if (b & bit_BMI2) features |= LA_CPU_BMI2;
  if ((saved & 0xe6) == 0xe6) {
    if (b & bit_AVX512F) features |= LA_CPU_AVX512F;
    if (b & bit_AVX512DQ) features |= LA_CPU_AVX512DQ;
    if (b & bit_AVX512BW) features |= LA_CPU_AVX512BW;
    if (b & bit_AVX512VL) features |= LA_CPU_AVX512VL;
    if (b & bit_AVX512CD) features |= LA_CPU_AVX512CD;
  }
  return features;
}

#else

uint32_t detectFeatures() { return 0; }

#endif

bool supports(la_target_id target) {
  constexpr uint32_t avx2 = LA_CPU_AVX | LA_CPU_AVX2 | LA_CPU_FMA | LA_CPU_F16C | LA_CPU_BMI2;
  constexpr uint32_t avx512 = avx2 | LA_CPU_AVX512F | LA_CPU_AVX512DQ | LA_CPU_AVX512BW | LA_CPU_AVX512VL | LA_CPU_AVX512CD;
  const uint32_t features = la_cpu_features();
  switch (target) {
    case LA_TARGET_AVX512: return (features & avx512) == avx512;
    case LA_TARGET_AVX2: return (features & avx2) == avx2;
    default: return true;
  }
}

la_target_id choose() {
  const char *wish = std::getenv("LOSSACCEL_TARGET");
  for (int target = 0; target < LA_TARGET_COUNT; target++) {
    const auto id = la_target_id(target);
    if (wish && std::strcmp(wish, la_target_name(id)) == 0 && supports(id)) return id;
  }
  for (int target = 0; target < LA_TARGET_COUNT; target++)
    if (supports(la_target_id(target))) return la_target_id(target);
  return LA_TARGET_BASELINE;
}

// -1 until first use. Two threads that race choose the same target, so a relaxed store is enough.
std::atomic<int> chosen{-1};

}  // namespace

extern "C" {

la_target_id la_target(void) {
  const int target = chosen.load(std::memory_order_relaxed);
  if (__builtin_expect(target >= 0, 1)) return la_target_id(target);
  const la_target_id first = choose();
  chosen.store(first, std::memory_order_relaxed);
  return first;
}

bool la_target_supported(la_target_id target) { return supports(target); }

const char *la_target_name(la_target_id target) {
  switch (target) {
    case LA_TARGET_AVX512: return "avx512";
    case LA_TARGET_AVX2: return "avx2";
    default: return "baseline";
  }
}

uint32_t la_cpu_features(void) {
  static const uint32_t features = detectFeatures();
  return features;
}

}  // extern "C"
