import Foundation
import LossAccel

/// The numbers of options like `--set delta=1.5`, by name.
func parsedParameters(_ texts: [String]) throws -> [String: Double] {
  var values: [String: Double] = [:]
  for text in texts {
    let parts = text.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
    guard parts.count == 2, let value = parseDecimal(parts[1]) else {
      throw UsageError("--set \(text): write a name, an equals sign and a number, as in --set delta=1.5")
    }
    guard values.updateValue(value, forKey: parts[0]) == nil else {
      throw UsageError("--set names the parameter \(parts[0]) twice.")
    }
  }
  return values
}
