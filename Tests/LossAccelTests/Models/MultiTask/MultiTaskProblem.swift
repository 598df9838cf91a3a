import LossAccel
import TestSupport

/// Three tasks of different kinds on the same features, with gaps, weights and offsets.
struct MultiTaskProblem {
  var rows = 300
  var columns = 4
  var sharing = TaskSharing.columns([0, 2])
  var weighting: any TaskWeighting = FixedWeighting([0.5, 2, 0.25])
  var penalty = Penalty(ridge: 0.1)
  var order = [0, 1, 2]

  var matrix: Matrix<Double> {
    var random = SeededGenerator(seed: UInt64(columns))
    let elements = (0..<rows * columns).map { index in
      Double.random(in: -1...1, using: &random) + Double(index % columns) * 5
    }
    return Matrix(rows: rows, columns: columns, elements: elements)
  }

  static let names = ["amount", "answer", "count"]
  static let losses: [PointwiseLoss] = [.squaredError, .binaryCrossEntropyFromLogits, .poissonDeviance]

  func weights(_ task: Int) -> [Double]? { task == 1 ? (0..<rows).map { Double($0 % 3) } : nil }
  func offsets(_ task: Int) -> [Double]? { task == 2 ? (0..<rows).map { Double($0 % 5) / 5 } : nil }

  func heads() -> [TaskHead] {
    let feature = matrix.column(0)
    return order.map { task in
      TaskHead(
        Self.names[task], loss: Self.losses[task], targets: (0..<rows).map { target(task, $0, feature[$0]) },
        weights: weights(task), offsets: offsets(task))
    }
  }

  func target(_ task: Int, _ row: Int, _ feature: Double) -> Double? {
    if row % (7 + task) == task { return nil }
    switch task {
    case 0: return feature + Double(row * 13 % 11) / 10
    case 1: return (row * 7 % 5 < 2) == (feature > 0) ? 1 : 0
    default: return Double(row * 5 % 4)
    }
  }

  func objective() throws -> MultiTaskObjective {
    try MultiTaskObjective(
      features: FeatureMatrix(matrix), heads: heads(), sharing: sharing, weighting: weighting, penalty: penalty)
  }

  /// The rows of a task that have a target, as a model of its own.
  func alone(_ task: Int, penalty: Penalty = .none) throws -> LinearObjective {
    let feature = matrix.column(0)
    let present = (0..<rows).filter { target(task, $0, feature[$0]) != nil }
    return try LinearObjective(
      features: FeatureMatrix(Matrix(present.map { Array(matrix.row($0)) })),
      targets: present.map { target(task, $0, feature[$0])! }, loss: Self.losses[task],
      weights: weights(task).map { all in present.map { all[$0] } },
      offsets: offsets(task).map { all in present.map { all[$0] } }, penalty: penalty)
  }

  /// A point that is nowhere special.
  func point(_ objective: MultiTaskObjective) -> [Double] {
    (0..<objective.dimension).map { 0.05 * Double($0 % 7 - 3) + 0.01 }
  }

  static let weightings: [any TaskWeighting] = [
    FixedWeighting(), FixedWeighting([0.5, 2, 0]), NullLossWeighting(), GeometricWeighting(), UncertaintyWeighting(),
    LearnedUncertaintyWeighting(),
  ]

  static let all: [MultiTaskProblem] =
    weightings.map { MultiTaskProblem(weighting: $0) } + [
      MultiTaskProblem(sharing: .none, weighting: UncertaintyWeighting()),
      MultiTaskProblem(sharing: .all, weighting: LearnedUncertaintyWeighting(), penalty: .none),
      MultiTaskProblem(rows: 5000, columns: 9, sharing: .none, weighting: NullLossWeighting()),
    ]
}
