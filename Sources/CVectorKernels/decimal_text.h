// Decimal text, piece by piece: eight digits at once, and what a double lacks of a decimal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace la {

using uint128 = unsigned __int128;

inline double fromBits(uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// Powers that a double holds exactly.
constexpr int largestExactPower = 22;
constexpr double exactPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

constexpr uint64_t smallPowersOfTen[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};

inline bool isDigit(uint8_t character) { return uint8_t(character - '0') < 10; }

// Eight characters of digits, the first in the lowest byte, as a number.
inline uint64_t valueOfDigits(uint64_t word) {
  const uint64_t digits = word - 0x3030303030303030;
  const uint64_t pairs = digits * 10 + (digits >> 8);  // every other byte: two digits
  const uint64_t mask = 0x000000ff000000ff;
  return (((pairs & mask) * 0x000f424000000064) + (((pairs >> 16) & mask) * 0x0000271000000001)) >> 32;
}

// Eight characters of text: the digits that they begin with (little-endian machines only).
struct EightCharacters {
  uint64_t word, others;

  explicit EightCharacters(const uint8_t *text) {
    std::memcpy(&word, text, sizeof word);
    // Bytes that are no digits; what carries and borrows make of the bytes behind the first of them does not matter.
    others = ((word + 0x4646464646464646) | (word - 0x3030303030303030)) & 0x8080808080808080;
  }
  bool areDigits() const { return others == 0; }
  // How many digits, at most seven.
  int count() const { return __builtin_ctzll(others) / 8; }
  // Eight digits, or the first `count` of them, behind `number`; modulo 2^64.
  uint64_t appended(uint64_t number) const { return number * 100000000 + valueOfDigits(word); }
  uint64_t appended(uint64_t number, int count) const {
    // As many zeros before them.
    const uint64_t digits = ((word << (56 - 8 * count)) << 8) | (0x3030303030303030 >> (8 * count));
    return number * smallPowersOfTen[count] + valueOfDigits(digits);
  }
};

// Appends the run of digits that begins at `next` to `number`, modulo 2^64.
inline const uint8_t *appendDigits(const uint8_t *next, const uint8_t *end, uint64_t &number) {
  while (end - next >= 8) {
    const EightCharacters text(next);
    if (!text.areDigits()) {
      const int count = text.count();
      number = text.appended(number, count);
      return next + count;
    }
    number = text.appended(number);
    next += 8;
  }
  while (next < end && isDigit(*next)) number = number * 10 + uint64_t(*next++ - '0');
  return next;
}

// digits * 10^power − value, for the value nearest to that, which is not 0, and |power| <= 22. The difference of two integers,
// divided: it is at most half a unit of the value's last place, below 2^63 in what the integers count, so that their lowest words suffice.
inline double remainderOfDecimal(uint64_t digits, int64_t power, double value) {
  constexpr uint64_t powersOfFive[] = {1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125, 9765625, 48828125, 244140625,
                                       1220703125, 6103515625, 30517578125, 152587890625, 762939453125, 3814697265625,
                                       19073486328125, 95367431640625, 476837158203125, 2384185791015625};
  if (power == 0 && digits <= uint64_t(1) << 53) return 0;
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const uint64_t significand = (bits & ((uint64_t(1) << 52) - 1)) | (uint64_t(1) << 52);
  const int64_t exponent = int64_t(bits >> 52) - 1075;  // of the significand's last bit
  if (power >= 0) {
    // Below that a double holds the product exactly.
    const int64_t shift = exponent - power;
    if (shift < 0) return 0;
    const uint64_t exact = digits * powersOfFive[power], rounded = significand << shift;
    return double(int64_t(exact - rounded)) * fromBits(uint64_t(1023 + power) << 52);
  }
  const int64_t shift = power - exponent;
  const uint64_t product = significand * powersOfFive[-power];
  if (shift >= 0) {
    const uint64_t exact = shift < 64 ? digits << shift : 0;
    return double(int64_t(exact - product)) * fromBits(uint64_t(1023 - shift) << 52) / exactPowersOfTen[-power];
  }
  return double(int64_t(digits - (product << -shift))) / exactPowersOfTen[-power];
}

// number * 10^power for 0 < number < 10^19 and |power| <= 22, in decimal.cpp; false where the C library has to look.
bool roundDecimal(uint64_t number, int64_t power, double &value);

// The commonest decimals at once: a sign or none, up to seven digits, perhaps a point and more digits, 19 in all; no exponent.
// Answers the end of such a number at `text`, or nullptr where there is another, or fewer than 40 bytes are left.
inline const uint8_t *parseShortDecimal(const uint8_t *text, const uint8_t *end, double &value, double *rest) {
  if (end - text < 40) return nullptr;
  const bool negative = *text == '-';
  text += negative;
  const EightCharacters integer(text);
  if (integer.areDigits() || integer.count() == 0) return nullptr;
  int digits = integer.count(), decimals = 0;
  uint64_t number = integer.appended(0, digits);
  text += digits;
  if (*text == '.') {
    EightCharacters fraction(++text);
    for (; fraction.areDigits() && decimals < 16; fraction = EightCharacters(text + decimals)) {
      number = fraction.appended(number);
      decimals += 8;
    }
    if (fraction.areDigits()) return nullptr;
    number = fraction.appended(number, fraction.count());
    decimals += fraction.count();
    text += decimals;
    digits += decimals;
  }
  // With more digits the number is only right modulo 2^64.
  if (digits > 19 || (*text | 0x20) == 'e') return nullptr;
  double magnitude, low = 0;
  if (number <= uint64_t(1) << 53) {
    magnitude = double(int64_t(number)) / exactPowersOfTen[decimals];
  } else if (!roundDecimal(number, -decimals, magnitude)) {
    return nullptr;
  }
  if (rest && number != 0) low = remainderOfDecimal(number, -decimals, magnitude);
  value = negative ? -magnitude : magnitude;
  if (rest) *rest = negative ? -low : low;
  return text;
}

}  // namespace la
