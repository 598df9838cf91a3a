extension LeastSquaresAccumulator: Codable {
  private enum CodingKeys: String, CodingKey {
    case columns, hasIntercept, rows, scale, removedSquares, sums
  }

  /// Encodes everything, every sum as three numbers whose sum it is.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(columns, forKey: .columns)
    try container.encode(hasIntercept, forKey: .hasIntercept)
    try container.encode(rows, forKey: .rows)
    try container.encode(scale, forKey: .scale)
    try container.encode(removedSquares, forKey: .removedSquares)
    var words: [Double] = []
    for j in 0..<width {
      for i in 0...j {
        let (high, low, rest) = sum(i, j).words
        words += [high, low, rest]
      }
    }
    try container.encode(words, forKey: .sums)
  }

  /// Decodes an accumulator that goes on as the encoded one would, up to roundings of 2⁻⁹⁸.
  /// - Throws: `DecodingError.dataCorrupted` where counts do not fit, or a number is not finite or cannot be what it should be.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func corrupted(_ key: CodingKeys, _ reason: String) -> DecodingError {
      DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: reason)
    }
    let columns = try container.decode(Int.self, forKey: .columns)
    let hasIntercept = try container.decode(Bool.self, forKey: .hasIntercept)
    guard columns >= 0, columns < 1 << 20, columns > 0 || hasIntercept else {
      throw corrupted(.columns, "\(columns) columns")
    }
    self.init(columns: columns, intercept: hasIntercept)
    rows = try container.decode(Int.self, forKey: .rows)
    guard rows >= 0 else { throw corrupted(.rows, "\(rows) rows") }
    scale = try container.decode([Double].self, forKey: .scale)
    guard scale.count == width, scale.allSatisfy({ $0 == 0 || ($0 > 0 && $0.isFinite && $0.significand == 1) }) else {
      throw corrupted(.scale, "one power of two, or zero, is needed for each of \(width) columns")
    }
    removedSquares = try container.decode([Double].self, forKey: .removedSquares)
    guard removedSquares.count == width, removedSquares.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw corrupted(.removedSquares, "one sum of squares is needed for each of \(width) columns")
    }
    let words = try container.decode([Double].self, forKey: .sums)
    guard words.count == sums.count / 8, words.allSatisfy(\.isFinite) else {
      throw corrupted(.sums, "\(sums.count / 8) finite numbers are needed for \(width) columns")
    }
    for pair in 0..<words.count / 3 {
      for word in 0..<3 { sums[24 * pair + 8 * word] = words[3 * pair + word] }
    }
  }
}
