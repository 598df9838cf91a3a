import LossAccel

/// Every job of the suite, in the order of the table. A new room is one file and one line here.
enum JobRegistry {
  static var all: [Job] {
    tinyCallJobs() + pointwiseJobs() + curvatureJobs() + customLossJobs() + softmaxJobs() + crossEntropyJobs()
      + infoNCEJobs() + outputLayerJobs() + linearPredictorJobs() + objectiveJobs() + logisticFitJobs()
      + softmaxRegressionJobs() + multiTaskJobs() + leastSquaresJobs() + leastSquaresPeerJobs() + leastSquaresPassJobs()
  }
}

/// The name of an element type in the names of jobs.
func typeName<T: Scalar>(_ type: T.Type) -> String { MemoryLayout<T>.size == 4 ? "f32" : "f64" }

/// The name of a shape in the names of jobs, such as `1M×50`; thousands and millions are abbreviated where they are whole.
func shapeName(_ rows: Int, _ columns: Int) -> String {
  func name(_ count: Int) -> String {
    if count.isMultiple(of: 1_000_000) { return "\(count / 1_000_000)M" }
    return count >= 10_000 && count.isMultiple(of: 1000) ? "\(count / 1000)k" : "\(count)"
  }
  return "\(name(rows))×\(name(columns))"
}
