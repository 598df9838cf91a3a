extension LossCatalogue {
  /// Losses of counts and positive amounts, of classes by other links than the logistic one, and divergences of single elements.
  static let counts: [Entry] = [
    Entry(.poisson),
    Entry(.poissonDeviance),
    Entry(.gamma),
    Entry(.gammaDeviance),
    Entry(.tweedie(), parameter: .within("power", 1...2)) { .tweedie(power: $0) },
    Entry(.inverseGaussian),
    Entry(.negativeBinomial(), parameter: .positive("theta")) { .negativeBinomial(theta: $0) },
    Entry(.probit),
    Entry(.complementaryLogLog),
    Entry(.kullbackLeibler),
    Entry(.generalizedKullbackLeibler),
    Entry(.reverseKullbackLeibler),
    Entry(.itakuraSaito),
    Entry(.betaDivergence(), parameter: .real("beta")) { .betaDivergence(beta: $0) },
    Entry(.squaredHellinger),
    Entry(.jensenShannon),
    Entry(.totalVariation),
  ]
}
