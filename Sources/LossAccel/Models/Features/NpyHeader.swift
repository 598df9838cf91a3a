/// The header of a NumPy array file: a magic string, a version, and a Python dictionary in ASCII or UTF-8.
///
/// Source: numpy/lib/format.py, versions 1.0 (16-bit length), 2.0 (32-bit length) and 3.0 (UTF-8).
package struct NpyHeader: Sendable {
  package static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The element type without its byte order: "f8".
  package let code: String
  package let isBigEndian: Bool
  package let isFortranOrder: Bool
  package let shape: [Int]

  package var elementSize: Int { Int(code.dropFirst()) ?? 1 }

  /// Why a header cannot be used: a sentence without its subject, the file.
  package struct Problem: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
  }

  /// The types of elements, but for float16.
  package static let numbers = ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]

  /// - Parameters:
  ///   - text: The dictionary: `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
  ///   - known: The types of elements that can be used.
  package init(dictionary text: String, known: [String] = numbers) throws(Problem) {
    guard let type = Self.string("descr", in: text) else {
      throw Problem(
        "stores records with fields, or its header is damaged. Save plain numbers: np.save(file, array['field'])"
      )
    }
    let order = type.first ?? " "
    guard "<>|=".contains(order), known.contains(String(type.dropFirst())) else {
      throw Problem(
        """
        stores elements of type '\(type)'. Readable are float32, float64, integers and bool: \
        np.save(file, array.astype('float64'))
        """)
    }
    guard let isFortranOrder = Self.bool("fortran_order", in: text), let shape = Self.shape(in: text) else {
      throw Problem("has a damaged header: \(text.prefix(80)). Save the array again with np.save.")
    }
    guard shape.count == 1 || shape.count == 2 else {
      throw Problem(
        "has \(shape.count) dimensions; 1 or 2 can be used. Save it again after array.reshape(rows, columns).")
    }
    let size = Int(type.dropFirst(2)) ?? 1
    let (count, overflow) = shape.dropFirst().reduce((shape[0], false)) { product, extent in
      let (value, overflow) = product.0.multipliedReportingOverflow(by: extent)
      return (value, overflow || product.1)
    }
    if overflow || count > Int.max / size {
      throw Problem(
        "has a damaged header: no array has \(shape.map(String.init).joined(separator: " × ")) elements.")
    }
    code = String(type.dropFirst())
    isBigEndian = order == ">"
    self.isFortranOrder = isFortranOrder
    self.shape = shape
  }

  /// A complete header of version 1.0 for an array in C order, padded as NumPy does so that the data begins at a multiple of 64.
  package static func bytes(code: String, shape: [Int]) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let order = code.hasSuffix("1") ? "|" : "<"
    var text = "{'descr': '\(order)\(code)', 'fortran_order': False, 'shape': (\(extents)), }"
    let fixed = magic.count + 4
    text += String(repeating: " ", count: (64 - (fixed + text.utf8.count + 1) % 64) % 64) + "\n"
    let length = text.utf8.count
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }

  /// How many bytes of length follow the magic string and the version, or `nil` for a version that is not known.
  package static func lengthBytes(version: UInt8) -> Int? { (1...3).contains(version) ? (version == 1 ? 2 : 4) : nil }

  /// What stands behind a key, without the blanks before it.
  private static func value(_ key: String, in text: String) -> Substring? {
    for quote in ["'", "\""] {
      guard let range = text.firstRange(of: quote + key + quote) else { continue }
      let rest = text[range.upperBound...].drop { $0 == " " }
      guard rest.first == ":" else { return nil }
      return rest.dropFirst().drop { $0 == " " }
    }
    return nil
  }

  private static func string(_ key: String, in text: String) -> String? {
    guard let rest = value(key, in: text), let quote = rest.first, quote == "'" || quote == "\"" else { return nil }
    let body = rest.dropFirst()
    return body.firstIndex(of: quote).map { String(body[..<$0]) }
  }

  private static func bool(_ key: String, in text: String) -> Bool? {
    guard let rest = value(key, in: text) else { return nil }
    return rest.hasPrefix("True") ? true : rest.hasPrefix("False") ? false : nil
  }

  private static func shape(in text: String) -> [Int]? {
    guard let rest = value("shape", in: text), rest.first == "(", let close = rest.firstIndex(of: ")") else {
      return nil
    }
    let extents = rest[..<close].dropFirst().split(separator: ",").map { $0.filter { $0 != " " } }.filter {
      !$0.isEmpty
    }
    // Python 2 wrote long integers with an L.
    let numbers = extents.compactMap { Int($0.hasSuffix("L") ? $0.dropLast() : $0[...]) }
    return numbers.count == extents.count && numbers.allSatisfy { $0 >= 0 } ? numbers : nil
  }
}
