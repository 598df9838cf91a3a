import Foundation

/// A horizontal bar chart in groups, as an SVG picture that is readable on light and on dark backgrounds.
package struct BarChart {
  package struct Row {
    package var label: String
    /// One number per series, or fewer.
    package var values: [Double]

    package init(label: String, values: [Double]) {
      self.label = label
      self.values = values
    }
  }

  package var title: String
  package var subtitle: String
  package var series: [String]
  package private(set) var groups: [(name: String, rows: [Row])] = []

  package init(title: String, subtitle: String, series: [String]) {
    self.title = title
    self.subtitle = subtitle
    self.series = series
  }

  /// Appends a row to the group of that name, which is begun where the last one has another.
  package mutating func add(_ row: Row, toGroup name: String) {
    if groups.last?.name == name { groups[groups.count - 1].rows.append(row) } else { groups.append((name, [row])) }
  }
}

extension BarChart {
  private static let width = 960.0
  private static let margin = 24.0
  private static let plotLeft = 270.0
  private static let plotRight = 880.0
  private static let barHeight = 13.0
  private static let rowGap = 9.0

  /// The picture. Bars start at 1 on a logarithmic scale, so that twice as fast is as long everywhere.
  package var svg: String {
    var body: [String] = []
    var y = Self.margin + 22
    body.append(text(Self.margin, y, title, "title"))
    y += 22
    body.append(text(Self.margin, y, subtitle, "quiet"))
    y += 14
    for group in groups {
      y += 30
      body.append(text(Self.margin, y, group.name, "group"))
      y += 12
      let top = y
      for row in group.rows {
        y += Self.rowGap
        body += bars(row, top: y)
        y += Self.barHeight * Double(max(row.values.count, 1))
      }
      y += Self.rowGap
      body.insert(contentsOf: grid(from: top, to: y), at: 0)
      y += 14
    }
    let height = y + Self.margin
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(Self.width)) \(number(height))" role="img" \
      aria-label="\(escaped(title))" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif">
      \(Self.style)
      <rect class="paper" width="100%" height="100%" rx="10"/>
      \(legend())
      \(body.joined(separator: "\n"))
      </svg>

      """
  }

  private static let style = """
    <style>
    .paper { fill: #ffffff } .grid { stroke: #dfe3e8 } .one { stroke: #9aa4b0 }
    text { font-size: 12.5px; fill: #24292f } .title { font-size: 20px; font-weight: 600 }
    .group { font-size: 14px; font-weight: 600 } .quiet { fill: #66707b } .axis { font-size: 11px; fill: #66707b }
    .bar0 { fill: #4c8dd6 } .bar1 { fill: #f0803c }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #12161c } .grid { stroke: #2a313a } .one { stroke: #56606c }
      text { fill: #e6e9ed } .quiet, .axis { fill: #9aa4b0 }
      .bar0 { fill: #5b9be6 } .bar1 { fill: #f79256 }
    }
    </style>
    """

  /// The marks of the scale: 1, 2, 5, 10, … up to the first that holds every bar; from ½ where a bar needs it.
  package var marks: [Double] {
    let values = groups.flatMap(\.rows).flatMap(\.values)
    let largest = values.max() ?? 1
    var marks = values.contains { $0 < 1 } ? [0.5, 1] : [1.0]
    for next in [2.0, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] where marks.last! < largest {
      marks.append(next)
    }
    return marks
  }

  /// Where a number lies; what is off the scale lies at its end.
  private func x(_ value: Double) -> Double {
    let (first, last) = (marks[0], max(marks.last!, 2))
    let share = log(max(value, first) / first) / log(last / first)
    return Self.plotLeft + share * (Self.plotRight - Self.plotLeft)
  }

  private func bars(_ row: Row, top: Double) -> [String] {
    let middle = top + Self.barHeight * Double(row.values.count) / 2
    var parts = [text(Self.plotLeft - 12, middle + 4, row.label, "label", anchor: "end")]
    for (index, value) in row.values.enumerated() {
      let y = top + Double(index) * Self.barHeight
      let (start, end) = (min(x(1), x(value)), max(x(1), x(value)))
      parts.append(
        #"<rect class="bar\#(index)" x="\#(number(start))" y="\#(number(y + 0.5))" "#
          + #"width="\#(number(max(end - start, 1)))" height="\#(number(Self.barHeight - 1))" rx="2"/>"#)
      parts.append(
        #"<text class="axis" x="\#(number(end + 6))" y="\#(number(y + Self.barHeight / 2 + 3.8))">\#(Quantity.factor(value))</text>"#
      )
    }
    return parts
  }

  private func grid(from top: Double, to bottom: Double) -> [String] {
    marks.flatMap { mark in
      let position = number(x(mark))
      return [
        #"<line class="\#(mark == 1 ? "one" : "grid")" x1="\#(position)" x2="\#(position)" "#
          + #"y1="\#(number(top))" y2="\#(number(bottom))"/>"#,
        text(x(mark), bottom + 14, Quantity.mark(mark), "axis", anchor: "middle"),
      ]
    }
  }

  private func legend() -> String {
    var parts: [String] = []
    var right = Self.width - Self.margin
    for (index, name) in series.enumerated().reversed() {
      right -= Double(name.count) * 6.6
      parts.append(text(right, Self.margin + 20, name, "label"))
      right -= 16
      parts.append(
        #"<rect class="bar\#(index)" x="\#(number(right))" y="\#(number(Self.margin + 11))" "#
          + #"width="10" height="10" rx="2"/>"#)
      right -= 18
    }
    return parts.joined(separator: "\n")
  }

  private func text(_ x: Double, _ y: Double, _ content: String, _ style: String, anchor: String = "start") -> String {
    #"<text class="\#(style)" x="\#(number(x))" y="\#(number(y))" text-anchor="\#(anchor)">\#(escaped(content))</text>"#
  }

  private func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  private func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}
