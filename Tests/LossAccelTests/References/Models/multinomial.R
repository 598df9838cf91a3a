# What R makes of the problems in multinomial.json: writes multinomial-r.json. Packages: nnet, jsonlite.
suppressMessages({library(nnet); library(jsonlite)})
cases <- fromJSON("multinomial.json", simplifyDataFrame = FALSE)
plain <- Filter(function(case) case$ridge == 0 && is.null(case$classWeights), cases)
results <- lapply(plain, function(case) {
  x <- as.matrix(case$features)
  data <- data.frame(y = factor(unlist(case$labels)), x)
  terms <- paste(c(if (case$intercept) "1" else "0", names(data)[-1]), collapse = " + ")
  model <- multinom(as.formula(paste("y ~", terms)), data, trace = FALSE, reltol = 1e-16, abstol = 1e-16, maxit = 10000)
  table <- summary(model)
  rows <- function(values) if (is.matrix(values)) unname(values) else matrix(values, 1)
  list(name = case$name, coefficients = rows(coef(model)), standardErrors = rows(table$standard.errors),
       deviance = model$deviance, aic = model$AIC, rank = model$edf)
})
write(toJSON(results, digits = 17, auto_unbox = TRUE), "multinomial-r.json")
