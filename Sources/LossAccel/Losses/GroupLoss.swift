/// What ``GroupLossCatalogue`` tells about a loss.
public struct GroupLoss: Sendable {
  /// What the loss is called.
  public let name: String

  /// What it is, in a sentence.
  public let summary: String

  /// What a sample is.
  public let sample: String

  /// The loss of a sample as text.
  public let formula: String

  /// What is known of it.
  public let traits: LossTraits

  /// Its parameters with their defaults; NaN for one that is not set.
  public let parameters: [(name: String, value: Double)]

  /// The curvatures that it has, as operators.
  public let curvatureKinds: [CurvatureKind]

  /// How it is written in Swift.
  public let call: String
}

extension GroupLoss {
  init(_ loss: PairLoss, call: String) {
    self.init(
      name: loss.name, summary: loss.summary,
      sample: "two embeddings, and whether they belong together (1) or not (0 or −1)", formula: loss.formula,
      traits: loss.traits, parameters: [("margin", loss.margin)], curvatureKinds: [.exact], call: call)
  }

  init(_ loss: TripletLoss) {
    self.init(
      name: loss.name, summary: loss.summary, sample: "an anchor a, a positive p and a negative n",
      formula: loss.formula,
      traits: loss.traits, parameters: [("margin", loss.margin)], curvatureKinds: [.exact],
      call: "TripletLoss(margin:distance:)")
  }

  init(_ loss: InfoNCE) {
    self.init(
      name: loss.name, summary: loss.summary, sample: "a query q, and the number of its key k₊ among all keys",
      formula: loss.formula, traits: loss.traits, parameters: [("temperature", loss.temperature)],
      curvatureKinds: [.exact, .gaussNewton], call: "InfoNCE(temperature:similarity:)")
  }

  init(_ loss: GroupedEmbeddingLoss, _ parameters: [(name: String, value: Double)], call: String) {
    self.init(
      name: loss.name, summary: loss.summary, sample: "an embedding among the others, and its group",
      formula: loss.formula, traits: loss.traits, parameters: parameters, curvatureKinds: [.exact, .gaussNewton],
      call: call)
  }

  init(_ loss: AngularMarginLoss, _ parameters: [(name: String, value: Double)], call: String) {
    self.init(
      name: loss.name, summary: loss.summary, sample: "an embedding and its class, with the classes' centres",
      formula: loss.formula, traits: loss.traits, parameters: parameters, curvatureKinds: [.exact, .gaussNewton],
      call: call)
  }

  init(_ loss: JointLoss) {
    self.init(
      name: loss.name, summary: loss.summary, sample: "two scores, and which should be higher (1 or −1)",
      formula: loss.formula.description, traits: loss.traits!, parameters: loss.parameters,
      curvatureKinds: loss.curvatureKinds, call: "JointLoss.marginRanking(margin:)")
  }

  init(_ loss: RankingLoss, call: String) {
    self.init(
      name: loss.name, summary: loss.summary, sample: "a list of scores s and their relevances y",
      formula: loss.formula, traits: loss.traits, parameters: loss.parameters.map { ($0.name, $0.value) },
      curvatureKinds: [.exact], call: call)
  }

  init(_ loss: SegmentationLoss, call: String) {
    let isPerImage = loss.mapsPerSample > 1
    self.init(
      name: loss.name, summary: loss.summary,
      sample: isPerImage
        ? "the maps p and t of all classes of an image" : "a map of predictions p and the true region t",
      formula: loss.formula, traits: loss.traits, parameters: loss.parameters.map { ($0.name, $0.value) },
      curvatureKinds: [.exact], call: call)
  }

  init(_ loss: CoxPartialLikelihood) {
    self.init(
      name: loss.name, summary: loss.summary, sample: "an event among all who were at risk then",
      formula: loss.formula, traits: loss.traits, parameters: [], curvatureKinds: [.exact],
      call: "CoxPartialLikelihood(ties:)")
  }
}
