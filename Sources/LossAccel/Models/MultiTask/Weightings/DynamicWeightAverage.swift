/// Weights that grow for tasks whose losses fall slowly: w_t = T·softmax(r/temperature)_t with r_t the last loss of the task over the one
/// before.
///
/// The weights sum to the number of tasks, and are 1 until there are two rounds to compare. They are no function of the losses at a point,
/// so there is no objective whose gradient they weigh: they change between searches, in an ``AlternatingTaskSearch``.
///
/// Source: Liu, Johns and Davison, End-to-end multi-task learning with attention, CVPR 2019, equation 7.
public struct DynamicWeightAverage: AdaptiveTaskWeighting {
  /// What the ratios are divided by: the higher, the more even are the weights.
  public var temperature: Double

  /// Weights by the pace of the losses; the source uses the temperature 2.
  ///
  /// - Precondition: the temperature is positive.
  public init(temperature: Double = 2) {
    precondition(temperature > 0, "a temperature of \(temperature)")
    self.temperature = temperature
  }

  /// “dynamic weight average”.
  public var name: String { "dynamic weight average" }

  /// The weights after these rounds.
  public func weights(after rounds: [[Double]]) throws(TaskWeightingError) -> [Double] {
    guard let last = rounds.last else { return [] }
    guard rounds.count >= 2 else { return [Double](repeating: 1, count: last.count) }
    let before = rounds[rounds.count - 2]
    for losses in [before, last] {
      if let task = losses.firstIndex(where: { !($0 > 0) }) {
        throw TaskWeightingError(weighting: name, task: task, loss: losses[task])
      }
    }
    let ratios = zip(last, before).map { $0 / $1 / temperature }
    let largest = ratios.reduce(-.infinity, max)
    let shares = ratios.map { ElementaryFunctions.exp($0 - largest) }
    let total = shares.reduce(0, +)
    return shares.map { Double(last.count) * $0 / total }
  }
}
