import Foundation
import LossAccel
import TestSupport
import Testing

/// Prints what the losses reach: the greatest distance from the references in units of the last place.
struct AccuracyTableTests {
  @Test func printsWhatTheLossesReach() throws {
    var lines = [row("", ["f32 value", "gradient", "curvature", "f64 value", "gradient", "curvature"])]
    for loss in LossCatalogue.all {
      let worst = try ["f32", "f64"].flatMap { precision in
        let sets = PointwiseReferenceSet.all.filter { $0.loss == loss.name && $0.precision == precision }
        #expect(!sets.isEmpty, "\(loss.name) has no \(precision) references")
        return try sets.map { precision == "f32" ? try errors($0, Float.self) : try errors($0, Double.self) }
          .reduce([0.0, 0, 0]) { zip($0, $1).map(Swift.max) }
      }
      lines.append(row(loss.name, worst.map { String(format: "%.2f", $0) }))
    }
    // For `make accuracy`; in a whole run of the suite it would only be in the way.
    if ProcessInfo.processInfo.environment["LOSSACCEL_ACCURACY"] != nil {
      print("Largest error in units of the last place, on \(KernelTarget.current)\n" + lines.joined(separator: "\n"))
    }
    #expect(lines.count == LossCatalogue.all.count + 1)
  }

  private func row(_ name: String, _ cells: [String]) -> String {
    name.padding(toLength: 36, withPad: " ", startingAt: 0)
      + cells.map { String(repeating: " ", count: Swift.max(0, 11 - $0.count)) + $0 }.joined()
  }

  private func errors<T: Scalar>(_ references: PointwiseReferenceSet, _: T.Type) throws -> [Double] {
    let loss = try LossCatalogue.loss(named: references.loss, parameters: references.parameters)
    let predictions = references.samples.map { T($0.prediction) }, targets = references.samples.map { T($0.target) }
    var (values, gradient, curvature) = (predictions, predictions, predictions)
    try loss.values(
      predictions: predictions.span, targets: targets.span, into: values.mutableSpan, gradient: gradient.mutableSpan,
      curvature: curvature.mutableSpan)
    var worst = [0.0, 0, 0]
    for (index, sample) in references.samples.enumerated() {
      worst[0] = Swift.max(worst[0], sample.results[0].error(of: values[index]))
      worst[1] = Swift.max(worst[1], sample.results[1].error(of: gradient[index]))
      worst[2] = Swift.max(worst[2], sample.results[2].error(of: curvature[index]))
    }
    return worst
  }
}
