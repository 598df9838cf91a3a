import ArgumentParser
import LossAccel

/// The options of `fit` that ask for a model other than linear regression.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A generalised linear model: what the target is distributed as.",
      discussion: """
        gaussian, binomial (0 and 1, two texts, or shares with the trials as --weights), poisson, gamma, inverse-gaussian, \
        negative-binomial (--set theta=2), tweedie (--set power=1.5); or multinomial (classes: texts or whole numbers).
        """))
  var family: String?

  @Option(
    help: """
      The link of the family: identity, log, logit, probit, cloglog, reciprocal, sqrt or inverse-square. Default: the usual one.
      """)
  var link: String?

  @Option(help: "Minimise this loss instead; 'lossaccel losses' lists them.")
  var loss: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: "A parameter of the family or the loss: theta=2, delta=1.5. Repeatable.")
  var parameters: [String] = []

  @Option(help: ArgumentHelp("With --family or --loss: adds λ·Σ|β| to the mean of the losses.", valueName: "λ"))
  var lasso = 0.0

  @Flag(
    help:
      "With --family binomial or poisson: Firth's correction, which keeps coefficients finite where columns separate.")
  var firth = false

  @Option(help: "With --family or --loss: write the model to this file, for 'lossaccel predict'.")
  var save: String?

  var isGiven: Bool { family != nil || loss != nil }

  /// Several classes: a model of its own.
  var isMultinomial: Bool { family == "multinomial" }

  func validate() throws {
    if family != nil && loss != nil { throw ValidationError("Give either --family or --loss.") }
    if link != nil && family == nil { throw ValidationError("--link belongs to --family.") }
    if firth && (family == nil || lasso > 0) {
      throw ValidationError("--firth belongs to --family, without penalties.")
    }
    if isMultinomial && (link != nil || firth || !parameters.isEmpty) {
      throw ValidationError(
        "--family multinomial has no --link, no --firth and nothing to --set; it takes --ridge and --lasso.")
    }
    if !isGiven && (lasso != 0 || !parameters.isEmpty) {
      throw ValidationError(
        "--lasso and --set belong to --family or --loss; linear regression is --family gaussian.")
    }
    if !(lasso >= 0 && lasso.isFinite) { throw ValidationError("--lasso is \(lasso); it must not be negative.") }
  }

  /// The family and its link.
  func chosenFamily() throws -> (Family, Link)? {
    guard let name = family, !isMultinomial else { return nil }
    guard Family.names.contains(name) else {
      throw UsageError(
        "There is no family \"\(name)\". There are: \((Family.names + ["multinomial"]).joined(separator: ", ")).")
    }
    let values = try parsedParameters(parameters)
    guard values.count <= 1, let family = Family.named(name, parameter: values.values.first),
      values.isEmpty || family.parameter?.name == values.keys.first
    else {
      let wanted = Family.named(name, parameter: 1.5)?.parameter?.name
      throw UsageError(
        wanted.map {
          "The family \(name) needs its parameter: --set \($0)=1.5\($0 == "power" ? ", between 1 and 2" : ", above 0")."
        } ?? "The family \(name) has no parameters to --set.")
    }
    guard let link else { return (family, family.links[0]) }
    guard let chosen = Self.links[link], family.links.contains(chosen) else {
      let known = family.links.compactMap { link in Self.links.first { $0.value == link }?.key }
      throw UsageError("The \(name) family has no link \"\(link)\". It has: \(known.joined(separator: ", ")).")
    }
    return (family, chosen)
  }

  /// The loss.
  func chosenLoss() throws -> PointwiseLoss? {
    guard let name = loss else { return nil }
    let values = try parsedParameters(parameters)
    do throws(LossCatalogueError) {
      return try LossCatalogue.loss(named: name, parameters: values)
    } catch {
      throw UsageError("\(error) 'lossaccel losses' lists them with their parameters.")
    }
  }

  private static let links: KeyValuePairs<String, Link> = [
    "identity": .identity, "log": .log, "logit": .logit, "probit": .probit, "cloglog": .complementaryLogLog,
    "reciprocal": .reciprocal, "sqrt": .squareRoot, "inverse-square": .inverseSquare,
  ]
}

extension KeyValuePairs<String, Link> {
  fileprivate subscript(name: String) -> Link? { first { $0.key == name }?.value }
}
