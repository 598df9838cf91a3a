// Counting bytes as fast as they are read: every lane of a vector counts up to 255 of them.
#include "include/CBytes.h"

#include <cstring>

namespace {
typedef uint8_t Bytes __attribute__((vector_size(64)));

size_t sumOfLanes(const Bytes &counts) {
  size_t sum = 0;
  for (int k = 0; k < 64; k++) sum += counts[k];
  return sum;
}
}  // namespace

extern "C" size_t la_count_bytes(const uint8_t *bytes, size_t count, uint8_t byte) {
  size_t total = 0, i = 0;
  const Bytes wanted = Bytes{} + byte;
  while (i + 64 <= count) {
    Bytes counts{};
    for (int round = 0; round < 255 && i + 64 <= count; round++, i += 64) {
      Bytes block;
      std::memcpy(&block, bytes + i, 64);
      counts -= Bytes(block == wanted);  // all bits set is −1
    }
    total += sumOfLanes(counts);
  }
  for (; i < count; i++) total += bytes[i] == byte;
  return total;
}
