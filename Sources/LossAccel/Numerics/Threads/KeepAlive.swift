// Calls on arrays and matrices pass spans of their elements on, and must themselves keep the elements until they return: Swift 6.3
// frees a temporary array after its last use, and when calls are inlined across modules it does not count a span of it as one.

@inlinable @inline(__always)
func keepAlive<A, B>(_ a: borrowing A, _ b: borrowing B) {
  extendLifetime(a)
  extendLifetime(b)
}

@inlinable @inline(__always)
func keepAlive<A, B, C>(_ a: borrowing A, _ b: borrowing B, _ c: borrowing C) {
  keepAlive(a, b)
  extendLifetime(c)
}

@inlinable @inline(__always)
func keepAlive<A, B, C, D>(_ a: borrowing A, _ b: borrowing B, _ c: borrowing C, _ d: borrowing D) {
  keepAlive(a, b, c)
  extendLifetime(d)
}

@inlinable @inline(__always)
func keepAlive<A, B, C, D, E>(
  _ a: borrowing A, _ b: borrowing B, _ c: borrowing C, _ d: borrowing D, _ e: borrowing E
) {
  keepAlive(a, b, c, d)
  extendLifetime(e)
}

@inlinable @inline(__always)
func keepAlive<A, B, C, D, E, F>(
  _ a: borrowing A, _ b: borrowing B, _ c: borrowing C, _ d: borrowing D, _ e: borrowing E, _ f: borrowing F
) {
  keepAlive(a, b, c, d, e)
  extendLifetime(f)
}

@inlinable @inline(__always)
func keepAlive<A, B, C, D, E, F, G>(
  _ a: borrowing A, _ b: borrowing B, _ c: borrowing C, _ d: borrowing D, _ e: borrowing E, _ f: borrowing F,
  _ g: borrowing G
) {
  keepAlive(a, b, c, d, e, f)
  extendLifetime(g)
}
