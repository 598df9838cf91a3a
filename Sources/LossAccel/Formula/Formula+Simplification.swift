extension Formula {
  /// The operation applied to the arguments, with the algebra done that is free: numbers folded and gathered in front of
  /// products, neutral elements dropped, signs pulled out. Derivatives would be unreadable, and slow, without it.
  static func simplified(_ operation: Operation, _ arguments: [Formula]) -> Formula {
    folded(operation, arguments)
      ?? rewritten(operation, arguments)
      ?? Formula(Node(.operation(operation, arguments)))
  }

  private static func folded(_ operation: Operation, _ arguments: [Formula]) -> Formula? {
    let numbers = arguments.compactMap(\.constant)
    guard numbers.count == arguments.count else { return nil }
    let padded = numbers + [0, 0]
    return Formula(operation.evaluate(padded[0], padded[1], padded[2]))
  }

  private static func rewritten(_ operation: Operation, _ a: [Formula]) -> Formula? {
    switch operation {
    case .negate: negated(a[0])
    case .add: sum(a[0], a[1])
    case .subtract: difference(a[0], a[1])
    case .multiply: product(a[0], a[1])
    case .divide: quotient(a[0], a[1])
    case .power: power(a[0], a[1])
    case .logisticTail: a[0].arguments(of: .negate).map { Operation.logisticTail($0[0]) }  // an even function
    case .select: a[0].constant.map { $0 != 0 ? a[1] : a[2] } ?? (a[1] == a[2] ? a[1] : nil)
    default: nil
    }
  }

  private static func negated(_ x: Formula) -> Formula? {
    if let inner = x.arguments(of: .negate) { return inner[0] }
    if let (factor, rest) = x.leadingNumber { return Formula(-factor) * rest }
    if let parts = x.arguments(of: .subtract) { return parts[1] - parts[0] }
    return nil
  }

  private static func sum(_ x: Formula, _ y: Formula) -> Formula? {
    if x.constant == 0 { return y }
    if y.constant == 0 { return x }
    if x == y { return 2 * x }
    if let inner = y.arguments(of: .negate) { return x - inner[0] }
    if let inner = x.arguments(of: .negate) { return y - inner[0] }
    if let (factor, rest) = y.leadingNumber, factor < 0 { return x - Formula(-factor) * rest }
    return nil
  }

  private static func difference(_ x: Formula, _ y: Formula) -> Formula? {
    if y.constant == 0 { return x }
    if x.constant == 0 { return -y }
    if x == y { return 0 }
    if let inner = y.arguments(of: .negate) { return x + inner[0] }
    if let (factor, rest) = y.leadingNumber, factor < 0 { return x + Formula(-factor) * rest }
    return nil
  }

  private static func product(_ x: Formula, _ y: Formula) -> Formula? {
    if x.constant == 0 || y.constant == 0 { return 0 }
    if x.constant == 1 { return y }
    if y.constant == 1 { return x }
    if y.constant != nil { return y * x }
    if x.constant == -1 { return -y }
    if let inner = x.arguments(of: .negate) { return -(inner[0] * y) }
    if let inner = y.arguments(of: .negate) { return -(x * inner[0]) }
    if let number = x.constant {
      if let (factor, rest) = y.leadingNumber { return Formula(number * factor) * rest }
      return nil
    }
    if let (factor, rest) = x.leadingNumber { return Formula(factor) * (rest * y) }
    if let (factor, rest) = y.leadingNumber { return Formula(factor) * (x * rest) }
    return nil
  }

  private static func quotient(_ x: Formula, _ y: Formula) -> Formula? {
    if x.constant == 0 { return 0 }
    if y.constant == 1 { return x }
    // Division by a power of two is exact as a product, and several times cheaper.
    if let divisor = y.constant, divisor.isNormal, divisor.significand == 1, (1 / divisor).isNormal {
      return Formula(1 / divisor) * x
    }
    if let (factor, rest) = x.leadingNumber, x.constant == nil { return Formula(factor) * (rest / y) }
    if let inner = x.arguments(of: .negate) { return -(inner[0] / y) }
    return nil
  }

  private static func power(_ base: Formula, _ exponent: Formula) -> Formula? {
    switch exponent.constant {
    case 0: 1
    case 1: base
    case 2: base * base
    case -1: 1 / base
    default: nil
    }
  }

  /// c and x, if the formula is c·x with a number c.
  package var leadingNumber: (factor: Double, rest: Formula)? {
    guard let parts = arguments(of: .multiply), let factor = parts[0].constant else { return nil }
    return (factor, parts[1])
  }
}
