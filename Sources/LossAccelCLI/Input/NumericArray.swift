import LossAccel

/// A number as files store it, and as targets can be passed to a loss without conversion.
protocol NumericElement: TargetElement, Numeric {
  /// Its name in a NumPy header, without the byte order.
  static var code: String { get }
  /// The nearest number of this type; nil when an integer type cannot hold the value.
  init?(nearest value: Double)
}

extension Float: NumericElement {
  static let code = "f4"
  init?(nearest value: Double) { self.init(value) }
}

extension Double: NumericElement {
  static let code = "f8"
  init?(nearest value: Double) { self = value }
}

extension FixedWidthInteger where Self: NumericElement {
  init?(nearest value: Double) { self.init(exactly: value) }
}

extension Int8: NumericElement { static let code = "i1" }
extension Int16: NumericElement { static let code = "i2" }
extension Int32: NumericElement { static let code = "i4" }
extension Int64: NumericElement { static let code = "i8" }
extension UInt8: NumericElement { static let code = "u1" }
extension UInt16: NumericElement { static let code = "u2" }
extension UInt32: NumericElement { static let code = "u4" }
extension UInt64: NumericElement { static let code = "u8" }

/// The elements of an array whose type only its file knows.
protocol NumericElements {
  associatedtype Element: NumericElement
  var values: [Element] { get }
}

struct Elements<Element: NumericElement>: NumericElements {
  var values: [Element]
}

extension NumericElements {
  /// The same numbers as doubles; exact except for integers beyond 2⁵³.
  var doubles: [Double] { values as? [Double] ?? values.map(\.asDouble) }
  var isInteger: Bool { !(Element.self is any BinaryFloatingPoint.Type) }
}

/// An array of numbers from a file: one- or two-dimensional, rows behind one another.
struct NumericArray {
  /// What messages call the file.
  let name: String
  /// One or two extents.
  let shape: [Int]
  let elements: any NumericElements
  /// The names of its columns, when the file has some.
  var columnNames: [String]?
  /// Where its rows stand, when the file is text.
  var lines: RecordLines?

  var rows: Int { shape[0] }
  var columns: Int { shape.count == 2 ? shape[1] : 1 }
  var shapeText: String { shape.map(String.init).joined(separator: " × ") }
  /// The shape with a second extent of 1 left out: a column is a list.
  var plainShape: [Int] { shape.count == 2 && shape[1] == 1 ? [shape[0]] : shape }

  /// Where a row stands, for messages: the line of a text file, otherwise the row counted from 1.
  func place(ofRow row: Int) -> String {
    if let line = lines?.line(ofRecord: row) { return "\(name):\(line)" }
    return "\(name), row \(row + 1)"
  }
}
