internal import CKernelInterface

/// Columns of numbers (in two words) and of texts (as places in the bytes that they were read from), filled record by record.
package struct RecordColumns: Sendable {
  package let numbers: Int
  package let texts: Int
  /// Rows that there is room for.
  package let capacity: Int
  /// Column after column, ``capacity`` apart.
  package var values: [Double]
  /// Empty where they are not wanted.
  package var remainders: [Double]
  package var starts: [UInt32]
  package var lengths: [UInt32]

  package init(numbers: Int, texts: Int, capacity: Int, keepsRemainders: Bool) {
    (self.numbers, self.texts, self.capacity) = (numbers, texts, capacity)
    values = [Double](repeating: 0, count: numbers * capacity)
    remainders = keepsRemainders ? values : []
    starts = [UInt32](repeating: 0, count: texts * capacity)
    lengths = starts
  }

  /// Reads plain records from `position` on into the rows from `row` on: unquoted cells, finite numbers, no missing texts, one cell for every
  /// slot, LF or CRLF at the end. A slot is -1 for a cell that is not wanted, the place of a column of numbers, or ``numbers`` plus the place
  /// of a column of text.
  ///
  /// - Returns: the number of records read; `position` is left behind the last of them. The next one is not plain, not complete, or has no room.
  package mutating func readPlainRecords(
    _ bytes: Span<UInt8>, at position: inout Int, delimiter: UInt8, slots: [Int32], row: Int
  ) -> Int {
    precondition(
      position >= 0 && position <= bytes.count && bytes.count < Int(UInt32.max), "byte \(position) of \(bytes.count)")
    precondition(slots.allSatisfy { $0 >= -1 && $0 < numbers + texts }, "slots beyond \(numbers + texts) columns")
    var next = position
    let numberCount = numbers
    let rowCount = capacity
    let count = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe remainders.withUnsafeMutableBufferPointer { remainders in
          unsafe starts.withUnsafeMutableBufferPointer { starts in
            unsafe lengths.withUnsafeMutableBufferPointer { lengths in
              unsafe slots.withUnsafeBufferPointer { slots in
                guard let text = bytes.baseAddress else { return 0 }
                var records = unsafe la_records(
                  text: text, count: bytes.count, delimiter: delimiter, slots: slots.baseAddress, columns: slots.count,
                  numbers: numberCount, capacity: rowCount, values: values.baseAddress,
                  remainders: remainders.isEmpty ? nil : remainders.baseAddress,
                  starts: starts.baseAddress, lengths: lengths.baseAddress)
                return unsafe la_read_records(&records, &next, row)
              }
            }
          }
        }
      }
    }
    position = next
    return count
  }
}
