import Foundation
import LossAccel

/// The article LossTable.md: what every loss gives, made from the catalogues, and what its results are held to, from the tests that do.
enum LossTable {
  static let text =
    """
    # Every loss and what it gives

    What the losses of the catalogues have beside their value and gradient, what is known of them, and how accurate they are.

    ## Overview

    All losses give value and gradient of a batch in one call, as a sum, a mean or one by one, with weights. `make loss-table` writes this
    article from the catalogues and from the bounds that the tests hold the losses to; a test fails where they differ.

    Curvatures are named as in ``CurvatureKind``. Bounds are in units of the last place, of `Float` and of `Double`, against references of
    60 digits and more: one number for value, gradient and curvature, or one for each of them. Where a result is a sum in which terms
    cancel, they count at the magnitude of the terms.

    ## One prediction and one target

    Each loss of ``LossCatalogue`` also gives the weights and residuals of iteratively reweighted least squares, by any of its curvatures.

    \(pointwise)

    ## Several predictions or targets

    The losses of ``JointLossCatalogue``; curvatures are packed Hessians, one of each sample. ``MultivariateGaussian`` takes any number of
    targets, with the precision as its exact curvature, and a factor of it; it is within \(number(MultivariateGaussianReferenceTests.bound)).

    \(joint)

    ## Rows of scores

    The losses of ``RowLossCatalogue``; curvatures are operators, one matrix for each row, and have a factor B with H = B·Bᵀ where it says
    so. The third bound is that of products with the exact curvature.

    \(rows)

    ## Ordered levels

    The losses of ``OrdinalLoss``, by score and by cuts; the curvature is that of scores and cuts together.

    \(ordinal)

    ## Pairs, lists, maps and studies

    The losses of ``GroupLossCatalogue``; curvatures are operators over the whole batch. The third bound is that of products with it.

    \(groups)

    """

  private static var pointwise: String {
    table(
      ["loss", "curvature", "proximal operator", "conjugate", "traits", "within"],
      LossCatalogue.all.map { loss in
        [
          name(loss.name, loss.parameters), kinds(loss.curvatureKinds), mark(loss.proximalOperator != nil),
          mark(loss.conjugate != nil), traits(loss.traits), number(PointwiseAccuracyTests.bound),
        ]
      })
  }

  private static var joint: String {
    table(
      ["loss", "predictions", "targets", "curvature", "traits", "within"],
      JointLossCatalogue.all.map { loss in
        [
          name(loss.name, loss.parameters), loss.predictions.map(\.name).joined(separator: ", "),
          loss.targets.map(\.name).joined(separator: ", "), kinds(loss.curvatureKinds),
          traits(loss.traits), number(JointAccuracyTests.bound(loss.name)),
        ]
      })
  }

  private static var rows: String {
    table(
      ["loss", "scores", "targets", "curvature", "factor", "traits", "within"],
      RowLossCatalogue.all.map { loss in
        let bound = RowLossReferenceTests.bounds[loss.name] ?? .init()
        return [
          name(loss.name, loss.parameters), loss.scores.rawValue,
          loss.targets.contains(.distributions) ? "labels, distributions" : "labels", kinds(loss.curvatures),
          kinds(loss.factors), traits(loss.traits), numbers(bound.value, bound.gradient, bound.product),
        ]
      })
  }

  private static var ordinal: String {
    table(
      ["loss", "curvature", "traits", "within"],
      OrdinalLoss.all.map { loss in
        [name(loss.name, []), kinds([.exact]), traits(loss.traits), number(OrdinalLossTests.bound)]
      })
  }

  private static var groups: String {
    table(
      ["loss", "in Swift", "curvature", "traits", "within"],
      GroupLossCatalogue.all.map { loss in
        let type = String(loss.call.prefix { $0 != "." && $0 != "(" })
        let bound: GroupBound? =
          switch type {
          case "RankingLoss": .ranking
          case "SegmentationLoss": .segmentation
          case "CoxPartialLikelihood": .survival
          case "JointLoss": nil
          default: .embedding
          }
        return [
          name(loss.name, loss.parameters), "`\(loss.call)`", kinds(loss.curvatureKinds), traits(loss.traits),
          bound.map { numbers($0.value, $0.gradient, $0.product) } ?? number(JointAccuracyTests.bound(loss.name)),
        ]
      })
  }
}

extension LossTable {
  private static func table(_ titles: [String], _ rows: [[String]]) -> String {
    let lines = ([titles] + rows).map { cells in
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    return ([lines[0], String(repeating: "|---", count: titles.count) + "|"] + lines.dropFirst()).joined(
      separator: "\n")
  }

  /// With constants of five digits, which tell them apart.
  private static func traits(_ traits: LossTraits?) -> String {
    guard let traits else { return "–" }
    return traits.description.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let digits = word.prefix { $0 != "," }
      guard digits.count > 7, let value = Double(digits) else { return String(word) }
      return String(format: "%.5g", value) + word.dropFirst(digits.count)
    }.joined(separator: " ")
  }

  private static func name(_ name: String, _ parameters: [(name: String, value: Double)]) -> String {
    guard !parameters.isEmpty else { return "`\(name)`" }
    let values = parameters.map { "\($0.name) \($0.value.isNaN ? "unset" : number($0.value))" }
    return "`\(name)`, \(values.joined(separator: ", "))"
  }

  private static func kinds(_ kinds: [CurvatureKind]) -> String {
    // In the order in which they are declared, whatever the loss prefers.
    let words = CurvatureKind.allCases.filter(kinds.contains).map { kind in
      switch kind {
      case .exact: "exact"
      case .fisher: "Fisher"
      case .gaussNewton: "Gauss–Newton"
      case .majorizer: "majorizer"
      }
    }
    return words.isEmpty ? "–" : words.joined(separator: ", ")
  }

  private static func mark(_ has: Bool) -> String { has ? "yes" : "–" }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  private static func numbers(_ value: Double, _ gradient: Double, _ curvature: Double) -> String {
    Set([value, gradient, curvature]).count == 1
      ? number(value) : [value, gradient, curvature].map(number).joined(separator: ", ")
  }
}
