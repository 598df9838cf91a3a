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
  package static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
}

// Inside the enumeration the functions' own names hide the library's.
private func _exp(_ x: Double) -> Double { exp(x) }
private func _log(_ x: Double) -> Double { log(x) }
private func _tanh(_ x: Double) -> Double { tanh(x) }
private func _sinh(_ x: Double) -> Double { sinh(x) }
