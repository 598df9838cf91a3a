import LossAccel

/// InfoNCE with the gradients of queries and keys, beside the three matrix products that it cannot do without.
func infoNCEJobs() -> [Job] {
  [
    infoNCEJob(rows: 4096, columns: 256, of: Float.self, goals: [.shareOfLimit(.single, atLeast: 0.67)]),
    infoNCEJob(rows: 1024, columns: 128, of: Float.self, isQuick: true),
  ]
}

private func infoNCEJob<T: NaiveScalar>(
  rows: Int, columns: Int, of type: T.Type, isQuick: Bool = false, goals: [Goal] = []
) -> Job {
  Job(
    name: "info-nce \(typeName(type)) \(shapeName(rows, columns))",
    group: "InfoNCE of as many queries as keys: mean and both gradients", isQuick: isQuick, goals: goals
  ) {
    let batch = ContrastiveBatch<T>(rows: rows, columns: columns)
    return Race(
      work: Work(items: rows * rows, item: "similarity", operations: 6 * Double(rows) * Double(rows) * Double(columns)),
      label: "LossAccel, 256 queries at a time", run: { try batch.run() }, limit: "the three products, all at once",
      runLimit: { try batch.multiply() },
      check: { try batch.check() })
  }
}

private final class ContrastiveBatch<T: NaiveScalar> {
  let queries: Matrix<T>
  let keys: Matrix<T>
  var queryGradient: Matrix<T>
  var keyGradient: Matrix<T>
  var similarities: [T]
  var value = 0.0
  let loss = InfoNCE(temperature: 0.1, similarity: .dot)

  /// Embeddings of length 1 or so, whose similarities over the temperature have variance 100/columns.
  init(rows: Int, columns: Int) {
    var generator = SeededGenerator()
    let size = 1 / Double(columns).squareRoot()
    queries = Matrix(rows: rows, columns: columns, elements: generator.array(rows * columns) { size * $0.normal() })
    keys = Matrix(rows: rows, columns: columns, elements: generator.array(rows * columns) { size * $0.normal() })
    queryGradient = Matrix.zeros(rows: rows, columns: columns)
    keyGradient = queryGradient
    similarities = Array(repeating: 0, count: rows * rows)
  }

  func run() throws {
    value = try loss.mean(queries: queries, keys: keys, queryGradient: &queryGradient, keyGradient: &keyGradient)
  }

  func multiply() throws {
    try products(queries, keys, &similarities, &queryGradient.elements, &keyGradient.elements)
  }

  /// A similarity is off by up to columns·ε·Σ|terms|, which is below columns·ε here, and so by 10·columns·ε over the temperature; its
  /// share relatively by as much, and once more for each sum that the shares are added up in. Value and gradient of a few
  /// queries are compared with loops in double precision.
  func check() throws {
    try run()
    let rows = queries.rows, columns = queries.columns
    let bound = 20 * Double(columns) * Double(T.ulpOfOne)
    let exact = try Matrix<Double>(queries).multiplied(by: Matrix<Double>(keys).transposed())
    var total = 0.0
    for i in 0..<rows {
      let logits = exact.row(i).map { 10 * $0 }
      let largest = logits.max()!
      let sum = logits.reduce(0) { $0 + Double.exponential($1 - largest) }
      total += Double.logarithm(sum) + largest - logits[i]
      guard i % (rows / 8) == 0 else { continue }
      for column in [0, columns - 1] {
        var gradient = -Double(keys[i, column])
        for j in 0..<rows { gradient += Double.exponential(logits[j] - largest) / sum * Double(keys[j, column]) }
        try Disagreement.check(
          "InfoNCE, gradient of query \(i), \(column)", Double(queryGradient[i, column]), gradient * 10 / Double(rows),
          bound: 10 / Double(rows) * bound)
      }
    }
    try Disagreement.check("InfoNCE, value", value, total / Double(rows), bound: bound * (1 + value))
  }
}

// A span of an object's property lives for one access only, too short for `inout`; that of a parameter lives as long as the call.
private func products<T: Scalar>(
  _ a: Matrix<T>, _ b: Matrix<T>, _ similarities: inout [T], _ first: inout [T], _ second: inout [T]
) throws {
  let (rows, columns) = (a.rows, a.columns)
  var whole = similarities.mutableSpan
  try BLAS.gemm(
    rows: rows, columns: rows, inner: columns, a: a.elements.span, b: b.elements.span, transposeB: true, c: &whole)
  var left = first.mutableSpan, right = second.mutableSpan
  try BLAS.gemm(rows: rows, columns: columns, inner: rows, a: whole.span, b: b.elements.span, c: &left)
  try BLAS.gemm(
    rows: rows, columns: columns, inner: rows, a: whole.span, transposeA: true, b: a.elements.span, c: &right)
}
