import LossAccel
import TestSupport
import Testing

/// Softmax regression with 650 coefficients on the images of handwritten digits, against References/Models/digits.json, which was made with 70
/// digits.
struct DigitsTests {
  private struct Reference: Decodable {
    var ridge: Double
    var labels: [Int]
    /// A digit of base 17 for every pixel.
    var images: [String]
    var loss, deviance: Double
    /// A row for every term, the intercept's first, and a column for every class.
    var coefficients: [[Double]]
  }

  private static let known: Reference = decodedReference("Models/digits.json")

  private static let features = Matrix<Double>(
    known.images.map { image in image.map { Double($0.hexDigitValue ?? 16) } })

  private func fit(
    scales: [Double]? = nil, optimizer: any Optimizer = AutomaticOptimizer(), accuracy: LeastSquaresAccuracy = .exact
  ) throws -> MultinomialRegression {
    let (known, features) = (Self.known, Self.features)
    guard let scales else {
      return try MultinomialRegression.fit(
        features: features, labels: known.labels, penalty: Penalty(ridge: .uniform(known.ridge)), optimizer: optimizer,
        accuracy: accuracy)
    }
    let scaled = Matrix<Double>(rows: features.rows, columns: features.columns) { features[$0, $1] * scales[$1] }
    return try MultinomialRegression.fit(
      features: scaled, labels: known.labels,
      penalty: Penalty(ridge: .perColumn(scales.map { known.ridge * $0 * $0 })), optimizer: optimizer,
      accuracy: accuracy)
  }

  @Test func coefficientsAreRightToTheLastDigit() throws {
    let model = try fit()
    let expected = Self.known.coefficients
    #expect(model.isExact && !model.description.contains("as accurate as the search"))
    // Rounded once.
    #expect(relativeError(model.table.flatMap { $0 }, expected.flatMap { $0 }) <= 0x1p-52)
    #expect(relativeError([model.loss, model.deviance], [Self.known.loss, Self.known.deviance]) <= 1e-14)
    // The pixels that are always blank.
    #expect([1, 33, 40].allSatisfy { model.table[$0].allSatisfy { $0 == 0 } })
  }

  @Test func theFastFitHasTheDigitsOfItsGradients() throws {
    let model = try fit(accuracy: .fast)
    #expect(!model.isExact)
    // Gradients are sums of 1797 terms in double precision, and the ridge holds the curvature above 1/512.
    let largest = Self.known.coefficients.joined().reduce(0) { max($0, abs($1)) }
    #expect(distance(model.table.flatMap { $0 }, Self.known.coefficients.flatMap { $0 }) <= 1e-11 * largest)
  }

  @Test func everyMethodComesToIt() throws {
    for method in [NewtonMethod(), LBFGS(isPreconditioned: true), TrustRegionNewton()] as [any Optimizer] {
      let model = try fit(optimizer: method)
      #expect(
        relativeError(model.table.flatMap { $0 }, Self.known.coefficients.flatMap { $0 }) <= 0x1p-52, "\(method.name)")
    }
  }

  @Test func unitsDoNotMatter() throws {
    let scales = (0..<64).map { [1e6, 1, 1e-6][$0 % 3] }
    let model = try fit(scales: scales)
    var back = model.table
    for (column, scale) in scales.enumerated() { back[column + 1] = back[column + 1].map { $0 * scale } }
    // Millionths of whole numbers are rounded, and coefficients depend on every one of them.
    #expect(relativeError(back.flatMap { $0 }, Self.known.coefficients.flatMap { $0 }) <= 1e-11)
  }
}
