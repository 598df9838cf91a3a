extension MultinomialRegression {
  /// The logits of every row, a column for every class: intercepts + xᵀB.
  ///
  /// - Throws: ``ModelError``
  /// - Precondition: as many columns as the model was fitted with.
  public func logits<Element: Scalar>(_ features: Matrix<Element>) throws(ModelError) -> Matrix<Element> {
    precondition(
      features.columns == columnNames.count, "\(features.columns) columns for a model of \(columnNames.count) features")
    let constants = intercepts.map { Element($0) }
    var result = Matrix<Element>(rows: features.rows, columns: classNames.count) { constants[$1] }
    guard features.columns > 0, features.rows > 0 else { return result }
    do throws(LinearAlgebraError) {
      let products = try features.multiplied(by: Matrix<Element>(coefficients))
      for index in result.elements.indices { result.elements[index] += products.elements[index] }
    } catch {
      throw .objective(.linearAlgebra(error))
    }
    return result
  }

  /// The probability of every class for every row, a column for every class.
  ///
  /// - Throws: ``ModelError``
  /// - Precondition: as many columns as the model was fitted with.
  public func probabilities<Element: Scalar>(_ features: Matrix<Element>) throws(ModelError) -> Matrix<Element> {
    shares(try logits(features))
  }

  /// The number of the likeliest class of every row; of equally likely ones the first.
  ///
  /// - Throws: ``ModelError``
  /// - Precondition: as many columns as the model was fitted with.
  public func classes<Element: Scalar>(_ features: Matrix<Element>) throws(ModelError) -> [Int] {
    likeliest(try logits(features))
  }

  /// The logits of every row, whose features are of any kind.
  ///
  /// - Precondition: as many columns as the model was fitted with.
  public func logits(_ features: FeatureMatrix) -> Matrix<Double> {
    precondition(
      features.columns == columnNames.count, "\(features.columns) columns for a model of \(columnNames.count) features")
    let count = classNames.count
    let slopes = classNames.indices.map { coefficients.column($0) }
    var elements = [Double](repeating: 0, count: features.rows * count)
    var output = elements.mutableSpan
    Parallelism.mapRows(features.rows, rowsPerChunk: 1024, &output, width: count) { _, range, slice in
      var own = [Double](repeating: 0, count: range.count)
      for number in 0..<count {
        let slope = slopes[number]
        var span = own.mutableSpan
        features.storage.predict(
          range, coefficients: slope.span, shift: nil, constant: intercepts[number], offsets: nil, into: &span)
        for row in own.indices { slice[row * count + number] = own[row] }
      }
    }
    return Matrix(rows: features.rows, columns: count, elements: elements)
  }

  /// The probability of every class for every row, whose features are of any kind.
  ///
  /// - Precondition: as many columns as the model was fitted with.
  public func probabilities(_ features: FeatureMatrix) -> Matrix<Double> { shares(logits(features)) }

  /// The number of the likeliest class of every row, whose features are of any kind; of equally likely ones the first.
  ///
  /// - Precondition: as many columns as the model was fitted with.
  public func classes(_ features: FeatureMatrix) -> [Int] { likeliest(logits(features)) }

  private func shares<Element: Scalar>(_ logits: Matrix<Element>) -> Matrix<Element> {
    defer { extendLifetime(logits) }
    return SoftmaxCurvature(
      logits: logits.elements.span, classes: classNames.count, scales: [Element](repeating: 1, count: logits.rows)
    ).shares
  }

  private func likeliest<Element: Scalar>(_ logits: Matrix<Element>) -> [Int] {
    (0..<logits.rows).map { row in
      let first = row * classNames.count
      return classNames.indices.reduce(0) {
        logits.elements[first + $1] > logits.elements[first + $0] ? $1 : $0
      }
    }
  }

  /// How well the model predicts rows whose classes are known.
  ///
  /// - Parameters:
  ///   - features: one row for every sample.
  ///   - labels: the class of every row, 0 ..< K.
  ///   - weights: not negative.
  /// - Throws: ``ModelError`` for labels that are no class, for bad weights, and for nothing to average.
  /// - Precondition: as many columns as the model was fitted with, as many labels and weights as rows.
  public func quality<Element: Scalar, Label: LabelElement>(
    _ features: Matrix<Element>, labels: [Label], weights: [Element]? = nil
  ) throws(ModelError) -> ClassificationQuality {
    try quality(try logits(features), labels.map(\.asLabel), weights)
  }

  /// How well the model predicts rows of any kind whose classes are known.
  ///
  /// - Parameters:
  ///   - features: one row for every sample.
  ///   - labels: the class of every row, 0 ..< K.
  ///   - weights: not negative.
  /// - Throws: ``ModelError`` as for a matrix.
  /// - Precondition: as for a matrix.
  public func quality<Label: LabelElement>(
    _ features: FeatureMatrix, labels: [Label], weights: [Double]? = nil
  ) throws(ModelError) -> ClassificationQuality {
    try quality(logits(features), labels.map(\.asLabel), weights)
  }

  private func quality<Element: Scalar>(
    _ logits: Matrix<Element>, _ numbers: [Int], _ weights: [Element]?
  ) throws(ModelError) -> ClassificationQuality {
    let loss: Double
    do throws(LossError) {
      loss = try SoftmaxCrossEntropy().mean(logits: logits, labels: numbers, weights: weights)
    } catch {
      throw .objective(.loss(error))
    }
    let predicted = likeliest(logits)
    var (right, total) = (0.0, 0.0)
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classNames.count), count: classNames.count)
    for (row, label) in numbers.enumerated() {
      let weight = weights.map { Double($0[row]) } ?? 1
      if weight == 0 { continue }
      total += weight
      if predicted[row] == label { right += weight }
      confusion[label][predicted[row]] += 1
    }
    return ClassificationQuality(
      accuracy: right / total, logLoss: loss, observations: confusion.joined().reduce(0, +), confusion: confusion)
  }

  /// The coefficients of the column with this name, one for every class; nil if there is none.
  public subscript(column: String) -> [Double]? {
    columnNames.firstIndex(of: column).map { Array(coefficients.row($0)) }
  }
}

/// How well a classifier predicts rows whose classes are known.
public struct ClassificationQuality: Sendable, Hashable, Codable {
  /// The weighted share of rows whose likeliest class is their own.
  public let accuracy: Double
  /// The weighted mean of −log p of the rows' own classes, in nats.
  public let logLoss: Double
  /// The number of rows whose weight is not 0.
  public let observations: Int
  /// How many rows of the class of the first index were taken for the class of the second.
  public let confusion: [[Int]]
}
