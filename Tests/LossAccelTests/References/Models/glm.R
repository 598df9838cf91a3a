# What R makes of the problems in glm.json: writes glm-r.json. Packages: MASS, statmod, sandwich, jsonlite.
suppressMessages({library(MASS); library(statmod); library(sandwich); library(jsonlite)})
cases <- fromJSON("glm.json", simplifyDataFrame = FALSE)
names.of.links <- c(identity = "identity", log = "log", logit = "logit", probit = "probit", complementaryLogLog = "cloglog",
                    reciprocal = "inverse", squareRoot = "sqrt", inverseSquare = "1/mu^2")
family.of <- function(case) {
  link <- names.of.links[[case$link]]
  switch(case$family,
         gaussian = gaussian(link), binomial = binomial(link), poisson = poisson(link), gamma = Gamma(link),
         `inverse-gaussian` = inverse.gaussian(link),
         `negative-binomial` = eval(substitute(negative.binomial(p, link = l), list(p = case$parameter, l = link))),
         tweedie = tweedie(var.power = case$parameter, link.power = c(log = 0, squareRoot = 0.5, identity = 1)[[case$link]]))
}
results <- lapply(cases, function(case) {
  x <- as.matrix(case$features)
  y <- unlist(case$targets)
  w <- if (is.null(case$weights)) rep(1, length(y)) else unlist(case$weights)
  o <- if (is.null(case$offsets)) rep(0, length(y)) else unlist(case$offsets)
  data <- data.frame(y = y, w = w, o = o, x)
  terms <- paste(c(if (case$intercept) "1" else "0", names(data)[-(1:3)], if (is.null(case$offsets)) NULL else "offset(o)"),
                 collapse = " + ")
  start <- unlist(case$reference$coefficients)
  model <- suppressWarnings(glm(as.formula(paste("y ~", terms)), family.of(case), data, weights = w, start = start,
                                control = glm.control(epsilon = 1e-15, maxit = 200)))
  summary <- summary(model, dispersion = if (case$family == "negative-binomial") 1 else NULL)
  some <- data[1:5, ]
  predicted <- predict(model, some, type = "response", se.fit = TRUE, dispersion = summary$dispersion)
  linked <- predict(model, some, type = "link", se.fit = TRUE, dispersion = summary$dispersion)
  kept <- function(values) unname(values)[1:5]
  likelihood <- suppressWarnings(tryCatch(as.numeric(logLik(model)), error = function(e) NA))
  table <- coef(summary)
  # MASS's family looks estimated to logLik, which counts its dispersion.
  parameters <- model$rank + (case$family %in% c("gaussian", "gamma", "inverse-gaussian", "tweedie"))
  aic <- if (case$family == "tweedie") NA else AIC(model)
  # Of z, or of t where the dispersion is estimated; confint.default has z throughout.
  quantile <- if (parameters > model$rank) qt(0.975, model$df.residual) else qnorm(0.975)
  errors <- function(covariance) unname(sqrt(diag(covariance)))
  list(name = case$name, coefficients = unname(coef(model)), standardErrors = unname(table[, 2]),
       statistics = unname(table[, 3]), pValues = unname(table[, 4]), dispersion = summary$dispersion,
       deviance = model$deviance, nullDeviance = model$null.deviance, aic = model$aic, rank = model$rank,
       residualFreedom = model$df.residual, nullFreedom = model$df.null,
       lows = unname(coef(model) - quantile * table[, 2]), highs = unname(coef(model) + quantile * table[, 2]),
       hc0 = errors(vcovHC(model, type = "HC0")), hc1 = errors(vcovHC(model, type = "HC1")),
       hc2 = errors(vcovHC(model, type = "HC2")), hc3 = errors(vcovHC(model, type = "HC3")),
       clustered = errors(vcovCL(model, cluster = (seq_along(y) - 1) %% 7, type = "HC1", cadjust = TRUE)),
       bic = if (is.na(model$aic)) NA else model$aic - 2 * parameters + parameters * log(length(y)),
       responseResiduals = kept(residuals(model, "response")), devianceResiduals = kept(residuals(model, "deviance")),
       pearsonResiduals = kept(residuals(model, "pearson")), workingResiduals = kept(residuals(model, "working")),
       means = kept(predicted$fit), meanErrors = kept(predicted$se.fit), predictors = kept(linked$fit),
       predictorErrors = kept(linked$se.fit))
})
writeLines(gsub("\n", " ", toJSON(results, digits = 17, auto_unbox = TRUE, na = "null")), "glm-r.json")
