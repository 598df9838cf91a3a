extension MutableSpan where Element == Double {
  /// Every element becomes its square.
  mutating func square() {
    unsafe withUnsafeMutableBufferPointer { elements in
      for index in elements.indices { unsafe elements[index] *= elements[index] }
    }
  }
}
