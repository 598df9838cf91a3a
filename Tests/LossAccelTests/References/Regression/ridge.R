# Writes ridge-r.txt: lm.ridge of package MASS 7.3-58 on Longley's data. The first line has the standard deviations by which it divides
# the columns, the others penalty, coefficients and generalised cross-validation. Run: Rscript ridge.R
library(MASS)
fit <- lm.ridge(Employed ~ ., longley, lambda = c(0, 0.001, 0.01, 0.05, 0.1, 1))
numbers <- function(values) paste(sprintf("%.17g", values), collapse = " ")
out <- c(
  paste("scales", numbers(fit$scales)),
  sapply(seq_along(fit$lambda), function(i) paste("ridge", numbers(c(fit$lambda[i], coef(fit)[i, ], fit$GCV[i]))))
)
writeLines(out, "ridge-r.txt")
