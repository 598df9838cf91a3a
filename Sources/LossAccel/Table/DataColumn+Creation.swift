extension DataColumn {
  /// A column of real numbers. NaN is an element like any other here; a regression counts it as missing.
  public init(_ elements: [Double]) { self.init(.real(elements)) }

  /// A column of real numbers, nil where one is missing.
  public init(_ elements: [Double?]) {
    self.init(.real(elements.map { $0 ?? .nan }), isMissing: elements.map { $0 == nil })
  }

  /// A column of whole numbers.
  public init(_ elements: [Int]) { self.init(.integer(elements)) }

  /// A column of whole numbers, nil where one is missing.
  public init(_ elements: [Int?]) {
    self.init(.integer(elements.map { $0 ?? 0 }), isMissing: elements.map { $0 == nil })
  }

  /// A column of truth values.
  public init(_ elements: [Bool]) { self.init(.boolean(elements)) }

  /// A column of truth values, nil where one is missing.
  public init(_ elements: [Bool?]) {
    self.init(.boolean(elements.map { $0 ?? false }), isMissing: elements.map { $0 == nil })
  }

  /// A column of text; its levels are in the order of their first appearance.
  public init(_ elements: [String]) { self.init(elements.map { Optional($0) }) }

  /// A column of text, nil where an element is missing; its levels are in the order of their first appearance.
  public init(_ elements: [String?]) {
    var builder = TextColumnBuilder()
    for element in elements {
      if let element { builder.append(element) } else { builder.appendMissing() }
    }
    self = builder.column
  }

  /// A column of real numbers from their decimal texts, with ``remainders`` where a text is not exactly a `Double`, as `"0.1"`.
  ///
  /// nil, empty texts and `NA` are missing; a text that is not a number makes the whole column nil.
  public init?(decimalTexts texts: [String?]) {
    var (highs, lows, isMissing) = ([Double](), [Double](), [Bool]())
    for text in texts {
      guard let text, text != "", text != "NA" else {
        highs.append(.nan)
        lows.append(0)
        isMissing.append(true)
        continue
      }
      guard let value = parseWideDecimal(text) else { return nil }
      highs.append(value.high)
      lows.append(value.low)
      isMissing.append(false)
    }
    self.init(.real(highs), isMissing: isMissing, remainders: lows)
  }
}

/// Collects a column of text, with every distinct text stored once.
package struct TextColumnBuilder: Sendable {
  private var codes: [Int32] = []
  private var isMissing: [Bool]?
  private var levels: [String] = []
  private var codeOfLevel: [String: Int32] = [:]
  private var utf8: [UInt8] = []

  package init() {}

  package mutating func append(_ text: String) {
    if let code = codeOfLevel[text] {
      codes.append(code)
    } else {
      let code = Int32(levels.count)
      codeOfLevel[text] = code
      levels.append(text)
      codes.append(code)
    }
    isMissing?.append(false)
  }

  /// Appends a text that stands as UTF-8 in `bytes`.
  package mutating func append(utf8 bytes: Span<UInt8>) {
    utf8.removeAll(keepingCapacity: true)
    for index in bytes.indices { utf8.append(bytes[index]) }
    append(String(decoding: utf8, as: UTF8.self))
  }

  package mutating func appendMissing() {
    if isMissing == nil { isMissing = [Bool](repeating: false, count: codes.count) }
    codes.append(-1)
    isMissing?.append(true)
  }

  package var column: DataColumn { DataColumn(.text(codes: codes, levels: levels), isMissing: isMissing) }
}
