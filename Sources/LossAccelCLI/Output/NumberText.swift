import Foundation

/// A number for people, with so many significant digits.
func shown(_ value: Double, digits: Int = 5) -> String {
  if value.isNaN { return "NaN" }
  if value.isInfinite { return value < 0 ? "-Inf" : "Inf" }
  return String(format: "%.\(digits)g", value)
}

/// A p value for people: below the smallest that means anything, R's "<2e-16".
func shownProbability(_ value: Double) -> String {
  value < 2e-16 ? "<2e-16" : shown(value, digits: 3)
}

/// R's stars: how small a p value is.
func significance(_ probability: Double) -> String {
  switch probability {
  case ..<0.001: "***"
  case ..<0.01: "**"
  case ..<0.05: "*"
  case ..<0.1: "."
  default: ""
  }
}

/// "1 row", "2 rows".
func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}
