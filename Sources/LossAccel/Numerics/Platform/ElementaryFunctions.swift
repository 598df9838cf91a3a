// The C library's elementary functions, under one name on every platform.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library's elementary functions of `Double`: what the scalar evaluation of formulas, and statistics, are made of.
package enum ElementaryFunctions {
  package static func exp(_ x: Double) -> Double { _exp(x) }
  package static func expMinusOne(_ x: Double) -> Double { expm1(x) }
  package static func log(_ x: Double) -> Double { _log(x) }
  package static func logOnePlus(_ x: Double) -> Double { log1p(x) }
  package static func tanh(_ x: Double) -> Double { _tanh(x) }
  package static func sinh(_ x: Double) -> Double { _sinh(x) }
  package static func sin(_ x: Double) -> Double { _sin(x) }
  package static func cos(_ x: Double) -> Double { _cos(x) }
  package static func atan(_ x: Double) -> Double { _atan(x) }
  package static func erf(_ x: Double) -> Double { _erf(x) }
  package static func erfc(_ x: Double) -> Double { _erfc(x) }
  package static func log2(_ x: Double) -> Double { _log2(x) }
  package static func log10(_ x: Double) -> Double { _log10(x) }
  package static func tan(_ x: Double) -> Double { _tan(x) }
  package static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
}

// Inside the enumeration the functions' own names hide the library's.
private func _exp(_ x: Double) -> Double { exp(x) }
private func _log(_ x: Double) -> Double { log(x) }
private func _tanh(_ x: Double) -> Double { tanh(x) }
private func _sinh(_ x: Double) -> Double { sinh(x) }
private func _sin(_ x: Double) -> Double { sin(x) }
private func _cos(_ x: Double) -> Double { cos(x) }
private func _atan(_ x: Double) -> Double { atan(x) }
private func _erf(_ x: Double) -> Double { erf(x) }
private func _erfc(_ x: Double) -> Double { erfc(x) }
private func _log2(_ x: Double) -> Double { log2(x) }
private func _log10(_ x: Double) -> Double { log10(x) }
private func _tan(_ x: Double) -> Double { tan(x) }
