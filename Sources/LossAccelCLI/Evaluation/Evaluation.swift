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
  /// One per sample each, or nil: for 1, for no mask, for 0.
  let weights: [Element]?
  let mask: [Bool]?
  let offsets: [Element]?

  /// Whether neither weight nor mask leave a sample out.
  func counts(_ sample: Int) -> Bool { mask?[sample] != false && weights.map { $0[sample] != 0 } != false }

  /// Σ w over the samples that count.
  func weight(of samples: Int, except isLeftOut: (Int) -> Bool = { _ in false }) -> Double {
    (0..<samples).reduce(0) { sum, sample in
      guard mask?[sample] != false && !isLeftOut(sample) else { return sum }
      return sum + (weights.map { Double($0[sample]) } ?? 1)
    }
  }
}

/// The answer.
struct Evaluation<Element> {
  var value = 0.0
  /// One loss per sample, with the reduction `none`; else empty.
  var values: [Element] = []
  /// In the shape of the predictions.
  var gradient: [Element] = []
  var curvature: [Element] = []
  /// How many numbers a row of the curvature has, where they are not as many as predictions.
  var curvatureColumns: Int?
  /// How many samples there are, those that do not count too.
  let count: Int
  /// Σ w over the samples that count.
  let weight: Double
  /// What else there is, by name.
  var further: [(name: String, values: [Double])] = []
}

/// A loss that the command line can evaluate. Derivatives come with every value: their cost is small beside that of reading files.
protocol EvaluableLoss {
  var name: String { get }
  /// What a sample is, for the shape of weights: an element of the predictions, or a row of them.
  var samplesAreRows: Bool { get }
  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ reduction: Reduction
  ) throws -> Evaluation<Element>
}
