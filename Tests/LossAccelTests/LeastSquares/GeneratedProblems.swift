import LossAccel
import TestSupport

/// Small least-squares problems of many kinds, by number: what tends to go wrong, in every combination.
struct GeneratedProblem {
  var matrix: Matrix<Double>
  var targets: [Double]
  var description: String

  enum Kind: CaseIterable {
    case normal, nearlyDependent, powers, hilbert, laeuchli, integers, graded, outlier, largeMeans, sparse, dependent
  }

  /// What the residuals are like, in units of the fitted values.
  private static let residualLevels: [Double] = [0, 1e-14, 1e-7, 0.1, 1, 1e5]

  private static let units: [Double] = [1e-150, 3e-60, 1, 7e40, 1e150]

  init(number: Int) {
    var generator = SeededGenerator(seed: UInt64(number))
    func uniform() -> Double { Double.random(in: -1..<1, using: &generator) }
    let kind = Kind.allCases[number % Kind.allCases.count]
    let n = Int.random(in: 1...4, using: &generator)
    let m = n + Int.random(in: kind == .laeuchli ? 1...1 : 0...12, using: &generator)
    let gap = Int.random(in: 0...50, using: &generator)
    let epsilon = Double(sign: .plus, exponent: -gap, significand: 1)
    var rows = (0..<m).map { _ in (0..<n).map { _ in uniform() } }
    switch kind {
    case .normal: break
    case .nearlyDependent, .dependent:
      // The last column is a combination of the others, but for a part 2⁻ᵍᵃᵖ (or exactly, in integers).
      let shares = (0..<n).map { _ in Double(Int.random(in: -3...3, using: &generator)) }
      for i in 0..<m {
        if kind == .dependent { rows[i] = rows[i].map { ($0 * 64).rounded() } }
        let combination = (0..<n - 1).reduce(0) { $0 + shares[$1] * rows[i][$1] }
        rows[i][n - 1] = n == 1 ? rows[i][0] : combination + (kind == .dependent ? 0 : epsilon * rows[i][n - 1])
      }
    case .powers:
      let (center, width) = (uniform() * 4, epsilon.squareRoot().squareRoot())
      for i in 0..<m {
        let t = center + width * Double(i) / Double(m)
        for j in 0..<n { rows[i][j] = (0..<j).reduce(1) { power, _ in power * t } }
      }
    case .hilbert: for i in 0..<m { for j in 0..<n { rows[i][j] = 1 / Double(i + j + 1) } }
    case .laeuchli: for i in 0..<m { for j in 0..<n { rows[i][j] = i == 0 ? 1 : (i == j + 1 ? epsilon : 0) } }
    case .integers: rows = rows.map { $0.map { ($0 * 9).rounded() } }
    case .graded:
      for i in 0..<m {
        let scale = Double(sign: .plus, exponent: -gap * i / m, significand: 1)
        rows[i] = rows[i].map { $0 * scale }
      }
    case .outlier: rows[m / 2][n / 2] /= epsilon
    case .largeMeans:
      for i in 0..<m {
        rows[i][0] = 1
        for j in 1..<max(n, 1) { rows[i][j] += Double(j) / epsilon.squareRoot() }
      }
    case .sparse:
      rows = rows.map { row in row.map { Double.random(in: 0..<1, using: &generator) < 0.5 ? 0 : $0 } }
    }
    let x = (0..<n).map { _ in uniform() }
    let level = Self.residualLevels.randomElement(using: &generator) ?? 0
    targets = rows.map { row in
      let fitted = zip(row, x).reduce(0) { $0 + $1.0 * $1.1 }
      return fitted + level * uniform() * (kind == .graded ? max(abs(fitted), 1e-9) : 1)
    }
    // Units of measurement: powers of two and not, from 10⁻¹⁵⁰ to 10¹⁵⁰.
    if number % 3 == 1 {
      let units = (0..<n).map { _ in Self.units.randomElement(using: &generator) ?? 1 }
      rows = rows.map { zip($0, units).map { $0 * $1 } }
    }
    if number % 5 == 2 {
      let unit = Self.units.randomElement(using: &generator) ?? 1
      targets = targets.map { $0 * unit }
    }
    matrix = Matrix(rows)
    description = "\(number): \(kind) \(m) × \(n), gap 2^-\(gap), residual \(level)"
  }
}
