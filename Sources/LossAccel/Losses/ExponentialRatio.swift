/// x / (1 − e⁻ˣ) − 1 for x ≥ 0, and 0 where it is not needed: beyond 10³, where x / (eˣ − 1) is 0 and would be multiplied by infinity.
func exponentialRatioExcess(_ x: Formula) -> Formula {
  select(x .> 1e3, 0, Operation.exponentialRatioExcess(x))
}
