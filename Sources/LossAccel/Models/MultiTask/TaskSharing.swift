/// Which coefficients the tasks have in common. Intercepts are always each task's own.
public enum TaskSharing: Sendable, Hashable {
  /// None: every task has coefficients of its own.
  case none
  /// All: one predictor for all tasks, but for its intercept.
  case all
  /// Those of some columns.
  case columns([Int])

  func shares(_ column: Int) -> Bool {
    switch self {
    case .none: false
    case .all: true
    case .columns(let columns): columns.contains(column)
    }
  }
}

/// Where the parameters of every task's linear predictor are among those of all tasks: the shared ones first, then task by task its own
/// columns and its intercept.
struct TaskLayout: Sendable {
  /// By task: the place of every column's parameter, and last that of the intercept if there is one.
  let places: [[Int]]
  /// The first parameters are common to all tasks.
  let sharedCount: Int
  let dimension: Int

  init(tasks: Int, columns: Int, hasIntercept: Bool, sharing: TaskSharing) {
    if case .columns(let shared) = sharing {
      precondition(
        shared.allSatisfy { (0..<columns).contains($0) }, "the shared columns \(shared), of \(columns)")
    }
    let isShared = (0..<columns).map { sharing.shares($0) }
    var common = [Int](repeating: 0, count: columns)
    var next = 0
    for column in 0..<columns where isShared[column] {
      common[column] = next
      next += 1
    }
    sharedCount = next
    places = (0..<tasks).map { _ in
      var own = common
      for column in 0..<columns where !isShared[column] {
        own[column] = next
        next += 1
      }
      guard hasIntercept else { return own }
      next += 1
      return own + [next - 1]
    }
    dimension = next
  }

  /// One task's parameters at a point.
  func parameters(of task: Int, at point: [Double]) -> [Double] { places[task].map { point[$0] } }

  /// Adds `factor` times what one task's parameters have to what all have.
  func add(_ values: [Double], of task: Int, times factor: Double, to total: inout [Double]) {
    for (place, value) in zip(places[task], values) { total[place] += factor * value }
  }

  /// The same for a matrix with a row and a column for every parameter.
  func add(_ matrix: Matrix<Double>, of task: Int, times factor: Double, to total: inout Matrix<Double>) {
    let (own, width) = (places[task], total.columns)
    for row in own.indices {
      for column in own.indices {
        total.elements[own[row] * width + own[column]] += factor * matrix.elements[row * own.count + column]
      }
    }
  }
}
