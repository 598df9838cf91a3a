import LossAccel
import TestSupport
import Testing

/// Separations among many classes, whose first steps go as far as there are classes: what a linear programme finds must be found, and nothing else.
struct ManyClassesSeparationTests {
  struct Problem: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var classes: Int
    var features: [[Double]]
    var labels: [Int]
    /// What the programme says, empty where nothing separates.
    var columns, rows: [Int]
    var pairs: [[Int]]

    var testDescription: String { name }
    var matrix: Matrix<Double> { Matrix(features) }
  }

  static let problems: [Problem] = decodedReference("Models/class-separation.json")

  private func result(
    _ problem: Problem, passing: Bool = false, optimizer: any Optimizer = AutomaticOptimizer()
  ) -> Result<MultinomialRegression, ModelError> {
    Result { () throws(ModelError) in
      passing
        ? try MultinomialRegression.fit(
          features: FeatureMatrix(problem.matrix), labels: problem.labels, optimizer: optimizer)
        : try MultinomialRegression.fit(features: problem.matrix, labels: problem.labels, optimizer: optimizer)
    }
  }

  private func expect(_ result: Result<MultinomialRegression, ModelError>, _ problem: Problem, _ what: String) {
    switch result {
    case .success(let model):
      #expect(
        problem.rows.isEmpty, "\(what): a fit with coefficients up to \(model.table.joined().map(abs).max() ?? 0)")
    case .failure(.classesSeparated(let found)):
      let columns = problem.columns.map { "x\($0 + 1)" }
      // Where rows nearly touch the bound, what was found may lean on a column that a direction nobody looked for does without.
      #expect(
        problem.name.hasPrefix("amounts") ? Set(found.columns).isSuperset(of: columns) : found.columns == columns,
        "\(what): \(found.columns)")
      #expect(found.pairs.map { [$0.first, $0.second] } == problem.pairs.map { $0.map(String.init) }, "\(what)")
      // One direction of several need not move every row.
      #expect(!found.rows.isEmpty && Set(found.rows).isSubset(of: problem.rows), "\(what)")
      #expect(found.observations == problem.labels.count)
    case .failure(let error): Issue.record("\(what): \(error)")
    }
  }

  @Test(arguments: problems) func separationsAreThoseOfALinearProgramme(problem: Problem) throws {
    expect(result(problem), problem, "matrix")
    expect(result(problem, passing: true), problem, "rows that pass by")
  }

  @Test(arguments: problems) func whicheverMethodSearched(problem: Problem) throws {
    for method in [NewtonMethod(), TrustRegionNewton()] as [any Optimizer] {
      expect(result(problem, optimizer: method), problem, method.name)
    }
  }
}
