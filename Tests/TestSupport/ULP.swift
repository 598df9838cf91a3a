/// The distance of `actual` from `expected` in units of the last place of `expected`; 0 when both are NaN or the same infinity.
package func ulpDistance<T: BinaryFloatingPoint>(_ actual: T, _ expected: T) -> Double {
  if actual.isNaN && expected.isNaN { return 0 }
  if actual == expected { return 0 }
  guard actual.isFinite && expected.isFinite else { return .infinity }
  return Double(abs(actual - expected) / expected.ulp)
}
