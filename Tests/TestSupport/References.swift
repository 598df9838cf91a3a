import Foundation

/// The text of a file in `References`, which lies in the folder above the one that holds the calling test file.
package func reference(_ path: String, from file: String = #filePath) throws -> String {
  let tests = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
  return try String(
    contentsOf: tests.appendingPathComponent("References").appendingPathComponent(path), encoding: .utf8)
}

/// What such a file of JSON holds. Without it, or where it holds something else, there is nothing to test against: the run stops.
package func decodedReference<Value: Decodable>(_ path: String, from file: String = #filePath) -> Value {
  do {
    return try JSONDecoder().decode(Value.self, from: Data(reference(path, from: file).utf8))
  } catch {
    preconditionFailure("\(path): \(error)")
  }
}
