import Foundation
import LossAccel
import TestSupport
import Testing

struct SeparationTests {
  private func separation(
    _ features: Matrix<Double>, _ targets: [Double], _ family: Family = .binomial, link: Link? = nil,
    weights: [Double]? = nil
  ) throws -> Separation? {
    let names = (0..<features.columns).map { "c\($0)" }
    let result = Result { () throws(ModelError) in
      try GeneralizedLinearModel.fit(
        features: features, targets: targets, family: family, link: link, weights: weights, columnNames: names)
    }
    guard case .failure(let error) = result else { return nil }
    guard case .separated(let separation) = error else { throw error }
    return separation
  }

  @Test(arguments: [Link.logit, .probit, .complementaryLogLog]) func completeSeparationIsNamed(_ link: Link) throws {
    let features = Matrix<Double>([[1, 5], [2, 3], [3, 6], [4, 2], [5, 4], [6, 4]])
    let found = try #require(try separation(features, [0, 0, 0, 1, 1, 1], link: link))
    #expect(found.isComplete && found.rows == Array(0..<6) && found.columns.contains("c0"))
    #expect(found.description.contains("completely") && found.description.contains("ridge"))
    // The correction is for canonical links.
    #expect(found.description.contains("Firth") == (link == .logit))
    // The direction is the proof.
    for (row, target) in [0.0, 0, 0, 1, 1, 1].enumerated() {
      let product = found.direction[0] + found.direction[1] * features[row, 0] + found.direction[2] * features[row, 1]
      #expect(target == 1 ? product > 0 : product < 0)
    }
  }

  /// A dummy column that is 1 for successes only, beside a column that is in order.
  @Test func quasiCompleteSeparationNamesTheColumn() throws {
    var (rows, targets): ([[Double]], [Double]) = ([], [])
    for index in 0..<40 {
      let marked = index % 8 == 0
      rows.append([Double(index * 7 % 11), marked ? 1 : 0, Double(index * 5 % 13)])
      targets.append(marked || index * 7 % 11 + index * 3 % 5 > 6 ? 1 : 0)
    }
    let found = try #require(try separation(Matrix(rows), targets))
    #expect(found.columns == ["c1"] && !found.isComplete)
    #expect(found.rows == [0, 8, 16, 24, 32] && found.observations == 40)
    #expect(abs(abs(found.direction[2]) - 1) < 1e-9 && found.direction[2] > 0)
  }

  @Test func poissonSeparationNamesTheColumn() throws {
    var (rows, counts): ([[Double]], [Double]) = ([], [])
    for index in 0..<60 {
      let marked = index % 10 == 3
      rows.append([Double(index * 7 % 11) / 4, marked ? 1 : 0])
      counts.append(marked ? 0 : Double(index * 13 % 7))
    }
    let found = try #require(try separation(Matrix(rows), counts, .poisson))
    #expect(found.columns == ["c1"] && found.rows == [3, 13, 23, 33, 43, 53])
    #expect(found.direction[2] < 0)
    #expect(try separation(Matrix(rows), counts, .negativeBinomial(theta: 2))?.columns == ["c1"])
  }

  @Test func rowsAreThoseOfTheTable() throws {
    let features = Matrix<Double>([[9], [1], [2], [3], [4], [5], [6]])
    let found = try #require(
      try separation(features, [0, 0, 0, 0, 1, 1, 1], weights: [0, 1, 1, 1, 1, 1, 1]))
    #expect(found.rows == [1, 2, 3, 4, 5, 6] && found.observations == 6)
  }

  /// Predictors far from 0 are no separation: here the overlap is two rows in 100.
  @Test func nearlySeparatedDataAreFitted() throws {
    var (rows, targets): ([[Double]], [Double]) = ([], [])
    for index in 0..<200 {
      rows.append([Double(index), Double(index % 2)])
      targets.append(index < 100 ? 0 : 1)
    }
    // Even rows overlap, and odd ones do, so no combination of the columns separates.
    (targets[98], targets[100], targets[97], targets[101]) = (1, 0, 1, 0)
    #expect(try separation(Matrix(rows), targets) == nil)
    #expect(try separation(Matrix(rows.map { [$0[0] * 1e-6, $0[1] * 1e6] }), targets) == nil)
    // Rare counts neither.
    let counts = (0..<200).map { $0 % 45 == 7 ? 1.0 : 0 }
    #expect(try separation(Matrix(rows), counts, .poisson) == nil)
  }

  @Test func separationHasThreeCures() throws {
    let features = Matrix<Double>([[1, 5], [2, 3], [3, 6], [4, 2], [5, 4], [6, 4]])
    let targets = [0.0, 0, 0, 1, 1, 1]
    let ridge = try GeneralizedLinearModel.fit(
      features: features, targets: targets, family: .binomial, penalty: Penalty(ridge: 0.1))
    #expect(ridge.coefficients.allSatisfy { $0.estimate.isFinite && $0.standardError.isNaN })
    let firth = try GeneralizedLinearModel.fit(
      features: features, targets: targets, family: .binomial, reducesBias: true)
    #expect(firth.coefficients.allSatisfy { $0.estimate.isFinite && $0.standardError > 0 } && firth.isBiasReduced)
  }
}
