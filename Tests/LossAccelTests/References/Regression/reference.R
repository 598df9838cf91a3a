# Writes r.txt: what R 4.2.2 says about the cases, with the packages sandwich 3.0-2, car 3.1-1 and lmtest 0.9-40. Run: Rscript reference.R
suppressMessages({
  library(sandwich)
  library(car)
  library(lmtest)
})
out <- file("r.txt", "w")
for (line in grep("^[a-z]", readLines("cases.txt"), value = TRUE)) {
  parts <- strsplit(line, " +")[[1]]
  options <- do.call(rbind, strsplit(parts[-(1:4)], "="))
  option <- function(key) {
    found <- options[options[, 1] == key, 2]
    if (length(found) == 0) NULL else found
  }
  table <- read.csv(parts[2])
  features <- strsplit(parts[4], ",")[[1]]
  if (!is.null(option("weights"))) {
    table$.w <- table[[option("weights")]]
    table <- table[table$.w > 0, ]
  } else {
    table$.w <- 1
  }
  right <- paste(c(if (is.null(option("intercept"))) "1" else "0", features), collapse = " + ")
  formula <- as.formula(paste(parts[3], "~", right))
  model <- if (is.null(option("weights"))) lm(formula, table) else lm(formula, table, weights = .w)
  put <- function(key, values) {
    writeLines(paste(parts[1], key, paste(sprintf("%.17g", values), collapse = " ")), out)
  }
  errors <- function(v) sqrt(diag(v))
  report <- summary(model)
  put("estimate", coef(model))
  put("se.classical", report$coefficients[, 2])
  put("p.classical", report$coefficients[, 4])
  put("sigma", report$sigma)
  put("r2", report$r.squared)
  put("f.classical", report$fstatistic[1])
  put("loglik", logLik(model))
  put("aic", AIC(model))
  put("bic", BIC(model))
  put("hat", hatvalues(model))
  put("rstandard", rstandard(model))
  put("rstudent", rstudent(model))
  put("cooks", cooks.distance(model))
  put("dffits", dffits(model))
  put("covratio", covratio(model))
  put("dfbetas", t(dfbetas(model)))
  put("press", sum(table$.w * (residuals(model) / (1 - hatvalues(model)))^2))
  for (type in c("HC0", "HC1", "HC2", "HC3", "HC4", "HC4m")) put(paste0("se.", tolower(type)), errors(vcovHC(model, type)))
  lags <- option("lags")
  lags <- if (lags == "auto") floor(4 * (nrow(table) / 100)^(2 / 9)) else as.integer(lags)
  put("se.nw", errors(NeweyWest(model, lag = lags, prewhite = FALSE)))
  if (!is.null(option("cluster"))) put("se.cluster", errors(vcovCL(model, table[[option("cluster")]], type = "HC1")))
  if (!is.null(option("cluster2"))) {
    put("covariance.cluster2", vcovCL(model, table[, c(option("cluster"), option("cluster2"))], type = "HC1"))
  }
  if (is.null(option("intercept"))) put("vif", vif(model))
  if (is.null(option("weights"))) put("dw", dwtest(model)$statistic)
}
close(out)
