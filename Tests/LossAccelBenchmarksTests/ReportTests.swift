import Foundation
import FoundationXML
import LossAccelBenchmarks
import Testing

@Suite struct ReportTests {
  private func chart(_ values: [Double]) -> BarChart {
    var chart = BarChart(title: "Gains & \"losses\"", subtitle: "a < b", series: ["one", "two"])
    chart.add(BarChart.Row(label: "f32 <1Mi>", values: values), toGroup: "First")
    chart.add(BarChart.Row(label: "f64", values: [1]), toGroup: "First")
    chart.add(BarChart.Row(label: "tiny", values: [0.1]), toGroup: "Second")
    return chart
  }

  @Test func chartIsWellFormedAndHasABarForEveryValue() {
    let svg = chart([12, 24]).svg
    let counter = ElementCounter()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = counter
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    // Four bars, two marks of the legend and the paper.
    #expect(counter.count["rect"] == 7)
    #expect(svg.contains("12.0×") && svg.contains("f32 &lt;1Mi&gt;"))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test func scaleEndsAtTheFirstMarkThatHoldsEveryBar() {
    #expect(chart([12, 24]).marks == [0.5, 1, 2, 5, 10, 20, 50])
    #expect(chart([0.5]).marks == [0.5, 1])
    #expect(chart([20]).marks.last == 20)
    var gains = BarChart(title: "", subtitle: "", series: ["one"])
    gains.add(BarChart.Row(label: "", values: [3]), toGroup: "")
    #expect(gains.marks == [1, 2, 5])
  }

  @Test func columnsAreAligned() {
    var table = TextTable(header: ["job", "µs"])
    table.rows = [["long name", "1.00"], ["x", ""]]
    #expect(table.lines == ["job          µs", "long name  1.00", "x"])
  }

  @Test(arguments: [
    (12.3, "12.3 s"), (0.5, "500 ms"), (9.996e-4, "1000 µs"), (1.234e-6, "1.23 µs"), (4.56e-10, "0.46 ns"),
  ])
  func timesHaveThreeDigits(seconds: Double, text: String) {
    #expect(Quantity.time(seconds) == text)
  }
}

private final class ElementCounter: NSObject, XMLParserDelegate {
  var count: [String: Int] = [:]

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    count[name, default: 0] += 1
  }
}
