/// Every job of the suite, in the order of the table. A new room is one file and one line here.
enum JobRegistry {
  static var all: [Job] {
    tinyCallJobs() + pointwiseJobs() + softmaxJobs() + crossEntropyJobs() + linearPredictorJobs() + leastSquaresJobs()
  }
}
