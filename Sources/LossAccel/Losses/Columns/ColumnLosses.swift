/// The losses of a table whose columns are of different kinds, each with the loss that is right for it, made comparable.
///
/// ```swift
/// let table: DataTable = [
///   "height": DataColumn([1.62, 1.78, nil, 1.71]),
///   "visits": DataColumn([0, 3, 1, 2]),
///   "smokes": DataColumn([true, false, false, true]),
///   "colour": DataColumn(["red", "green", "red", "blue"]),
/// ]
/// let losses = try ColumnLosses(of: table)
/// print(losses)                                  // the kinds, with the reasons why
/// let null = losses.nullPredictions(rows: table.rowCount)
/// let value = try losses.mean(predictions: null, targets: table)
/// value.total                                    // ≈ 4: every column costs 1 under its best constant
/// ```
///
/// Every column takes one prediction, a categorical one as many as it has levels; ``Column/predictions`` says which of a row's. Kinds
/// are inferred from the elements, and can be given: orders, periods, amounts and censoring cannot be seen in elements.
///
/// | kind | loss | null loss |
/// |---|---|---|
/// | ``ColumnKind/real`` | ``PointwiseLoss/squaredError`` of the value | the variance |
/// | ``ColumnKind/positive`` | ``PointwiseLoss/gammaDeviance`` of the log-mean | deviance of the mean |
/// | ``ColumnKind/count`` | ``PointwiseLoss/poissonDeviance`` of the log-mean | deviance of the mean |
/// | ``ColumnKind/boolean`` | ``PointwiseLoss/binaryCrossEntropyFromLogits`` | entropy |
/// | ``ColumnKind/categorical`` | ``SoftmaxCrossEntropy`` of a logit per level | entropy |
/// | ``ColumnKind/ordinal(levels:)`` | ``OrdinalLoss/cumulativeLogit`` of a score, cuts at the levels' shares | entropy |
/// | ``ColumnKind/periodic(period:)`` | ``PointwiseLoss/periodic(period:)`` of the position | 1 − length of the mean vector |
/// | ``ColumnKind/censored(event:)`` | deviance of exponential times, of the log-mean | that of the mean time per event |
///
/// The mean loss of a column is divided by its null loss, that of the best constant, so that all columns begin at 1 and a column at
/// 0.3 is explained to 70 %. All losses are 0 for a perfect prediction. A column whose best constant is perfect has the null loss 0:
/// there is nothing to learn in it, and it counts nothing in the total.
///
/// Missing elements, NaN among them, are left out: a column's mean is over those that are there.
public struct ColumnLosses: Sendable {
  /// One column.
  public struct Column: Sendable {
    /// Its name in the table.
    public let name: String
    /// What it measures.
    public let kind: ColumnKind
    /// Why it is of that kind.
    public let reason: String
    /// The names of its levels, in the order of their predictions or of the scale; empty if it has none.
    public let levels: [String]
    /// Which of a row's predictions are its own.
    public let predictions: Range<Int>
    /// The best constant prediction. Where a probability is 0 or 1, or a mean 0, its logit or logarithm is held at ±700.
    public let nullPrediction: [Double]
    /// The mean loss of the best constant prediction.
    public let nullLoss: Double
    /// How many elements were missing in the table.
    public let missingCount: Int
    /// What its mean loss is multiplied by in the total: 1 over the null loss, 0 where that is 0.
    public var scale: Double { nullLoss > 0 ? 1 / nullLoss : 0 }

    let reader: ColumnReader
    let loss: ColumnLoss
  }

  /// The columns, in the order of the table; those that only say whether an event was seen are not among them.
  public let columns: [Column]

  /// How many predictions a row takes.
  public var predictionCount: Int { columns.last?.predictions.upperBound ?? 0 }

  /// The losses for a table: kinds, levels and null losses are taken from it.
  ///
  /// - Parameters:
  ///   - table: The table, or as much of it as tells its kinds and its null losses.
  ///   - kinds: The kinds of columns that are not to be inferred.
  ///   - weights: Of the rows, 1 each if left out.
  /// - Throws: ``ColumnLossError``.
  public init(
    of table: DataTable, kinds: [String: ColumnKind] = [:], weights: [Double]? = nil
  ) throws(ColumnLossError) {
    for name in kinds.keys.sorted() where table[name] == nil { throw .noColumn(name: name, known: table.names) }
    guard table.rowCount > 0 else { throw .emptyTable }
    let weights = weights ?? [Double](repeating: 1, count: table.rowCount)
    precondition(weights.count == table.rowCount, "\(weights.count) weights for \(table.rowCount) rows")
    if let row = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .invalidWeight(row: row, value: weights[row])
    }
    let events = Set(kinds.values.compactMap { if case .censored(let event) = $0 { event } else { nil } })
    var columns: [Column] = []
    for (name, column) in zip(table.names, table.columns) where !events.contains(name) || kinds[name] != nil {
      let (kind, reason) = kinds[name].map { ($0, "as given") } ?? ColumnKind.inferred(from: column)
      let reader = try ColumnReader(name: name, kind: kind, table: table)
      let elements = try reader.read(table)
      let null = try NullPrediction(of: elements, reader, weights: weights)
      let first = columns.last?.predictions.upperBound ?? 0
      columns.append(
        Column(
          name: name, kind: kind, reason: reason, levels: reader.levels,
          predictions: first..<first + null.loss.predictionCount, nullPrediction: null.prediction,
          nullLoss: try null.meanLoss(of: elements, weights: weights, column: name),
          missingCount: (0..<table.rowCount).count { !elements.isPresent($0) }, reader: reader, loss: null.loss))
    }
    self.columns = columns
  }

  /// The column of that name, `nil` if there is none.
  public subscript(name: String) -> Column? { columns.first { $0.name == name } }

  /// A table's elements, checked and ready for any number of evaluations.
  ///
  /// - Parameter table: A table with the columns of these losses, in any order, perhaps among others.
  /// - Throws: ``ColumnLossError`` for a column that is not there and for elements that are not of its kind.
  public func targets(of table: DataTable) throws(ColumnLossError) -> ColumnTargets {
    var elements: [ColumnElements] = []
    for column in columns { elements.append(try column.reader.read(table)) }
    return ColumnTargets(rowCount: table.rowCount, columns: elements)
  }

  /// The best constant prediction of every column, for so many rows.
  public func nullPredictions<T: Scalar>(rows: Int, as type: T.Type = Double.self) -> Matrix<T> {
    let row = columns.flatMap(\.nullPrediction)
    return Matrix(rows: rows, columns: row.count) { T(row[$1]) }
  }
}

extension ColumnLosses: CustomStringConvertible {
  /// A line for every column: its kind, the reason, and its null loss.
  public var description: String {
    columns.map { column in
      let levels = column.levels.isEmpty ? "" : " [\(column.levels.joined(separator: ", "))]"
      let missing = column.missingCount == 0 ? "" : ", \(column.missingCount) missing"
      let null = column.nullLoss > 0 ? "null loss \(Float(column.nullLoss))" : "constant: nothing to learn"
      return "\(column.name): \(column.kind)\(levels) (\(column.reason)\(missing)), \(null)"
    }.joined(separator: "\n")
  }
}
