import LossAccel
import Testing

@Suite("Catalogue of losses of pairs, lists, maps and studies")
struct GroupLossCatalogueTests {
  @Test("Names are unique, also among pointwise losses, and everything is said")
  func entries() {
    let names = GroupLossCatalogue.all.map(\.name)
    #expect(Set(names + LossCatalogue.all.map(\.name)).count == names.count + LossCatalogue.all.count)
    for loss in GroupLossCatalogue.all {
      #expect(!loss.summary.isEmpty && !loss.formula.isEmpty && !loss.sample.isEmpty && !loss.curvatureKinds.isEmpty)
      for parameter in loss.parameters {
        let isArgument = ["(", ":"].contains { loss.call.contains("\($0)\(parameter.name):") }
        #expect(isArgument, "\(loss.name) has no argument \(parameter.name)")
      }
    }
  }

  @Test("Every loss of the catalogue has references")
  func references() {
    let files = ["embedding", "ranking", "segmentation", "survival"].map { ReferenceCase.all($0) }
    let kinds = Set(files[0...2].joined().map { String($0.name.prefix { $0 != "," }.map { $0 == "_" ? "-" : $0 }) })
    let own = [
      "ranking-logistic": "logistic", "ranking-lambda": "lambda", "ranking-hinge": "hinge",
      "ranking-squared-hinge": "squared-hinge", "ranking-softmax": "softmax", "ranking-likelihood": "likelihood",
      "ranking-approximate-ndcg": "approximate-ndcg",
    ]
    for loss in GroupLossCatalogue.all where loss.name != "cox" && loss.name != "margin-ranking" {
      #expect(kinds.contains(own[loss.name] ?? loss.name), "no references for \(loss.name)")
    }
    #expect(!files[3].isEmpty)
  }
}
