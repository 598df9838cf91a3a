import ArgumentParser
import LossAccel

/// How the losses of the samples become the answer.
enum Reduction: String, ExpressibleByArgument, CaseIterable {
  /// Σ wℓ / Σ w.
  case mean
  /// Σ wℓ.
  case sum
  /// wℓ of every sample; derivatives are those of the sum.
  case none
}

/// A batch as its files gave it, in the type that the computation runs in.
struct Batch<Element: Scalar & NumericElement> {
  let predictions: NumericArray
  let predictionValues: [Element]
  let targets: NumericArray
  /// One per sample, or nil for 1 each.
  let weights: [Element]?
}

/// What to compute beside the value. Derivatives come together: their cost is small beside that of reading and writing files.
struct WantedOutputs {
  let reduction: Reduction
  let derivatives: Bool
}

/// The answer. Arrays of what was not asked for are empty.
struct Evaluation<Element> {
  var value = 0.0
  /// One loss per sample, with the reduction `none`.
  var values: [Element] = []
  /// In the shape of the predictions.
  var gradient: [Element] = []
  var curvature: [Element] = []
  /// How many numbers a row of the curvature has, where they are not as many as predictions.
  var curvatureColumns: Int?
  /// How many samples there are, those of weight 0 too.
  let count: Int
  /// Σ w over the samples that count.
  let weight: Double
  /// What else there is, by name.
  var further: [(name: String, values: [Double])] = []
}

/// A loss that the command line can evaluate.
protocol EvaluableLoss {
  var name: String { get }
  /// What a sample is, for the shape of weights: an element of the predictions, or a row of them.
  var samplesAreRows: Bool { get }
  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ wanted: WantedOutputs
  ) throws -> Evaluation<Element>
}
