# What R makes of formulas: Rscript generate.R, in this folder, writes cars.csv and formulas.txt.
# cars.csv is R's mtcars (1974 Motor Trend) with some columns as text or truth values and some elements missing in `gap`.
invisible(Sys.setlocale("LC_COLLATE", "C"))
options(digits = 17)
cars <- mtcars
cars$maker <- sub(" .*", "", rownames(mtcars))
cars$box <- ifelse(cars$am == 1, "manual", "automatic")
cars$shape <- c("S", "V")[1 + (1 - cars$vs)]
cars$heavy <- cars$wt > 3.3
cars$gap <- cars$qsec
cars$gap[c(3, 17, 30)] <- NA
cars$`rear axle` <- cars$drat
rownames(cars) <- NULL
write.csv(cars, "cars.csv", row.names = FALSE, quote = FALSE)
C <- function(x, ref = NULL, levels = NULL) {
  f <- if (is.null(levels)) factor(x) else factor(x, levels = levels)
  if (is.null(ref)) f else relevel(f, ref = as.character(ref))
}
formulas <- c(
  "mpg ~ wt", "mpg ~ wt + log(hp) + poly(disp, 2) + C(cyl) + wt:am", "mpg ~ 1", "mpg ~ wt - 1", "mpg ~ 0 + wt + hp", "mpg ~ -1 + wt",
  "mpg ~ C(cyl)", "mpg ~ C(cyl) - 1", "mpg ~ 0 + factor(gear) + C(cyl)", "mpg ~ wt * C(cyl)", "mpg ~ wt:C(cyl)", "mpg ~ wt:C(cyl) - 1",
  "mpg ~ C(cyl):C(am)", "mpg ~ C(cyl) + C(cyl):C(am)", "mpg ~ C(am) + C(cyl):C(am)", "mpg ~ C(cyl) / wt", "mpg ~ wt %in% C(cyl)",
  "mpg ~ (wt + hp + qsec)^2", "mpg ~ (wt + hp + qsec)^2 - wt:hp", "mpg ~ (wt + C(am))^3", "mpg ~ wt * hp * qsec - wt:hp:qsec",
  "mpg ~ box", "mpg ~ heavy", "mpg ~ box * heavy", "mpg ~ box:wt + heavy", "mpg ~ shape + box - 1", "mpg ~ wt + wt:box + qsec:box",
  "mpg ~ I(wt^2) + I(wt * hp) + I(hp / 100 - 1)", "mpg ~ poly(wt, 3, raw = TRUE)", "mpg ~ poly(wt, degree = 3)", "mpg ~ poly(wt, 1)",
  "mpg ~ poly(hp, 5) + qsec", "mpg ~ poly(wt, 2) * box", "mpg ~ poly(wt, 2):poly(hp, 2)", "log(mpg) ~ log(wt) + sqrt(hp) + exp(-qsec / 10)",
  "mpg ~ log(wt, 2) + log10(hp) + log1p(carb) + log2(disp)", "mpg ~ offset(2 * wt) + hp", "I(mpg - 1) ~ wt + offset(qsec) + offset(hp / 10)",
  "mpg ~ `rear axle` + wt", "mpg ~ I(wt > 3) + hp", "mpg ~ I(wt > 3):hp", "mpg ~ gap + wt", "mpg ~ gap * box", "mpg ~ abs(wt - 3) + floor(qsec)",
  "mpg ~ relevel(C(cyl), ref = \"6\") + wt", "mpg ~ C(cyl, ref = 8) + wt", "mpg ~ C(cyl, levels = c(8, 4, 6))", "mpg ~ hp + wt + hp",
  "mpg ~ wt + C(cyl):qsec + C(gear)", "mpg ~ box:shape:wt", "mpg ~ box:shape + shape:heavy", "mpg ~ C(carb) + C(gear):box", "mpg ~ wt + 1 + hp",
  "mpg ~ sin(wt) + cos(hp / 50)", "mpg ~ I((wt + hp)^2 / 1000)", "mpg ~ wt + I(2 * wt) + hp", "mpg ~ hp / wt / qsec",
  "mpg ~ cyl + disp + hp + drat + wt + qsec + vs + am + gear + carb", "mpg ~ . - maker - gap - `rear axle` - heavy - shape - box")
text <- function(x) paste(sprintf("%.17g", x), collapse = " ")
sink("formulas.txt")
for (f in formulas) {
  fit <- lm(as.formula(f), data = cars, x = TRUE)
  summary <- summary(fit)
  names <- colnames(fit$x)
  cat("formula\t", f, "\n", sep = "")
  cat("names\t", paste(names, collapse = "\t"), "\n", sep = "")
  cat("coefficients\t", text(coef(fit)), "\n", sep = "")
  errors <- rep(NA_real_, length(names))
  names(errors) <- names(coef(fit))
  errors[rownames(summary$coefficients)] <- summary$coefficients[, 2]
  cat("errors\t", text(errors), "\n", sep = "")
  cat("fit\t", text(c(summary$sigma, summary$r.squared, fit$df.residual)), "\n", sep = "")
  for (row in c(1, 2, 5, 20, 29)) cat("row\t", row, " ", text(fit$x[as.character(row), ]), "\n", sep = "")
  cat("predictions\t", text(predict(fit, cars[c(1, 9, 31), ])), "\n", sep = "")
}
sink()
