extension LossCatalogue {
  /// Losses of a real target: its mean, median, quantiles.
  static let regression: [Entry] = [
    Entry(.squaredError),
    Entry(.absoluteError),
    Entry(.absoluteRelativeError(), parameter: .positive("floor")) { .absoluteRelativeError(floor: $0) },
    Entry(.squaredLogError),
    Entry(.huber(), parameter: .positive("delta")) { .huber(delta: $0) },
    Entry(.smoothL1(), parameter: .positive("beta")) { .smoothL1(beta: $0) },
    Entry(.logCosh),
    Entry(.pseudoHuber(), parameter: .positive("delta")) { .pseudoHuber(delta: $0) },
    Entry(.fair(), parameter: .positive("scale")) { .fair(scale: $0) },
    Entry(.cauchy(), parameter: .positive("delta")) { .cauchy(delta: $0) },
    Entry(.studentT(), parameters: [.positive("nu"), .positive("sigma")]) {
      .studentT(degreesOfFreedom: $0[0], scale: $0[1])
    },
    Entry(.gemanMcClure(), parameter: .positive("delta")) { .gemanMcClure(delta: $0) },
    Entry(.welsch(), parameter: .positive("delta")) { .welsch(delta: $0) },
    Entry(.tukey(), parameter: .positive("cutoff")) { .tukey(cutoff: $0) },
    Entry(.barron(), parameters: [.within("alpha", -.infinity...2), .positive("scale")]) {
      .barron(alpha: $0[0], scale: $0[1])
    },
    Entry(.epsilonInsensitive(), parameter: .atLeast("epsilon", 0)) { .epsilonInsensitive(epsilon: $0) },
    Entry(.squaredEpsilonInsensitive(), parameter: .atLeast("epsilon", 0)) {
      .squaredEpsilonInsensitive(epsilon: $0)
    },
    Entry(.periodic(), parameter: .positive("period")) { .periodic(period: $0) },
    Entry(.pinball(), parameter: .fraction("tau")) { .pinball(tau: $0) },
    Entry(.smoothPinball(), parameters: [.fraction("tau"), .positive("kappa")]) {
      .smoothPinball(tau: $0[0], kappa: $0[1])
    },
    Entry(.expectile(), parameter: .fraction("tau")) { .expectile(tau: $0) },
  ]
}
