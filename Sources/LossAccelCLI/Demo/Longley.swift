/// Longley's macroeconomic data of the United States, 1947–1962, and the regression that NIST certified for them.
///
/// The columns nearly depend on one another, which makes the set the classical test of least-squares programs. Source, in the
/// public domain: NIST Statistical Reference Datasets, Longley (J. W. Longley, Journal of the American Statistical Association 62,
/// 1967, pages 819–841).
enum Longley {
  static let target = "employed"
  static let features = ["deflator", "gnp", "unemployed", "armed.forces", "population", "year"]

  /// The target first, then the features.
  static let rows: [[Double]] = [
    [60323, 83.0, 234289, 2356, 1590, 107608, 1947],
    [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
    [60171, 88.2, 258054, 3682, 1616, 109773, 1949],
    [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
    [63221, 96.2, 328975, 2099, 3099, 112075, 1951],
    [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
    [64989, 99.0, 365385, 1870, 3547, 115094, 1953],
    [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
    [66019, 101.2, 397469, 2904, 3048, 117388, 1955],
    [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
    [68169, 108.4, 442769, 2936, 2798, 120445, 1957],
    [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
    [68655, 112.6, 482704, 3813, 2552, 123366, 1959],
    [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
    [69331, 115.7, 518173, 4806, 2572, 127852, 1961],
    [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
  ]

  /// A certified value and its standard deviation, to NIST's 15 digits.
  struct Certified {
    let estimate: Double
    let standardError: Double
  }

  /// The intercept first, then the features.
  static let coefficients = [
    Certified(estimate: -3482258.63459582, standardError: 890420.383607373),
    Certified(estimate: 15.0618722713733, standardError: 84.9149257747669),
    Certified(estimate: -0.358191792925910e-01, standardError: 0.334910077722432e-01),
    Certified(estimate: -2.02022980381683, standardError: 0.488399681651699),
    Certified(estimate: -1.03322686717359, standardError: 0.214274163161675),
    Certified(estimate: -0.511041056535807e-01, standardError: 0.226073200069370),
    Certified(estimate: 1829.15146461355, standardError: 455.478499142212),
  ]

  static let residualStandardDeviation = 304.854073561965
  static let rSquared = 0.995479004577296
}
