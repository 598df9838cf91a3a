import Foundation
import LossAccel

/// The numbers of an option like `--cuts -1,0.5,2`.
func parsedNumbers(_ text: String, option: String) throws -> [Double] {
  try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
    guard let value = parseDecimal(part.trimmingCharacters(in: .whitespaces)) else {
      throw UsageError("--\(option) \(text): write numbers with commas between them, as in --\(option) -1,0.5,2")
    }
    return value
  }
}

/// Class weights, each of them finite and not negative.
func parsedClassWeights(_ text: String) throws -> [Double] {
  let weights = try parsedNumbers(text, option: LossOptions.Name.classWeights.rawValue)
  for (index, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
    throw UsageError("--class-weights \(text): the weight of class \(index) must be finite and not negative.")
  }
  return weights
}

/// A share that lies in 0...1.
func parsedSmoothing(_ value: Double) throws -> Double {
  guard value >= 0 && value <= 1 else {
    throw UsageError("--label-smoothing \(value): the share that is spread over all classes lies in 0…1.")
  }
  return value
}

/// What stands for a missing target: NaN in any case, or a number.
func parsedMissingTarget(_ text: String) throws -> Double {
  if case .number(let value) = NumericCell(word: text) { return value }
  guard let value = parseDecimal(text) else {
    throw UsageError("--missing-targets \(text): write what stands for a missing target, nan or a number such as -99.")
  }
  return value
}
