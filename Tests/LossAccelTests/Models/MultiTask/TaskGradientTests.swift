import LossAccel
import TestSupport
import Testing

/// Common directions of several gradients: against 50 digits, by their optimality conditions, and in another order.
struct TaskGradientTests {
  static let known = MultiTaskReferences.known.directions

  /// What the coefficients make of the gradients, and the distance that rounding of their products allows.
  private func check(_ method: any TaskGradientMethod, _ number: Int, _ expected: [Double], tolerance: Double = 1e-12)
    throws
  {
    let known = Self.known[number]
    let found = try method.combine(known.tasks())
    #expect(distance(found.direction, expected) <= tolerance * known.scale, "\(method.name) \(number)")
    for (descent, gradient) in zip(found.descents, known.gradients) {
      #expect(abs(descent - dot(gradient, found.direction)) <= 1e-13 * known.scale * known.scale)
    }
  }

  /// Gradients that are cut into parts: small whole numbers, whose products add up without rounding.
  @Test func longGradientsAreMultipliedInParts() throws {
    let (tasks, columns, shared) = (3, 400_000, 390_001)
    let gradients = Matrix<Double>(rows: tasks, columns: columns) { Double(($0 + 2) * ($1 % 1009) % 17 - 8) }
    var expected = Matrix<Double>.zeros(rows: tasks, columns: tasks)
    for first in 0..<tasks {
      for second in 0..<tasks {
        for column in 0..<shared { expected[first, second] += gradients[first, column] * gradients[second, column] }
      }
    }
    for threads in [1, 3] {
      let found = try Parallelism.withThreads(threads) {
        try TaskGradients(
          names: ["a", "b", "c"], losses: [1, 1, 1], gradients: gradients, sharedCount: shared)
      }
      #expect(found.gram == expected)
    }
    // And rounded sums are the same for any number of threads.
    let rough = Matrix<Double>(rows: tasks, columns: columns) { 1 / Double(3 + $1 % 101 + 7 * $0) }
    let grams = try [1, 2, 3].map { threads in
      try Parallelism.withThreads(threads) {
        try TaskGradients(names: ["a", "b", "c"], losses: [1, 1, 1], gradients: rough).gram
      }
    }
    #expect(grams[1] == grams[0] && grams[2] == grams[0])
  }

  @Test(arguments: known.indices) func projectedGradients(number: Int) throws {
    try check(PCGrad(order: .listed), number, Self.known[number].pcgrad)
    let known = Self.known[number]
    let projected = try PCGrad().combine(known.tasks())
    if known.gradients.count == 2 {
      // The order does not matter, and neither task is harmed.
      #expect(distance(projected.direction, known.pcgrad) <= 1e-13 * known.scale)
      #expect(projected.descents.allSatisfy { $0 >= -1e-13 * known.scale * known.scale })
    }
    let seeds = try (0..<8).map { try PCGrad(order: .shuffled(seed: $0)).combine(known.tasks()).direction }
    #expect(try PCGrad(order: .shuffled(seed: 3)).combine(known.tasks()).direction == seeds[3])
    if known.gradients.count >= 5 { #expect(Set(seeds).count > 1) }
  }

  @Test(arguments: known.indices) func shortestVectors(number: Int) throws {
    let known = Self.known[number]
    // The direction of a nearly degenerate hull is known to the root of what its square is known to.
    try check(MGDA(), number, known.mgda, tolerance: 1e-7)
    let found = try MGDA().combine(known.tasks())
    let weights = found.coefficients.values
    #expect(weights.allSatisfy { $0 >= 0 } && abs(weights.reduce(0, +) - 1) <= 1e-14)
    let square = dot(found.direction, found.direction)
    let gap = try #require(found.coefficients.dualityGap)
    let rounding = 1e-14 * known.scale * known.scale
    #expect(gap <= 100 * rounding)
    #expect(abs(square - found.descents.min()! - gap) <= rounding)
    #expect(abs(square - dot(known.mgda, known.mgda)) <= gap + rounding)
  }

  @Test(arguments: known.indices) func conflictAverseDirections(number: Int) throws {
    let known = Self.known[number]
    try check(CAGrad(radius: 0.5), number, known.cagrad, tolerance: 1e-7)
    try check(CAGrad(radius: 2), number, known.cagradWide, tolerance: 1e-7)
    let mean = (0..<known.gradients[0].count).map { column in
      known.gradients.reduce(0) { $0 + $1[column] } / Double(known.gradients.count)
    }
    for (radius, worst) in [(0.5, known.worst), (2, known.worstWide)] {
      let found = try CAGrad(radius: radius).combine(known.tasks())
      let gap = try #require(found.coefficients.dualityGap)
      let rounding = 1e-13 * known.scale * known.scale
      #expect(gap <= rounding, "\(gap)")
      #expect(abs(found.descents.min()! - worst) <= gap + rounding)
      #expect(distance(found.direction, mean) <= radius * norm(mean) * (1 + 1e-12))
    }
    #expect(distance(try CAGrad(radius: 0).combine(known.tasks()).direction, mean) <= 1e-15 * known.scale)
  }

  @Test(arguments: known.indices) func theOrderOfTheTasksDoesNotMatter(number: Int) throws {
    let known = Self.known[number]
    let shuffled = Array(known.gradients.indices.reversed())
    for method in [PCGrad(), MGDA(), CAGrad()] as [any TaskGradientMethod] {
      let (a, b) = (try method.combine(known.tasks()), try method.combine(known.tasks(shuffled)))
      #expect(distance(a.direction, b.direction) <= 1e-7 * known.scale, "\(method.name)")
      for (place, task) in shuffled.enumerated() {
        #expect(abs(a.descents[task] - b.descents[place]) <= 1e-12 * known.scale * known.scale)
      }
    }
  }

  /// Where closed forms exist: two opposite gradients, equal ones, one that vanishes, one task.
  @Test func degenerateGradients() throws {
    func gradients(_ rows: [[Double]]) throws -> TaskGradients {
      try TaskGradients(
        names: rows.indices.map { "t\($0)" }, losses: rows.map { _ in 1 }, gradients: Matrix(rows))
    }
    let methods: [any TaskGradientMethod] = [PCGrad(), MGDA(), CAGrad()]
    for method in methods {
      let single = try method.combine(gradients([[3, -4]]))
      // CAGrad goes on in the direction of the mean.
      let length = method is CAGrad ? 1.5 : 1
      #expect(distance(single.direction, [3 * length, -4 * length]) <= 1e-13, "\(method.name)")
      let equal = try method.combine(gradients([[1, 2], [1, 2], [1, 2]]))
      let factor = method is PCGrad ? 3 : method is CAGrad ? 1.5 : 1.0
      #expect(distance(equal.direction, [factor, 2 * factor]) <= 1e-13, "\(method.name)")
      let zero = try method.combine(gradients([[0, 0], [0, 0]]))
      #expect(zero.direction == [0, 0], "\(method.name)")
    }
    let opposite = try gradients([[1, 0], [-0.25, 0]])
    #expect(norm(try PCGrad().combine(opposite).direction) <= 1e-16)
    let shortest = try MGDA().combine(opposite)
    #expect(norm(shortest.direction) <= 1e-8 && abs(shortest.coefficients.values[0] - 0.2) <= 1e-8)
    // A gradient of 0 cannot be helped: MGDA stays, the others go on.
    let idle = try gradients([[0, 0], [1, 1]])
    #expect(try MGDA().combine(idle).direction == [0, 0])
    #expect(try PCGrad().combine(idle).direction == [1, 1])
    #expect(norm(try CAGrad().combine(idle).direction) > 0.7)
    // The hull's edge goes through 0: no direction gains, and the certificate says so.
    let edge = try CAGrad().combine(gradients([[1, 0], [-1, 0], [0, 1]]))
    #expect(abs(edge.descents.min()!) <= 1e-6 && edge.coefficients.dualityGap! <= 1e-6)
    // Lengths of 2⁻⁶⁰ and 2⁶⁰: the long one turns the short one by 45°.
    let far = try MGDA().combine(gradients([[0x1p-60, 0], [-0x1p60, 0x1p60]]))
    #expect(distance(far.direction, [0x1p-61, 0x1p-61]) <= 1e-13 * 0x1p-60)
    #expect(far.coefficients.dualityGap! <= 1e-13)
  }

  @Test func largeSetsAreSolvedToTheirCertificate() throws {
    var random = SeededGenerator(seed: 11)
    for (tasks, parameters) in [(40, 400), (60, 30), (25, 3)] {
      let rows = (0..<tasks).map { _ in
        let lean = Double.random(in: 0...2, using: &random)
        return (0..<parameters).map { _ in
          Double.random(in: -1...1, using: &random) + lean / Double(parameters).squareRoot()
        }
      }
      let gradients = try TaskGradients(
        names: rows.indices.map { "t\($0)" }, losses: rows.map { _ in 1 }, gradients: Matrix(rows))
      let scale = gradients.gram.elements.max()!
      for method in [MGDA(), CAGrad(), CAGrad(radius: 3)] as [any TaskGradientMethod] {
        let found = try method.combine(gradients)
        // More tasks than parameters: 0 is in the hull, and the shortest vector is known to the root of what its square is; within
        // the ball of half the mean's length it is not reached, and dependent gradients are exchanged to the last digits.
        let isInside = tasks > parameters && (method as? CAGrad)?.radius != 0.5
        let allowed = isInside ? 1e-6 : 1e-13
        #expect(found.coefficients.dualityGap! <= allowed * scale, "\(method.name) \(tasks)")
      }
    }
  }

  @Test func gradientsOfAnObjective() throws {
    let problem = MultiTaskProblem(sharing: .columns([1, 3]), weighting: UncertaintyWeighting(), penalty: .none)
    let objective = try problem.objective()
    let point = problem.point(objective)
    let evaluation = try objective.evaluate(.gradient, at: point)
    let gradients = try objective.taskGradients(at: point)
    #expect(gradients.sharedCount == 2 && gradients.names == MultiTaskProblem.names)
    // The weighted gradients add up to the objective's.
    let total = (0..<objective.dimension).map { column in (0..<3).reduce(0.0) { $0 + gradients.gradients[$1, column] } }
    #expect(distance(total, evaluation.gradient) <= 1e-15 * (1 + norm(total)))
    for first in 0..<3 {
      for second in 0..<3 {
        let product = (0..<2).reduce(0.0) { $0 + gradients.gradients[first, $1] * gradients.gradients[second, $1] }
        #expect(abs(gradients.gram[first, second] - product) <= 1e-15 * (1 + abs(product)))
      }
    }
    #expect(abs(gradients.shares.reduce(0, +) - 1) <= 1e-15)
    // With the logarithms' weights, all tasks have the same share.
    #expect(gradients.shares.allSatisfy { abs($0 - 1.0 / 3) <= 1e-15 })
    for conflict in gradients.conflicts { #expect(conflict.cosine < 0 && conflict.cosine >= -1) }
    let direction = try MGDA().combine(gradients).direction
    #expect(Array(direction[2...]) == Array(evaluation.gradient[2...]))
  }

  /// A descent along each method's directions ends where the method says.
  @Test func descents() throws {
    let problem = MultiTaskProblem(
      sharing: .columns([1, 3]), weighting: NullLossWeighting(), penalty: Penalty(ridge: 0.01))
    let objective = try problem.objective()
    let minimum = try NewtonMethod().minimize(objective)
    for method in [CAGrad(radius: 0.3), MGDA(), PCGrad(), PCGrad(order: .shuffled(seed: 4))] as [any TaskGradientMethod]
    {
      let course = try TaskDescent(method: method, tolerance: 1e-7, maximumIterations: 2000).minimize(objective)
      let end = try objective.evaluate(.gradient, at: course.point)
      #expect(course.losses.last == objective.losses(at: end))
      #expect(end.value < (try objective.evaluate([], at: objective.startingPoint).value))
      if method is CAGrad {
        #expect(course.stop.isConvergence, "\(course.stop)")
        #expect(end.value <= minimum.value + 1e-9 * abs(minimum.value))
      }
      #expect(
        try TaskDescent(method: method, tolerance: 1e-7, maximumIterations: 2000).minimize(objective).point
          == course.point)
    }
  }

  @Test func whatIsReported() throws {
    let gradients = try TaskGradients(
      names: ["a", "b", "c"], losses: [1, 2, 1], gradients: [[1, 0, 5], [-1, 1, 0], [0, -2, 0]], weights: [1, 0.5, 2],
      sharedCount: 2)
    #expect(gradients.shares == [0.25, 0.25, 0.5])
    #expect(gradients.conflicts.map(\.tasks) == [["a", "b"], ["b", "c"]])
    #expect(gradients.conflicts.allSatisfy { abs($0.cosine + 0.5.squareRoot()) <= 1e-15 })
    #expect(
      "\(gradients)" == """
        a: loss 1.0, weight 1.0, 25.0 % of the sum, gradient 1.0
        b: loss 2.0, weight 0.5, 25.0 % of the sum, gradient 0.70710677
        c: loss 1.0, weight 2.0, 50.0 % of the sum, gradient 4.0
        a against b: cosine -0.70710677
        b against c: cosine -0.70710677
        """)
    #expect(
      try PCGrad(order: .listed).combine(gradients).coefficients.account
        == "projected a off b, a off c, b off a, b off c, c off b")
    #expect(try MGDA().combine(gradients).coefficients.account.hasPrefix("the shortest vector lies between"))
  }
}
