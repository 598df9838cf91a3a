/// x / (eˣ − 1) for x ≥ 0: 1 at 0, 0 at infinity.
func exponentialRatio(_ x: Formula) -> Formula {
  select(x .== 0, 1, select(x .> 1e3, 0, x / expMinusOne(x)))
}

/// x / (1 − e⁻ˣ) − 1 for x ≥ 0, about ½x near 0 and not needed beyond 10³, where it is 0 here: minus the slope of log(x/(eˣ − 1))
/// on the scale of log x.
func exponentialRatioExcess(_ x: Formula) -> Formula {
  let lost = expMinusOne(-x)
  let excess = select(x .< 1, logOnePlusDeficit(lost), x + lost)
  // Below 10⁻¹⁷ the square would underflow before it is divided again.
  return select(x .< 1e-17, 0.5 * x, select(x .> 1e3, 0, -(excess / lost)))
}
