/// A convex function on the simplex whose minimisers on the planes through faces are known.
protocol SimplexFunction {
  /// The number of coordinates.
  var count: Int { get }
  /// The derivatives.
  func gradient(at point: [Double]) -> [Double]
  /// By how much at most the value exceeds the minimum.
  func gap(at point: [Double], _ gradient: [Double]) -> Double
  /// The way from a point of a face to the minimiser on the plane through the face, or a way along which there is no end.
  func move(on face: [Int], from point: [Double]) throws(LinearAlgebraError) -> SimplexMove
}

/// A way within the plane through a face, one component for every coordinate of it.
struct SimplexMove {
  let step: [Double]
  /// Whether the step leads to the minimiser; else the function falls along it for ever.
  let endsAtMinimum: Bool
}

/// Minimises a convex function on the simplex {c ≥ 0, Σc = 1} from face to face.
///
/// A coordinate whose derivative is least joins the face; the minimiser on the face's plane is approached until it, or an edge of the face, is
/// reached; coordinates that vanish leave. Every face is visited once, since the value falls, so the end is exact but for rounding. Source:
/// Wolfe, Finding the nearest point in a polytope, Mathematical Programming 11 (1976).
struct SimplexSearch<Function: SimplexFunction> {
  private let function: Function

  init(_ function: Function) { self.function = function }

  /// The minimiser, and by how much at most its value exceeds the minimum.
  func run() throws(LinearAlgebraError) -> (point: [Double], gap: Double) {
    let count = function.count
    // The best vertex to begin with.
    var result = (point: [Double](), gap: Double.infinity)
    var face: [Int] = []
    for vertex in 0..<count {
      var point = [Double](repeating: 0, count: count)
      point[vertex] = 1
      let gap = function.gap(at: point, function.gradient(at: point))
      if gap < result.gap || face.isEmpty { (result, face) = ((point, gap), [vertex]) }
    }
    var point = result.point
    // Faces come back only by rounding: then the best so far is as good as any.
    for _ in 0..<8 * count + 32 {
      let gradient = function.gradient(at: point)
      let next = gradient.indices.min { gradient[$0] < gradient[$1] }!
      if result.gap <= 0 || face.contains(next) { break }
      face.append(next)
      try descend(&point, &face)
      let gap = function.gap(at: point, function.gradient(at: point))
      if gap < result.gap { result = (point, gap) }
    }
    return (result.point, max(result.gap, 0))
  }

  /// Moves to the minimiser on the face, or on the smaller one that is left of it.
  private func descend(_ point: inout [Double], _ face: inout [Int]) throws(LinearAlgebraError) {
    while face.count > 1 {
      let move = try function.move(on: face, from: point)
      // How far it goes until a coordinate vanishes.
      var length = move.endsAtMinimum ? 1.0 : .infinity
      var leaving: Int?
      for (index, coordinate) in face.enumerated() where move.step[index] < 0 {
        let limit = -point[coordinate] / move.step[index]
        if limit < length { (length, leaving) = (limit, index) }
      }
      guard length.isFinite else { return }
      for (index, coordinate) in face.enumerated() {
        point[coordinate] = max(0, point[coordinate] + length * move.step[index])
      }
      if let leaving { point[face.remove(at: leaving)] = 0 }
      // Back onto the plane Σc = 1, which rounding has left.
      let total = point.reduce(0, +)
      for coordinate in face { point[coordinate] /= total }
      if leaving == nil { return }
    }
  }
}
