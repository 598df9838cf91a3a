/// The few vector operations of the optimisers, on vectors as short as a model has parameters.
enum Vectors {
  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  /// a + factor·b.
  static func sum(_ a: [Double], _ b: [Double], times factor: Double = 1) -> [Double] {
    var result = a
    for index in result.indices { result[index] += factor * b[index] }
    return result
  }

  static func difference(_ a: [Double], _ b: [Double]) -> [Double] { sum(a, b, times: -1) }

  /// Element by element.
  static func product(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 * $1 } }

  static func scaled(_ a: [Double], by factor: Double) -> [Double] { a.map { factor * $0 } }

  /// The Euclidean norm, without overflow; NaN if an element is.
  static func norm(_ vector: [Double]) -> Double {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return vector.contains(where: \.isNaN) ? .nan : largest }
    return largest * vector.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
  }
}
