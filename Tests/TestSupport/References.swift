import Foundation

/// The text of a file in `References`, which lies in the folder above the one that holds the calling test file.
package func reference(_ path: String, from file: String = #filePath) throws -> String {
  let tests = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
  return try String(
    contentsOf: tests.appendingPathComponent("References").appendingPathComponent(path), encoding: .utf8)
}
