# Writes the tables: data sets of R (package datasets, public domain) and a synthetic panel. Run: Rscript tables.R
cars <- mtcars
cars$parts <- cars$carb - 1 # whole weights, some of them zero
write.csv(cars, "mtcars.csv", row.names = FALSE, quote = FALSE)
write.csv(longley, "longley.csv", row.names = FALSE, quote = FALSE)
write.csv(swiss, "swiss.csv", row.names = FALSE, quote = FALSE)
write.csv(na.omit(airquality), "airquality.csv", row.names = FALSE, quote = FALSE)

# Twelve firms over ten years; errors depend on one another within firms and years, x2 has a large mean.
set.seed(4)
panel <- expand.grid(year = 2001:2010, firm = 1:12)
panel$x1 <- round(rnorm(120) + rep(rnorm(12), each = 10), 3)
panel$x2 <- 1e6 + round(rexp(120) * 10, 3)
panel$x3 <- rep(0:1, 60)
panel$w <- sample(c(0, 0.5, 1, 2, 3.25), 120, replace = TRUE)
noise <- rnorm(120) * exp(panel$x1 / 3) + rep(rnorm(12), each = 10) + rep(rnorm(10), 12)
panel$y <- round(2 + panel$x1 - 0.3 * (panel$x2 - 1e6) + 0.5 * panel$x3 + noise, 3)
write.csv(panel, "panel.csv", row.names = FALSE, quote = FALSE)
