import LossAccel
import TestSupport

/// A table with columns of every kind, with gaps, and what its losses are, from References/Columns.
struct MixedTable: Decodable {
  struct Column: Decodable {
    let name: String
    let kind: String
    let values: [Double?]
    let nullPrediction: [Double]
    let nullLoss, unweightedNullLoss: Double
    /// Of this column alone: row after row, one or three numbers each. The gradient is that of the scaled mean.
    let predictions, gradient, curvature: [Double]
    let loss, scaled: Double

    /// The column as it would come from a file: levels as text, truth values as such.
    var data: DataColumn {
      switch name {
      case "member": DataColumn(values.map { value in value.map { $0 != 0 } })
      case "colour": DataColumn(values.map { value in value.map { ["red", "green", "blue"][Int($0)] } })
      case "grade": DataColumn(values.map { value in value.map { ["low", "middle", "high"][Int($0)] } })
      case "visits": DataColumn(values.map { value in value.map { Int($0) } })
      default: DataColumn(values)
      }
    }
  }

  let weights: [Double]
  let died: [Double]
  let columns: [Column]

  static let known: MixedTable = decodedReference(
    "Columns/mixed_table.json", from: #filePath.replacing("/Columns/", with: "/"))

  var table: DataTable {
    DataTable(columns.map { ($0.name, $0.data) } + [("died", DataColumn(died.map { $0 != 0 }))])
  }

  /// What cannot be seen in the elements.
  static let kinds: [String: ColumnKind] = [
    "grade": .ordinal(levels: ["low", "middle", "high"]), "hour": .periodic(period: 24), "cost": .positive,
    "days": .censored(event: "died"),
  ]

  /// The columns' numbers side by side, as a batch has them.
  func rows<T: Scalar>(_ numbers: KeyPath<Column, [Double]>) -> Matrix<T> {
    let parts = columns.map { $0[keyPath: numbers] }
    return Matrix(
      (0..<weights.count).map { row in
        parts.flatMap { part in
          let width = part.count / weights.count
          return part[row * width..<(row + 1) * width].map { T($0) }
        }
      })
  }
}
