import Foundation
import LossAccel

/// A model in a file: `fit --save`, `predict`.
enum SavedModel: Codable {
  case generalizedLinear(GeneralizedLinearModel)
  case linear(LinearModel)
  case multinomial(MultinomialRegression)

  private enum CodingKeys: String, CodingKey { case kind, model }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    switch try values.decode(String.self, forKey: .kind) {
    case "generalized-linear-model":
      self = .generalizedLinear(try values.decode(GeneralizedLinearModel.self, forKey: .model))
    case "linear-model": self = .linear(try values.decode(LinearModel.self, forKey: .model))
    case "multinomial-regression":
      self = .multinomial(try values.decode(MultinomialRegression.self, forKey: .model))
    case let other:
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: values, debugDescription: "“\(other)” is no kind of model")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .generalizedLinear(let model):
      try values.encode("generalized-linear-model", forKey: .kind)
      try values.encode(model, forKey: .model)
    case .linear(let model):
      try values.encode("linear-model", forKey: .kind)
      try values.encode(model, forKey: .model)
    case .multinomial(let model):
      try values.encode("multinomial-regression", forKey: .kind)
      try values.encode(model, forKey: .model)
    }
  }

  var design: ModelDesign? {
    switch self {
    case .generalizedLinear(let model): model.design
    case .linear(let model): model.design
    case .multinomial(let model): model.design
    }
  }

  /// Reads a file that ``save(to:)`` wrote.
  static func read(_ path: String) throws -> SavedModel {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw DataError("\(path) cannot be read: \(plainReason(error)).")
    }
    do { return try JSONDecoder().decode(SavedModel.self, from: data) } catch {
      throw DataError("\(path) holds no model that 'lossaccel fit --save' wrote: \(plainReason(error)).")
    }
  }

  func save(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let file = try OutputFile(path: path)
    try file.write(Array(try encoder.encode(self)) + [UInt8(ascii: "\n")])
    try file.finish()
  }
}
