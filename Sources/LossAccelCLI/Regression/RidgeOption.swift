import ArgumentParser
import LossAccel

/// The penalties of `fit`: `--ridge`.
enum RidgeOption: ExpressibleByArgument {
  case penalty(Double)
  case path([Double])
  case chosen(RidgePath.Criterion)

  static let allValueStrings = ["a number", "numbers between commas", "loo", "gcv"]

  init?(argument: String) {
    switch argument.lowercased() {
    case "loo": self = .chosen(.leaveOneOut)
    case "gcv": self = .chosen(.generalizedCrossValidation)
    default:
      let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      let penalties = numbers.compactMap { $0 }
      guard penalties.count == numbers.count, penalties.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
      self = penalties.count == 1 ? .penalty(penalties[0]) : .path(penalties)
    }
  }
}
