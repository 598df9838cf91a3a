extension MutableSpan where Element: Sendable {
  /// Calls `body` with the elements in `range`, to be changed in place.
  ///
  /// The standard library's own slicing of mutable spans still changes its name from release to release.
  package mutating func withSlice<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "the slice \(range) is not inside a span of \(count) elements"
    )
    return try unsafe withUnsafeMutableBufferPointer { (all) throws(Failure) in
      var slice = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: all[range]))
      return try body(&slice)
    }
  }
}
