/// What a model without features would say of a column: the best constant, in closed form for every kind.
struct NullPrediction {
  let prediction: [Double]
  /// With the cuts of an ordinal column where its levels' shares put them, for the score 0.
  let loss: ColumnLoss
  /// Whether nothing is better than the constant, for any element.
  private let isPerfect: Bool

  init(of elements: ColumnElements, _ reader: ColumnReader, weights: [Double]) throws(ColumnLossError) {
    let counted = weights.indices.filter { weights[$0] > 0 && elements.isPresent($0) }
    guard !counted.isEmpty else { throw .nothingIn(column: reader.name) }
    let total = counted.reduce(0) { $0 + weights[$1] }
    func sum(_ value: (Int) -> Double) -> Double { counted.reduce(0) { $0 + weights[$1] * value($1) } }

    switch elements {
    case .levels(let codes):
      var masses = [Double](repeating: 0, count: reader.levels.count)
      for row in counted { masses[Int(codes[row])] += weights[row] }
      isPerfect = masses.count { $0 > 0 } == 1
      if reader.kind == .categorical {
        loss = .categorical(levels: masses.count)
        prediction = masses.map { Self.log($0 / total) }
      } else {
        if let absent = masses.firstIndex(of: 0) {
          throw .levelNotFound(column: reader.name, level: reader.levels[absent])
        }
        // A cut has the masses below and above it as its odds; none is a difference of others.
        let below = masses.reduce(into: []) { $0.append(($0.last ?? 0) + $1) }
        let above = Array(masses.reversed().reduce(into: []) { $0.append(($0.last ?? 0) + $1) }.reversed())
        loss = .ordinal(cuts: below.indices.dropLast().map { Self.log(below[$0]) - Self.log(above[$0 + 1]) })
        prediction = [0]
      }
    case .times(let times, let events, _):
      loss = .censored
      let seen = counted.filter { events[$0] }
      // One rate for all: the time that passed by the events that came.
      prediction = [Self.log(sum { times[$0] }) - Self.log(sum { events[$0] ? 1 : 0 })]
        .map { seen.isEmpty ? Self.greatest : $0 }
      isPerfect = seen.isEmpty || seen.count == counted.count && seen.allSatisfy { times[$0] == times[seen[0]] }
    case .numbers(let values, _):
      loss = .pointwise(reader.kind)
      let first = values[counted[0]]
      if case .periodic(let period) = reader.kind {
        let places = values.map { $0.truncatingRemainder(dividingBy: period) }
        isPerfect = counted.allSatisfy { places[$0] == places[counted[0]] }
        let rate = 2 * Double.pi / period
        let sine = sum { ElementaryFunctions.sin(rate * places[$0]) }
        let cosine = sum { ElementaryFunctions.cos(rate * places[$0]) }
        prediction = [Self.angle(sine, cosine) / rate]
      } else {
        isPerfect = counted.allSatisfy { values[$0] == first }
        // Measured from the first element, so that a large offset costs no digits.
        let mean = isPerfect ? first : first + sum { values[$0] - first } / total
        switch reader.kind {
        case .positive, .count: prediction = [Self.log(mean)]
        case .boolean:
          let ones = sum { values[$0] }, zeros = sum { 1 - values[$0] }
          prediction = [max(-Self.greatest, min(Self.greatest, Self.log(ones) - Self.log(zeros)))]
        default: prediction = [mean]
        }
      }
    }
  }

  /// The mean loss of the constant on the elements that it was made from.
  func meanLoss(of elements: ColumnElements, weights: [Double], column: String) throws(ColumnLossError) -> Double {
    // Otherwise it would be what rounding leaves of 0.
    if isPerfect { return 0 }
    let rows = weights.count
    let predictions = (0..<rows).flatMap { _ in prediction }
    defer { keepAlive(predictions, weights) }
    var gradient: MutableSpan<Double>?
    var curvature: MutableSpan<Double>?
    let mean: Double
    do throws(LossError) {
      mean = try loss.evaluate(
        elements, predictions.span, ColumnPlace(rows: rows, offset: 0, stride: prediction.count), weights: weights.span,
        mask: nil, .mean, scale: 1, &gradient, &curvature)
    } catch { throw .loss(column: column, error: error) }
    guard mean.isNormal && mean > 0 && (1 / mean).isNormal else {
      throw .nullLossOutOfRange(column: column, nullLoss: mean)
    }
    return mean
  }

  /// The angle of the vector (cosine, sine), in −π...π; 0 of none.
  private static func angle(_ sine: Double, _ cosine: Double) -> Double {
    // By half of it, from the side on which nothing cancels: tan(a/2) = sin a / (1 + cos a) = (1 − cos a) / sin a.
    let length = (sine * sine + cosine * cosine).squareRoot()
    if cosine > 0 { return 2 * ElementaryFunctions.atan(sine / (length + cosine)) }
    return sine == 0
      ? (cosine < 0 ? .pi : 0) : 2 * ElementaryFunctions.atan((length - cosine) / sine)
  }

  /// A prediction beyond it says the same as an infinite one would.
  private static let greatest = 700.0

  private static func log(_ value: Double) -> Double { max(-greatest, ElementaryFunctions.log(value)) }
}
