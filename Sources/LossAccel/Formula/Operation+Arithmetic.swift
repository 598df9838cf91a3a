extension Operation {
  package static let negate = Operation("negate", .prefix("−")) { x, _, _ in
    -x
  } partials: { _, _ in
    [-1]
  }

  package static let add = Operation("add", .infix(" + ", precedence: 1)) { x, y, _ in
    x + y
  } partials: { _, _ in
    [1, 1]
  }

  package static let subtract = Operation("subtract", .infix(" − ", precedence: 1)) { x, y, _ in
    x - y
  } partials: { _, _ in
    [1, -1]
  }

  package static let multiply = Operation("multiply", .infix("·", precedence: 2)) { x, y, _ in
    x * y
  } partials: { a, _ in
    [a[1], a[0]]
  }

  package static let divide = Operation("divide", .infix(" / ", precedence: 2)) { x, y, _ in
    x / y
  } partials: { a, quotient in
    [1 / a[1], -quotient / a[1]]
  }

  package static let squareRoot = Operation("squareRoot") { x, _, _ in
    x.squareRoot()
  } partials: { _, root in
    [0.5 / root]
  }

  /// The nearest whole number, the even one of two.
  package static let nearest = Operation("nearest") { x, _, _ in
    x.rounded(.toNearestOrEven)
  } partials: { _, _ in
    [0]
  }

  /// xʸ.
  package static let power = Operation("power", .infix("^", precedence: 3)) { x, y, _ in
    ElementaryFunctions.power(x, y)
  } partials: { a, result in
    [a[1] * LossAccel.power(a[0], a[1] - 1), result * LossAccel.log(a[0])]
  }
}

extension Operation {
  package static let absolute = Operation("absolute", .bars) { x, _, _ in
    Swift.abs(x)
  } partials: { a, _ in
    [sign(a[0])]
  }

  /// −1, 0 or 1.
  package static let sign = Operation("sign") { x, _, _ in
    x > 0 ? 1 : x < 0 ? -1 : x
  } partials: { _, _ in
    [0]
  }

  /// 1 where the argument is positive, otherwise 0.
  package static let step = Operation("step") { x, _, _ in
    x > 0 ? 1 : x.isNaN ? x : 0
  } partials: { _, _ in
    [0]
  }

  /// max(x, 0).
  package static let positivePart = Operation("positivePart") { x, _, _ in
    x < 0 ? 0 : x
  } partials: { a, _ in
    [step(a[0])]
  }

  package static let minimum = Operation("minimum") { x, y, _ in
    .minimum(x, y) == x || x.isNaN ? x : y
  } partials: { a, _ in
    [lessOrEqual(a[0], a[1]), 1 - lessOrEqual(a[0], a[1])]
  }

  package static let maximum = Operation("maximum") { x, y, _ in
    .maximum(x, y) == x || x.isNaN ? x : y
  } partials: { a, _ in
    [lessOrEqual(a[1], a[0]), 1 - lessOrEqual(a[1], a[0])]
  }

  /// The magnitude of the first argument with the sign of the second.
  package static let copySign = Operation("copySign") { x, y, _ in
    y.sign == .minus ? -Swift.abs(x) : Swift.abs(x)
  } partials: { a, _ in
    [sign(a[0]) * sign(a[1]), 0]
  }
}

extension Operation {
  package static let less = Operation("less", .infix(" < ", precedence: 0)) { x, y, _ in
    x < y ? 1 : 0
  } partials: { _, _ in
    [0, 0]
  }

  package static let lessOrEqual = Operation("lessOrEqual", .infix(" ≤ ", precedence: 0)) { x, y, _ in
    x <= y ? 1 : 0
  } partials: { _, _ in
    [0, 0]
  }

  package static let equal = Operation("equal", .infix(" = ", precedence: 0)) { x, y, _ in
    x == y ? 1 : 0
  } partials: { _, _ in
    [0, 0]
  }

  /// The second argument where the first is not 0, the third elsewhere.
  package static let select = Operation("select", .cases) { condition, yes, no in
    condition != 0 ? yes : no
  } partials: { a, _ in
    [0, LossAccel.select(a[0], 1, 0), LossAccel.select(a[0], 0, 1)]
  }
}
