/// What a column of a table measures, which decides the loss that is right for it.
public enum ColumnKind: Sendable, Hashable {
  /// Any real number: squared error (ŷ − y)².
  case real
  /// A positive amount: gamma deviance of the log-mean.
  case positive
  /// A count 0, 1, 2, …: Poisson deviance of the log-mean.
  case count
  /// Yes or no: binary cross-entropy of a logit.
  case boolean
  /// One of several levels without an order: softmax cross-entropy of one logit per level.
  case categorical
  /// One of several levels in an order: cumulative logit of one score, between cuts at the levels' shares. Numbers have their own order;
  /// for text it is given.
  case ordinal(levels: [String]?)
  /// A position in a cycle of that period, such as an angle or a time of day: 1 − cos(2π(ŷ − y)/period).
  case periodic(period: Double)
  /// A time until an event, which the column of that name says was seen (true, 1) or had not come by then (false, 0): the deviance of
  /// exponential times, of the log-mean.
  case censored(event: String)

  /// An ordered column of numbers.
  public static var ordinal: ColumnKind { .ordinal(levels: nil) }
}

extension ColumnKind: CustomStringConvertible {
  /// Its name.
  public var description: String {
    switch self {
    case .real: "real"
    case .positive: "positive"
    case .count: "count"
    case .boolean: "boolean"
    case .categorical: "categorical"
    case .ordinal: "ordinal"
    case .periodic(let period): "periodic \(LossTraits.text(period))"
    case .censored(let event): "censored by \(event)"
    }
  }

  /// What its elements are, for messages.
  var elements: String {
    switch self {
    case .real, .periodic: "a finite number"
    case .positive: "a finite number above 0"
    case .count: "one of 0, 1, 2, …"
    case .boolean: "0 or 1"
    case .categorical, .ordinal: "a level"
    case .censored: "a finite time above 0"
    }
  }

  /// Whether an element of a column of numbers can be of this kind.
  func accepts(_ value: Double) -> Bool {
    switch self {
    case .real, .periodic: value.isFinite
    case .positive, .censored: value > 0 && value.isFinite
    case .count: value >= 0 && value.isFinite && value == value.rounded()
    case .boolean: value == 0 || value == 1
    case .categorical, .ordinal: !value.isNaN
    }
  }
}

extension ColumnKind {
  /// The kind that a column's elements suggest, and why. Orders, periods, amounts and censoring cannot be seen in elements: they have to
  /// be said.
  static func inferred(from column: DataColumn) -> (kind: ColumnKind, reason: String) {
    switch column.values {
    case .boolean:
      return (.boolean, "truth values")
    case .text(_, let levels):
      return (.categorical, levels.count == 1 ? "text, always the same" : "text of \(levels.count) different values")
    case .integer, .real:
      let present = column.doubles.filter { !$0.isNaN }
      guard let fraction = present.first(where: { $0 != $0.rounded() || $0.isInfinite }) else {
        return inferred(fromWhole: present)
      }
      return (.real, "numbers with fractions, such as \(fraction)")
    }
  }

  private static func inferred(fromWhole values: [Double]) -> (kind: ColumnKind, reason: String) {
    let lowest = values.min() ?? 0, highest = values.max() ?? 0
    if lowest >= 0 && highest <= 1 { return (.boolean, "only 0 and 1") }
    let range = "whole numbers from \(LossTraits.text(lowest)) to \(LossTraits.text(highest))"
    return (lowest >= 0 ? .count : .real, range)
  }
}
