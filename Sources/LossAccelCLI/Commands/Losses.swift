import ArgumentParser
import LossAccel

struct Losses: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the losses with their formulas, properties, domains and parameters.",
    discussion: """
      With the name of a loss, tells everything about it and draws it. Formulas are those that the kernels run; gradient and \
      curvature are derived from the loss, with respect to the prediction.
      """)

  @Argument(help: "The loss to tell everything about.")
  var name: String?

  @Flag(help: "Print a JSON list, or for one loss an object.")
  var json = false

  @Option(help: ArgumentHelp("The target that the curves are drawn for.", valueName: "number"))
  var target: Double?

  @Option(help: ArgumentHelp("Write the curves of the loss to this SVG file.", valueName: "file"))
  var plot: String?

  func validate() throws {
    if name == nil && (plot != nil || target != nil) {
      throw ValidationError(
        "--plot and --target need the name of a loss, as in: lossaccel losses huber --plot huber.svg")
    }
  }

  func run() throws {
    let listings = LossListing.known
    if let name {
      // The look-up knows how to complain about a name that does not exist.
      if !listings.contains(where: { $0.name == name }) { _ = try evaluableLoss(named: name, parameters: [:]) }
      let listing = listings.first { $0.name == name }!
      let curves = try curves(of: name)
      if let plot { try write(curves, to: plot) }
      let picture = curves.map { "\n\n" + TerminalPlot.text($0, style: Style().curve) } ?? ""
      try Terminal.show(json ? listing.json.text : details(of: listing) + picture)
    } else if json {
      try Terminal.show(JSON.array(listings.map(\.json)).text)
    } else {
      try Terminal.show(overview(of: listings))
    }
  }

  /// The curves of a pointwise loss; nil for a loss of rows, which has no one number to draw over.
  private func curves(of name: String) throws -> LossCurves? {
    guard let loss = LossCatalogue.all.first(where: { $0.name == name }) else { return nil }
    let target = target ?? LossCurves.typicalTarget(of: loss)
    if let domain = loss.targetDomain, !domain.contains(target) {
      throw DataError(
        "The target \(shown(target)) is outside the domain of \(name), \(shown(domain.lowerBound))…\(shown(domain.upperBound))."
      )
    }
    return LossCurves(loss, target: target)
  }

  private func write(_ curves: LossCurves?, to path: String) throws {
    guard let curves else {
      throw DataError(
        "\(name ?? "") is a loss of rows or groups: there is no one number to draw it over. Pointwise losses have plots."
      )
    }
    let file = try OutputFile(path: path)
    try file.write(Array(SVGPlot.text(curves).utf8))
    try file.finish()
  }

  private func overview(of listings: [LossListing]) -> String {
    let style = Style()
    var lines: [String] = []
    for listing in listings {
      let parameters = listing.parameters.map { "\($0.name)=\($0.value.isNaN ? "…" : shown($0.value))" }.joined(
        separator: " ")
      lines.append(style.bold(listing.name) + (parameters.isEmpty ? "" : "  \(parameters)"))
      lines.append("    \(listing.summary)")
      lines.append("    \(listing.formula)")
      lines.append("    \(listing.properties)")
      lines.append(style.dim("    predictions: \(listing.predictionDomain), targets: \(listing.targetDomain)"))
    }
    return lines.joined(separator: "\n")
  }

  private func details(of listing: LossListing) -> String {
    let parameters = listing.parameters
      .map { "\($0.name) (default \($0.value.isNaN ? "none" : shown($0.value)))" }.joined(separator: ", ")
    let facts = [
      ("sample", listing.sample), ("formula", listing.formula), ("gradient", listing.gradient),
      ("curvature", listing.curvature), ("predictions", listing.predictionDomain), ("targets", listing.targetDomain),
      ("properties", listing.properties),
      ("parameters", parameters.isEmpty ? "none" : parameters),
      ("options", listing.options.isEmpty ? "none" : listing.options.map { "--\($0)" }.joined(separator: ", ")),
    ]
    let width = facts.map(\.0.count).max() ?? 0
    let lines = facts.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }
    return ([Style().bold(listing.name), listing.summary, ""] + lines).joined(separator: "\n")
  }
}
