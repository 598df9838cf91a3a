import LossAccel

/// The formats that an array can be written in, by the suffix of the file's name.
enum ArrayFormat {
  case npy
  case text(delimiter: UInt8)

  init(path: String, option: String) throws {
    if path.hasSuffix(".npy") {
      self = .npy
    } else if path.hasSuffix(".csv") {
      self = .text(delimiter: UInt8(ascii: ","))
    } else if path.hasSuffix(".tsv") {
      self = .text(delimiter: UInt8(ascii: "\t"))
    } else {
      throw UsageError("\(option) \(path): the suffix must name the format: .npy, .csv or .tsv.")
    }
  }
}

/// Writes an array, its rows behind one another, into a file that is still growing.
func write<Element: NumericElement>(
  _ values: [Element], shape: [Int], columnNames: [String]?, as format: ArrayFormat, to file: OutputFile
) throws {
  switch format {
  case .npy:
    try file.write(NpyHeader.bytes(code: Element.code, shape: shape))
    let pieceSize = 1 << 17
    for start in stride(from: 0, to: values.count, by: pieceSize) {
      try file.write(bytes(of: values.span.extracting(start..<min(start + pieceSize, values.count))))
    }
  case .text(let delimiter):
    try writeText(values, columns: shape.count == 2 ? shape[1] : 1, names: columnNames, delimiter: delimiter, to: file)
  }
}

private func writeText<Element: NumericElement>(
  _ values: [Element], columns: Int, names: [String]?, delimiter: UInt8, to file: OutputFile
) throws {
  var piece: [UInt8] = []
  if let names {
    for (index, name) in names.enumerated() {
      if index > 0 { piece.append(delimiter) }
      piece.append(contentsOf: quotedIfNeeded(name, delimiter: delimiter).utf8)
    }
    piece.append(UInt8(ascii: "\n"))
  }
  for (index, value) in values.enumerated() {
    // The shortest text that reads back as the same bits.
    piece.append(contentsOf: "\(value)".utf8)
    piece.append((index + 1) % columns == 0 ? UInt8(ascii: "\n") : delimiter)
    if piece.count > 1 << 16 {
      try file.write(piece)
      piece.removeAll(keepingCapacity: true)
    }
  }
  try file.write(piece)
}

private func quotedIfNeeded(_ name: String, delimiter: UInt8) -> String {
  let needsQuotes = name.utf8.contains { $0 == delimiter || $0 == UInt8(ascii: "\"") || $0 < 0x20 }
  return needsQuotes ? "\"" + name.replacing("\"", with: "\"\"") + "\"" : name
}
