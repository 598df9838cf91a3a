import LossAccel

/// Least squares by the normal equations, written out: AᵀA and Aᵀb row by row, a Cholesky factorisation, two substitutions.
/// `gram` and `solution` are the caller's: columns² and columns numbers.
@specialized(where T == Float)
@specialized(where T == Double)
func naiveLeastSquares<T: NaiveScalar>(_ matrix: [T], _ targets: [T], _ gram: inout [T], _ solution: inout [T]) {
  let columns = solution.count
  for index in gram.indices { gram[index] = 0 }
  for index in solution.indices { solution[index] = 0 }
  for i in 0..<targets.count {
    let row = i * columns
    for j in 0..<columns {
      let x = matrix[row + j]
      solution[j] += x * targets[i]
      for k in j..<columns { gram[j * columns + k] += x * matrix[row + k] }
    }
  }
  // AᵀA = RᵀR, R over the upper triangle.
  for j in 0..<columns {
    for i in 0..<j {
      let factor = gram[i * columns + j]
      for k in j..<columns { gram[j * columns + k] -= factor * gram[i * columns + k] }
    }
    let pivot = gram[j * columns + j].squareRoot()
    for k in j..<columns { gram[j * columns + k] /= pivot }
  }
  for j in 0..<columns {
    for i in 0..<j { solution[j] -= gram[i * columns + j] * solution[i] }
    solution[j] /= gram[j * columns + j]
  }
  for j in (0..<columns).reversed() {
    for k in j + 1..<max(columns, j + 1) { solution[j] -= gram[j * columns + k] * solution[k] }
    solution[j] /= gram[j * columns + j]
  }
}
