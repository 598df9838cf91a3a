import Foundation

/// Curves as an SVG picture that is readable on light and on dark backgrounds.
struct SVGPlot {
  private static let width = 720.0
  private static let height = 440.0
  private static let left = 64.0
  private static let right = 700.0
  private static let top = 56.0
  private static let bottom = 396.0
  private static let colors = ["#0a7ea4", "#d9480f", "#2f9e44"]

  static func text(_ curves: LossCurves) -> String {
    let plot = SVGPlot(curves: curves)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" font-family="system-ui, sans-serif" \
      font-size="13">
      <style>text { fill: #444 } .grid { stroke: #8884; stroke-width: 1 } .axis { stroke: #888; stroke-width: 1 } \
      @media (prefers-color-scheme: dark) { text { fill: #ccc } }</style>
      <text x="\(number(left))" y="24" font-size="16" font-weight="600">\(curves.title)</text>
      \((plot.grid + plot.lines + plot.legend).joined(separator: "\n"))
      </svg>

      """
  }

  private let curves: LossCurves

  private func x(_ prediction: Double) -> Double {
    let (first, last) = (curves.predictions[0], curves.predictions[curves.predictions.count - 1])
    return Self.left + (Self.right - Self.left) * (prediction - first) / (last - first)
  }

  private func y(_ value: Double) -> Double {
    let (low, high) = (curves.range.lowerBound, curves.range.upperBound)
    return Self.bottom - (Self.bottom - Self.top) * (value - low) / (high - low)
  }

  /// Lines at round numbers, with their labels.
  private var grid: [String] {
    let last = curves.predictions[curves.predictions.count - 1]
    let across = Self.ticks(curves.range).flatMap { value in
      [
        "<line class=\"\(value == 0 ? "axis" : "grid")\" x1=\"\(Self.number(Self.left))\" x2=\"\(Self.number(Self.right))\" y1=\"\(Self.number(y(value)))\" y2=\"\(Self.number(y(value)))\"/>",
        "<text x=\"\(Self.number(Self.left - 8))\" y=\"\(Self.number(y(value) + 4))\" text-anchor=\"end\">\(shown(value, digits: 4))</text>",
      ]
    }
    let down = Self.ticks(curves.predictions[0]...last).flatMap { value in
      [
        "<line class=\"grid\" x1=\"\(Self.number(x(value)))\" x2=\"\(Self.number(x(value)))\" y1=\"\(Self.number(Self.top))\" y2=\"\(Self.number(Self.bottom))\"/>",
        "<text x=\"\(Self.number(x(value)))\" y=\"\(Self.number(Self.bottom + 20))\" text-anchor=\"middle\">\(shown(value, digits: 4))</text>",
      ]
    }
    return across + down
  }

  /// Each curve as paths: a new one after every gap.
  private var lines: [String] {
    curves.curves.enumerated().flatMap { number, curve in
      var paths: [[String]] = [[]]
      for (prediction, value) in zip(curves.predictions, curve.values) {
        if value.isFinite, curves.range.contains(value) {
          paths[paths.count - 1].append("\(Self.number(x(prediction))),\(Self.number(y(value)))")
        } else if !paths[paths.count - 1].isEmpty {
          paths.append([])
        }
      }
      return paths.filter { $0.count > 1 }.map {
        "<polyline fill=\"none\" stroke=\"\(Self.colors[number % Self.colors.count])\" stroke-width=\"2\" points=\"\($0.joined(separator: " "))\"/>"
      }
    }
  }

  private var legend: [String] {
    curves.curves.enumerated().map { number, curve in
      let start = Self.left + 110 * Double(number)
      let color = Self.colors[number % Self.colors.count]
      return
        "<line x1=\"\(Self.number(start))\" x2=\"\(Self.number(start + 20))\" y1=\"40\" y2=\"40\" stroke=\"\(color)\" stroke-width=\"3\"/><text x=\"\(Self.number(start + 26))\" y=\"44\">\(curve.name)</text>"
    }
  }

  /// Round numbers in the range, five to ten of them.
  static func ticks(_ range: ClosedRange<Double>) -> [Double] {
    let rough = (range.upperBound - range.lowerBound) / 6
    guard rough > 0, rough.isFinite else { return [] }
    let power = pow(10, floor(log10(rough)))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
    let (first, last) = (Int((range.lowerBound / step).rounded(.up)), Int((range.upperBound / step).rounded(.down)))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  private static func number(_ value: Double) -> String {
    let text = String(format: "%.2f", value)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }
}
