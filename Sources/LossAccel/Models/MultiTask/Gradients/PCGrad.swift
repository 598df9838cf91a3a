/// Projecting conflicting gradients: every task's gradient loses the part that points against another's, and the rest are summed.
///
/// For every task i, and every other task j in some order: where gᵢ′·g_j < 0, gᵢ′ −= (gᵢ′·g_j/‖g_j‖²)·g_j with the other's gradient as it was.
/// With two tasks the result harms neither. With more it depends on the order, and may.
///
/// Source: Yu, Kumar, Gupta, Levine, Hausman and Finn, Gradient surgery for multi-task learning, NeurIPS 2020, algorithm 1.
public struct PCGrad: TaskGradientMethod {
  /// The order in which a gradient meets the others.
  public enum Order: Sendable, Hashable {
    /// Drawn from a seed, for every gradient anew, as in the source: same seed, same order. A descent takes another seed for every step.
    case shuffled(seed: UInt64)
    /// That of the tasks.
    case listed
    /// The sharpest conflict first, by the cosines of the gradients as they were: independent of the order of the tasks.
    case sharpestFirst
  }

  /// The order in which a gradient meets the others.
  public var order: Order

  /// Projecting conflicting gradients.
  public init(order: Order = .sharpestFirst) { self.order = order }

  /// “PCGrad”.
  public var name: String { "PCGrad" }

  /// The coefficients of the gradients in the sum of the projected ones.
  public func coefficients(gram: Matrix<Double>, names: [String]) -> TaskCoefficients {
    let count = names.count
    var values = [Double](repeating: 0, count: count)
    var projections: [String] = []
    let seed: UInt64 = if case .shuffled(let seed) = order { seed } else { 0 }
    var random = SeededOrder(state: seed)
    for task in 0..<count {
      // The gradient of the task, as a combination of all.
      var own = [Double](repeating: 0, count: count)
      own[task] = 1
      for other in others(than: task, gram, &random) {
        let product = zip(gram.row(other), own).reduce(0) { $0 + $1.0 * $1.1 }
        let square = gram[other, other]
        guard product < 0, square > 0 else { continue }
        own[other] -= product / square
        projections.append("\(names[task]) off \(names[other])")
      }
      for index in values.indices { values[index] += own[index] }
    }
    let account = projections.isEmpty ? "no conflicts: the sum" : "projected " + projections.joined(separator: ", ")
    return TaskCoefficients(values: values, account: account)
  }

  private func others(than task: Int, _ gram: Matrix<Double>, _ random: inout SeededOrder) -> [Int] {
    var others = (0..<gram.rows).filter { $0 != task }
    switch order {
    case .listed: break
    case .shuffled: others.shuffle(using: &random)
    case .sharpestFirst:
      // Products over lengths: the task's own length is common to all.
      func sharpness(_ other: Int) -> Double {
        gram[other, other] > 0 ? gram[task, other] / gram[other, other].squareRoot() : 0
      }
      others.sort { sharpness($0) < sharpness($1) }
    }
    return others
  }
}
