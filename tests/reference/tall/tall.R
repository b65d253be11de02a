# Survival by MRD on day 29 in T-cell leukaemia of childhood: the values of test_tall.py.
# Rscript tall.R GRIN2_tall_clin_data.csv > values.json
library(survival)
library(jsonlite)
d <- read.csv(commandArgs(TRUE)[1])
one <- function(time, event) {
  days <- ceiling(time * 365.25)
  keep <- !is.na(days) & !is.na(event)
  s <- Surv(days[keep], event[keep])
  g <- d$MRD.binary[keep]
  at <- c(365, 1096, 1826)
  km <- lapply(c(0, 1), function(level) {
    f <- summary(survfit(s[g == level] ~ 1, conf.type = "log-log"), times = at)
    list(n = sum(g == level), events = sum(s[g == level, 2]), n_risk = f$n.risk,
         surv = f$surv, lower = f$lower, upper = f$upper)
  })
  test <- survdiff(s ~ g)
  list(n = sum(keep), km = km, chisq = test$chisq,
       p = pchisq(test$chisq, 1, lower.tail = FALSE), observed = test$obs, expected = test$exp)
}
out <- list(r = as.character(getRversion()), survival = as.character(packageVersion("survival")),
            times = c(365, 1096, 1826),
            OS = one(d$os.time, d$os.censor), EFS = one(d$efs.time, d$efs.censor))
cat(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
