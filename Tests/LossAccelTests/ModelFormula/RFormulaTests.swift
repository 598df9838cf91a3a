import LossAccel
import TestSupport
import Testing

/// Every formula of References/ModelFormula/generate.R, against what R makes of it.
@Suite struct RFormulaTests {
  struct Expected {
    var formula = ""
    var names: [String] = []
    var coefficients: [Double] = []
    var errors: [Double] = []
    var fit: [Double] = []
    var rows: [[Double]] = []
    var predictions: [Double] = []
  }

  let cars: DataTable
  let expected: [Expected]

  init() throws {
    cars = try RFormulaTests.cars()
    var all: [Expected] = []
    for line in try reference("ModelFormula/formulas.txt").split(separator: "\n") {
      let fields = line.split(separator: "\t").map(String.init)
      let numbers = fields[1].split(separator: " ").map { $0 == "NA" ? .nan : Double($0) ?? .nan }
      switch fields[0] {
      case "formula": all.append(Expected(formula: fields[1]))
      case "names": all[all.count - 1].names = Array(fields[1...])
      case "coefficients": all[all.count - 1].coefficients = numbers
      case "errors": all[all.count - 1].errors = numbers
      case "fit": all[all.count - 1].fit = numbers
      case "row": all[all.count - 1].rows.append(numbers)
      default: all[all.count - 1].predictions = numbers
      }
    }
    expected = all
  }

  /// R's mtcars, some columns as text or truth values, some elements of `gap` missing.
  static func cars() throws -> DataTable {
    let lines = try reference("ModelFormula/cars.csv").split(separator: "\n").map {
      $0.split(separator: ",").map(String.init)
    }
    var table = DataTable()
    for (index, name) in lines[0].enumerated() {
      let cells = lines.dropFirst().map { $0[index] }
      if let numbers = DataColumn(decimalTexts: cells) {
        table.append(name, numbers)
      } else {
        table.append(name, name == "heavy" ? DataColumn(cells.map { $0 == "TRUE" }) : DataColumn(cells))
      }
    }
    return table
  }

  /// Columns, names, coefficients, standard errors, σ, R² and predictions. R's own coefficients come from a QR factorisation in doubles: to
  /// κ·2⁻⁵², and these columns have conditions up to 10³.
  @Test func everyFormulaIsRs() throws {
    #expect(expected.count == 59)
    for expected in expected {
      let formula = expected.formula
      let model = try LinearRegression.fit(formula, cars, missing: .drop)
      let design = try #require(model.design)
      #expect(model.coefficients.map(\.term) == expected.names, "\(formula)")
      guard model.coefficients.count == expected.coefficients.count else { continue }
      func isClose(_ actual: Double, _ expected: Double, _ tolerance: Double = 1e-9) -> Bool {
        actual.isNaN ? expected.isNaN : abs(actual - expected) <= tolerance * abs(expected)
      }
      for (term, (estimate, error)) in zip(model.coefficients, zip(expected.coefficients, expected.errors)) {
        let scale = error.isNaN ? abs(estimate) : abs(estimate) + abs(error)
        #expect(
          term.isDropped ? estimate.isNaN : abs(term.estimate - estimate) <= 1e-10 * scale,
          "\(formula): \(term.term) is \(term.estimate), not \(estimate)")
        #expect(isClose(term.standardError, error), "\(formula): error of \(term.term)")
      }
      #expect(isClose(model.sigma, expected.fit[0], 1e-11), "\(formula): σ")
      // With offsets R counts them among what the model explains; here R² is that of the response less the offsets.
      #expect(
        design.hasOffsets || abs(model.rSquared - expected.fit[1]) < 1e-11,
        "\(formula): R² \(model.rSquared) \(expected.fit[1])")
      #expect(Double(model.residualDegreesOfFreedom) == expected.fit[2], "\(formula)")
      let first = model.hasIntercept ? 1 : 0
      for row in expected.rows {
        let place = Int(row[0]) - 1
        let matrix = try design.matrix(cars[rows: place..<place + 1])
        for (column, value) in row.dropFirst(1 + first).enumerated() {
          #expect(
            abs(matrix[0, column] - value) <= 1e-13 * max(abs(value), 0.1),
            "\(formula): row \(place), \(design.columnNames[column]): \(matrix[0, column]), not \(value)")
        }
      }
      let predictions = try model.predict(cars.selecting(rows: [0, 8, 30]))
      for (actual, value) in zip(predictions, expected.predictions) {
        #expect(isClose(actual, value, 1e-11), "\(formula): predicted \(actual), not \(value)")
      }
    }
  }
}
