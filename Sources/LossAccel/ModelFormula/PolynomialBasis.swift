/// Powers of a column, or polynomials of degrees 1, 2, … that are orthonormal over the rows of a fit, with positive leading
/// coefficients, as R's `poly` makes them.
struct PolynomialBasis: Sendable {
  let degree: Int
  /// Subtracted from the column first; zero for powers.
  private(set) var shift = 0.0
  /// The triangular factor R of [1, t, t², …], t = x − shift, by columns: tʲ = Σᵢ R[j][i]·pᵢ. Nil for powers.
  private(set) var factor: [[DoubleDouble]]?

  /// The powers themselves.
  init(degree: Int) { self.degree = degree }

  init(degree: Int, shift: Double, factor: [[DoubleDouble]]) {
    (self.degree, self.shift, self.factor) = (degree, shift, factor)
  }

  /// The columns of degrees 1 to ``degree``.
  func evaluate(_ x: WideVector) -> [WideVector] {
    let t = shift == 0 ? x : x.combined(.subtract, WideVector(shift, count: x.count))
    var powers: [WideVector] = []
    for power in 1...degree { powers.append(power == 1 ? t : powers[power - 2].combined(.multiply, t)) }
    guard let factor else { return powers }
    func constant(_ value: DoubleDouble) -> WideVector {
      WideVector(
        [Double](repeating: value.high, count: x.count), [Double](repeating: value.low, count: x.count))
    }
    var polynomials = [constant(DoubleDouble(1) / factor[0][0])]
    for (power, column) in zip(powers, factor.dropFirst()) {
      var rest = power
      for (share, lower) in zip(column, polynomials) {
        rest = rest.combined(.subtract, lower.combined(.multiply, constant(share)))
      }
      polynomials.append(rest.combined(.divide, constant(column[polynomials.count])))
    }
    return Array(polynomials.dropFirst())
  }
}

/// Sums of products of the powers of a column, in three words, from which orthogonal polynomials follow.
struct PolynomialMoments: Sendable {
  /// About the middle of the first rows: powers of what is left are far less dependent than those of the column.
  let shift: Double
  let degree: Int
  private var sums: LeastSquaresAccumulator

  init(_ first: WideVector, degree: Int) {
    let (low, high) = (first.high.min() ?? 0, first.high.max() ?? 0)
    self.init(shift: low / 2 + high / 2, degree: degree)
    add(first)
  }

  private init(shift: Double, degree: Int) {
    (self.shift, self.degree) = (shift, degree)
    sums = LeastSquaresAccumulator(columns: degree, intercept: true)
  }

  func empty() -> PolynomialMoments { PolynomialMoments(shift: shift, degree: degree) }

  mutating func add(_ values: WideVector) {
    let t = values.combined(.subtract, WideVector(shift, count: values.count))
    let powers = [WideVector(1, count: t.count)] + PolynomialBasis(degree: degree).evaluate(t)
    var block = WideBlock(width: degree + 2)
    block.forEachBlock(of: powers + [WideVector(0, count: t.count)]) { sums.add(&$0) }
  }

  mutating func add(_ other: PolynomialMoments) {
    precondition(other.shift == shift && other.degree == degree, "moments about \(other.shift) and \(shift)")
    sums.add(other.sums)
  }

  func basis(degree: Int, term: String) throws(ModelFormulaError) -> PolynomialBasis {
    let order = degree + 1
    var gram = [DoubleDouble](repeating: DoubleDouble(0), count: order * order)
    for j in 0..<order {
      for i in 0...j {
        let unit = sums.unit(i) * sums.unit(j)
        gram[i * order + j] = sums.sum(i, j).wide.scaled(by: unit)
        gram[j * order + i] = gram[i * order + j]
      }
    }
    let gross = (0..<order).map { gram[$0 * (order + 1)].high.squareRoot() }
    let elimination = Elimination(gram, order: order, gross: gross)
    guard elimination.kept.count == order else {
      throw .unusable(
        term: term, problem: "a polynomial of degree \(degree) needs more than \(degree) distinct values.")
    }
    return PolynomialBasis(degree: degree, shift: shift, factor: elimination.upper)
  }
}
