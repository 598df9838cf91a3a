// Decimal text to the nearest double, ties to even, for every input.
//
// Three storeys, each used only where it is certain to round correctly:
//   1. at most 2^53 as an integer and a power of ten that a double holds exactly: one multiplication or division rounds once;
//   2. the decimal's first 19 digits times 128 leading bits of the power of five: exact, or an interval three units wide in
//      the 128th bit; if the whole interval rounds to one double, that is the answer (all but about one number in 10^20);
//   3. the C library on at most 770 significant digits (more can only matter as "not exactly zero").
#include <locale.h>
#include <stdlib.h>
#if defined(__APPLE__)
#include <xlocale.h>
#endif

#include <cstring>

#include "decimal_text.h"
#include "include/CVectorKernels.h"

namespace {

using namespace la;

constexpr int smallestPower = -342, largestPower = 308;

struct PowerOfFive {
  uint64_t high, low;  // the leading 128 bits, cut off below; the top bit is set
  int exponent;        // 5^q = (high:low + a rest below 1) * 2^exponent
};

// The leading bits of 5^q for every q that can matter, computed exactly: multiplying a 1024-bit integer by five never drops a bit
// up to 5^308, and floor(floor(x / 5) / 5) = floor(x / 25) makes the repeated division of 2^1023 exact down to its last bit.
class PowersOfFive {
  static constexpr int limbCount = 16, bitCount = 64 * limbCount;
  PowerOfFive powers[largestPower - smallestPower + 1];

  static PowerOfFive leadingBits(const uint64_t (&limbs)[limbCount], int exponentOfLowestBit) {
    int top = limbCount - 1;
    while (limbs[top] == 0) top--;
    const int zeros = __builtin_clzll(limbs[top]);
    const auto limb = [&](int index) { return index >= 0 ? limbs[index] : 0; };
    const auto window = [&](int index) {
      return zeros == 0 ? limb(index) : (limb(index) << zeros) | (limb(index - 1) >> (64 - zeros));
    };
    return {window(top), window(top - 1), exponentOfLowestBit + 64 * (top - 1) - zeros};
  }

 public:
  PowersOfFive() {
    uint64_t limbs[limbCount] = {1};
    for (int q = 0; q <= largestPower; q++) {
      powers[q - smallestPower] = leadingBits(limbs, 0);
      uint64_t carry = 0;
      for (uint64_t &limb : limbs) {
        const uint128 product = uint128(limb) * 5 + carry;
        limb = uint64_t(product);
        carry = uint64_t(product >> 64);
      }
    }
    std::memset(limbs, 0, sizeof limbs);
    limbs[limbCount - 1] = uint64_t(1) << 63;
    for (int q = -1; q >= smallestPower; q--) {
      uint64_t remainder = 0;
      for (int index = limbCount - 1; index >= 0; index--) {
        const uint128 dividend = (uint128(remainder) << 64) | limbs[index];
        limbs[index] = uint64_t(dividend / 5);
        remainder = uint64_t(dividend % 5);
      }
      powers[q - smallestPower] = leadingBits(limbs, -(bitCount - 1));
    }
  }
  const PowerOfFive &operator[](int64_t q) const { return powers[q - smallestPower]; }
};

// digits * 10^power, if the interval that the truncated power of five leaves rounds to one normal double (or to infinity).
bool roundProduct(uint64_t digits, int64_t power, double &value) {
  static const PowersOfFive powersOfFive;
  const PowerOfFive &five = powersOfFive[power];
  const bool powerIsExact = power >= 0 && power <= 55;  // 5^55 < 2^128 < 5^56
  const int zeros = __builtin_clzll(digits);
  digits <<= zeros;

  const uint128 highProduct = uint128(digits) * five.high, lowProduct = uint128(digits) * five.low;
  uint128 product = highProduct + (lowProduct >> 64);  // cannot overflow: digits and high are below 2^64
  uint64_t tail = uint64_t(lowProduct);
  int64_t exponent = five.exponent + power - zeros + (192 - 53);
  if (!(product >> 127)) {
    product = (product << 1) | (tail >> 63);
    tail <<= 1;
    exponent--;
  }

  uint64_t significand = uint64_t(product >> 75);
  const uint128 rest = product & ((uint128(1) << 75) - 1), half = uint128(1) << 74;
  if (powerIsExact) {
    if (rest > half || (rest == half && (tail != 0 || (significand & 1)))) significand++;
  } else if (rest >= half) {
    significand++;  // what was cut off is above zero, so this is above the tie
  } else if (rest + 3 > half) {
    return false;
  }
  if (significand >> 53) {
    significand >>= 1;
    exponent++;
  }

  const int64_t biased = exponent + 52 + 1023;
  if (biased <= 0) return false;  // subnormal: fewer bits, so rounding belongs elsewhere
  if (biased >= 2047) {
    value = fromBits(uint64_t(2047) << 52);
    return true;
  }
  value = fromBits((uint64_t(biased) << 52) | (significand & ((uint64_t(1) << 52) - 1)));
  return true;
}

// The digits at `begin ..< end` (a point among them is skipped) times 10^power, by the C library in the C locale.
double roundByLibrary(const uint8_t *begin, const uint8_t *end, int64_t power) {
  static const locale_t plainLocale = newlocale(LC_ALL_MASK, "C", locale_t(0));
  // A tie between two doubles has at most 767 significant digits; behind them a single 1 stands for everything that is left.
  constexpr int kept = 770;
  char text[kept + 32];
  int length = 0;
  bool dropped = false;
  for (const uint8_t *next = begin; next < end; next++) {
    if (*next == '.' || (length == 0 && *next == '0')) continue;
    if (length < kept) {
      text[length++] = char(*next);
    } else {
      dropped |= *next != '0';
      power++;
    }
  }
  if (length == 0) return 0;
  if (dropped) {
    text[length++] = '1';
    power--;
  }
  const int limit = 100000;  // far beyond any double, and few enough digits for the buffer
  int exponent = int(power > limit ? limit : power < -limit ? -limit : power);
  text[length++] = 'e';
  if (exponent < 0) {
    text[length++] = '-';
    exponent = -exponent;
  }
  char reversed[8];
  int count = 0;
  do reversed[count++] = char('0' + exponent % 10);
  while (exponent /= 10);
  while (count > 0) text[length++] = reversed[--count];
  text[length] = 0;
  return strtod_l(text, nullptr, plainLocale);
}

// Sixteen bytes of state for one number's digits: the first 19 that count, and how many more there were.
struct Digits {
  uint64_t value = 0;
  int64_t count = 0;    // significant digits seen, leading zeros not among them
  int64_t dropped = 0;  // those after the nineteenth
  bool cutOff = false;  // one of the dropped ones is not zero

  void append(uint8_t character) {
    const uint64_t digit = uint64_t(character - '0');
    if (count < 19) {
      value = value * 10 + digit;
      count += value != 0;
    } else {
      dropped++;
      cutOff |= digit != 0;
    }
  }
};

double magnitude(const uint8_t *begin, const uint8_t *end, const Digits &digits, int64_t power) {
  const int64_t leadingPower = power + digits.dropped;
  const bool exactPower = leadingPower >= -largestExactPower && leadingPower <= largestExactPower;
  if (!digits.cutOff && digits.value <= uint64_t(1) << 53 && exactPower) {
    const double integer = double(digits.value);
    return leadingPower < 0 ? integer / exactPowersOfTen[-leadingPower] : integer * exactPowersOfTen[leadingPower];
  }
  if (digits.value == 0) return 0;
  if (leadingPower > largestPower) return fromBits(uint64_t(2047) << 52);
  if (leadingPower < smallestPower) return 0;  // below 2^64 * 10^-343, less than half the smallest subnormal
  double value, above;
  if (roundProduct(digits.value, leadingPower, value)) {
    if (!digits.cutOff) return value;
    if (roundProduct(digits.value + 1, leadingPower, above) && value == above) return value;
  }
  return roundByLibrary(begin, end, power);
}

// A decimal number taken apart.
struct Decimal {
  const uint8_t *digitsBegin, *digitsEnd, *end;  // `end` is nullptr where no number begins
  Digits digits;
  int64_t power;
  bool negative;
};

Decimal scan(const uint8_t *text, const uint8_t *end) {
  Decimal decimal;
  const uint8_t *next = text;
  decimal.negative = next < end && *next == '-';
  if (decimal.negative || (next < end && *next == '+')) next++;

  const uint8_t *const begin = next;
  uint64_t number = 0;
  next = appendDigits(next, end, number);
  int64_t digitCount = next - begin, power = 0;
  if (next < end && *next == '.') {
    const uint8_t *const fractionBegin = ++next;
    next = appendDigits(next, end, number);
    power = fractionBegin - next;
    digitCount -= power;
  }
  decimal.end = nullptr;
  if (digitCount == 0) return decimal;
  decimal.digitsBegin = begin;
  decimal.digitsEnd = next;
  if (digitCount <= 19) {
    decimal.digits.value = number;
  } else {
    for (const uint8_t *digit = begin; digit < next; digit++)
      if (*digit != '.') decimal.digits.append(*digit);
  }

  // An exponent counts only with at least one digit; without one the number ends before the letter.
  if (next < end && (*next == 'e' || *next == 'E')) {
    const uint8_t *sign = next + 1;
    const bool minus = sign < end && *sign == '-';
    if (minus || (sign < end && *sign == '+')) sign++;
    if (sign < end && isDigit(*sign)) {
      int64_t exponent = 0;
      // Saturates where no count of digits in memory could bring the value back into range.
      for (next = sign; next < end && isDigit(*next); next++)
        if (exponent < int64_t(1) << 56) exponent = exponent * 10 + (*next - '0');
      power += minus ? -exponent : exponent;
    }
  }
  decimal.power = power;
  decimal.end = next;
  return decimal;
}

}  // namespace

bool la::roundDecimal(uint64_t number, int64_t power, double &value) { return roundProduct(number, power, value); }

extern "C" size_t la_parse_decimal(const uint8_t *text, size_t count, double *result) {
  const Decimal decimal = scan(text, text + count);
  if (!decimal.end) return 0;
  const double value = magnitude(decimal.digitsBegin, decimal.digitsEnd, decimal.digits, decimal.power);
  *result = decimal.negative ? -value : value;
  return size_t(decimal.end - text);
}

extern "C" size_t la_parse_wide_decimal(const uint8_t *text, size_t count, double *result, double *rest) {
  const Decimal decimal = scan(text, text + count);
  if (!decimal.end) return 0;
  const double value = magnitude(decimal.digitsBegin, decimal.digitsEnd, decimal.digits, decimal.power);
  const bool isShort = decimal.digits.value != 0 && decimal.digits.dropped == 0 && decimal.power >= -largestExactPower && decimal.power <= largestExactPower;
  const double low = isShort ? remainderOfDecimal(decimal.digits.value, decimal.power, value) : 0;
  *result = decimal.negative ? -value : value;
  *rest = decimal.negative ? -low : low;
  return size_t(decimal.end - text);
}
