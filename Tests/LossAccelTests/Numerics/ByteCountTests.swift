import LossAccel
import TestSupport
import Testing

@Suite struct ByteCountTests {
  @Test func everyLengthAndPlace() {
    var generator = SeededGenerator(seed: 5)
    for length in [0, 1, 63, 64, 65, 200, 64 * 255, 64 * 256 + 7, 40_000] {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...3, using: &generator) }
      for byte in [0, 3, 255] as [UInt8] {
        #expect(countBytes(bytes.span, equalTo: byte) == bytes.count { $0 == byte })
      }
      // More than a lane of eight bits can count, all in one place.
      let same = [UInt8](repeating: 10, count: length)
      #expect(countBytes(same.span, equalTo: 10) == length)
    }
  }
}
