extension FeatureMatrix {
  /// The rows of a NumPy array in a file (`np.save`) of two dimensions, float16, float32 or float64, in C order.
  ///
  /// Nothing is read but the header: the system fetches rows while passes go through them, and gives them up again when memory is short.
  /// So the file may be larger than that, and every bit of a result is that of the same rows in memory.
  ///
  /// The file must not become shorter while it is in use; other processes that read it share its memory.
  ///
  /// - Throws: ``FeatureFileError``
  public init(npyFile path: String) throws(FeatureFileError) {
    let file = try Self.mapped(path)
    func problem(_ text: String) -> FeatureFileError { .notFeatures(path: path, problem: text) }
    let start = file.bytes(from: 0, count: NpyHeader.magic.count + 2)
    guard start.count == NpyHeader.magic.count + 2, start.starts(with: NpyHeader.magic),
      let lengthSize = NpyHeader.lengthBytes(version: start[NpyHeader.magic.count])
    else {
      throw problem("is not a NumPy array of version 1 to 3. Write it with np.save.")
    }
    let length = file.bytes(from: start.count, count: lengthSize).reversed().reduce(0) { $0 << 8 | Int($1) }
    let text = file.bytes(from: start.count + lengthSize, count: length)
    let header: NpyHeader
    do throws(NpyHeader.Problem) {
      header = try NpyHeader(
        dictionary: String(decoding: text, as: UTF8.self), known: NpyHeader.numbers + ["f2"])
    } catch {
      throw problem(error.description)
    }
    guard header.shape.count == 2 else {
      throw problem("has one dimension; features have two. Save it again after array.reshape(rows, columns).")
    }
    guard let type = MappedElements.type(npyCode: header.code), !header.isBigEndian else {
      throw problem(
        "stores elements that are not float16, float32 or float64 in little-endian order. Save array.astype('<f8').")
    }
    guard !header.isFortranOrder || header.shape.contains(1) else {
      throw problem("stores column after column. Save np.ascontiguousarray(array).")
    }
    try self.init(
      file, path, offset: start.count + lengthSize + length, rows: header.shape[0], columns: header.shape[1], type: type
    )
  }

  /// The rows in a file that holds nothing else from a byte on: element after element in this machine's order of bytes, row after row.
  ///
  /// They are fetched while passes go through them, as those of a NumPy array.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - type: What the elements are: `Float.self`, `Double.self`, `Float16.self` or `BrainFloat16.self`.
  ///   - rows: How many rows there are; if left out, as many as the file has.
  ///   - columns: How many columns there are.
  ///   - offset: Where the first element stands, in bytes.
  /// - Throws: ``FeatureFileError``
  /// - Precondition: there is a column, and no count is negative.
  public init<Element: StoredElement>(
    file path: String, of type: Element.Type, rows: Int? = nil, columns: Int, offset: Int = 0
  ) throws(FeatureFileError) {
    precondition(columns > 0 && offset >= 0, "\(columns) columns from byte \(offset) on")
    let file = try Self.mapped(path)
    let bytesPerRow = columns * MappedElements.size(of: Element._storageType)
    let found = max(0, file.count - offset)
    if rows == nil && found % bytesPerRow != 0 {
      throw .notFeatures(
        path: path,
        problem: "holds \(found) bytes from byte \(offset) on, which is no number of rows of \(bytesPerRow).")
    }
    try self.init(
      file, path, offset: offset, rows: rows ?? found / bytesPerRow, columns: columns, type: Element._storageType)
  }

  private init(
    _ file: MappedFile, _ path: String, offset: Int, rows: Int, columns: Int, type: UInt8
  ) throws(FeatureFileError) {
    precondition(rows >= 0, "\(rows) rows")
    let size = MappedElements.size(of: type)
    guard offset % size == 0 else {
      throw .notFeatures(
        path: path, problem: "has its first element of \(size) bytes at byte \(offset), between two places.")
    }
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= (file.count - min(offset, file.count)) / size else {
      throw .tooShort(path: path, rows: rows, columns: columns, bytes: file.count)
    }
    if count == 0 {
      storage = DenseRows(.double([]), rows: rows, columns: columns)
    } else {
      storage = DenseRows(
        .mapped(MappedElements(file, offset: offset, count: count, type: type)), rows: rows, columns: columns)
    }
  }

  private static func mapped(_ path: String) throws(FeatureFileError) -> MappedFile {
    do throws(MappedFile.Failure) { return try MappedFile(path: path) } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
  }
}

/// Why a file gives no features. Every case says what is wrong, and the cure.
public enum FeatureFileError: Error, Hashable, Sendable {
  /// The system does not let it be read.
  case unreadable(path: String, reason: String)

  /// It is too short for its rows.
  case tooShort(path: String, rows: Int, columns: Int, bytes: Int)

  /// It holds something else: the problem is a sentence without its subject, the file.
  case notFeatures(path: String, problem: String)
}

extension FeatureFileError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
    case .tooShort(let path, let rows, let columns, let bytes):
      "\(path) has \(bytes) bytes, which is too few for \(rows) × \(columns) elements. It is cut off, or the counts are wrong."
    case .notFeatures(let path, let problem): "\(path) \(problem)"
    }
  }
}
