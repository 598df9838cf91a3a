/// What a design makes of a part of a table: features for a file, and what stands beside them in memory.
package struct PassedPart: Sendable {
  /// The rows of features as doubles, in this machine's order of bytes.
  package let features: [UInt8]
  package let rows: Int
  fileprivate let response: Response
  fileprivate let weights: [Double]?
  fileprivate let offsets: [Double]?

  fileprivate enum Response: Sendable {
    case numbers([Double])
    /// For every row the place of its text.
    case texts([Int], [String])
  }
}

/// A table that went by in parts: its features are in a file that passes go through, and all else is here, some numbers for every row.
package struct PassedTable: Sendable {
  package let design: ModelDesign
  /// The column of weights.
  let weightsName: String?
  /// How many rows there were.
  package private(set) var rows = 0
  private var numbers: [Double] = []
  private var codes: [Int] = []
  /// Texts of the response in the order in which they appeared, and their places.
  private var texts: [String] = []
  private var places: [String: Int] = [:]
  private(set) var weights: [Double]?
  private(set) var offsets: [Double]?

  package init(_ design: ModelDesign, weights: String?) {
    (self.design, weightsName) = (design, weights)
    self.weights = weights == nil ? nil : []
    offsets = design.hasOffsets ? [] : nil
  }

  /// What the design makes of some rows. It can be made of several parts at once.
  package func part(_ table: DataTable) throws(ModelFormulaError) -> PassedPart {
    let matrix = try design.matrix(table)
    let response: PassedPart.Response
    if let name = design.plan.response?.names.first, design.plan.response?.names.count == 1,
      let values = table[name]?.values, case .text = values
    {
      if let row = TableColumns(table).firstMissing(name) { throw .missingValue(column: name, row: row) }
      let (codes, names) = TableColumns(table).levels(name)
      response = .texts(codes.map { $0 ?? 0 }, names)
    } else {
      response = .numbers(try design.responseValues(table))
    }
    return PassedPart(
      features: bytes(of: matrix.elements.span), rows: table.rowCount, response: response,
      weights: weightsName.map { table[$0]?.doubles ?? [] }, offsets: try design.offsets(table)?.high)
  }

  /// Adds the parts in the order of the table.
  package mutating func add(_ part: PassedPart) throws(ModelFormulaError) {
    rows += part.rows
    switch part.response {
    case .numbers(let values): numbers += values
    case .texts(let own, let names):
      let all = names.map { name in
        if let place = places[name] { return place }
        places[name] = texts.count
        texts.append(name)
        return texts.count - 1
      }
      codes += own.map { all[$0] }
    }
    guard numbers.isEmpty || codes.isEmpty else {
      throw .unusable(term: design.responseName, problem: "it is text in some rows and a number in others.")
    }
    if let more = part.weights { weights? += more }
    if let more = part.offsets { offsets? += more }
  }

  /// The response as numbers; of two texts, the second in order is 1.
  func targets() throws(ModelFormulaError) -> [Double] {
    if codes.isEmpty { return numbers }
    guard texts.count == 2 else {
      throw .unusable(
        term: design.responseName, problem: "a response of text needs two levels, and this one has \(texts.count).")
    }
    let second = TableColumns.precedes(texts[0], texts[1]) ? 1 : 0
    return codes.map { $0 == second ? 1 : 0 }
  }

  /// The response as classes, and their names, in order.
  func classes() throws(ModelFormulaError) -> (codes: [Int], names: [String]) {
    if offsets != nil {
      throw .unusable(
        term: "offset", problem: "added to the logits of all classes alike it changes nothing. Leave it out.")
    }
    if codes.isEmpty {
      if let row = numbers.firstIndex(where: { $0 != $0.rounded() }) {
        throw .unusable(
          term: design.responseName,
          problem: "classes are texts or whole numbers, and row \(row) holds \(numbers[row]).")
      }
      let distinct = Set(numbers).sorted()
      let places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
      return (numbers.map { places[$0] ?? 0 }, distinct.map(levelText))
    }
    let names = texts.sorted(by: TableColumns.precedes)
    let order = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let sorted = texts.map { order[$0] ?? 0 }
    return (codes.map { sorted[$0] }, names)
  }

  /// The same without these rows, whose weights become 0.
  package func holdingOut(_ out: [Int]) -> PassedTable {
    var rest = self
    var weights = weights ?? [Double](repeating: 1, count: rows)
    for row in out { weights[row] = 0 }
    rest.weights = weights
    return rest
  }

  /// How well a model predicts these rows, each counted once.
  package func quality(
    of model: MultinomialRegression, _ features: FeatureMatrix, rows chosen: [Int]
  ) throws(ModelError) -> ClassificationQuality {
    let (codes, _) = try reading { () throws(ModelFormulaError) in try self.classes() }
    var weights = [Double](repeating: 0, count: rows)
    for row in chosen { weights[row] = 1 }
    return try model.quality(features, labels: codes, weights: weights)
  }

  /// `body`, with the errors of formulas as a model's.
  private func reading<Result>(_ body: () throws(ModelFormulaError) -> Result) throws(ModelError) -> Result {
    do { return try body() } catch { throw .formula(error) }
  }
}

// Models of the table, whose features are the given ones. All of them remember the design.
extension PassedTable {
  package func generalizedLinearModel(
    _ features: FeatureMatrix, family: Family, link: Link, penalty: Penalty, covariance: CoefficientCovariance,
    confidenceLevel: Double
  ) throws(ModelError) -> GeneralizedLinearModel {
    let targets = try reading { () throws(ModelFormulaError) in try self.targets() }
    var model = try GeneralizedLinearModel.fit(
      features: features, targets: targets, family: family, link: link, weights: weights, offsets: offsets,
      intercept: design.hasIntercept, columnNames: design.columnNames, targetName: design.responseName,
      penalty: penalty, covariance: covariance, confidenceLevel: confidenceLevel)
    model.design = design
    return model
  }

  package func linearModel(
    _ features: FeatureMatrix, loss: PointwiseLoss, penalty: Penalty
  ) throws(ModelError) -> LinearModel {
    let targets = try reading { () throws(ModelFormulaError) in try self.targets() }
    var model = try LinearModel.fit(
      features: features, targets: targets, loss: loss, weights: weights, offsets: offsets,
      intercept: design.hasIntercept, columnNames: design.columnNames, targetName: design.responseName,
      penalty: penalty)
    model.design = design
    return model
  }

  package func linearPath(
    _ features: FeatureMatrix, loss: PointwiseLoss, mixing: Double, folds: Int, seed: UInt64
  ) throws(ModelError) -> LinearModelPath {
    let targets = try reading { () throws(ModelFormulaError) in try self.targets() }
    var path = try LinearModelPath.fit(
      features: features, targets: targets, loss: loss, mixing: mixing, folds: folds, seed: seed, weights: weights,
      offsets: offsets, intercept: design.hasIntercept, columnNames: design.columnNames,
      targetName: design.responseName)
    for place in path.models.indices { path.models[place].design = design }
    return path
  }

  package func multinomialRegression(
    _ features: FeatureMatrix, penalty: Penalty, covariance: CoefficientCovariance, confidenceLevel: Double
  ) throws(ModelError) -> MultinomialRegression {
    let (codes, names) = try reading { () throws(ModelFormulaError) in try self.classes() }
    var model = try MultinomialRegression.fit(
      features: features, labels: codes, classNames: names, weights: weights, intercept: design.hasIntercept,
      columnNames: design.columnNames, targetName: design.responseName, penalty: penalty, covariance: covariance,
      confidenceLevel: confidenceLevel)
    model.design = design
    return model
  }

  package func multinomialPath(
    _ features: FeatureMatrix, mixing: Double, folds: Int, seed: UInt64
  ) throws(ModelError) -> MultinomialPath {
    let (codes, names) = try reading { () throws(ModelFormulaError) in try self.classes() }
    var path = try MultinomialPath.fit(
      features: features, labels: codes, classNames: names, mixing: mixing, folds: folds, seed: seed, weights: weights,
      intercept: design.hasIntercept, columnNames: design.columnNames, targetName: design.responseName)
    for place in path.models.indices { path.models[place].design = design }
    return path
  }
}
