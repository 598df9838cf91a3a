package import LossAccel

/// `count` reproducible integers from -4 to 4: sums of their products are exact in both precisions and in any order.
package func smallIntegers<T: Scalar>(_ count: Int, seed: Int) -> [T] {
  (0..<count).map { (index: Int) -> T in
    let mixed: Int = index &* 7919 &+ seed &* 104_729 &+ index / 3
    return T(mixed % 9 - 4)
  }
}
