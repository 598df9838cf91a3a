// Records of comma-separated text to columns: the common case, at the speed of the digits. Whatever is not plain (a quote, a missing or a
// strange cell, a record of another width, a line end that is neither LF nor CRLF) is left to a reader that knows the whole grammar.
#include <cmath>

#include "decimal_text.h"
#include "include/CVectorKernels.h"

namespace {

struct Cursor {
  const uint8_t *next, *end;
  uint8_t delimiter;

  bool isBlank() const { return (*next == ' ' || *next == '\t') && *next != delimiter; }
  void skipBlanks() {
    while (next < end && isBlank()) next++;
  }
  void skipCell() {
    while (next < end && *next != delimiter && *next != '\n' && *next != '\r') next++;
  }
  bool isAt(uint8_t character) const { return next < end && *next == character; }
};

// Whether a text may be a word for a missing cell: NA, N/A, null, nan.
bool looksMissing(const uint8_t *begin, const uint8_t *end) {
  return begin == end || ((*begin == 'n' || *begin == 'N') && end - begin <= 4);
}

// One record into row `row`; false, with `at` anywhere, if it is not plain.
bool readRecord(const la_records &records, Cursor &at, size_t row) {
  for (size_t column = 0; column < records.columns; column++) {
    const int32_t slot = records.slots[column];
    at.skipBlanks();
    if (slot < 0) {
      if (at.isAt('"')) return false;
      at.skipCell();
    } else if (size_t(slot) < records.numbers) {
      double value, rest = 0;
      if (const uint8_t *behind = la::parseShortDecimal(at.next, at.end, value, records.remainders ? &rest : nullptr)) {
        at.next = behind;
      } else {
        const size_t left = size_t(at.end - at.next);
        const size_t length = records.remainders ? la_parse_wide_decimal(at.next, left, &value, &rest)
                                                 : la_parse_decimal(at.next, left, &value);
        if (length == 0 || !std::isfinite(value)) return false;
        at.next += length;
      }
      at.skipBlanks();
      records.values[slot * records.capacity + row] = value;
      if (records.remainders) records.remainders[slot * records.capacity + row] = rest;
    } else {
      if (at.isAt('"')) return false;
      const uint8_t *const begin = at.next;
      at.skipCell();
      const uint8_t *stop = at.next;
      while (stop > begin && (stop[-1] == ' ' || stop[-1] == '\t')) stop--;
      if (looksMissing(begin, stop)) return false;
      const size_t place = (size_t(slot) - records.numbers) * records.capacity + row;
      records.starts[place] = uint32_t(begin - records.text);
      records.lengths[place] = uint32_t(stop - begin);
    }
    if (column + 1 < records.columns) {
      if (!at.isAt(records.delimiter)) return false;
      at.next++;
    }
  }
  if (at.isAt('\r')) at.next++;
  if (!at.isAt('\n')) return false;
  at.next++;
  return true;
}

}  // namespace

extern "C" size_t la_read_records(const la_records *records, size_t *position, size_t row) {
  Cursor at = {records->text + *position, records->text + records->count, records->delimiter};
  size_t count = 0;
  while (row + count < records->capacity && at.next < at.end) {
    const uint8_t *const begin = at.next;
    // A line of one cell may be blank, which is no record.
    const bool isPlain = *begin != '\n' && *begin != '\r' && readRecord(*records, at, row + count);
    if (!isPlain) {
      at.next = begin;
      break;
    }
    count++;
  }
  *position = size_t(at.next - records->text);
  return count;
}
