/// The losses whose samples are not single predictions or rows of them: pairs and triplets of embeddings, lists of scores, maps of pixels,
/// the subjects of a study.
///
/// A loss is its own type's factory, in a file of its own, and one line here: the command line and the documentation find it through this
/// list.
public enum GroupLossCatalogue {
  /// Every loss, with its parameters at their defaults.
  public static let all: [GroupLoss] = [
    GroupLoss(PairLoss.cosine(), call: "PairLoss.cosine(margin:)"),
    GroupLoss(PairLoss.contrastive(), call: "PairLoss.contrastive(margin:)"),
    GroupLoss(PairLoss.hinge(), call: "PairLoss.hinge(margin:)"),
    GroupLoss(TripletLoss()),
    GroupLoss(TripletLoss(distance: .squaredEuclidean)),
    GroupLoss(InfoNCE()),
    GroupLoss(
      GroupedEmbeddingLoss.supervisedContrastive(), [("temperature", 0.1)],
      call: "GroupedEmbeddingLoss.supervisedContrastive(temperature:similarity:)"),
    GroupLoss(
      GroupedEmbeddingLoss.circle(), [("scale", 64), ("margin", 0.25)],
      call: "GroupedEmbeddingLoss.circle(scale:margin:)"
    ),
    GroupLoss(
      AngularMarginLoss.arcFace(), [("scale", 64), ("margin", 0.5)], call: "AngularMarginLoss.arcFace(scale:margin:)"),
    GroupLoss(
      AngularMarginLoss.cosFace(), [("scale", 64), ("margin", 0.35)], call: "AngularMarginLoss.cosFace(scale:margin:)"),
    GroupLoss(JointLoss.marginRanking()),
    GroupLoss(RankingLoss.logistic, call: "RankingLoss.logistic"),
    GroupLoss(RankingLoss.lambda, call: "RankingLoss.lambda"),
    GroupLoss(RankingLoss.hinge(), call: "RankingLoss.hinge(margin:)"),
    GroupLoss(RankingLoss.squaredHinge(), call: "RankingLoss.squaredHinge(margin:)"),
    GroupLoss(RankingLoss.listwiseSoftmax, call: "RankingLoss.listwiseSoftmax"),
    GroupLoss(RankingLoss.orderLikelihood(), call: "RankingLoss.orderLikelihood(top:)"),
    GroupLoss(RankingLoss.approximateNDCG(), call: "RankingLoss.approximateNDCG(temperature:)"),
    GroupLoss(SegmentationLoss.dice(), call: "SegmentationLoss.dice(smoothing:)"),
    GroupLoss(SegmentationLoss.jaccard(), call: "SegmentationLoss.jaccard(smoothing:)"),
    GroupLoss(SegmentationLoss.tversky(), call: "SegmentationLoss.tversky(alpha:beta:smoothing:)"),
    GroupLoss(SegmentationLoss.focalTversky(), call: "SegmentationLoss.focalTversky(alpha:beta:gamma:smoothing:)"),
    GroupLoss(
      SegmentationLoss.generalizedDice(classes: 2), call: "SegmentationLoss.generalizedDice(classes:smoothing:)"),
    GroupLoss(SegmentationLoss.lovaszHinge, call: "SegmentationLoss.lovaszHinge"),
    GroupLoss(SegmentationLoss.lovaszSoftmax, call: "SegmentationLoss.lovaszSoftmax"),
    GroupLoss(CoxPartialLikelihood()),
  ]
}
